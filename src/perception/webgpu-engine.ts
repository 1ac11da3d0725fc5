/**
 * The engine on WebGPU: frame, network and mask stay on one device, and only the class map and a few timestamps come
 * back, later. At most one inference is in flight, on the GPU as well as in JavaScript; the next frame is read
 * meanwhile, behind it in the device's queue.
 */
import { CarriagewayError } from '../errors';
import { ReadbackRing } from '../gpu/readback';
import { GpuLedger } from '../gpu/resources';
import { GpuStopwatch, stampsToMilliseconds } from '../gpu/stopwatch';
import { type Size, uprightSize } from '../media/size';
import type { ModelFile, ModelManifest } from '../model/manifest';
import type { ClassMap, Engine, EngineStream, InferenceRequest, InferenceResult, StageTimes } from './engine';
import { codedFailure } from './failure';
import { FramePasses } from './frame-passes';
import { FrameTurns } from './frame-turns';
import { CLASS_MAP_CELLS_MAX } from './geometry';
import { GpuMaskStream, GpuPostprocess } from './gpu-postprocess';
import { type FrameEntry, GpuPreprocess } from './gpu-preprocess';
import { loadRuntime } from './runtime';
import { displaySize, storedFrame } from './stored-frame';
import { WebGpuSession } from './webgpu-session';

/**
 * Passes that are timed: the reading of a frame, an empty one before the network, and the postprocess; the network is
 * the gap between the last two.
 */
const TIMED_PASSES = 3;

/** Bytes of the timed passes' timestamps. */
const STAMPS_SIZE = TIMED_PASSES * 2 * 8;

/** Longest wait, after a read-back that failed, for the word that the device is lost, in milliseconds. */
const LOSS_LIMIT = 1000;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** What a WebGPU engine is made from. */
export interface WebGpuEngineOptions {
  /** Borrowed: stays with whoever opened it, and outlives the engine. */
  readonly device: GPUDevice;
  readonly manifest: ModelManifest;
  /** The chosen file. Read, not detached. */
  readonly bytes: ArrayBuffer;
  /** Name of the adapter, for the description. */
  readonly adapter?: string;
  /** Precision of the chosen file, for the description. */
  readonly precision?: ModelFile['precision'];
  /** Whether to try graph capture (default). */
  readonly capture?: boolean;
}

/** All that lives and dies with the engine. */
interface Parts {
  readonly device: GPUDevice;
  readonly manifest: ModelManifest;
  readonly ledger: GpuLedger;
  readonly pre: GpuPreprocess;
  readonly post: GpuPostprocess;
  readonly session: WebGpuSession;
  readonly ring: ReadbackRing;
  readonly stopwatch: GpuStopwatch | null;
  readonly lost: Promise<never>;
}

/**
 * Starts the network on `device`.
 * @throws CarriagewayError `model-load-failed`, or `webgpu-lost` when the device went away meanwhile
 */
export async function createWebGpuEngine(options: WebGpuEngineOptions): Promise<Engine> {
  const { device, manifest, bytes } = options;
  const ledger = new GpuLedger(device);
  const lost = device.lost.then((info): never => {
    throw new CarriagewayError('webgpu-lost', info.message);
  });
  // Nobody may be listening when it happens.
  lost.catch(() => {});
  const owned: Disposable[] = [];
  try {
    const pre = await Promise.race([GpuPreprocess.create(device, ledger, manifest.input), lost]);
    owned.push(pre);
    const ort = await loadRuntime('webgpu');
    const capture = options.capture ?? true;
    const session = await WebGpuSession.create({
      ort,
      device,
      ledger,
      manifest,
      bytes,
      input: pre.tensor,
      capture,
      lost,
    });
    // Its first run has said what the output is like.
    const resolved = session.manifest;
    const post = await Promise.race([GpuPostprocess.create(device, ledger, resolved), lost]).catch(
      async (error: unknown) => {
        await session[Symbol.asyncDispose]().catch(() => {});
        throw error;
      },
    );
    const ring = new ReadbackRing(device, ledger, STAMPS_SIZE + CLASS_MAP_CELLS_MAX * 2);
    const stopwatch = GpuStopwatch.create(device, ledger, TIMED_PASSES);
    const parts = { device, manifest: resolved, ledger, pre, post, session, ring, stopwatch, lost };
    return new WebGpuEngine(parts, describe(options, session, pre.entry));
  } catch (error) {
    for (const part of owned) part[Symbol.dispose]();
    throw codedFailure(error, 'model-load-failed');
  }
}

