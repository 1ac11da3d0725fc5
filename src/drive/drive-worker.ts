/** The worker that draws the drive, by itself: a page may begin it before it loads what speaks to it. */
import { AheadWorker } from '../media/ahead-worker';

export const driveWorker = new AheadWorker(
  () =>
    new Worker(new URL('../../workers/drive.worker.ts', import.meta.url), { type: 'module', name: 'drive' }),
);
