/**
 * What a developer embeds: a stage that segments on canvases of theirs, the sources that feed it, and the words of the
 * field.
 *
 *     await using road = await createStage({ canvas });
 *     road.view.on('report', ({ drivableShare }) => console.log(drivableShare));
 *     await road.view.play('drive');
 */

export { openDrive } from './drive/drive-source';
export type { DriveOptions } from './drive/options';
export {
  type CreatedStage,
  createStage,
  EmbeddedStage,
  type OwnModel,
  type StageEvents,
  type StageInit,
} from './element/create-stage';
export type { Look, StageSettings } from './element/options';
export type { PlayInput } from './element/play-input';
export type { StageView, ViewEvents, ViewInit } from './element/stage-view';
export { CarriagewayError, ERROR_COPY, type ErrorCode, type ErrorReport } from './errors';
export type { FrameHandle } from './media/timed-frame';
export { type ModelManifest, parseManifest } from './model/manifest';
export type { OverlayMode, SyncMode } from './overlay/view';
export type { EngineKind, IgnoreRegion } from './perception/engine';
export type { SceneEvent } from './scene/events';
export type { SceneDigest } from './scene/scene-digest';
export { type Camera, listCameras, openCamera } from './sources/camera';
export { openAddress, openFile } from './sources/recording/recording-source';
export type { FrameSource, SourceControls, SourceEvent, SourceInfo } from './sources/source';
export type { EngineReport, LiveObjects, MaskMap, ModelProgress, ViewReport } from './stage/stage-api';
export type { StageState } from './stage/stage-client';
export { type ClassList, type ClassRole, parseClassList, type SemanticClass } from './taxonomy/class-list';
export { CLASSES, DRIVING, VOID_CLASS } from './taxonomy/classes';
