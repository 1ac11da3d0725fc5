/**
 * The engines on the processor, as seen from the worker that draws: they hand frames to a worker of their own and get
 * masks back, so that a run of the network never holds up a picture.
 */
import { CarriagewayError } from '../errors';
import { Mutex } from '../media/mutex';
import type { ModelFile, ModelManifest } from '../model/manifest';
import type { Engine, EngineStream, InferenceRequest, InferenceResult } from './engine';
import { type EngineWorker, engineWorker } from './engine-workers';
import { FramePixels } from './frame-pixels';
import { FrameTurns } from './frame-turns';
import type { FromInference, InferenceAnswer, ToInference } from './inference-protocol';
import { PendingAnswers, revive } from './pending-answers';
import type { StoredPixels } from './preprocess';
import { storedFrame } from './stored-frame';
import { threadsFor } from './threads';

/** Masks that stay valid behind the one being painted; older ones are painted over. */
const MASKS_KEPT = 2;

/** Frames whose memory is kept: one in the network, one that is read. */
const FRAME_MEMORIES = 2;

/** How long the worker may take to start, in milliseconds: a slow disk, a large file, many threads. */
const START_TIMEOUT = 120_000;

/** The same for the first worker: another one is tried behind it. */
const FIRST_TIMEOUT = 30_000;

/** Why a worker is given up that says nothing. */
const SILENT = 'the runtime did not answer';

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

/** A worker whose runtime loads while its network is downloaded; at most one, taken by the next engine of its kind. */
let warmed: {
  readonly kind: 'cpu' | 'wasm';
  readonly threads: number;
  readonly worker: EngineWorker;
} | null = null;

/**
 * Starts an engine's worker and runtime ahead of its network. Does nothing when one waits already.
 * @param drawsInSoftware asked behind the beginning: to know it takes a graphics context, and the runtime's files need
 *   not wait for that
 */
export function warmWasmEngine(kind: 'cpu' | 'wasm', drawsInSoftware: () => boolean): void {
  if (warmed?.kind === kind) return;
  warmed?.worker.terminate();
  warmed = null;
  const worker = engineWorker();
  const warm = (threads: number | null) =>
    worker.postMessage({
      type: 'warm',
      runtime: kind === 'cpu' ? 'litert' : 'onnxruntime',
      threads,
    } satisfies ToInference);
  warm(null);
  const threads = threadsFor(kind, { drawsInSoftware: drawsInSoftware() });
  warm(threads);
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
  try {
    return await started(kind, spare ?? engineWorker(), options, threads, FIRST_TIMEOUT);
  } catch (error) {
    // Threads of a runtime are workers in a worker, of which Firefox 153 now and then makes none (`engine-workers.ts`):
    // a second try with threads might wait as well.
    if (!(error instanceof CarriagewayError && error.detail === SILENT)) throw error;
    const engine = await started(kind, engineWorker(), options, 1, START_TIMEOUT);
    engine.threadless = threads > 1;
    return engine;
  }
}

