/**
 * The engines on the processor, as seen from the worker that draws: they hand frames to a worker of their own and get
 * masks back, so that a run of the network never holds up a picture.
 */
import { CarriagewayError, type ErrorReport } from '../errors';
import { Mutex } from '../media/mutex';
import type { ModelFile, ModelManifest } from '../model/manifest';
import type { Engine, EngineStream, InferenceRequest, InferenceResult } from './engine';
import type { FromInference, InferenceAnswer, ToInference } from './inference-protocol';
import { storedFrame } from './stored-frame';

/**
 * Most threads a network gets by default. Beyond four, networks of this size wait for each other more than they gain,
 * and the page, the video decoder and the compositor want cores too.
 */
const THREADS_MAX = 4;

/** Masks that stay valid behind the one being painted; older ones are painted over. */
const MASKS_KEPT = 2;

/** How long the worker may take to start, in milliseconds: a slow disk, a large file, many threads. */
const START_TIMEOUT = 120_000;

/** What an engine on the processor is made from. */
export interface WasmEngineOptions {
  readonly manifest: ModelManifest;
  /** The chosen file. Copied, not detached. */
  readonly bytes: ArrayBuffer;
  /** WebAssembly threads, for LiteRT the most it may take; by default what `defaultThreads` and `mostThreads` say. */
  readonly threads?: number;
  readonly precision?: ModelFile['precision'];
  /** Whether a program draws in place of a GPU, and needs a core for it. */
  readonly drawsInSoftware?: boolean;
}

/** Threads a network gets when nobody says otherwise: one core is left to the page. */
export function defaultThreads(cores: number, isolated: boolean): number {
  return isolated ? Math.min(THREADS_MAX, Math.max(1, cores - 1)) : 1;
}

/** Most threads that are even tried: each is a worker with memory of its own. */
const THREADS_TRIED_MAX = 8;

/**
 * Threads that a network may take where how many it takes is measured.
 * @param drawsInSoftware whether a core is left to a program that draws
 */
export function mostThreads(cores: number, isolated: boolean, drawsInSoftware: boolean): number {
  if (!isolated) return 1;
  return Math.min(THREADS_TRIED_MAX, Math.max(1, cores - (drawsInSoftware ? 1 : 0)));
}

/** An error from the worker's report. */
function revive(report: ErrorReport): CarriagewayError {
  return new CarriagewayError(report.code, report.detail);
}

function threadsFor(
  kind: 'cpu' | 'wasm',
  { threads, drawsInSoftware = false }: Pick<WasmEngineOptions, 'threads' | 'drawsInSoftware'>,
): number {
  const { hardwareConcurrency: cores } = navigator;
  const isolated = globalThis.crossOriginIsolated;
  if (threads !== undefined) return threads;
  return kind === 'cpu' ? mostThreads(cores, isolated, drawsInSoftware) : defaultThreads(cores, isolated);
}

function startWorker(): Worker {
  return new Worker(new URL('../../workers/inference.worker.ts', import.meta.url), {
    type: 'module',
    name: 'carriageway-inference',
  });
}

/** A worker whose runtime loads while its network is downloaded; at most one, taken by the next engine of its kind. */
let warmed: { readonly kind: 'cpu' | 'wasm'; readonly threads: number; readonly worker: Worker } | null =
  null;

/** Starts an engine's worker and runtime ahead of its network. Does nothing when one waits already. */
export function warmWasmEngine(
  kind: 'cpu' | 'wasm',
  options: Pick<WasmEngineOptions, 'drawsInSoftware'>,
): void {
  const threads = threadsFor(kind, options);
  if (warmed?.kind === kind && warmed.threads === threads) return;
  warmed?.worker.terminate();
  const worker = startWorker();
  worker.postMessage({
    type: 'warm',
    runtime: kind === 'cpu' ? 'litert' : 'onnxruntime',
    threads,
  } satisfies ToInference);
  warmed = { kind, threads, worker };
}

/**
 * Starts the network in a worker of its own.
 * @param kind `cpu` for LiteRT and its files, `wasm` for onnxruntime-web
 * @throws CarriagewayError `model-load-failed`
 */
