/**
 * Fetches a file of a model: with progress, a cap that holds while the bytes come in, and a code for each way in which
 * it can go wrong.
 */
import { CarriagewayError } from '../errors';

/** How a download goes. `total` is 0 while the server has not said it. */
type OnBytes = (loaded: number, total: number) => void;

/** What a download needs of the world; tests bring their own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How one file is fetched. */
export interface DownloadOptions {
  readonly fetch: Fetch;
  /** Most bytes accepted. */
  readonly cap: number;
  /** Length that is expected, for progress where the server does not say it. */
  readonly expected?: number;
  /** `reload` goes past the browser's own cache, `no-cache` asks the server whether it is still good. */
  readonly cache?: RequestCache;
  readonly signal?: AbortSignal;
  readonly onBytes?: OnBytes;
}

/** Answers that say the file is not there, now or for good. */
const GONE = new Set([404, 410]);

/**
 * Downloads a file.
 * @throws CarriagewayError `model-not-found`, `model-network`, `model-is-html`, `model-too-large`
 * @throws the signal's reason when aborted
 */
export async function download(url: string, options: DownloadOptions): Promise<ArrayBuffer> {
  const { signal, cap } = options;
  try {
    const response = await options.fetch(url, {
      cache: options.cache ?? 'default',
      ...(signal ? { signal } : {}),
    });
    await assertUsable(response, url, cap);
    const bytes = await readCapped(response, options);
    if (looksLikeHtml(bytes)) throw new CarriagewayError('model-is-html', url);
    return bytes;
  } catch (thrown) {
    signal?.throwIfAborted();
    if (thrown instanceof CarriagewayError) throw thrown;
    // `fetch` and the body's reader reject with a TypeError, whatever went wrong on the way.
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CarriagewayError('model-network', `${url}: ${detail}`, { cause: thrown });
  }
}

async function assertUsable(response: Response, url: string, cap: number): Promise<void> {
  const refusal = !response.ok
    ? new CarriagewayError(
        GONE.has(response.status) ? 'model-not-found' : 'model-network',
        `${url}: HTTP ${response.status}`,
      )
    : response.headers.get('content-type')?.startsWith('text/html')
      ? new CarriagewayError('model-is-html', url)
      : announcedLength(response) > cap
        ? new CarriagewayError('model-too-large', `${url}: ${announcedLength(response)} bytes`)
        : null;
  if (!refusal) return;
  // A body that nobody reads keeps its connection.
  await response.body?.cancel().catch(() => {});
  throw refusal;
}

/** Length that the server announces, 0 when it does not, or when the body is compressed and the length with it. */
function announcedLength(response: Response): number {
  if (response.headers.get('content-encoding')) return 0;
  return Number(response.headers.get('content-length')) || 0;
}

async function readCapped(response: Response, options: DownloadOptions): Promise<ArrayBuffer> {
  const total = announcedLength(response) || options.expected || 0;
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  options.onBytes?.(0, total);
  const reader = response.body?.getReader();
  if (!reader) return response.arrayBuffer();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      options.signal?.throwIfAborted();
      loaded += value.byteLength;
      if (loaded > options.cap)
        throw new CarriagewayError('model-too-large', `more than ${options.cap} bytes`);
      chunks.push(value);
      options.onBytes?.(loaded, total);
    }
  } catch (thrown) {
    await reader.cancel().catch(() => {});
    throw thrown;
  }
  const bytes = new Uint8Array(loaded);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes.buffer;
}

/**
 * Whether bytes are a web page: a server's answer for an unknown address, with whatever type. Neither an ONNX file
 * (whose first byte is 8) nor JSON begins with `<`.
 */
function looksLikeHtml(bytes: ArrayBuffer): boolean {
  const head = new TextDecoder().decode(bytes.slice(0, 64));
  return /^\s*</.test(head.replace(/^\ufeff/, ''));
}
