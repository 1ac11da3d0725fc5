/**
 * What a developer embeds: a stage that segments on a canvas of theirs, the sources that feed it, and the words of
 * the field. Bundle with Vite, or anything else that understands `new Worker(new URL(…, import.meta.url))`.
 *
 *     const { api } = startStage();
 *     await api.start({ engine: 'auto', manyViews: false });
 *     await api.addView('road', canvas.transferControlToOffscreen(), { size, overlay: DEFAULT_VIEW, governed: true });
 *     await api.loadModel({ kind: 'auto' });
 *     const drive = await openDrive({ seed: 1 });
 *     await api.attach('road', drive.handle(), drive.info.key);
 */

export { openDrive } from './drive/drive-source';
export { CarriagewayError, ERROR_COPY, type ErrorCode, type ErrorReport } from './errors';
export type { FrameHandle } from './media/timed-frame';
export { availableModels } from './model/catalogue';
export { type ModelManifest, parseManifest } from './model/manifest';
export { DEFAULT_VIEW, type OverlayMode, type OverlayView, type SyncMode } from './overlay/view';
export type { ClassMap, EngineKind, IgnoreRegion } from './perception/engine';
export { listCameras, openCamera } from './sources/camera';
export { openFile } from './sources/recording/recording-source';
export type { FrameSource, SourceControls, SourceEvent, SourceInfo } from './sources/source';
export type {
  EngineReport,
  ModelRequest,
  StageApi,
  StageEvent,
  StageOptions,
  ViewOptions,
  ViewReport,
  ViewSettings,
} from './stage/stage-api';
export { linkStage as startStage, type StageLink } from './stage/stage-link';
export { CLASSES, COARSE_GROUPS, VOID_CLASS } from './taxonomy/classes';
export { PALETTES } from './taxonomy/palette';
