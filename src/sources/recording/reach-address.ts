/**
 * A video at an address. One with an index (MP4, MOV) is read by ranges where the server gives them; everything else is
 * fetched whole, since its clock can only be read through.
 */
import { CarriagewayError } from '../../errors';
import { topBoxes } from './clock/boxes';
import { askForRange, RemoteFile, type RemoteParts } from './remote-file';

/** Largest video that is fetched whole, in bytes. */
const WHOLE_MAX = 2 * 2 ** 30;

/** Bytes of the first request: enough for the beginning of an index. */
const PROBE = 64 * 1024;

/** How long a server may be silent, in milliseconds. */
const SILENCE = 30_000;

/**
 * Looks at what is at an address.
 * @param url of this server, or of one that lets this page read it (CORS)
 * @returns what can be read by ranges, or the whole file
 * @throws CarriagewayError `source-input-unknown`, `source-unreachable`, `source-not-a-video`, `source-empty`
 */
export async function reachAddress(url: URL): Promise<RemoteParts | Blob> {
  if (!['http:', 'https:', 'blob:', 'data:'].includes(url.protocol))
    throw new CarriagewayError('source-input-unknown', `${url.protocol.slice(0, 40)} cannot be fetched`);
  const remote = await probe(url.href);
  return remote && (await isIndexed(remote)) ? remote : fetchWhole(url.href);
}

/** Asks for the first bytes; null where the server gives no ranges, or does not say how long the file is. */
async function probe(url: string): Promise<RemoteParts | null> {
  const response = await reached(url, (signal) => askForRange(url, 0, PROBE, signal));
  await response.body?.cancel();
  // Some servers have no range of an empty file.
  if (response.status === 416) throw new CarriagewayError('source-empty', url);
  const size = /^bytes 0-\d+\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1];
  if (response.status !== 206 || size === undefined) return null;
  return { kind: 'address', url, size: Number(size), tag: response.headers.get('ETag') };
}

/** Whether it is an MP4 with all its samples in one index. */
async function isIndexed(parts: RemoteParts): Promise<boolean> {
  const file = new RemoteFile(parts);
  const head = await file.slice(4, 8).text();
  if (!['ftyp', 'moov', 'mdat', 'wide', 'free'].includes(head)) return false;
  const types = (await topBoxes(file)).map(({ type }) => type);
  return types.includes('moov') && !types.includes('moof');
}

/** The whole file, up to a bound that is kept while it comes in. */
async function fetchWhole(url: string): Promise<Blob> {
  const stop = new AbortController();
  const response = await reached(url, (signal) =>
    fetch(url, { signal: AbortSignal.any([signal, stop.signal]) }),
  );
  const tooLarge = () =>
    new CarriagewayError('source-unreachable', `${url} is larger than 2 GB; give the file itself`);
  if (Number(response.headers.get('Content-Length') ?? 0) > WHOLE_MAX) {
    stop.abort();
    throw tooLarge();
  }
  let bytes = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(new Error('nothing came for 30 s')), SILENCE);
  };
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      alive();
      bytes += chunk.length;
      if (bytes > WHOLE_MAX) controller.error(tooLarge());
      else controller.enqueue(chunk);
    },
  });
  try {
    alive();
    return await new Response(response.body?.pipeThrough(counted) ?? null).blob();
  } catch (cause) {
    if (cause instanceof CarriagewayError) throw cause;
    throw new CarriagewayError('source-unreachable', `${url}: ${String(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** The answer of a server, if it is one with a video. */
async function reached(url: string, ask: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error('no answer within 30 s')), SILENCE);
  let response: Response;
  try {
    response = await ask(patience.signal);
  } catch (cause) {
    throw new CarriagewayError('source-unreachable', `${url}: ${String(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
  }
  const page = /^text\/html/.test(response.headers.get('Content-Type') ?? '');
  if (response.status === 416 || (response.ok && !page)) return response;
  await response.body?.cancel();
  if (page && response.ok) throw new CarriagewayError('source-not-a-video', `${url} is a web page`);
  throw new CarriagewayError('source-unreachable', `${url} answered ${response.status}`);
}
