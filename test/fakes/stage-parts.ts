/** Stand-ins for what Node does not have: frames that count how often they were closed, and a whole set of parts. */

import type { DeviceLoss } from '../../src/gpu/device';
import type { FrameReader, TimedFrame } from '../../src/media/timed-frame';
import type { FileWish } from '../../src/model/load-model';
import { type ModelManifest, parseManifest } from '../../src/model/manifest';
import type { OverlayView } from '../../src/overlay/view';
import type {
  ClassMap,
  Engine,
  EngineKind,
  EngineStream,
  InferenceRequest,
  InferenceResult,
} from '../../src/perception/engine';
import type { CompositorPort, DevicePort, LoadedModel, StageParts } from '../../src/stage/ports';

/** A frame whose closings are counted, and its clones. */
export class CountedFrame {
  closed = 0;
  readonly clones: CountedFrame[] = [];
  constructor(
    readonly displayWidth = 64,
    readonly displayHeight = 32,
  ) {}
  close(): void {
    this.closed++;
  }
  clone(): CountedFrame {
    if (this.closed > 0) throw new Error('a closed frame has no clone');
    const clone = new CountedFrame(this.displayWidth, this.displayHeight);
    this.clones.push(clone);
    return clone;
  }
}

/** A timed frame around a counted one. */
export function timedFrame(timestamp: number, epoch = 0, frame = new CountedFrame()): TimedFrame {
  // Only the members that the pipeline uses are there.
  return { frame: frame as unknown as VideoFrame, timestamp, rotation: 0, epoch };
}

/** A reader fed by hand. */
class HandReader implements FrameReader {
  live = false;
  onDemand = false;
  /** Frames asked for. */
  asked = 0;
  readonly #inbox: (TimedFrame | null | Error)[] = [];
  #waiting: (() => void) | null = null;
  disposed = 0;

  push(item: TimedFrame | null | Error): void {
    this.#inbox.push(item);
    this.#waiting?.();
  }

  async read(): Promise<TimedFrame | null> {
    this.asked++;
    while (this.#inbox.length === 0 && this.disposed === 0)
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    const item = this.#inbox.shift() ?? null;
    if (item instanceof Error) throw item;
    return item;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed++;
    this.#waiting?.();
  }
}

/** Lets everything that is ready run. */
export async function settle(turns = 20): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A manifest that passes for one. */
const MANIFEST: ModelManifest = parseManifest({
  schema: 1,
  name: 'pspnet-lite',
  title: 'PSPNet lite',
  version: '0',
  files: [{ precision: 'fp32', path: 'a.onnx', bytes: 1, sha256: '0'.repeat(64) }],
  input: {
    name: 'image',
    layout: 'NCHW',
    width: 64,
    height: 32,
    channels: 'RGB',
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    fit: 'stretch',
  },
  gate: null,
  output: { name: 'logits', layout: 'NCHW', width: 8, height: 4, stride: 8, activation: 'none' },
  classes: ['road', 'sky'],
  licence: 'none',
  source: 'test',
});

/** An engine whose inferences are finished by hand. */
export class HandEngine implements Engine {
  readonly manifest: ModelManifest;
  readonly description = 'by hand';
  readonly pending: { request: InferenceRequest; finish: () => void; fail: (error: Error) => void }[] = [];
  streams = 0;
  disposed = 0;
  vacant?: (ahead?: number) => Promise<void>;

  /** What it sees in every frame. */
  map: ClassMap = {
    width: 1,
    height: 1,
    classes: new Uint8Array([0]),
    drivable: new Uint8Array([255]),
  };

  constructor(
    readonly kind: EngineKind,
    gate: ModelManifest['gate'] = null,
  ) {
    this.manifest = { ...MANIFEST, gate };
  }

  openStream(): EngineStream {
    this.streams++;
    return {
      infer: (request) =>
        new Promise<InferenceResult>((resolve, reject) => {
          this.pending.push({
            request,
            finish: () =>
              resolve({
                mask: { kind: 'pixels', data: new Uint8Array(4), width: 1, height: 1 },
                classMap: Promise.resolve(this.map),
                times: Promise.resolve({ preprocess: 1, model: 2, postprocess: 3, source: 'clock' as const }),
              }),
            fail: reject,
          });
        }),
      [Symbol.dispose]: () => {
        this.streams--;
      },
    };
  }

