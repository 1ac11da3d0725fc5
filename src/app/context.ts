/** What every element of the page is given: the state, and the desks that change it. */
import type { AppState } from './app-state';
import type { CompareDesk } from './compare-desk';
import type { GroundDesk } from './ground-desk';
import type { MarkDesk } from './mark-desk';
import type { ModelDesk } from './model-desk';
import type { NoticeDesk } from './notices';
import type { PageDesk } from './page-desk';
import type { PlayerDesk } from './player-desk';
import type { PyramidDesk } from './pyramid-desk';
import type { RegionDesk } from './region-desk';
import type { SceneDesk } from './scene-desk';
import type { SourceDesk } from './source-desk';
import type { Store } from './state';
import type { StudyDesk } from './study-desk';
import type { ViewDesk } from './view-desk';

/** State and desks. */
export interface AppContext {
  readonly store: Store<AppState>;
  readonly notices: NoticeDesk;
  readonly view: ViewDesk;
  readonly scene: SceneDesk;
  readonly ground: GroundDesk;
  readonly pyramid: PyramidDesk;
  readonly sources: SourceDesk;
  readonly player: PlayerDesk;
  readonly models: ModelDesk;
  readonly regions: RegionDesk;
  readonly study: StudyDesk;
  readonly compare: CompareDesk;
  readonly marks: MarkDesk;
  readonly page: PageDesk;
}