/** What runs, for people. */
function describe(options: WebGpuEngineOptions, session: WebGpuSession, entry: FrameEntry): string {
  const capture = session.captured
    ? 'graph capture'
    : options.capture === false
      ? 'no graph capture'
      : 'graph capture refused';
  const copied = entry === 'copied' ? 'frames copied' : '';
  return ['WebGPU', options.adapter, options.precision, capture, copied].filter(Boolean).join(', ');
}

class WebGpuEngine implements Engine {
  readonly kind = 'webgpu';
  readonly manifest: ModelManifest;
  readonly description: string;
  readonly parts: Parts;
  readonly turns = new FrameTurns();
  readonly passes = new FramePasses();
  readonly streams = new Set<WebGpuStream>();
  frames = 0;
  disposed = false;

  constructor(parts: Parts, description: string) {
    this.parts = parts;
    this.manifest = parts.manifest;
    this.description = description;
  }

  get busy(): number | null {
    return this.turns.busy;
  }

  vacant(ahead?: number): Promise<void> {
    return this.turns.vacant(ahead);
  }

  openStream({ maskWidth, maskHeight }: { maskWidth: number; maskHeight: number }): EngineStream {
    if (this.disposed) throw new CarriagewayError('inference-failed', 'the engine was disposed of');
    const stream = new WebGpuStream(this, { width: maskWidth, height: maskHeight });
    this.streams.add(stream);
    return stream;
  }

  liveObjects() {
    const { buffers, textures } = this.parts.ledger;
    return { buffers, textures, frames: this.frames };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    await this.passes.whenIdle(async () => {
      for (const stream of this.streams) stream.release();
      const { pre, post, session, ring, stopwatch } = this.parts;
      try {
        await session[Symbol.asyncDispose]();
      } finally {
        for (const part of [pre, post, ring, stopwatch]) part?.[Symbol.dispose]();
      }
    });
  }
}

/** Smoothing and masks of one stream. */
class WebGpuStream implements EngineStream {
  readonly #engine: WebGpuEngine;
  readonly #masks: GpuMaskStream;
  #fresh = true;
  #disposed = false;

  constructor(engine: WebGpuEngine, mask: Size) {
    this.#engine = engine;
    this.#masks = new GpuMaskStream(engine.parts.post, mask);
  }

