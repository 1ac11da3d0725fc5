/**
 * The stage worker behind its interface: comlink for the calls, transfers where something is given away. One link is
 * one worker; when it dies, it is dropped whole and another is made.
 */
import * as Comlink from 'comlink';
import { carryErrors } from '../error-transfer';
import type { FrameHandle } from '../media/timed-frame';
import type { StageApi } from './stage-api';

/** A running worker. */
export interface StageLink {
  readonly api: StageApi;
  /** Registers the one listener for the worker's death by an uncaught error. */
  onDeath(listener: (detail: string) => void): void;
  /** Ends the worker and forgets every call that is still open. */
  terminate(): void;
}

/** Starts a worker. */
export type LinkStage = () => StageLink;

/** What of a handle is moved rather than copied. */
function transferOf(handle: FrameHandle): Transferable[] {
  return handle.kind === 'port' ? [handle.port] : [handle.stream];
}

carryErrors();

/** Starts the real worker. */
export const linkStage: LinkStage = () => {
  const worker = new Worker(new URL('../../workers/stage.worker.ts', import.meta.url), {
    type: 'module',
    name: 'stage',
  });
  const remote = Comlink.wrap<StageApi>(worker);
  return {
    api: {
      start: (canvas, options) => remote.start(Comlink.transfer(canvas, [canvas]), options),
      listen: (listener) => remote.listen(Comlink.proxy(listener)),
      replaceCanvas: (canvas) => remote.replaceCanvas(Comlink.transfer(canvas, [canvas])),
      loadModel: (request) =>
        remote.loadModel(request.kind === 'file' ? Comlink.transfer(request, [request.bytes]) : request),
      attach: (handle, key) => remote.attach(Comlink.transfer(handle, transferOf(handle)), key),
      detach: () => remote.detach(),
      setView: (view) => remote.setView(view),
      setIgnoreRegion: (region) => remote.setIgnoreRegion(region),
      setSceneCamera: (camera) => remote.setSceneCamera(camera),
      resize: (width, height) => remote.resize(width, height),
      setPaused: (paused) => remote.setPaused(paused),
      snapshot: (withOverlay) => remote.snapshot(withOverlay),
      inspect: (request) => remote.inspect(request),
      loseDevice: () => remote.loseDevice(),
      dispose: () => remote.dispose(),
    },
    onDeath(listener) {
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        listener(event.message || 'The worker could not be loaded.');
      });
      worker.addEventListener('messageerror', () => listener('A message could not be read.'));
    },
    terminate() {
      remote[Comlink.releaseProxy]();
      worker.terminate();
    },
  };
};
