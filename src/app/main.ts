/** Entry of the page: plugs the browser, the real sources and the real networks into the app. */
import { draftFromFile } from '../model/byo';
import { availableModels, CATALOGUE } from '../model/catalogue';
import { findKept } from '../playback/find-kept';
import { deleteKept, listKept } from '../playback/result-store';
import { runJob } from '../playback/run-job';
import { listCameras, onCamerasChange, openCamera } from '../sources/camera';
import { openDrive } from '../sources/drive-source';
import { openRecordingSource } from '../sources/file-source';
import type { FrameSource } from '../sources/source';
import { startApp } from './app';
import type { ModelChoice } from './app-state';
import { pickTarget, scratch, sweepExports } from './export-target';
import { readLiveParams } from './live/params';
import type { SourceRequest } from './open-source';
import { downloadBlob } from './page-desk';
import { browserStorage } from './saved';
import { linkStage } from './stage-link';

function openSource(request: SourceRequest): Promise<FrameSource> {
  switch (request.kind) {
    case 'drive':
      return openDrive({
        seed: request.seed,
        ...(request.mood === 'any' ? {} : { mood: request.mood }),
      });
    case 'camera':
      return openCamera(request.deviceId === null ? {} : { deviceId: request.deviceId });
    case 'file':
      return openRecordingSource(request.parts, request.title);
  }
}

function catalogue(): ModelChoice[] {
  const available = availableModels();
  return CATALOGUE.flatMap(({ name, title, purpose }) => {
    const url = available.get(name);
    return url === undefined ? [] : [{ name, title, url, note: purpose }];
  });
}

// A browser without a file system of its own cannot export; the page says so when it is asked to.
void sweepExports().catch(() => {});

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element #app.');
const live = readLiveParams(location.search, location.hash);
// Live pages, and what they alone need, are loaded only when they are asked for.
if (live) void import('./live/open-live').then(({ openLive }) => openLive(root, live));
else start(root);

function start(root: HTMLElement): void {
  startApp(root, location.search, {
    linkStage,
    openSource,
    listCameras,
    catalogue: async () => catalogue(),
    inspectModel: async (file) => (await draftFromFile(file, file.name)).draft,
    watchCameras: onCamerasChange,
    storage: browserStorage(),
    download: downloadBlob,
    random: Math.random,
    study: { runJob, pickTarget, scratch, findKept, listKept, deleteKept },
  });
}
