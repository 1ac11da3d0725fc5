/**
 * What is done to a picture around the network on the processor: pixels to input before it, scores to mask and class map
 * behind it. Lives in a worker of its own and has the network in another one, so that neither waits for the other and
 * nothing that draws waits for either.
 */
import { CarriagewayError } from '../errors';
import { type Size, uprightSize } from '../media/size';
import type { ModelManifest } from '../model/manifest';
import { codedFailure } from './failure';
import type { InferenceAnswer, InferMessage } from './inference-protocol';
import { MaskPainter, type StreamPainter } from './mask-painter';
import { MotionFollower } from './motion-follower';
import type { NetworkLink } from './network-link';
import type { StartMessage } from './network-protocol';
import { maskMap, type OutputSpec, outputSpec } from './output-spec';
import { loadPixelKernel } from './pixel-kernel';
import { classMap } from './postprocess';
import { FrameResampler } from './resample';
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
  readonly #spec: OutputSpec;
  readonly #resampler: FrameResampler;
  readonly #streams = new Map<number, StreamState>();

  private constructor(
    private readonly network: NetworkLink,
    /** The manifest as the file has it. */
    readonly manifest: ModelManifest,
    /** What runs, for people. */
    readonly description: string,
    private readonly kernel: WebAssembly.Module,
  ) {
    this.#spec = outputSpec(manifest);
    this.#resampler = new FrameResampler(manifest.input, kernel);
  }

  /**
   * Starts the network.
   * @param network not started yet
   * @throws CarriagewayError `model-load-failed`, `memory-short`, `simd-missing`
   */
  static async create(network: NetworkLink, message: StartMessage): Promise<WasmInference> {
    try {
      const kernel = await loadPixelKernel();
      const { manifest, description } = await network.start(message);
      return new WasmInference(network, manifest, description, kernel);
    } catch (error) {
      throw codedFailure(error, 'model-load-failed');
    }
  }

  /** Opens the state of stream number `stream`. */
  open(stream: number, mask: Size): void {
    const painter = isSimdPaintable(this.#spec)
      ? new SimdPainter(this.#spec, mask, this.kernel)
      : new MaskPainter(this.#spec, mask);
    const follower = new MotionFollower(this.manifest.input, mask);
    this.#streams.set(stream, { mask, painter, follower, fresh: true });
  }

  /** Forgets a stream. */
  close(stream: number): void {
    this.#streams.delete(stream);
  }

  /**
   * Runs the network on one frame. While it does, the next call's frame is made ready; answers come in the order of the
   * calls.
   * @throws CarriagewayError `inference-failed`, `memory-short`
   */
  async infer(message: InferMessage): Promise<InferenceAnswer> {
    try {
      return await this.#infer(message);
    } catch (error) {
      throw codedFailure(error, 'inference-failed');
    }
  }

  async #infer(message: InferMessage): Promise<InferenceAnswer> {
    const state = this.#streams.get(message.stream);
    if (!state) throw new CarriagewayError('inference-failed', `no stream ${message.stream}`);
    const { pixels } = message;
    const started = performance.now();
    const input = this.network.input(this.manifest.input);
    this.#resampler.run(pixels, message.rotation, input);
    const preprocess = performance.now() - started;
    const { image, scores, took } = await this.network.run(input, message.gate);
    const ran = performance.now();
    const painted = this.#paint(state, message, image, scores);
    this.network.keep(image);
    return {
      ...painted,
      pixels: pixels.data,
      times: { preprocess, model: took, postprocess: performance.now() - ran, source: 'clock' },
    };
  }

  #paint(
    state: StreamState,
    { pixels, rotation, smoothing, reset: asked, ignore, recycled }: InferMessage,
    tensor: Float32Array,
    scores: Float32Array,
  ): Pick<InferenceAnswer, 'mask' | 'classMap'> {
    const { mask: size, painter, follower } = state;
    const bytes = size.width * size.height * 4;
    const mask = recycled?.byteLength === bytes ? recycled : new Uint8Array(new ArrayBuffer(bytes));
    const picture = uprightSize(pixels.display ?? pixels, rotation);
    const reset = asked || state.fresh;
    state.fresh = false;
    follower.follow(painter.state, { tensor, picture, smoothing, reset });
    const map = maskMap(this.manifest, picture, size);
    painter.paint(scores, mask, { map, smoothing, reset, ignore });
    return { mask, classMap: classMap(painter.state, this.#spec, size, ignore) };
  }
}
