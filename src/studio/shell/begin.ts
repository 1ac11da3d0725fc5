/**
 * The page's first script. It is small, so that the workers of the page for one picture load and begin while the page's
 * own script is read: a worker comes to life by way of the page's thread, which is busy from then on.
 */
import { driveWorker } from '../../drive/drive-worker';
import { stageWorker } from '../../stage/stage-worker';

/** Parameters that ask for another page. */
const OTHER_PAGES = ['room', 'live', 'measure', 'analyse'];

/** Sources that are no drive. */
const OTHER_SOURCES = ['camera', 'file'];

const asked = new URLSearchParams(location.search);
if (OTHER_PAGES.every((name) => !asked.has(name))) {
  stageWorker.prepare();
  if (!OTHER_SOURCES.includes(asked.get('source') ?? '')) driveWorker.prepare();
}
// Nobody else would hear that it could not be loaded: see `public/needs.js`.
import('./main').catch(reportError);
