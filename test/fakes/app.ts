/** Fakes of everything outside the page, put together as a world in which the page can run. */
import type { MapTheme } from '../../src/basemap/map-style';
import type { MapView } from '../../src/basemap/map-view';
import type { OpenMap } from '../../src/basemap/open-map';
import { CarriagewayError } from '../../src/errors';
import type { ByoDraft } from '../../src/model/byo';
import { unpackFolder } from '../../src/sources/packed/unpack-folder';
import type { StageLink } from '../../src/stage/stage-link';
import type { AppPorts } from '../../src/studio/shell/app';
import type { TextStorage } from '../../src/studio/shell/saved';
import type { TelemetryAnswer, TelemetryRequest } from '../../src/telemetry/telemetry-service';
import { FakeJobs } from './fake-jobs';
import { FakeSource } from './fake-source';
import { FakeStage } from './fake-stage';

/** A storage in memory. */
export function fakeStorage(): TextStorage & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

/** A network of the user's own with two outputs, so that the second depends on the first. */
export function fakeDraft(fileName: string): ByoDraft {
  const image = { layout: 'NCHW', width: 512, height: 256 } as const;
  return {
    fileName,
    bytes: 4_200_000,
    sha256: 'a'.repeat(64),
    precision: 'fp32',
    image: { ...image, name: 'image', channels: 3 },
    gate: null,
    batch: 1,
    names: null,
    outputs: [
      { ...image, name: 'drivable', channels: 2, activation: 'none' },
      { ...image, name: 'lanes', channels: 3, activation: 'none' },
    ],
  };
}

/** A map that draws a picture of one colour. */
export interface FakeMap extends OpenMap {
  readonly file: Blob;
  readonly views: { readonly view: MapView; readonly theme: MapTheme }[];
  /** Thrown by the next drawing, once. */
  failure: unknown;
  closed: boolean;
}

function fakeMap(file: Blob): FakeMap {
  const map: FakeMap = {
    file,
    views: [],
    failure: null,
    closed: false,
    report: { name: 'Town', attribution: '© Someone', layers: null, pictures: false, cut: false },
    draw: async (view, theme) => {
      const { failure } = map;
      map.failure = null;
      map.views.push({ view, theme });
      if (failure !== null) throw failure;
      const canvas = new OffscreenCanvas(8, 5);
      canvas.getContext('2d')!.fillRect(0, 0, 8, 5);
      return { bitmap: canvas.transferToImageBitmap(), damaged: 0 };
    },
    close: () => {
      map.closed = true;
    },
  };
  return map;
}

/** Everything the page needs, faked; what was made is kept for a test to look at. */
export interface FakeWorld extends AppPorts {
  /** The stage of the present worker. */
  stage: FakeStage;
  /** Prepares the stage of each worker before it is used. */
  prepare: (stage: FakeStage, count: number) => void;
  /** What cameras there are; `plugCamera` tells the page that the list has changed. */
  cameras: { readonly deviceId: string; readonly label: string }[];
  plugCamera: () => void;
  /** Ends the present worker as an uncaught error would. */
  kill: () => void;
  readonly terminated: FakeStage[];
  readonly sources: FakeSource[];
  readonly downloads: { readonly blob: Blob; readonly name: string }[];
  readonly storage: ReturnType<typeof fakeStorage>;
  /** Start marks of engines. */
  readonly marks: Map<string, string>;
  readonly jobs: FakeJobs;
  lacking: AppPorts['lacking'];
  /** What the address asks for of a server's recordings. */
  fetchRecording: AppPorts['fetchRecording'];
  /** How sources are opened: fakes of them, which tell nothing. */
  openSource: AppPorts['openSource'];
  /** How archives are unpacked: in this thread. */
  unpack: AppPorts['unpack'];
  /** Who hears of being kept, once the page has asked for it. */
  offline: Parameters<AppPorts['keepOffline']>[0] | null;
  /** Who takes files that the system hands over. */
  handed: Parameters<AppPorts['listenToHandedFiles']>[0] | null;
  /** What was asked of recordings, and what the next one says of its drive. */
  readonly telemetry: TelemetryRequest[];
  said: TelemetryAnswer;
  /** Maps that were opened, what was asked of the last one, and what opening or drawing throws. */
  readonly maps: FakeMap[];
  mapFailure: unknown;
  /** Thrown by the next reading, once. */
  telemetryFailure: unknown;
  /** Thrown by the next opening of a source, once. */
  sourceFailure: unknown;
}

/** Makes a world of fakes. */
export function fakeWorld(): FakeWorld {
  let count = 0;
  const jobs = new FakeJobs();
  const world: FakeWorld = {
    stage: new FakeStage(),
    prepare: () => {},
    kill: () => {},
    terminated: [],
    plugCamera: () => {},
    cameras: [
      { deviceId: 'front', label: 'Front camera' },
      { deviceId: 'rear', label: 'Rear camera' },
    ],
    unpack: (archive, beside, told) => unpackFolder(archive, beside, told),
    sources: [],
    downloads: [],
    storage: fakeStorage(),
    marks: new Map(),
    jobs,
    study: jobs,
    telemetry: [],
    said: { track: null, unread: [], obscured: [] },
    telemetryFailure: null,
    maps: [],
    mapFailure: null,
    openMap: async (file) => {
      if (world.mapFailure !== null) throw world.mapFailure;
      const map = fakeMap(file);
      world.maps.push(map);
      return map;
    },
    sourceFailure: null,
    offline: null,
    handed: null,
    linkStage: (): StageLink => {
      const stage = new FakeStage();
      world.stage = stage;
      world.prepare(stage, ++count);
      return {
        api: stage,
        onDeath: (listener) => {
          world.kill = () => listener('killed by a test');
        },
        terminate: () => void world.terminated.push(stage),
      };
    },
    openSource: async (request) => {
      const failure = world.sourceFailure;
      world.sourceFailure = null;
      if (failure !== null) throw failure;
      const source = new FakeSource(request);
      world.sources.push(source);
      return source;
    },
    watchCameras: (listener) => {
      world.plugCamera = listener;
      return () => {};
    },
    listCameras: async () => world.cameras,
    catalogue: async () => [
      {
        name: 'pspnet-lite',
        title: 'PSPNet Lite',
        url: '/models/pspnet-lite.json',
        note: '480 × 288 · for GPUs',
      },
      {
        name: 'pspnet-wasm',
        title: 'PSPNet Small',
        url: '/models/pspnet-wasm.json',
        note: '320 × 192 · for CPUs',
      },
    ],
    inspectModel: async (file) => {
      if (!file.name.endsWith('.onnx')) throw new CarriagewayError('model-not-onnx');
      return fakeDraft(file.name);
    },
    readTelemetry: async (request) => {
      world.telemetry.push(request);
      const failure = world.telemetryFailure;
      world.telemetryFailure = null;
      if (failure !== null) throw failure;
      return world.said;
    },
    download: (blob, name) => void world.downloads.push({ blob, name }),
    random: () => 0.5,
    lacking: [],
    fetchRecording: null,
    keepOffline: (listener) => {
      world.offline = listener;
    },
    listenToHandedFiles: (to) => {
      world.handed = to;
    },
    markWorld: {
      marks: {
        get: async (choice) => world.marks.get(choice) ?? null,
        put: async (choice, mark) => void world.marks.set(choice, mark),
      },
      page: 'this-page',
      dawn: true,
      live: () => {},
      lives: async (page) => page === 'living-page',
      later: () => () => {},
    },
  };
  return world;
}
