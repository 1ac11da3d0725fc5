/**
 * The page, put together: state, actions, elements and the stage worker. Everything from outside comes in as a port, so
 * that tests run the very same page on fakes.
 */
import { effect, untracked } from '@preact/signals-core';
import { nothing, render } from 'lit';
import type { OpenMapFile } from '../../basemap/open-map';
import { CarriagewayError, reportOf } from '../../errors';
import type { HandedTo } from '../../offline/handed-files';
import type { OfflineListener } from '../../offline/keep-offline';
import type { LinkStage } from '../../stage/stage-link';
import type { ReadTelemetry } from '../../telemetry/run-telemetry';
import { say, spokenLanguage } from '../../words/words';
import { AnalysisActions, type StudyPorts } from '../analysis/analysis-actions';
import { CameraActions } from '../cameras/camera-actions';
import { CompareActions } from '../compare/compare-actions';
import { InspectorActions } from '../inspector/inspector-actions';
import { ModelActions, type ModelPorts } from '../model/model-actions';
import { MountActions } from '../mount/mount-actions';
import { ViewActions } from '../overlay/view-actions';
import { MarkActions } from '../player/mark-actions';
import { PlayerActions } from '../player/player-actions';
import { Sound } from '../player/sound';
import { RegionActions } from '../region/region-actions';
import { SceneActions } from '../scene/scene-actions';
import { requestOfAddress } from '../session/address-request';
import { listenToDrops, take } from '../session/drop';
import { type FetchRecording, openFetched } from '../session/fetched';
import { SourceActions, type SourcePorts } from '../session/source-actions';
import { WakeLock } from '../session/wake-lock';
import { TourActions } from '../tour/tour-actions';
import { MapActions } from '../track/map-actions';
import { TrackActions } from '../track/track-actions';
import { createStore } from './app-state';
import { bindBackKey } from './back-key';
import { type Capability, lackWords } from './capabilities';
import { compose } from './compose';
import type { AppContext } from './context';
import { listenToKeys } from './keyboard';
import { Notices } from './notices';
import { bindOffline } from './offline-binding';
import { PageActions } from './page-actions';
import { readParams } from './params';
import { SavedSettings, type TextStorage } from './saved';
import { bindStage, endedCode } from './stage-binding';
import { type MarkWorld, StartMark } from './start-mark';

/** What the page needs from outside. */
export interface AppPorts {
  readonly linkStage: LinkStage;
  readonly openSource: SourcePorts['open'];
  readonly listCameras: SourcePorts['listCameras'];
  readonly unpack: SourcePorts['unpack'];
  /** Calls back when a camera comes or goes; gives back what ends it. May throw where there are no cameras. */
  readonly watchCameras: (listener: () => void) => () => void;
  readonly catalogue: ModelPorts['catalogue'];
  readonly inspectModel: ModelPorts['inspect'];
  readonly storage: TextStorage | null;
  readonly download: (blob: Blob, name: string) => void;
  readonly random: () => number;
  /** What of the table of capabilities this browser has not. */
  readonly lacking: readonly Capability[];
  readonly study: StudyPorts;
  /** Has the page kept for visits without a server, and hears of it. */
  readonly keepOffline: (listener: OfflineListener) => void;
  /** Files that the system hands to the page. */
  readonly listenToHandedFiles: (to: HandedTo) => void;
  readonly readTelemetry: ReadTelemetry;
  readonly openMap: OpenMapFile;
  /** What tells whether an engine ended the page the last time. */
  readonly markWorld: MarkWorld;
  /** Fetches what the address asks for of a server's recordings; null where it asks for nothing. */
  readonly fetchRecording: FetchRecording | null;
}

/** A running page. */
export interface App {
  readonly context: AppContext;
  /** Resolves when the first source and the first model were tried. */
  readonly ready: Promise<void>;
  /** Ends the worker, the source and all listeners, and empties `root`. */
  dispose(): Promise<void>;
}

