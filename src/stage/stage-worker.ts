/** The worker that the stage runs in, by itself: a page may begin it before it loads what speaks to it. */
import { AheadWorker } from '../media/ahead-worker';

export const stageWorker = new AheadWorker(
  () =>
    new Worker(new URL('../../workers/stage.worker.ts', import.meta.url), { type: 'module', name: 'stage' }),
);
