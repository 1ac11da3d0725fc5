/** Joins stage and state: what the viewer chose goes to the stage, and what the stage says goes into the state. */
import { CarriagewayError, type ErrorCode } from '../../errors';
import type { FrameHandle } from '../../media/timed-frame';
import { inLanguage, type OverlayView } from '../../overlay/view';
import type { IgnoreRegion } from '../../perception/engine';
import { type ClientEvent, type ClientOptions, StageClient } from '../../stage/stage-client';
import type { LinkStage } from '../../stage/stage-link';
import type { TierName } from '../../stage/tiers';
import type { CanvasHost, ViewClient } from '../../stage/view-client';
import { decimals } from '../../words/words';
import { choiceOf } from '../cameras/camera-actions';
import { cameraOverlay, isSeen } from '../cameras/camera-overlay';
import { engineRuns } from '../overlay/view-actions';
import { appended } from '../scene/scene-actions';
import type { AppState, AppStore } from './app-state';
import type { Notices } from './notices';

/** Names of the views of this page: one for each camera of the source, at least one. */
const viewKey = (camera: number): string => (camera === 0 ? 'picture' : `picture-${camera + 1}`);

/** Where pictures are shown. */
export interface CameraHosts {
  /** @param camera its place, at most one beyond those that are there */
  hostOf(camera: number): CanvasHost;
  /** Takes places away. @param count how many stay, at least one */
  keepTiles(count: number): void;
}

/** A stage whose views follow the page's state. */
export interface BoundStage {
  readonly client: StageClient;
  /** The view of the camera that is looked at. */
  readonly view: ViewClient;
  /** Shows a source in place of the present one. @param handles one for each of its cameras; @param source its name */
  attach(handles: readonly FrameHandle[], source: string): Promise<void>;
  /** A place has another size. */
  resized(camera: number): void;
  /** Ends the worker and stops following. */
  dispose(): void;
}

/** A camera's view, and what ends its following of the state. */
interface Followed {
  readonly view: ViewClient;
  readonly unwatch: readonly (() => void)[];
}

/**
 * Makes a stage that follows the state; it is started by its client.
 * @param tier what this machine was measured to be
 * @param restore called after another worker took the place of one that was lost: see `ClientOptions`
 */
export function bindStage(
  store: AppStore,
  notices: Notices,
  link: LinkStage,
  hosts: CameraHosts,
  tier: TierName | null,
  restore: ClientOptions['restore'],
): BoundStage {
  const client = new StageClient({
    link,
    engine: () => store.state.engineChoice,
    because: () => endedCode(store.state),
    ...(tier === null ? {} : { tier }),
    manyViews: false,
    listener: (event) => hear(event, store, notices),
    restore,
  });
  const followed: Followed[] = [];
  const add = () => followed.push(follow(client, store, notices, hosts, followed.length));
  add();
  let favoured: string | null = null;
  const unwatch = [
    store.watch(
      (s) => (s.rig.length > 1 ? viewKey(s.chosen) : null),
      (key) => {
        // A page of one camera favours nobody.
        if (key !== favoured) client.focus(key);
        favoured = key;
      },
    ),
    store.watch(
      (s) => s.paused,
      (paused) => client.setPaused(paused),
    ),
  ];
  return {
    client,
    get view() {
      return (followed[store.state.chosen] ?? followed[0]!).view;
    },
    async attach(handles, source) {
      while (followed.length < handles.length) add();
      for (const { view, unwatch } of followed.splice(handles.length)) {
        for (const stop of unwatch) stop();
        client.removeView(view.key);
      }
      hosts.keepTiles(handles.length);
      await Promise.all(handles.map((handle, n) => followed[n]!.view.attach(handle, source)));
    },
    resized: (camera) => followed[camera]?.view.refreshSize(),
    dispose() {
      for (const stop of [...unwatch, ...followed.flatMap((each) => each.unwatch)]) stop();
      client.dispose();
    },
  };
}

/** Adds a camera's view that follows the state. @param camera its place */
function follow(
  client: StageClient,
  store: AppStore,
  notices: Notices,
  hosts: CameraHosts,
  camera: number,
): Followed {
  const begin = { overlay: overlayOf(store.state, camera), governed: true };
  const view = client.addView(viewKey(camera), hosts.hostOf(camera), begin, (thrown) =>
    notices.thrown(thrown, 'camera-model-invalid'),
  );
  let drawn: OverlayView | null = null;
  return {
    view,
    unwatch: [
      store.watch(
        (s) => overlayOf(s, camera),
        (overlay) => {
          // Of a small picture it is made anew each time; only another one is told.
          if (drawn && sameOverlay(drawn, overlay)) return;
          drawn = overlay;
          view.set({ overlay });
        },
      ),
      store.watch(
        (s) => enclosed(s.rig[camera]?.region ?? null),
        (ignore) => view.set({ ignore }),
      ),
      store.watch(
        (s) => s.rig[camera]?.mount ?? null,
        (camera) => view.set({ camera }),
      ),
      store.watch(
        (s) => s.rig.length > 1 && !isSeen(choiceOf(s), camera),
        (paused) => view.set({ paused }),
      ),
    ],
  };
}

function overlayOf(state: AppStore['state'], camera: number): OverlayView {
  const overlay = state.rig.length < 2 ? state.view : cameraOverlay(state.view, choiceOf(state), camera);
  return inLanguage(overlay, decimals('.'));
}

function sameOverlay(one: OverlayView, other: OverlayView): boolean {
  if (one === other) return true;
  const keys = Object.keys(one) as (keyof OverlayView)[];
  return keys.every((key) => key === 'scene' || one[key] === other[key]) && sameScene(one.scene, other.scene);
}

function sameScene(one: OverlayView['scene'], other: OverlayView['scene']): boolean {
  return (Object.keys(one) as (keyof OverlayView['scene'])[]).every((key) => one[key] === other[key]);
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
      const { rig, chosen } = store.state;
      const report = event.views[chosen] ?? event.views[0];
      notices.clear('worker-silent');
      hearStall(report?.stalled ?? false, store, notices);
      hearGovernor(report?.stride ?? 1, store, notices);
      if (report) store.update({ report: { ...report, liveObjects: event.liveObjects } });
      if (rig.length > 1 || store.state.reports.length > 0)
        store.update({ reports: rig.length > 1 ? event.views : [] });
      break;
    }
    case 'engine':
      store.update({ ...engineRuns(store.state, event.engine), progress: null });
      break;
    case 'progress':
      store.update({ progress: event.progress });
      break;
    case 'picture':
      if (event.key === viewKey(store.state.chosen)) store.update({ picture: event.size });
      break;
    case 'notice':
      notices.show(event.error);
      break;
    case 'scene-events':
      hearScene(event, store);
      break;
    case 'source-ended':
      // The page hears the same from the source itself, which also knows whether it begins again.
      break;
  }
}

/** What happened before a camera is kept with that camera. */
function hearScene({ key, events }: Extract<ClientEvent, { type: 'scene-events' }>, store: AppStore): void {
  const { session, rig } = store.state;
  const camera = rig.findIndex((_, n) => viewKey(n) === key);
  const log = rig[camera]?.sceneLog;
  if (log) session?.updateCamera({ sceneLog: appended(log, events) }, camera);
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
