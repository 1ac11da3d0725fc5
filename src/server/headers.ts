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
  // WebAssembly is compiled; no text ever becomes script.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob: mediastream:",
  // Its own server, over HTTP and WebSocket alike (CSP 3, 6.7.2.8), and files the user opened: nothing else, not even a
  // WebSocket elsewhere.
  "connect-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
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

/**
 * The headers of a server whose page may stand in others' frames.
 * @param embedders origins of the pages that may; none leaves everything as it is
 */
export function headersFor(embedders: readonly string[]): Readonly<Record<string, string>> {
  if (embedders.length === 0) return RESPONSE_HEADERS;
  const policy = CSP_DIRECTIVES.map((directive) =>
    directive.startsWith('frame-ancestors') ? `frame-ancestors ${embedders.join(' ')}` : directive,
  );
  return {
    ...RESPONSE_HEADERS,
    'Content-Security-Policy': policy.join('; '),
    // A page that asks for COEP shows only frames whose documents allow it.
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };
}

/**
 * The same for Vite's development server, which puts the styles of modules into the page as text. Nothing else is looser.
 */
export const DEVELOPMENT_HEADERS: Readonly<Record<string, string>> = {
  ...RESPONSE_HEADERS,
  'Content-Security-Policy': CSP_DIRECTIVES.map((directive) =>
    directive.startsWith('style-src') ? `${directive} 'unsafe-inline'` : directive,
  ).join('; '),
};
