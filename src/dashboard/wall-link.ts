/** The wall's worker behind its interface: comlink for the calls, transfers where something is given away. */
import * as Comlink from 'comlink';
import { carryErrors } from '../error-transfer';
import type { FrameHandle } from '../media/timed-frame';
import type { WallApi } from '../stage/wall-api';

/** A running worker. */
export interface WallLink {
  readonly api: WallApi;
  onDeath(listener: (detail: string) => void): void;
  terminate(): void;
}

/** Starts a worker. */
export type LinkWall = () => WallLink;

function transferOf(handle: FrameHandle): Transferable[] {
  return handle.kind === 'port' ? [handle.port] : [handle.stream];
}

carryErrors();

/** Starts the real worker. */
export const linkWall: LinkWall = () => {
  const worker = new Worker(new URL('../../workers/wall.worker.ts', import.meta.url), {
    type: 'module',
    name: 'wall',
  });
  const remote = Comlink.wrap<WallApi>(worker);
  return {
    api: {
      start: (engine) => remote.start(engine),
      listen: (listener) => remote.listen(Comlink.proxy(listener)),
      loadModel: (request) => remote.loadModel(request),
      addTile: (key, canvas, size, view) =>
        remote.addTile(key, Comlink.transfer(canvas, [canvas]), size, view),
      attach: (key, handle) => remote.attach(key, Comlink.transfer(handle, transferOf(handle))),
      removeTile: (key) => remote.removeTile(key),
      resizeTile: (key, width, height) => remote.resizeTile(key, width, height),
      setTileView: (key, view) => remote.setTileView(key, view),
      replaceCanvas: (key, canvas) => remote.replaceCanvas(key, Comlink.transfer(canvas, [canvas])),
      focus: (key) => remote.focus(key),
      setPaused: (key, paused) => remote.setPaused(key, paused),
      setSharing: (sharing) => remote.setSharing(sharing),
      showRemote: (key, map) => remote.showRemote(key, map),
      loseDevice: () => remote.loseDevice(),
      dispose: () => remote.dispose(),
    },
    onDeath(listener) {
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        listener(event.message || 'The worker could not be loaded.');
      });
    },
    terminate() {
      remote[Comlink.releaseProxy]();
      worker.terminate();
    },
  };
};
