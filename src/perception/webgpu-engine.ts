/**
 * The engine on WebGPU: frame, network and mask stay on one device, and only the class map and a few timestamps come
 * back, later. At most one inference is in flight, on the GPU as well as in JavaScript.
 */
import { CarriagewayError, type ErrorCode } from '../errors';
import { ReadbackRing } from '../gpu/readback';
import { GpuLedger } from '../gpu/resources';
import { GpuStopwatch, stampsToMilliseconds } from '../gpu/stopwatch';
import { Mutex } from '../media/mutex';
import { type Size, uprightSize } from '../media/size';
import type { ModelFile, ModelManifest } from '../model/manifest';
import type { ClassMap, Engine, EngineStream, InferenceRequest, InferenceResult, StageTimes } from './engine';
import { CLASS_MAP_CELLS_MAX } from './geometry';
import { GpuMaskStream, GpuPostprocess } from './gpu-postprocess';
import { type FrameEntry, GpuPreprocess } from './gpu-preprocess';
import { loadRuntime } from './runtime';
import { displaySize, storedFrame } from './stored-frame';
import { WebGpuSession } from './webgpu-session';

/** Passes that are timed: preprocess and postprocess; the network is the gap between them. */
const TIMED_PASSES = 2;

/** Bytes of the timed passes' four timestamps. */
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

/** Wraps what was thrown, unless it already has a code. */
function coded(thrown: unknown, code: ErrorCode): CarriagewayError {
  if (thrown instanceof CarriagewayError) return thrown;
  return new CarriagewayError(code, thrown instanceof Error ? thrown.message : String(thrown), {
    cause: thrown,
  });
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
    throw coded(error, 'model-load-failed');
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
  /** One inference at a time over all streams: they share the input buffer. */
  readonly lock = new Mutex();
  readonly streams = new Set<WebGpuStream>();
  frames = 0;
  disposed = false;

  constructor(parts: Parts, description: string) {
    this.parts = parts;
    this.manifest = parts.manifest;
    this.description = description;
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
    await this.lock.run(async () => {
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
    try {
      return await engine.lock.run(() => this.#infer(frame, close, request));
    } catch (error) {
      throw coded(error, 'inference-failed');
    } finally {
      close();
    }
  }

  async #infer(frame: VideoFrame, close: () => void, request: InferenceRequest): Promise<InferenceResult> {
    if (this.#disposed) throw new CarriagewayError('inference-failed', 'the stream was disposed of');
    const { device, pre, session, stopwatch, ring, lost } = this.#engine.parts;
    const started = performance.now();
    const picture = uprightSize(displaySize(frame), request.rotation);
    session.setGate(request.gate);
    const before = device.createCommandEncoder({ label: 'before the network' });
    pre.encode(before, frame, request.rotation, stopwatch?.writes(0));
    device.queue.submit([before.finish()]);
    close();
    const encoded = performance.now();
    const mask = await session.run((scores) => {
      const after = device.createCommandEncoder({ label: 'after the network' });
      const texture = this.#masks.encode(
        after,
        { ...request, scores, tensor: pre.tensor, picture, reset: request.reset || this.#fresh },
        stopwatch?.writes(1),
      );
      stopwatch?.resolve(after);
      device.queue.submit([after.finish()]);
      return texture;
    });
    this.#fresh = false;
    const { classMap } = this.#masks;
    const stamps = stopwatch ? [{ buffer: stopwatch.buffer, size: STAMPS_SIZE }] : [];
    const read = ring.read([...stamps, { buffer: classMap, size: classMap.size }]);
    // It rejects when the device or the engine goes; that nobody was waiting is not an error.
    read.catch(() => {});
    // The next inference may begin when this one is off the GPU: a slow GPU must not be buried in work. What a lost
    // device had to do counts as done, too; only its read-back fails, and the loss is told about then.
    const told = read.catch(() => Promise.race([lost, pause(LOSS_LIMIT)]));
    await Promise.race([Promise.all([device.queue.onSubmittedWorkDone(), told]), lost]);
    const done = performance.now();
    // Without timestamps the network's share is all that was waited for.
    const clock: StageTimes = {
      preprocess: encoded - started,
      model: done - encoded,
      postprocess: 0,
      source: 'clock',
    };
    const skip = stopwatch ? STAMPS_SIZE : 0;
    const { width, height } = this.#masks.mask;
    const result = {
      mask: { kind: 'texture' as const, texture: mask, width, height },
      classMap: read.then((bytes) => unpackClassMap(new Uint8Array(bytes, skip), this.#masks.cells)),
      times: read.then((bytes) => (skip ? stageTimes(bytes.slice(0, skip)) : null) ?? clock),
    };
    result.classMap.catch(() => {});
    result.times.catch(() => {});
    return result;
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
    if (this.#engine.lock.idle) this.release();
    else void this.#engine.lock.run(async () => this.release());
  }
}

/** Stage times from four timestamps, or null when they make no sense. */
function stageTimes(bytes: ArrayBuffer): StageTimes | null {
  const [preStart, preEnd, postStart, postEnd] = stampsToMilliseconds(bytes) ?? [];
  if (preStart === undefined || preEnd === undefined || postStart === undefined || postEnd === undefined)
    return null;
  return {
    preprocess: preEnd - preStart,
    model: postStart - preEnd,
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
