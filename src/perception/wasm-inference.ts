/**
 * The network on the processor, start to end: pixels, input, scores, mask, class map. Lives in a worker of its own, so
 * that a run of hundreds of milliseconds blocks nothing that draws.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { CarriagewayError } from '../errors';
import { type Size, uprightSize } from '../media/size';
import type { ModelManifest } from '../model/manifest';
import { FramePixels } from './frame-pixels';
import type { InferenceAnswer, InferMessage } from './inference-protocol';
import { MaskPainter, type StreamPainter } from './mask-painter';
import { MotionFollower } from './motion-follower';
import { maskMap, type OutputSpec, outputSpec } from './output-spec';
import { loadPixelKernel } from './pixel-kernel';
import { classMap } from './postprocess';
import { FrameResampler } from './resample';
import { asFloats, resolveOutput } from './resolve-output';
import { loadRuntime, ortLock } from './runtime';
import { checkSession, inputShape } from './session-check';
import { isSimdPaintable, SimdPainter } from './simd-painter';

/** What a stream remembers from frame to frame. */
interface StreamState {
  readonly mask: Size;
  readonly painter: StreamPainter;
  readonly follower: MotionFollower;
  fresh: boolean;
}

/** A session on the processor with its streams. */
export class WasmInference {
  #manifest: ModelManifest;
  readonly #session: InferenceSession;
  readonly #input: Float32Array;
  /** The part of the input that holds the picture: the first of a batch. */
  readonly #picture: Float32Array;
  readonly #gate: Float32Array;
  readonly #feeds: Readonly<Record<string, Tensor>>;
  #spec: OutputSpec;
  readonly #kernel: WebAssembly.Module;
  readonly #resampler: FrameResampler;
  readonly #pixels = new FramePixels();
  readonly #streams = new Map<number, StreamState>();

  private constructor(
    manifest: ModelManifest,
    session: InferenceSession,
    kernel: WebAssembly.Module,
    TensorType: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor,
  ) {
    this.#manifest = manifest;
    this.#session = session;
    this.#spec = outputSpec(manifest);
    this.#kernel = kernel;
    this.#resampler = new FrameResampler(manifest.input, kernel);
    this.#input = new Float32Array(3 * manifest.input.width * manifest.input.height * manifest.input.batch);
    this.#picture = this.#input.subarray(0, this.#input.length / manifest.input.batch);
    this.#gate = new Float32Array(manifest.gate?.levels.length ?? 0).fill(1);
    const { gateShape } = checkSession(session, manifest);
    const feeds: Record<string, Tensor> = {
      [manifest.input.name]: new TensorType('float32', this.#input, inputShape(manifest)),
    };
    if (manifest.gate) feeds[manifest.gate.name] = new TensorType('float32', this.#gate, gateShape);
    this.#feeds = feeds;
  }

  /**
   * Starts the network.
   * @param threads WebAssembly threads, at least 1; more than 1 only where the page is isolated
   * @throws CarriagewayError `model-load-failed`
   */
  static async create(manifest: ModelManifest, bytes: ArrayBuffer, threads: number): Promise<WasmInference> {
    const ort = await loadRuntime('wasm', threads);
    try {
      const kernel = await loadPixelKernel();
      const session = await ortLock.run(() =>
        ort.InferenceSession.create(new Uint8Array(bytes), { executionProviders: ['wasm'] }),
      );
      const inference = new WasmInference(manifest, session, kernel, ort.Tensor);
      // The first run allocates the arena; no frame should wait for that. It also says what the output is like.
      await inference.#settle();
      return inference;
    } catch (error) {
      if (error instanceof CarriagewayError) throw error;
      throw new CarriagewayError('model-load-failed', String(error), { cause: error });
    }
  }

  /** The manifest, its output as it really is. */
  get manifest(): ModelManifest {
    return this.#manifest;
  }

  /** Opens the state of stream number `stream`. */
  open(stream: number, mask: Size): void {
    const painter = isSimdPaintable(this.#spec)
      ? new SimdPainter(this.#spec, mask, this.#kernel)
      : new MaskPainter(this.#spec, mask);
    const follower = new MotionFollower(this.#manifest.input, mask);
    this.#streams.set(stream, { mask, painter, follower, fresh: true });
  }

  /** Forgets a stream. */
  close(stream: number): void {
    this.#streams.delete(stream);
  }

  /**
   * Runs the network on one frame and closes it.
   * @throws CarriagewayError `inference-failed`
   */
  async infer(message: InferMessage): Promise<InferenceAnswer> {
    try {
      return await this.#infer(message);
    } catch (error) {
      if (error instanceof CarriagewayError) throw error;
      throw new CarriagewayError('inference-failed', String(error), { cause: error });
    } finally {
      message.frame.close();
    }
  }

  async #infer(message: InferMessage): Promise<InferenceAnswer> {
    const state = this.#streams.get(message.stream);
    if (!state) throw new CarriagewayError('inference-failed', `no stream ${message.stream}`);
    const { mask, painter, follower } = state;
    const started = performance.now();
    const pixels = await this.#pixels.read(message.frame, (size) =>
      this.#resampler.frameMemory(size, message.rotation),
    );
    this.#resampler.run(pixels, message.rotation, this.#picture);
    for (let i = 0; i < this.#gate.length; i++) this.#gate[i] = message.gate?.[i] ?? 1;
    const prepared = performance.now();
    const scores = await this.#run();
    const ran = performance.now();
    const size = mask.width * mask.height * 4;
    const painted =
      message.recycled?.byteLength === size ? message.recycled : new Uint8Array(new ArrayBuffer(size));
    const picture = uprightSize(pixels.display ?? pixels, message.rotation);
    const { smoothing } = message;
    const reset = message.reset || state.fresh;
    follower.follow(painter.state, { tensor: this.#picture, picture, smoothing, reset });
    painter.paint(scores, painted, {
      map: maskMap(this.#manifest, picture, mask),
      smoothing,
      reset,
      ignore: message.ignore,
    });
    state.fresh = false;
    const map = classMap(painter.state, this.#spec, mask, message.ignore);
    return {
      mask: painted,
      classMap: map,
      times: {
        preprocess: prepared - started,
        model: ran - prepared,
        postprocess: performance.now() - ran,
        source: 'clock',
      },
    };
  }

  /** Runs the network once and takes its output as it is. */
  async #settle(): Promise<void> {
    const { dims } = await this.#output();
    this.#manifest = resolveOutput(this.#manifest, dims);
    this.#spec = outputSpec(this.#manifest);
  }

  async #output(): Promise<Tensor> {
    const { name } = this.#manifest.output;
    const results = await ortLock.run(() => this.#session.run(this.#feeds, [name]));
    return results[name]!;
  }

  async #run(): Promise<Float32Array> {
    const scores = await this.#output();
    const { channels, width, height } = this.#spec;
    if (scores.size !== channels * width * height * this.#manifest.input.batch)
      throw new CarriagewayError(
        'model-load-failed',
        `${this.#manifest.output.name} has the shape ${scores.dims.join(' × ')}`,
      );
    return asFloats(scores.data as Float32Array | BigInt64Array).subarray(0, channels * width * height);
  }
}
