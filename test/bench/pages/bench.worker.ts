/**
 * One frame at a time through the product's engine and compositor, and through the bare network, with a clock at both
 * ends. Runs where the product runs them: in a worker, on an `OffscreenCanvas`.
 */
import { expose } from 'comlink';
import { drawsInSoftware } from '../../../src/gpu/software-drawing';
import { type ModelManifest, parseManifest } from '../../../src/model/manifest';
import { createCompositor } from '../../../src/overlay/compositor';
import type { Compositor } from '../../../src/overlay/compositor-api';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import type { Engine, EngineKind, EngineStream } from '../../../src/perception/engine';
import { SMOOTHING } from '../../../src/perception/smoothing';
import { drawnSize, SOFTWARE_SIDE_MAX } from '../../../src/stage/drawn-size';
import { firstTier } from '../../../src/stage/tiers';
import { carryTransfers } from '../../../src/stage/transfers';
import { BareSession } from './bare-session';
import { FOOTAGE, Footage } from './footage';
import { ReadbackMeter } from './readback-meter';
import { type EngineGround, openGround } from './start-engine';

/** Times of one frame in milliseconds: all of it, and the network's part as the engine says. */
export interface FrameTimes {
  readonly total: number;
  readonly model: number;
}

/** What the page calls. */
export class BenchService {
  readonly #meter = new ReadbackMeter();
  #rig: Rig | null = null;

  /** Brings up engine, compositor and bare session. @returns the engine's description */
  async open(
    canvas: OffscreenCanvas,
    kind: EngineKind,
    manifest: unknown,
    bytes: ArrayBuffer,
  ): Promise<string> {
    if (kind === 'webgpu') this.#meter.install();
    this.#rig = await Rig.create(canvas, kind, parseManifest(manifest), bytes);
    // The first frame compiles shaders and fills buffers.
    await this.#rig.frame();
    return this.#rig.description;
  }

  /** So many frames, one after the other: in, segmented, drawn. */
  async endToEnd(frames: number): Promise<FrameTimes[]> {
    const times: FrameTimes[] = [];
    for (let i = 0; i < frames; i++) times.push(await this.#open.frame());
    return times;
  }

  /** So many bare runs, in milliseconds. */
  async bare(runs: number): Promise<number[]> {
    const times: number[] = [];
    for (let i = 0; i < runs; i++) times.push(await this.#open.bare.run());
    return times;
  }

  /** Buffers, textures and frames alive, all together. */
  async liveObjects(): Promise<number> {
    return this.#open.liveObjects();
  }

  /** Bytes read back from the GPU so far. */
  async bytesReadBack(): Promise<number> {
    return this.#meter.bytes;
  }

  async close(): Promise<void> {
    await this.#rig?.[Symbol.asyncDispose]();
    this.#rig = null;
  }

  get #open(): Rig {
    if (!this.#rig) throw new Error('not open');
    return this.#rig;
  }
}

/** All that is measured with one engine. */
class Rig implements AsyncDisposable {
  readonly #footage = new Footage();
  #first = true;

  private constructor(
    private readonly ground: EngineGround,
    private readonly engine: Engine,
    private readonly stream: EngineStream,
    private readonly compositor: Compositor,
    private readonly canvas: OffscreenCanvas,
    readonly bare: BareSession,
  ) {}

  static async create(
    canvas: OffscreenCanvas,
    kind: EngineKind,
    manifest: ModelManifest,
    bytes: ArrayBuffer,
  ): Promise<Rig> {
    const ground = await openGround(kind);
    const { device } = ground;
    const software = !device && drawsInSoftware();
    // As many pixels as the stage gives a canvas of this size on the page.
    const sideMax = software ? SOFTWARE_SIDE_MAX : Number.POSITIVE_INFINITY;
    const compositor = await createCompositor({ canvas, device, software, ...drawnSize(FOOTAGE, sideMax) });
    compositor.setView(DEFAULT_VIEW);
    const engine = await ground.create(manifest, bytes);
    const maskWidth = firstTier(kind, ['pspnet-lite']).maskWidth;
    const maskHeight = Math.round((maskWidth * FOOTAGE.height) / FOOTAGE.width);
    const stream = engine.openStream({ maskWidth, maskHeight });
    const captured = kind === 'webgpu' && /graph capture(?! refused)/.test(engine.description);
    const bare = await BareSession.create(manifest, bytes, device, captured);
    return new Rig(ground, engine, stream, compositor, canvas, bare);
  }

  get description(): string {
    return this.engine.description;
  }

  async frame(): Promise<FrameTimes> {
    const frame = this.#footage.frame();
    const began = performance.now();
    const inferred = this.#infer(frame);
    const result = await inferred;
    this.compositor.present(result.mask);
    // The compositor looks at its last drawing's fence, which browsers update between tasks only.
    while (!this.compositor.render()) await new Promise((resolve) => setTimeout(resolve, 0));
    await this.#drawn();
    const total = performance.now() - began;
    // Late results belong to this frame: the next one is not to be measured with them.
    await result.classMap;
    return { total, model: (await result.times).model };
  }

  #infer(frame: VideoFrame) {
    try {
      this.compositor.stage(frame, 0);
      const request = { frame, rotation: 0, smoothing: SMOOTHING, reset: this.#first, ignore: null } as const;
      this.#first = false;
      return this.stream.infer(request);
    } finally {
      frame.close();
    }
  }

  /** Waits until the picture is drawn. Browsers let `finish` of WebGL2 return before; a pixel that is read is there. */
  async #drawn(): Promise<void> {
    const { device } = this.ground;
    if (device) await device.queue.onSubmittedWorkDone();
    const gl = device ? null : this.canvas.getContext('webgl2');
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  liveObjects(): number {
    const all = [this.engine.liveObjects(), this.compositor.liveObjects()];
    return all.reduce((sum, { buffers, textures, frames }) => sum + buffers + textures + frames, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#footage[Symbol.dispose]();
    await this.bare[Symbol.asyncDispose]();
    this.stream[Symbol.dispose]();
    await this.engine[Symbol.asyncDispose]();
    await this.compositor.dispose();
    await this.ground[Symbol.asyncDispose]();
  }
}

// The page's side moves canvases so, since it loads the stage's link too.
carryTransfers();
expose(new BenchService());