/**
 * Builds the page inside `root` and starts it.
 * @param query the query of the page's address
 */
export function startApp(root: HTMLElement, query: string, ports: AppPorts): App {
  const { params, ignored } = readParams(query);
  const store = createStore();
  const notices = new Notices(store);
  const saved = new SavedSettings(ports.storage);
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const viewer = document.createElement('cw-viewer');

  const mark = new StartMark(saved, ports.markWorld);
  const stage = bindStage(store, notices, ports.linkStage, viewer, saved.tier(), async (modelAsked) => {
    await Promise.all([sources.reattach(), modelAsked ? null : models.reload()]);
  });
  const sources = new SourceActions(store, notices, saved, {
    open: ports.openSource,
    listCameras: ports.listCameras,
    unpack: ports.unpack,
    attach: (handles, key) => stage.attach(handles, key),
    opened: (session) => {
      compare.begin(session);
      void track.begin(session);
      void study.begin(session);
    },
    random: ports.random,
  });
  const models = new ModelActions(store, notices, {
    catalogue: ports.catalogue,
    load: (request) => stage.client.loadModel(request),
    inspect: ports.inspectModel,
    restartStage: async () => {
      await mark.begin(store.state.engineChoice);
      await stage.client.restart();
    },
  });
  const study = new AnalysisActions(store, notices, models, ports.study);
  const track = new TrackActions(store, notices, saved, {
    read: ports.readTelemetry,
    download: ports.download,
  });
  const compare = new CompareActions(store, notices, sources, study, ports.study.scratch);
  const pyramid = new InspectorActions(store, notices, (request) => stage.view.inspect(request));
  const regions = new RegionActions(store, saved);
  const cameras = new CameraActions(store, saved, {
    leave: () => {
      regions.edit(false);
      pyramid.close();
    },
    turned: () => {
      const { session } = store.state;
      compare.cameraChosen();
      if (session) void study.begin(session);
    },
  });
  const context: AppContext = {
    store,
    notices,
    sources,
    cameras,
    player: new PlayerActions(store, notices, sources),
    models,
    view: new ViewActions(store),
    scene: new SceneActions(store),
    mount: new MountActions(store, saved),
    pyramid,
    regions,
    marks: new MarkActions(store, notices, saved, ports.download),
    study,
    compare,
    track,
    map: new MapActions(store, notices, ports.openMap),
    tour: new TourActions(store, saved, !params.embed),
    page: new PageActions(store, notices, saved, {
      snapshot: (withOverlay, blur) => stage.view.snapshot(withOverlay, blur),
      download: ports.download,
      fullScreenTarget: () => root.querySelector('main') ?? root,
    }),
  };
  const { view } = store.state;
  store.update({
    engineChoice: params.engine,
    lacking: ports.lacking,
    view: { ...view, mode: params.mode ?? view.mode, sync: params.sync ?? view.sync },
  });
  for (const { name, reason } of ignored)
    notices.show(
      reportOf(new CarriagewayError('parameter-ignored', `${name}: ${reason}`), 'parameter-ignored'),
    );

  // What is told elsewhere, with its reason, is not told twice: the engine's line speaks of WebGPU.
  const less = ports.lacking.filter(({ severity, id }) => severity === 'degraded' && id !== 'webgpu');
  if (less.length > 0) {
    const detail = less
      .map(({ id, help }) => `${say(`lacks.${id}.name`)}: ${lackWords({ id, help })}`)
      .join(' ');
    notices.show(reportOf(new CarriagewayError('browser-lacks', detail), 'browser-lacks'));
  }

  const drive = async () => {
    await sources.open({
      kind: 'drive',
      seed: params.seed,
      mood: params.mood,
      ...(params.car === 'none' ? {} : { car: params.car }),
      ...(params.lens === 'own' ? {} : { lens: params.lens }),
    });
    if (params.t > 0) sources.seekTo(params.t);
  };
  // The street is laid while the page is drawn.
  const driving = params.source === 'drive' ? drive() : null;

  root.classList.toggle('embedded', params.embed);
  const recompose = effect(() => {
    // Drawn again in another language; what else changes, the elements draw themselves.
    spokenLanguage();
    untracked(() => compose(root, context, viewer));
  });
  const veil = root.querySelector<HTMLElement>('.drop-veil');
  listenToDrops(context, (dragging) => veil?.toggleAttribute('hidden', !dragging), signal);
  viewer.onResize = (camera) => stage.resized(camera);
  listenToKeys(context, { chooseFile: () => root.querySelector('cw-header')?.chooseFile() }, signal);
  const hide = () => {
    stage.client.setHidden(document.hidden);
    mark.setHidden(document.hidden);
  };
  document.addEventListener('visibilitychange', hide, { signal });
  window.addEventListener('pagehide', () => mark.end(), { signal });
  signal.addEventListener('abort', () => mark.end());
  hide();
  document.addEventListener(
    'fullscreenchange',
    () => store.update({ fullScreen: document.fullscreenElement !== null }),
    { signal },
  );

  bindOffline(store, notices, ports.keepOffline);
  ports.listenToHandedFiles({
    files: (files) =>
      void take(
        context,
        files.map((file) => ({ path: file.name, file })),
      ),
    tooLarge: () => notices.thrown(new CarriagewayError('shared-too-large'), 'shared-too-large'),
  });
  if (ports.fetchRecording) void openFetched(context, ports.fetchRecording, signal);
  new Sound(store, signal);
  new WakeLock(store, signal);
  signal.addEventListener(
    'abort',
    store.watch(
      ({ panel }) => panel,
      (panel) => {
        root.dataset.panel = panel;
      },
    ),
  );
  // With a mouse the back button is no key that closes things.
  if (matchMedia('(pointer: coarse)').matches) bindBackKey(context, signal);
  watchCameras(ports, () => void sources.refreshCameras(), signal);

  const first: Record<typeof params.source, () => Promise<void>> = {
    drive: async () => driving ?? drive(),
    camera: async () => {
      await sources.open({ kind: 'camera', deviceId: null });
      // Denied or absent: the page says so and shows what needs no camera, unless something was opened meanwhile.
      if (!store.state.playback && !store.state.opening) await drive();
    },
    // A file of the user's own needs a hand to choose it.
    file: async () => {
      if (params.address === null) return;
      try {
        await sources.open(await requestOfAddress(params.address));
      } catch (thrown) {
        notices.thrown(thrown, 'source-unreachable');
      }
      if (params.t > 0) sources.seekTo(params.t);
    },
  };
  const begin = async () => {
    const engineChoice = await mark.startOf(params.engine);
    if (engineChoice !== params.engine) {
      store.update({ engineChoice, engineEnded: params.engine });
      const code = endedCode(store.state) ?? 'engine-ended-page';
      const again = () => void models.chooseEngine(params.engine);
      notices.show(reportOf(new CarriagewayError(code), code), { label: 'notice.try-again', run: again });
    }
    await mark.begin(engineChoice);
    await stage.client.start();
  };
  // All at once: worker, source and model take their time each, and wait for each other where they must.
  const ready = Promise.all([begin(), models.start(params.model), first[params.source]()]).then(() => {});

  return {
    context,
    ready,
    async dispose() {
      lifetime.abort();
      recompose();
      context.study.dispose();
      context.map.dispose();
      stage.dispose();
      await sources.dispose();
      render(nothing, root);
    },
  };
}

/** Keeps the list of cameras fresh, where there can be cameras. */
function watchCameras(ports: AppPorts, listener: () => void, signal: AbortSignal): void {
  try {
    signal.addEventListener('abort', ports.watchCameras(listener));
  } catch {
    // No cameras here (an insecure address, an old browser): opening one will say so.
  }
}
