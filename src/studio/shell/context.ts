/** What every element of the page is given: the state, and the actions that change it. */

import type { AnalysisActions } from '../analysis/analysis-actions';
import type { CameraActions } from '../cameras/camera-actions';
import type { CompareActions } from '../compare/compare-actions';
import type { InspectorActions } from '../inspector/inspector-actions';
import type { ModelActions } from '../model/model-actions';
import type { MountActions } from '../mount/mount-actions';
import type { ViewActions } from '../overlay/view-actions';
import type { MarkActions } from '../player/mark-actions';
import type { PlayerActions } from '../player/player-actions';
import type { RegionActions } from '../region/region-actions';
import type { SceneActions } from '../scene/scene-actions';
import type { SourceActions } from '../session/source-actions';
import type { TourActions } from '../tour/tour-actions';
import type { MapActions } from '../track/map-actions';
import type { TrackActions } from '../track/track-actions';
import type { AppStore } from './app-state';
import type { Notices } from './notices';
import type { PageActions } from './page-actions';

/** State and actions. */
export interface AppContext {
  readonly store: AppStore;
  readonly notices: Notices;
  readonly view: ViewActions;
  readonly scene: SceneActions;
  readonly mount: MountActions;
  readonly pyramid: InspectorActions;
  readonly sources: SourceActions;
  readonly cameras: CameraActions;
  readonly player: PlayerActions;
  readonly models: ModelActions;
  readonly regions: RegionActions;
  readonly study: AnalysisActions;
  readonly compare: CompareActions;
  readonly marks: MarkActions;
  readonly track: TrackActions;
  readonly map: MapActions;
  readonly tour: TourActions;
  readonly page: PageActions;
}