/** An engine that runs in `worker`, which it owns from now on. @param patience milliseconds */
async function started(
  kind: 'cpu' | 'wasm',
  worker: EngineWorker,
  options: WasmEngineOptions,
  threads: number,
  patience: number,
): Promise<WasmEngine> {
  const engine = new WasmEngine(kind, worker, options, threads, patience);
  try {
    await engine.started;
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

class WasmEngine implements Engine {
  #manifest: ModelManifest;
  /** Known once it has started. */
  description = '';
  threadless = false;
  readonly turns = new FrameTurns();
  /** Requests go to the worker in the order of the calls, however long each frame takes to read. */
  readonly order = new Mutex();
  readonly #reader = new FramePixels();
  /** Memory of frames that went through, for those to come. */
  readonly #memory: Uint8Array<ArrayBuffer>[] = [];
  readonly started: Promise<void>;
  readonly #worker: EngineWorker;
  readonly #answers = new PendingAnswers(() => this.turns.busy);
  #nextStream = 0;
  readonly #streams = new Set<WasmStream>();

  constructor(
    readonly kind: 'cpu' | 'wasm',
    worker: EngineWorker,
    { manifest, bytes, precision }: WasmEngineOptions,
    threads: number,
    patience: number,
  ) {
    this.#manifest = manifest;
    this.#worker = worker;
    this.started = new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(new CarriagewayError('model-load-failed', SILENT), reject),
        patience,
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
        else this.#answers.answered(data);
      };
    });
    const runtime = kind === 'cpu' ? 'litert' : 'onnxruntime';
    this.send({ type: 'start', manifest, bytes, runtime, threads });
  }

  get busy(): number | null {
    return this.turns.busy;
  }

  vacant(ahead?: number): Promise<void> {
    return this.turns.vacant(ahead);
  }

  /** A frame's pixels, in memory that can be given away. The frame stays the caller's. */
  read(frame: VideoFrame): Promise<StoredPixels> {
    return this.#reader.read(frame, ({ width, height }) => {
      const size = width * height * 4;
      const index = this.#memory.findIndex(({ byteLength }) => byteLength === size);
      const [kept] = index < 0 ? [] : this.#memory.splice(index, 1);
      return kept ?? new Uint8Array(size);
    });
  }

  /** Takes the memory of a frame back. Of another size it is of no use any more. */
  recycle(memory: StoredPixels['data']): void {
    if (this.#memory.some(({ byteLength }) => byteLength !== memory.byteLength)) this.#memory.length = 0;
    if (this.#memory.length < FRAME_MEMORIES)
      this.#memory.push(new Uint8Array(memory.buffer as ArrayBuffer, memory.byteOffset, memory.byteLength));
  }

  get manifest(): ModelManifest {
    return this.#manifest;
  }

  #fail(error: CarriagewayError, reject: (error: CarriagewayError) => void = () => {}): void {
    this.#answers.fail(error);
    reject(error);
  }

  send(message: ToInference, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  /** Sends a request on and waits for its answer. The pixels are transferred. */
  ask(message: Omit<Extract<ToInference, { type: 'infer' }>, 'id' | 'type'>): Promise<InferenceAnswer> {
    const transfer: Transferable[] = [message.pixels.data.buffer as ArrayBuffer];
    if (message.recycled) transfer.push(message.recycled.buffer);
    return this.#answers.ask((id) => this.send({ ...message, type: 'infer', id }, transfer));
  }

  openStream({ maskWidth, maskHeight }: { maskWidth: number; maskHeight: number }): EngineStream {
    if (this.#answers.failure) throw this.#answers.failure;
    const number = this.#nextStream++;
    this.send({ type: 'open', stream: number, width: maskWidth, height: maskHeight });
    const stream = new WasmStream(this, number, { maskWidth, maskHeight }, () => {
      this.#streams.delete(stream);
      if (!this.#answers.failure) this.send({ type: 'close', stream: number });
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
  #spares: Uint8Array<ArrayBuffer>[] = [];
  /** Masks that are being painted, in the other worker. */
  #lent = 0;
  #disposed = false;

  constructor(
    private readonly engine: WasmEngine,
    private readonly number: number,
    private readonly size: { readonly maskWidth: number; readonly maskHeight: number },
    private readonly onDispose: () => void,
  ) {}

  /** Masks this stream holds; the one that is being painted is its own too, though another worker has it. */
  get buffers(): number {
    return this.#kept.length + this.#spares.length + this.#lent;
  }

  async infer(request: InferenceRequest): Promise<InferenceResult> {
    this.#checkOpen();
    const frame = storedFrame(request.frame);
    const { turns } = this.engine;
    let took: { reading: number; working: number; since: number } | null = null;
    this.frames++;
    try {
      await turns.enter();
      try {
        const began = performance.now();
        const reading = this.engine.read(frame).then((pixels) => {
          frame.close();
          return { pixels, took: performance.now() - began };
        });
        const { answer, read } = await this.#ask(reading, request);
        const { preprocess, model, postprocess } = answer.times;
        took = { reading: read + preprocess, working: model, since: postprocess };
        this.#kept.push(answer.mask);
        if (this.#kept.length > MASKS_KEPT) this.#spares.push(...this.#kept.splice(0, 1));
        return {
          mask: {
            kind: 'pixels',
            data: answer.mask,
            width: this.size.maskWidth,
            height: this.size.maskHeight,
          },
          classMap: Promise.resolve(answer.classMap),
          times: Promise.resolve({ ...answer.times, preprocess: read + preprocess }),
        };
      } finally {
        turns.leave(took);
      }
    } finally {
      frame.close();
      this.frames--;
    }
  }

  /** Sends the request when its frame is read and those before it are sent. */
  async #ask(
    reading: Promise<{ readonly pixels: StoredPixels; readonly took: number }>,
    request: InferenceRequest,
  ): Promise<{ readonly answer: InferenceAnswer; readonly read: number }> {
    const { rotation, smoothing, reset, ignore, gate = null } = request;
    const sent = await this.engine.order.run(async () => {
      const { pixels, took } = await reading.catch((cause: unknown) => {
        throw new CarriagewayError('inference-failed', String(cause), { cause });
      });
      this.#checkOpen();
      const recycled = this.#spares.pop() ?? null;
      const { number: stream } = this;
      const asked = { stream, pixels, rotation, smoothing, reset, ignore, gate, recycled };
      // In an object: the answer is waited for outside of the lock.
      return { answer: this.engine.ask(asked), read: took };
    });
    this.#lent++;
    try {
      const answer = await sent.answer;
      this.engine.recycle(answer.pixels);
      return { answer, read: sent.read };
    } finally {
      this.#lent--;
    }
  }

  #checkOpen(): void {
    if (this.#disposed) throw new CarriagewayError('inference-failed', 'the stream was disposed of');
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#kept = [];
    this.#spares = [];
    this.onDispose();
  }
}
