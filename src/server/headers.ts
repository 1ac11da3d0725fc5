/**
 * The headers every response carries, in development and in production alike.
 *
 * COOP and COEP make the page cross-origin isolated, without which WebAssembly threads do not exist and
 * onnxruntime-web waits for ever for its workers. The CSP lets the page talk to nobody but its own server:
 * no frame and no mask can leave the machine by accident.
 */

/** Cross-origin isolation. */
export const ISOLATION_HEADERS: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const CSP_DIRECTIVES = [
  "default-src 'self'",
  // WebAssembly compilation needs 'wasm-unsafe-eval'; the runtime and mediabunny start workers from blobs.
  "script-src 'self' 'wasm-unsafe-eval' blob:",
  "worker-src 'self' blob:",
  // Custom elements set styles on themselves; there is no inline script anywhere.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self' blob: ws: wss:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

/** All headers of a response. */
export const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  ...ISOLATION_HEADERS,
  'Content-Security-Policy': CSP_DIRECTIVES.join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
};
