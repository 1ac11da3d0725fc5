/**
 * The page's side: a worker for each map, which alone loads what reads maps. A file that holds it up costs the worker,
 * never the page.
 */
import { type Remote, releaseProxy, wrap } from 'comlink';
import { CarriagewayError } from '../errors';
import type { MapApi, MapDrawing, MapReport } from './map-service';
import type { MapTheme } from './map-style';
import type { MapView } from './map-view';

/** How long an answer may take, in milliseconds. */
const TIMEOUT = 30_000;

/** A map that lies under a track. */
export interface OpenMap {
  readonly report: MapReport;
  /** @throws CarriagewayError as `drawMap`, `map-failed` when the worker ended or does not answer */
  draw(view: MapView, theme: MapTheme): Promise<MapDrawing>;
  /** Ends the worker. */
  close(): void;
}

/** Opens a map. @throws CarriagewayError as `MapFile.open`, `map-failed` */
export type OpenMapFile = (file: Blob) => Promise<OpenMap>;

/** Opens a map in a worker of its own. */
export const openMapFile: OpenMapFile = async (file) => {
  const worker = new Worker(new URL('../../workers/map.worker.ts', import.meta.url), {
    type: 'module',
    name: 'map',
  });
  const remote: Remote<MapApi> = wrap<MapApi>(worker);
  const close = (): void => {
    remote[releaseProxy]();
    worker.terminate();
  };
  const ended = Promise.withResolvers<never>();
  // Nobody waits for it between two questions.
  ended.promise.catch(() => {});
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    ended.reject(new CarriagewayError('map-failed', event.message));
  });
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => {
      worker.terminate();
      ended.reject(new CarriagewayError('map-failed', `no answer within ${TIMEOUT / 1000} s`));
    }, TIMEOUT);
    try {
      return await Promise.race([answer, ended.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    const report = await answered(remote.open(file));
    return { report, draw: (view, theme) => answered(remote.draw(view, theme)), close };
  } catch (thrown) {
    close();
    throw thrown;
  }
};
