/**
 * The network on the processor, start to end: pixels, input, scores, mask, class map. Lives in a worker of its own, so
 * that a run of hundreds of milliseconds blocks nothing that draws.
 */
import { CarriagewayError } from '../errors';
import { Mutex } from '../media/mutex';
import { type Size, uprightSize } from '../media/size';
import type { ModelManifest, ModelRuntime } from '../model/manifest';
import { codedFailure } from './failure';
import type { InferenceAnswer, InferMessage, StartMessage } from './inference-protocol';
import { MaskPainter, type StreamPainter } from './mask-painter';
import { MotionFollower } from './motion-follower';
import { maskMap, type OutputSpec, outputSpec } from './output-spec';
import { loadPixelKernel } from './pixel-kernel';
import { classMap } from './postprocess';
import { FrameResampler } from './resample';
import type { ScoreRunner } from './score-runner';
import { isSimdPaintable, SimdPainter } from './simd-painter';

/** What a stream remembers from frame to frame. */
interface StreamState {
  readonly mask: Size;
  readonly painter: StreamPainter;
  readonly follower: MotionFollower;
  fresh: boolean;
}

/** A network on the processor with its streams. */
export class WasmInference {
  readonly #runner: ScoreRunner;
  readonly #manifest: ModelManifest;
  readonly #spec: OutputSpec;
  readonly #kernel: WebAssembly.Module;
  readonly #resampler: FrameResampler;
  /** The next message may come while a run is on its way. */
  readonly #lock = new Mutex();
  readonly #streams = new Map<number, StreamState>();

  private constructor(runner: ScoreRunner, kernel: WebAssembly.Module) {
    this.#runner = runner;
    this.#manifest = runner.manifest;
    this.#spec = outputSpec(runner.manifest);
    this.#kernel = kernel;
    this.#resampler = new FrameResampler(runner.manifest.input, kernel);
  }

  /**
   * Starts the network.
   * @throws CarriagewayError `model-load-failed`, `memory-short`, `simd-missing`
   */
  static async create({ manifest, bytes, threads, runtime }: StartMessage): Promise<WasmInference> {
    try {
      const kernel = await loadPixelKernel();
      // Each runtime's code is only loaded when it is asked for.
      const runner =
        runtime === 'litert'
          ? await (await import('./litert-runner')).LiteRtRunner.create(manifest, bytes, threads)
          : await (await import('./ort-runner')).OrtRunner.create(manifest, bytes, threads);
      return new WasmInference(runner, kernel);
    } catch (error) {
      throw codedFailure(error, 'model-load-failed');
    }
  }

  /** Loads a runtime ahead of its network; what fails now fails again, and is said, when the network starts. */
  static async warm(runtime: ModelRuntime, threads: number): Promise<void> {
    try {
      if (runtime === 'litert') await (await import('./litert-runtime')).loadLiteRt(threads);
      else await import('./ort-runner');
    } catch {}
  }

  /** What runs, for people. */
  get description(): string {
    return this.#runner.description;
  }

  /** The manifest as the file has it. */
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
   * Runs the network on one frame. One at a time, in the order of the calls.
   * @throws CarriagewayError `inference-failed`, `memory-short`
   */
  async infer(message: InferMessage): Promise<InferenceAnswer> {
    try {
      return await this.#lock.run(() => this.#infer(message));
    } catch (error) {
      throw codedFailure(error, 'inference-failed');
    }
  }

  async #infer(message: InferMessage): Promise<InferenceAnswer> {
    const state = this.#streams.get(message.stream);
    if (!state) throw new CarriagewayError('inference-failed', `no stream ${message.stream}`);
    const { mask, painter, follower } = state;
    const started = performance.now();
    const { pixels } = message;
    const { image, gate } = this.#runner;
    this.#resampler.run(pixels, message.rotation, image);
    for (let i = 0; i < gate.length; i++) gate[i] = message.gate?.[i] ?? 1;
    const prepared = performance.now();
    const scores = await this.#runner.run();
    const ran = performance.now();
    const size = mask.width * mask.height * 4;
    const painted =
      message.recycled?.byteLength === size ? message.recycled : new Uint8Array(new ArrayBuffer(size));
    const picture = uprightSize(pixels.display ?? pixels, message.rotation);
    const { smoothing } = message;
    const reset = message.reset || state.fresh;
    follower.follow(painter.state, { tensor: image, picture, smoothing, reset });
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
      pixels: pixels.data,
      classMap: map,
      times: {
        preprocess: prepared - started,
        model: ran - prepared,
        postprocess: performance.now() - ran,
        source: 'clock',
      },
    };
  }
}
