/** Entry of the page: plugs the browser, the real sources and the real networks into the app. */

import { openMapFile } from '../../basemap/open-map';
import { readLiveParams } from '../../dashboard/params';
import { openDrive } from '../../drive/drive-source';
import { findKept } from '../../jobs/find-kept';
import { deleteKept, listKept } from '../../jobs/result-store';
import { runJob } from '../../jobs/run-job';
import { fetchReplay, readReplay } from '../../live/recorded';
import { availableModels, CATALOGUE } from '../../model/catalogue';
import { listenToHandedFiles } from '../../offline/handed-files';
import { keepOffline } from '../../offline/keep-offline';
import { listCameras, onCamerasChange, openCamera } from '../../sources/camera';
import { unpackInWorker } from '../../sources/packed/run-unpack';
import { openRecordingSource } from '../../sources/recording/recording-source';
import { linkStage } from '../../stage/stage-link';
import { readTelemetry } from '../../telemetry/run-telemetry';
import { chooseLanguage } from '../../words/language';
import { speak } from '../../words/words';
import { pickTarget, scratch, sweepExports } from '../analysis/export-target';
import type { OpenSource } from '../session/open-source';
import { startApp } from './app';
import type { ModelChoice } from './app-state';
import { missingOf, thisBrowser } from './capabilities';
import { downloadBlob } from './page-actions';
import { browserStorage, SavedSettings } from './saved';
import { markWorld } from './start-mark';
import { spokenJob } from './written';

const openSource: OpenSource = (request, told) => {
  switch (request.kind) {
    case 'drive': {
      const { kind, mood, ...look } = request;
      return openDrive({ ...look, ...(mood === 'any' ? {} : { mood }) });
    }
    case 'camera':
      if (request.deviceId !== null) return openCamera({ deviceId: request.deviceId });
      return openCamera(request.facing ? { facing: request.facing } : {});
    case 'file':
      return openRecordingSource(request.parts, request.title, told);
  }
};

function catalogue(): ModelChoice[] {
  const available = availableModels();
  return CATALOGUE.flatMap(({ name, title, purpose }) => {
    const url = available.get(name);
    return url === undefined ? [] : [{ name, title, url, note: purpose }];
  });
}

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element #app.');
// From here on the page speaks for itself: see `public/needs.js`.
document.documentElement.dataset.started = '';
const live = readLiveParams(location.search, location.hash);
const lacking = missingOf(thisBrowser());
// What the page cannot begin without was said by then.
if (lacking.every(({ severity }) => severity !== 'blocking')) open(root);

/** Opens the page that the address asks for. Others than the first, and what they alone need, are loaded only then. */
function open(root: HTMLElement): void {
  const asked = new URLSearchParams(location.search);
  if (live) void spoken(import('../../dashboard/open-live')).then(({ openLive }) => openLive(root, live));
  else if (asked.has('measure'))
    void spoken(import('../../measure/open-measure')).then(({ openMeasure }) => openMeasure(root));
  // What works for a program speaks English to it.
  else if (asked.has('analyse'))
    void import('../../batch/open-batch').then(({ openBatch }) => openBatch(root));
  else void startSpoken(root);
}

/** What was loaded, once the page speaks its visitor's language; English where that cannot be loaded. */
async function spoken<T>(loaded: Promise<T>): Promise<T> {
  await speakTheirs();
  return loaded;
}

async function startSpoken(root: HTMLElement): Promise<void> {
  await speakTheirs();
  start(root);
}

async function speakTheirs(): Promise<void> {
  const language = chooseLanguage({
    asked: new URLSearchParams(location.search).get('lang'),
    stored: new SavedSettings(browserStorage()).language(),
    preferred: navigator.languages,
  });
  // What is written in English is there already, and begins without a turn of waiting.
  if (language !== 'en') await speak(language).catch((thrown) => console.error(thrown));
}

function start(root: HTMLElement): void {
  const replay = readReplay(location.search, location.hash);
  // A browser without a file system of its own cannot export; the page says so when it is asked to.
  void sweepExports().catch(() => {});
  startApp(root, location.search, {
    linkStage,
    openSource,
    listCameras,
    unpack: unpackInWorker,
    catalogue: async () => catalogue(),
    inspectModel: async (file) => {
      const { draftFromFile } = await import('../../model/byo-draft');
      return (await draftFromFile(file, file.name)).draft;
    },
    watchCameras: onCamerasChange,
    storage: browserStorage(),
    download: downloadBlob,
    random: Math.random,
    lacking,
    keepOffline: (listener) => {
      // In development nothing is built, and a page in others' frames is kept by nobody.
      if (import.meta.env.MODE === 'production' && window.top === window)
        void keepOffline(navigator.serviceWorker, listener, () => location.reload());
    },
    listenToHandedFiles: (to) => listenToHandedFiles(location.search, to),
    readTelemetry,
    openMap: openMapFile,
    markWorld: markWorld(),
    fetchRecording: replay && ((onProgress) => fetchReplay(replay, onProgress)),
    study: {
      runJob: (job, told) => runJob(spokenJob(job), told),
      pickTarget,
      scratch,
      findKept,
      listKept,
      deleteKept,
    },
  });
}
