/** The stage's worker behind its interface. One link is one worker; when it dies, it is dropped whole and another is made. */
import * as Comlink from 'comlink';
import { lendEngineWorkers } from '../perception/engine-workers';
import type { StageApi } from './stage-api';
import { stageWorker } from './stage-worker';
import { carryTransfers } from './transfers';

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

carryTransfers();

/** Starts the real worker. */
export const linkStage: LinkStage = () => {
  const worker = stageWorker.take();
  const lent = lendEngineWorkers(worker);
  const api = Comlink.wrap<StageApi>(worker);
  return {
    api,
    onDeath(listener) {
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        listener(event.message || 'The worker could not be loaded.');
      });
      worker.addEventListener('messageerror', () => listener('A message could not be read.'));
    },
    terminate() {
      api[Comlink.releaseProxy]();
      worker.terminate();
      lent[Symbol.dispose]();
    },
  };
};
