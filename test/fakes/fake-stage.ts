/**
 * A stage without worker, device or network, for tests and for work on the looks of the page: it paints a toy street on
 * its canvas, records what it is told, and says what a test tells it to.
 */

import type { Size } from '../../src/media/size';
import type { FrameHandle } from '../../src/media/timed-frame';
import type { OverlayView } from '../../src/overlay/view';
import type { SceneDigest } from '../../src/scene/scene-digest';
import type { InspectionReport, InspectionRequest } from '../../src/stage/inspection';
import type {
  EngineReport,
  ModelRequest,
  SeenMap,
  StageApi,
  StageEvent,
  StageOptions,
  StageReport,
  ViewOptions,
  ViewSettings,
} from '../../src/stage/stage-api';
import { CLASS_COUNT, DRIVING } from '../../src/taxonomy/classes';

/** A report with plausible figures; `patch` replaces some. */
export function fakeReport(patch: Partial<StageReport> = {}): StageReport {
  return {
    key: 'picture',
    source: 'fake',
    allFrames: 1234,
    allMasks: 1173,
    remote: false,
    sourceFps: 25,
    stalled: false,
    pictureFps: 24.8,
    inferenceFps: 12.4,
    latencyP50: 84.3,
    latencyP95: 131,
    maskAge: 92.5,
    frames: 1234,
    dropped: 61,
    stages: { preprocess: 1.42, model: 71.8, postprocess: 2.9, draw: 0.8, source: 'clock' },
    drivableShare: 0.318,
    confidence: 0.907,
    truth: {
      perClass: Array.from({ length: CLASS_COUNT }, (_, id) => (id === 6 ? null : 0.95 - id * 0.055)),
      drivable: 0.952,
    },
    scene: fakeScene(),
    governor: null,
    stride: 1,
    liveObjects: { frames: 2, buffers: 14, textures: 6 },
    readBackBytes: 16128,
    ...patch,
  };
}

/** A scene with plausible figures; `patch` replaces some. */
function fakeScene(patch: Partial<SceneDigest> = {}): SceneDigest {
  const angle = { value: 0.035, sigma: 0.006, looks: 40 };
  return {
    timestamp: 4_200_000,
    free: { distance: 23.4, sigma: 1.8, end: 'vehicle' },
    timeToObstacle: 4.2,
    confidence: 0.72,
    reasons: [],
    obstacles: 3,
    inPath: 1,
    camera: { height: 1.35, pitch: 0.035, yaw: 0, roll: 0, hfov: 1.4 },
    calibration: {
      state: 'converged',
      confidence: 0.8,
      pitch: angle,
      yaw: { ...angle, value: 0 },
      roll: { ...angle, value: 0 },
      vehicles: null,
    },
    milliseconds: 0.9,
    error: null,
    ...patch,
  };
}

/** What the fake stage says it runs. */
function fakeEngine(patch: Partial<EngineReport> = {}): EngineReport {
  return {
    kind: 'webgpu',
    model: 'pspnet-lite',
    title: 'PSPNet Lite',
    licence: 'CC BY-NC-SA 4.0',
    description: 'fp32, graph capture, a fake adapter',
    fallback: null,
    classes: DRIVING,
    tier: 'gpu-lite',
    chosen: [],
    ...patch,
  };
}

/** A stage that records what it is told and says what a test tells it to. */
export class FakeStage implements StageApi {
  /** All calls: name and arguments, without the key of the view. */
  readonly calls: { readonly name: keyof StageApi; readonly args: readonly unknown[] }[] = [];
  /** All settings of views, one by one: those each began with and those that followed. */
  readonly changes: { readonly key: string; readonly name: string; readonly value: unknown }[] = [];
  /** Keys of the views that are there, in their order. */
  readonly keys: string[] = [];
  /** What the first view shows. */
  view: OverlayView | null = null;
  options: StageOptions | null = null;
  /** Size the first view began with. */
  size: Size | null = null;
  /** Key of the first view. */
  key = '';
  /** Thrown by the next call of that name, once. */
  readonly failures = new Map<keyof StageApi, unknown>();
  /** While set, no call is ever answered. */
  silent = false;
  engine = fakeEngine();
  #listener: (event: StageEvent) => void = () => {};
  #context: OffscreenCanvasRenderingContext2D | null = null;

  /** Says something to the page. */
  emit(event: StageEvent): void {
    this.#listener(event);
  }

  /** The value a setting of a view was last given; of the first one where no key is told. */
  setting(name: keyof ViewSettings, key = this.key): unknown {
    return this.changes.findLast((change) => change.name === name && change.key === key)?.value;
  }

  /** The arguments of the last call of that name. */
  last(name: keyof StageApi): readonly unknown[] | undefined {
    return this.calls.findLast((call) => call.name === name)?.args;
  }

  async start(options: StageOptions): Promise<void> {
    this.options = options;
    await this.#called('start', options);
  }

  async addView(key: string, canvas: OffscreenCanvas, options: ViewOptions): Promise<void> {
    const { size, overlay } = options;
    for (const [name, value] of Object.entries(options)) this.changes.push({ key, name, value });
    this.keys.push(key);
    canvas.width = size.width;
    canvas.height = size.height;
    if (this.keys.length === 1) {
      this.key = key;
      this.view = overlay;
      this.size = size;
      this.#context = canvas.getContext('2d');
    }
    await this.#called('addView', canvas, size, overlay);
  }

  async removeView(key: string): Promise<void> {
    this.keys.splice(this.keys.indexOf(key), 1);
    await this.#called('removeView');
  }