export async function createWasmEngine(kind: 'cpu' | 'wasm', options: WasmEngineOptions): Promise<Engine> {
  const threads = threadsFor(kind, options);
  const spare = warmed?.kind === kind && warmed.threads === threads ? warmed.worker : null;
  if (spare) warmed = null;
  const worker = spare ?? startWorker();
  const engine = new WasmEngine(kind, worker, options, threads);
  try {
    await engine.started;
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** Somebody waiting for an answer. */
interface Waiter {
  readonly resolve: (answer: InferenceAnswer) => void;
  readonly reject: (error: Error) => void;
}

class WasmEngine implements Engine {
  #manifest: ModelManifest;
  /** Known once it has started. */
  description = '';
  readonly lock = new Mutex();
  readonly started: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiter>();
  #failure: CarriagewayError | null = null;
  #nextId = 0;
  #nextStream = 0;
  readonly #streams = new Set<WasmStream>();

  constructor(
    readonly kind: 'cpu' | 'wasm',
    worker: Worker,
    { manifest, bytes, precision }: WasmEngineOptions,
    threads: number,
  ) {
    this.#manifest = manifest;
    this.#worker = worker;
    this.started = new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(new CarriagewayError('model-load-failed', 'the runtime did not answer'), reject),
        START_TIMEOUT,
      );
      const settle = (error?: CarriagewayError) => {
        clearTimeout(timer);
        if (error) this.#fail(error, reject);
        else resolve();
      };
      worker.onerror = (event) => {
        event.preventDefault();
        settle(new CarriagewayError('inference-failed', event.message || 'the worker stopped'));
      };
      worker.onmessageerror = () => settle(new CarriagewayError('inference-failed', 'unreadable answer'));
      worker.onmessage = ({ data }: MessageEvent<FromInference>) => {
        if (data.type === 'started') {
          this.description = [data.description, precision].filter(Boolean).join(', ');
          this.#manifest = data.manifest;
          settle();
        } else if (data.type === 'start-failed') settle(revive(data.error));
        else this.#answer(data);
      };
    });
    const runtime = kind === 'cpu' ? 'litert' : 'onnxruntime';
    this.send({ type: 'start', manifest, bytes, runtime, threads });
  }

  get manifest(): ModelManifest {
    return this.#manifest;
  }

  /** Ends all waiting with `error`; whoever asks from now on gets it too. */
  #fail(error: CarriagewayError, reject: (error: CarriagewayError) => void = () => {}): void {
    this.#failure ??= error;
    for (const waiter of this.#waiting.values()) waiter.reject(error);
    this.#waiting.clear();
    reject(error);
  }

  #answer(data: Extract<FromInference, { readonly id: number }>): void {
    const waiter = this.#waiting.get(data.id);
    this.#waiting.delete(data.id);
    if (data.type === 'answer') waiter?.resolve(data.answer);
    else waiter?.reject(revive(data.error));
  }

  send(message: ToInference, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Sends a request on and waits for its answer. The frame is transferred. */
  ask(message: Omit<Extract<ToInference, { type: 'infer' }>, 'id' | 'type'>): Promise<InferenceAnswer> {
    if (this.#failure) {
      message.frame.close();
      return Promise.reject(this.#failure);
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const transfer: Transferable[] = [message.frame];
      if (message.recycled) transfer.push(message.recycled.buffer);
      this.send({ ...message, type: 'infer', id }, transfer);
    });
  }

  openStream({ maskWidth, maskHeight }: { maskWidth: number; maskHeight: number }): EngineStream {
    if (this.#failure) throw this.#failure;
    const number = this.#nextStream++;
    this.send({ type: 'open', stream: number, width: maskWidth, height: maskHeight });
    const stream = new WasmStream(this, number, { maskWidth, maskHeight }, () => {
      this.#streams.delete(stream);
      if (!this.#failure) this.send({ type: 'close', stream: number });
    });
    this.#streams.add(stream);
    return stream;
  }

  liveObjects() {
    let buffers = 0;
    let frames = 0;
    for (const stream of this.#streams) {
      buffers += stream.buffers;
      frames += stream.frames;
    }
    return { buffers, textures: 0, frames };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of [...this.#streams]) stream[Symbol.dispose]();
    this.#fail(new CarriagewayError('inference-failed', 'the engine was disposed of'));
    this.#worker.terminate();
  }
}

/** One stream: the masks that may still be drawn, and the ones to paint over. */
class WasmStream implements EngineStream {
  /** Frames on their way through the network. */
  frames = 0;
  #kept: Uint8Array<ArrayBuffer>[] = [];
  #spare: Uint8Array<ArrayBuffer> | null = null;
  #painting = false;
  #disposed = false;

  constructor(
    private readonly engine: WasmEngine,
    private readonly number: number,
    private readonly size: { readonly maskWidth: number; readonly maskHeight: number },
    private readonly onDispose: () => void,
  ) {}

  /** Masks this stream holds; the one that is being painted is its own too, though another worker has it. */
  get buffers(): number {
    return this.#kept.length + (this.#spare || this.#painting ? 1 : 0);
  }

  async infer(request: InferenceRequest): Promise<InferenceResult> {
    if (this.#disposed) throw new CarriagewayError('inference-failed', 'the stream was disposed of');
    const frame = storedFrame(request.frame);
    this.frames++;
    try {
      const answer = await this.engine.lock.run(() => this.#ask(frame, request));
      this.#kept.push(answer.mask);
      if (this.#kept.length > MASKS_KEPT) this.#spare = this.#kept.shift() ?? null;
      return {
        mask: { kind: 'pixels', data: answer.mask, width: this.size.maskWidth, height: this.size.maskHeight },
        classMap: Promise.resolve(answer.classMap),
        times: Promise.resolve(answer.times),
      };
    } finally {
      // Closing a transferred frame does nothing; one that never left is closed here.
      frame.close();
      this.frames--;
    }
  }

  async #ask(frame: VideoFrame, request: InferenceRequest): Promise<InferenceAnswer> {
    if (this.#disposed) throw new CarriagewayError('inference-failed', 'the stream was disposed of');
    const recycled = this.#spare;
    this.#spare = null;
    this.#painting = true;
    try {
      return await this.engine.ask({
        stream: this.number,
        frame,
        rotation: request.rotation,
        smoothing: request.smoothing,
        reset: request.reset,
        ignore: request.ignore,
        gate: request.gate ?? null,
        recycled,
      });
    } finally {
      this.#painting = false;
    }
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#kept = [];
    this.#spare = null;
    this.onDispose();
  }
}
