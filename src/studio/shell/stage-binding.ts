/** Joins stage and state: what the viewer chose goes to the stage, and what the stage says goes into the state. */
import { CarriagewayError, type ErrorCode } from '../../errors';
import type { IgnoreRegion } from '../../perception/engine';
import { type ClientEvent, StageClient } from '../../stage/stage-client';
import type { LinkStage } from '../../stage/stage-link';
import type { TierName } from '../../stage/tiers';
import type { CanvasHost, ViewClient } from '../../stage/view-client';
import { engineRuns } from '../overlay/view-actions';
import { appended } from '../scene/scene-actions';
import type { AppState, AppStore } from './app-state';
import type { Notices } from './notices';
import type { StartMark } from './start-mark';

/** The one view of this page. */
const VIEW = 'picture';

/** A stage whose view follows the page's state. */
export interface BoundStage {
  readonly client: StageClient;
  readonly view: ViewClient;
  /** Ends the worker and stops following. */
  dispose(): void;
}

/**
 * Makes a stage that follows the state; it is started by its client.
 * @param tier what this machine was measured to be
 * @param mark laid down before each worker
 * @param restore called after another worker took the place of one that was lost: model and source must be given again
 */
export function bindStage(
  store: AppStore,
  notices: Notices,
  link: LinkStage,
  host: CanvasHost,
  tier: TierName | null,
  mark: StartMark,
  restore: () => Promise<void>,
): BoundStage {
  const client = new StageClient({
    link,
    engine: () => {
      mark.begin(store.state.engineChoice);
      return store.state.engineChoice;
    },
    because: () => endedCode(store.state),
    ...(tier === null ? {} : { tier }),
    manyViews: false,
    listener: (event) => hear(event, store, notices),
    restore,
  });
  const view = client.addView(VIEW, host, { overlay: store.state.view, governed: true }, (thrown) =>
    notices.thrown(thrown, 'camera-model-invalid'),
  );
  const unwatch = [
    store.watch(
      (s) => s.view,
      (overlay) => view.set({ overlay }),
    ),
    store.watch(
      (s) => enclosed(s.region),
      (ignore) => view.set({ ignore }),
    ),
    store.watch(
      (s) => s.mount,
      (camera) => view.set({ camera }),
    ),
    store.watch(
      (s) => s.paused,
      (paused) => client.setPaused(paused),
    ),
  ];
  return {
    client,
    view,
    dispose() {
      for (const stop of unwatch) stop();
      client.dispose();
    },
  };
}

/** What is said of an engine that ended the page the last time; null when none did. */
export function endedCode({ engineEnded }: Pick<AppState, 'engineEnded'>): ErrorCode | null {
  if (engineEnded === null) return null;
  return engineEnded === 'webgpu' || engineEnded === 'auto' ? 'webgpu-ended-page' : 'engine-ended-page';
}

function hear(event: ClientEvent, store: AppStore, notices: Notices): void {
  switch (event.type) {
    case 'state':
      store.update({ stage: event.state, ...(event.state === 'running' ? {} : { report: null }) });
      if (event.state === 'gone') notices.clear('worker-silent');
      break;
    case 'report': {
      const [report] = event.views;
      notices.clear('worker-silent');
      hearStall(report?.stalled ?? false, store, notices);
      hearGovernor(report?.stride ?? 1, store, notices);
      if (report) store.update({ report: { ...report, liveObjects: event.liveObjects } });
      break;
    }
    case 'engine':
      store.update({ ...engineRuns(store.state, event.engine), progress: null });
      break;
    case 'progress':
      store.update({ progress: event.progress });
      break;
    case 'picture':
      store.update({ picture: event.size });
      break;
    case 'notice':
      notices.show(event.error);
      break;
    case 'scene-events':
      store.state.session?.update({ sceneLog: appended(store.state.sceneLog, event.events) });
      break;
    case 'source-ended':
      // The page hears the same from the source itself, which also knows whether it begins again.
      break;
  }
}

/** A camera whose picture stops (a closed lid, a muted track) is told at once, and no longer than it lasts. */
function hearStall(stalled: boolean, store: AppStore, notices: Notices): void {
  const before = store.state.report?.stalled ?? false;
  if (stalled && !before) notices.thrown(new CarriagewayError('camera-frozen'), 'camera-frozen');
  else if (before && !stalled) notices.clear('camera-frozen');
}

/** A machine that cannot keep up, or grew warm, is told when its rate is lowered, and no longer than that lasts. */
function hearGovernor(stride: number, store: AppStore, notices: Notices): void {
  const before = store.state.report?.stride ?? 1;
  if (stride > 1 && before === 1) notices.thrown(new CarriagewayError('rate-lowered'), 'rate-lowered');
  else if (stride === 1 && before > 1) notices.clear('rate-lowered');
}

/** A polygon in the making encloses nothing yet. */
function enclosed(region: IgnoreRegion | null): IgnoreRegion | null {
  return region && region.length >= 3 ? region : null;
}
