/** The page's side: a worker for one question, ended with its answer, so that no file can hold anything up. */
import { releaseProxy, wrap } from 'comlink';
import { CarriagewayError } from '../errors';
import type { TelemetryAnswer, TelemetryApi, TelemetryRequest } from './telemetry-service';

/** How long reading may take, in milliseconds: a card of five hundred files on a slow reader needs some minutes. */
const TIMEOUT = 300_000;

/**
 * Reads what a recording says of the drive.
 * @param signal ends it; the promise then rejects with its reason
 * @throws CarriagewayError `track-failed`
 */
export type ReadTelemetry = (request: TelemetryRequest, signal: AbortSignal) => Promise<TelemetryAnswer>;

/** Reads in a worker of its own. */
export const readTelemetry: ReadTelemetry = async (request, signal) => {
  signal.throwIfAborted();
  const worker = new Worker(new URL('../../workers/telemetry.worker.ts', import.meta.url), {
    type: 'module',
    name: 'telemetry',
  });
  const remote = wrap<TelemetryApi>(worker);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    const fail = (detail: string): void => reject(new CarriagewayError('track-failed', detail));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      fail(event.message);
    });
    timer = setTimeout(() => fail(`no answer within ${TIMEOUT / 1000} s`), TIMEOUT);
    signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal });
  });
  try {
    return await Promise.race([remote.read(request), ended]);
  } finally {
    over.abort();
    clearTimeout(timer);
    remote[releaseProxy]();
    worker.terminate();
  }
};