  async listen(listener: (event: StageEvent) => void): Promise<void> {
    this.#listener = listener;
    await this.#called('listen');
  }

  async replaceCanvas(key: string, canvas: OffscreenCanvas): Promise<void> {
    if (key === this.key) this.#context = canvas.getContext('2d');
    await this.#called('replaceCanvas', canvas);
  }

  async loadModel(request: ModelRequest): Promise<EngineReport> {
    await this.#called('loadModel', request);
    return this.engine;
  }

  async attach(key: string, handle: FrameHandle, source: string): Promise<void> {
    await this.#called('attach', handle, source);
    this.emit({ type: 'picture', key, size: { width: 640, height: 360 } });
    this.#paint();
  }

  async detach(): Promise<void> {
    await this.#called('detach');
  }

  async set(key: string, settings: ViewSettings): Promise<void> {
    for (const [name, value] of Object.entries(settings)) this.changes.push({ key, name, value });
    if (key !== this.key) return this.#called('set', settings);
    if (settings.overlay) this.view = settings.overlay;
    const canvas = this.#context?.canvas;
    if (canvas && settings.size) [canvas.width, canvas.height] = [settings.size.width, settings.size.height];
    await this.#called('set', settings);
    this.#paint();
  }

  async setPaused(paused: boolean): Promise<void> {
    await this.#called('setPaused', paused);
  }

  async focus(key: string | null): Promise<void> {
    await this.#called('focus', key);
  }

  async setSharing(sharing: boolean): Promise<void> {
    await this.#called('setSharing', sharing);
  }

  async showRemote(_key: string, map: SeenMap): Promise<void> {
    await this.#called('showRemote', map);
  }

  async ping(): Promise<void> {
    await this.#called('ping');
  }

  async snapshot(_key: string, withOverlay: boolean, blur: boolean): Promise<Blob> {
    await this.#called('snapshot', withOverlay, blur);
    return new Blob([`${withOverlay ? 'overlay' : 'raw'}${blur ? ', blurred' : ''}`], { type: 'image/png' });
  }

  async inspect(_key: string, request: InspectionRequest | null): Promise<InspectionReport | null> {
    await this.#called('inspect', request);
    if (!request) return null;
    const off = request.levels.filter((on) => !on).length;
    const score = (drivable: number) => ({
      perClass: Array<number>(CLASS_COUNT).fill(drivable / 2),
      drivable,
    });
    return {
      bins: [1, 2, 3, 6],
      levels: request.levels,
      flipped: off * 0.05,
      flips: off ? [{ from: 2, to: 0, share: 0.03 }] : [],
      truth: { now: score(0.9 - off * 0.1), all: score(0.9) },
    };
  }

  async loseDevice(): Promise<void> {
    await this.#called('loseDevice');
  }

  async dispose(): Promise<void> {
    await this.#called('dispose');
  }

  async #called(name: keyof StageApi, ...args: readonly unknown[]): Promise<void> {
    this.calls.push({ name, args });
    const failure = this.failures.get(name);
    this.failures.delete(name);
    if (failure !== undefined) throw failure;
    if (this.silent) await new Promise<never>(() => {});
  }

  /** A toy street, letterboxed as the real stage does it, in the colours of the view. */
  #paint(): void {
    const c = this.#context;
    const view = this.view;
    if (!c || !view) return;
    const { width: W, height: H } = c.canvas;
    const scale = Math.min(W / 640, H / 360);
    c.resetTransform();
    c.fillStyle = '#000';
    c.fillRect(0, 0, W, H);
    c.setTransform(scale, 0, 0, scale, (W - 640 * scale) / 2, (H - 360 * scale) / 2);
    for (const [colours, opacity, from] of [
      [['#56585a', '#d8d6cc', '#8d8a86', '#a39586', '#4f6b45', '#a9bfd0', '#7a1f24'], 1, 0],
      [
        [0, 1, 2, 3, 7, 8, 11].map((id) => (view.visible[id] ? view.colours[id]! : 'transparent')),
        view.opacity,
        (view.split ?? 0) * 640,
      ],
    ] as const) {
      c.save();
      c.beginPath();
      c.rect(from, 0, 640 - from, 360);
      c.clip();
      c.globalAlpha = opacity;
      const [road, lane, walk, house, tree, sky, car] = colours;
      const shape = (colour: string | undefined, ...points: readonly number[]) => {
        c.fillStyle = colour ?? 'transparent';
        c.beginPath();
        for (let i = 0; i < points.length; i += 2) c.lineTo(points[i]!, points[i + 1]!);
        c.fill();
      };
      shape(sky, 0, 0, 640, 0, 640, 190, 0, 190);
      shape(house, 0, 40, 130, 90, 250, 150, 250, 190, 0, 260);
      shape(tree, 390, 150, 470, 90, 560, 40, 640, 20, 640, 250, 390, 190);
      shape(walk, 0, 250, 290, 180, 350, 180, 640, 240, 640, 360, 0, 360);
      shape(road, 300, 182, 340, 182, 560, 360, 60, 360);
      for (const y of [190, 215, 255, 310])
        shape(
          lane,
          319,
          y,
          321,
          y,
          322 + (y - 180) / 30,
          y + (y - 180) / 4,
          318 - (y - 180) / 30,
          y + (y - 180) / 4,
        );
      shape(car, 345, 200, 395, 200, 400, 240, 340, 240);
      c.restore();
    }
  }
}