  async infer(request: InferenceRequest): Promise<InferenceResult> {
    const engine = this.#engine;
    if (this.#disposed || engine.disposed)
      throw new CarriagewayError('inference-failed', 'the stream was disposed of');
    // A clone shares the pixels; it lets the caller close its frame while this one waits its turn.
    const frame = storedFrame(request.frame);
    engine.frames++;
    let open = true;
    const close = () => {
      if (!open) return;
      open = false;
      frame.close();
      engine.frames--;
    };
    await engine.turns.enter();
    let took: { reading: number; working: number } | null = null;
    try {
      const { result, ...times } = await this.#infer(frame, close, request);
      took = times;
      return result;
    } catch (error) {
      throw codedFailure(error, 'inference-failed');
    } finally {
      engine.turns.leave(took);
      close();
    }
  }

  async #infer(
    frame: VideoFrame,
    close: () => void,
    request: InferenceRequest,
  ): Promise<{ readonly result: InferenceResult; readonly reading: number; readonly working: number }> {
    const { passes, parts } = this.#engine;
    const { device, pre, session, stopwatch, ring, lost } = parts;
    const picture = uprightSize(displaySize(frame), request.rotation);
    let reading = 0;
    let started = 0;
    const read = () => {
      this.#checkOpen();
      const began = performance.now();
      const before = device.createCommandEncoder({ label: 'before the network' });
      pre.encode(before, frame, request.rotation, stopwatch?.writes(0));
      device.queue.submit([before.finish()]);
      close();
      reading = performance.now() - began;
    };
    const submit = async () => {
      this.#checkOpen();
      started = performance.now();
      session.setGate(request.gate);
      if (stopwatch) {
        const mark = device.createCommandEncoder({ label: 'the network begins' });
        mark.beginComputePass({ timestampWrites: stopwatch.writes(1) }).end();
        device.queue.submit([mark.finish()]);
      }
      const mask = await session.run((scores) => {
        const after = device.createCommandEncoder({ label: 'after the network' });
        const texture = this.#masks.encode(
          after,
          { ...request, scores, tensor: pre.tensor, picture, reset: request.reset || this.#fresh },
          stopwatch?.writes(2),
        );
        stopwatch?.resolve(after);
        device.queue.submit([after.finish()]);
        return texture;
      });
      this.#fresh = false;
      const { classMap } = this.#masks;
      const stamps = stopwatch ? [{ buffer: stopwatch.buffer, size: STAMPS_SIZE }] : [];
      const back = ring.read([...stamps, { buffer: classMap, size: classMap.size }]);
      // It rejects when the device or the engine goes; that nobody was waiting is not an error.
      back.catch(() => {});
      // Before the next frame's reading, which is not waited for.
      return { mask, back, worked: device.queue.onSubmittedWorkDone() };
    };
    const finish = async ({ mask, back, worked }: Awaited<ReturnType<typeof submit>>) => {
      // The next inference may begin when this one is off the GPU: a slow GPU must not be buried in work. What a lost
      // device had to do counts as done, too; only its read-back fails, and the loss is told about then.
      const told = back.catch(() => Promise.race([lost, pause(LOSS_LIMIT)]));
      await Promise.race([Promise.all([worked, told]), lost]);
      const working = performance.now() - started;
      // Without timestamps the network's share is all that was waited for.
      const clock: StageTimes = { preprocess: reading, model: working, postprocess: 0, source: 'clock' };
      const skip = stopwatch ? STAMPS_SIZE : 0;
      const { width, height } = this.#masks.mask;
      const result = {
        mask: { kind: 'texture' as const, texture: mask, width, height },
        classMap: back.then((bytes) => unpackClassMap(new Uint8Array(bytes, skip), this.#masks.cells)),
        times: back.then((bytes) => (skip ? stageTimes(bytes.slice(0, skip)) : null) ?? clock),
      };
      result.classMap.catch(() => {});
      result.times.catch(() => {});
      return { result, reading, working };
    };
    return passes.pass({ read, submit, finish });
  }

  #checkOpen(): void {
    if (this.#disposed) throw new CarriagewayError('inference-failed', 'the stream was disposed of');
  }

  /** Releases the GPU memory at once. */
  release(): void {
    this.#disposed = true;
    this.#engine.streams.delete(this);
    this.#masks[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    // What is being painted into is released after the painting.
    if (this.#engine.passes.idle) this.release();
    else void this.#engine.passes.whenIdle(async () => this.release());
  }
}

/** Stage times from the timestamps, or null when they make no sense. */
function stageTimes(bytes: ArrayBuffer): StageTimes | null {
  const [preStart, preEnd, , begun, postStart, postEnd] = stampsToMilliseconds(bytes) ?? [];
  if (preStart === undefined || preEnd === undefined) return null;
  if (begun === undefined || postStart === undefined || postEnd === undefined) return null;
  return {
    preprocess: preEnd - preStart,
    model: postStart - begun,
    postprocess: postEnd - postStart,
    source: 'gpu-timestamps',
  };
}

/** Class map from the bytes of `class-map.wgsl`: class, drivable, class, drivable … */
function unpackClassMap(bytes: Uint8Array, { width, height }: Size): ClassMap {
  const cells = width * height;
  const classes = new Uint8Array(cells);
  const drivable = new Uint8Array(cells);
  for (let i = 0; i < cells; i++) {
    classes[i] = bytes[2 * i]!;
    drivable[i] = bytes[2 * i + 1]!;
  }
  return { width, height, classes, drivable };
}