  liveObjects(): { buffers: number; textures: number; frames: number } {
    return { buffers: 0, textures: 0, frames: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed++;
  }
}

/** A compositor that writes down what it is told. */
export class LoggingCompositor implements CompositorPort {
  /** Takes away what it draws with. */
  lose: () => void = () => {};
  readonly lost = new Promise<void>((resolve) => {
    this.lose = resolve;
  });
  readonly log: string[] = [];
  readonly scenes: unknown[] = [];
  /** How many edges each call showed. */
  readonly edges: number[] = [];
  readonly labelled: unknown[] = [];
  view: OverlayView | null = null;
  disposed = 0;
  stage(): void {
    this.log.push('stage');
  }
  show(): void {
    this.log.push('show');
  }
  present(mask: unknown): void {
    this.log.push(mask === null ? 'present nothing' : 'present');
  }
  showLabels(labelled: unknown): void {
    this.labelled.push(labelled);
  }

  showInspection(inspection: unknown): void {
    this.log.push(inspection === null ? 'inspect nothing' : 'inspect');
  }
  showScene(state: unknown): void {
    this.scenes.push(state);
  }
  showEdges(edges: readonly unknown[]): void {
    this.edges.push(edges.length);
  }
  setView(view: OverlayView): void {
    this.view = view;
  }
  readonly sizes: string[] = [];
  resize(width: number, height: number): void {
    this.sizes.push(`${width}x${height}`);
  }
  render(): boolean {
    return true;
  }
  async snapshot(): Promise<Blob> {
    return new Blob(['png']);
  }
  liveObjects(): { buffers: number; textures: number; frames: number } {
    return { buffers: 0, textures: 0, frames: 0 };
  }
  async dispose(): Promise<void> {
    this.disposed++;
  }
}

/** Parts of a stage with everything visible and driven by hand. */
export class HandParts implements StageParts {
  readonly engines: HandEngine[] = [];
  readonly compositors: LoggingCompositor[] = [];
  /** For each compositor, whether it was to draw through a shared context. */
  readonly shares: boolean[] = [];
  readonly losers: ((why: string) => void)[] = [];
  readonly reader = new HandReader();
  devices = 0;
  software = false;
  takesFrames = true;
  adapter = true;
  /** Switches of the network's pyramid. */
  gate: ModelManifest['gate'] = null;
  models = new Map([
    ['pspnet-lite', '/models/pspnet-lite.json'],
    ['pspnet-wasm', '/models/pspnet-wasm.json'],
  ]);
  manifest: ModelManifest = MANIFEST;
  loaded: string[] = [];
  wished: FileWish[] = [];
  engineFailure: Error | null = null;
  /** Engines that cannot be started, and why. */
  readonly failing = new Map<EngineKind, Error>();
  /** A download waits for it. */
  download: Promise<void> = Promise.resolve();
  clock = 0;
  draw: (() => void) | null = null;

  async acquireDevice(): Promise<DevicePort> {
    if (!this.adapter) throw new Error('no adapter');
    this.devices++;
    const lost = new Promise<DeviceLoss>((resolve) =>
      this.losers.push((message) => resolve({ reason: 'destroyed', message })),
    );
    return {
      device: { destroy: () => this.losers.at(-1)?.('destroyed') } as unknown as GPUDevice,
      software: this.software,
      takesFrames: this.takesFrames,
      f16: false,
      name: 'by hand',
      lost,
      [Symbol.dispose]: () => {
        this.devices--;
      },
    };
  }
  async createCompositor(
    _canvas: OffscreenCanvas,
    _device: GPUDevice | null,
    _width: number,
    _height: number,
    shared: boolean,
  ): Promise<CompositorPort> {
    const compositor = new LoggingCompositor();
    this.compositors.push(compositor);
    this.shares.push(shared);
    return compositor;
  }
  async createEngine(_model: unknown, kind: EngineKind): Promise<Engine> {
    if (this.engineFailure) throw this.engineFailure;
    const failure = this.failing.get(kind);
    if (failure) throw failure;
    const engine = new HandEngine(kind, this.gate);
    this.engines.push(engine);
    return engine;
  }
  async loadModel(url: string, wanted?: FileWish): Promise<LoadedModel> {
    this.loaded.push(url);
    if (wanted) this.wished.push(wanted);
    await this.download;
    return { manifest: this.manifest, bytes: new ArrayBuffer(1), precision: 'fp32' };
  }
  catalogue(): ReadonlyMap<string, string> {
    return this.models;
  }
  base: string | null = null;
  useBase = (base: string): void => {
    this.base = base;
  };
  drawnSideMax = (): number => Number.POSITIVE_INFINITY;
  readerOf = (): FrameReader => this.reader;
  now = (): number => this.clock;
  wait = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  onDrawing(callback: () => void): void {
    this.draw = callback;
  }
}
