/**
 * The fast twin of `preprocess`: the same filter, taken apart into one pass along columns and one along rows. Where
 * the reference reads taps² neighbours for a pixel, this reads the source about once, four numbers at a time, so a
 * 1080p frame costs little next to a network on WebAssembly.
 */
import type { Rotation } from '../media/size';
import { type Rect, uprightSize } from '../media/size';
import { contentRect, tapCount } from './geometry';
import { PixelKernel } from './pixel-kernel';
import type { InputSpec, StoredPixels } from './preprocess';

/** For each target position: the first source position and the weights of it and its followers. */
interface AxisFilter {
  /** Weights kept per target position. */
  readonly length: number;
  readonly starts: Int32Array;
  readonly weights: Float64Array;
}

/** The reference's taps along one axis, gathered into weights of neighbouring source pixels. Each row sums to 1. */
function axisFilter(source: number, target: number): AxisFilter {
  const taps = tapCount(source, target);
  const position = (x: number, i: number) =>
    Math.min(Math.max(((x + (i + 0.5) / taps) / target) * source - 0.5, 0), source - 1);
  const starts = new Int32Array(target);
  let length = 1;
  for (let x = 0; x < target; x++) {
    const first = Math.floor(position(x, 0));
    const last = Math.min(Math.floor(position(x, taps - 1)) + 1, source - 1);
    starts[x] = first;
    length = Math.max(length, last - first + 1);
  }
  const weights = new Float64Array(target * length);
  for (let x = 0; x < target; x++) {
    // Rows shorter than the longest one end in zeros, which must not lie beyond the source.
    starts[x] = Math.max(0, Math.min(starts[x]!, source - length));
    for (let i = 0; i < taps; i++) {
      const p = position(x, i);
      const low = Math.floor(p);
      const high = Math.min(low + 1, source - 1);
      const base = x * length - starts[x]!;
      weights[base + low]! += (1 - (p - low)) / taps;
      weights[base + high]! += (p - low) / taps;
    }
  }
  return { length, starts, weights };
}

/** How far one step to the right or down in the upright picture is in the stored bytes, and where it starts. */
function strides(
  width: number,
  height: number,
  rotation: Rotation,
): { base: number; right: number; down: number } {
  const row = width * 4;
  switch (rotation) {
    case 90:
      return { base: (height - 1) * row, right: -row, down: 4 };
    case 180:
      return { base: (height - 1) * row + (width - 1) * 4, right: -4, down: -row };
    case 270:
      return { base: (width - 1) * 4, right: row, down: -4 };
    default:
      return { base: 0, right: 4, down: row };
  }
}

/** What was prepared for one size of frames: an instance whose memory holds filters, frame and row. */
interface Plan {
  readonly kernel: PixelKernel;
  readonly content: Rect;
  readonly across: AxisFilter;
  readonly down: AxisFilter;
  /** Where things lie in the kernel's memory. */
  readonly at: {
    readonly frame: number;
    readonly row: number;
    readonly starts: number;
    readonly acrossWeights: number;
    readonly downWeights: number;
    readonly gain: number;
    readonly bias: number;
    readonly tensor: number;
  };
}

/** Turns frames into a network's input; keeps what it prepared for the last frame size, which rarely changes. */
export class FrameResampler {
  readonly #input: InputSpec;
  readonly #module: WebAssembly.Module;
  #key = '';
  #plan: Plan | null = null;

  /** @param module the compiled `pixels.wasm` */
  constructor(input: InputSpec, module: WebAssembly.Module) {
    this.#input = input;
    this.#module = module;
  }

  #prepare(pixels: Omit<StoredPixels, 'data'>, rotation: Rotation): Plan {
    const picture = uprightSize(pixels, rotation);
    const seen = uprightSize(pixels.display ?? pixels, rotation);
    const key = [picture.width, picture.height, seen.width, seen.height].join();
    if (key === this.#key && this.#plan) return this.#plan;
    const kernel = new PixelKernel(this.#module);
    const content = contentRect(this.#input, seen);
    const across = axisFilter(picture.width, content.width);
    const down = axisFilter(picture.height, content.height);
    const at = {
      frame: kernel.reserve(picture.width * picture.height * 4),
      row: kernel.reserve(picture.width * 16),
      starts: kernel.reserve(across.starts.byteLength),
      acrossWeights: kernel.reserve(across.weights.length * 4),
      downWeights: kernel.reserve(down.weights.length * 4),
      gain: kernel.reserve(16),
      bias: kernel.reserve(16),
      tensor: kernel.reserve(3 * this.#input.width * this.#input.height * 4),
    };
    const { mean, std, scale } = this.#input;
    const order = this.#order();
    const floats = new Float32Array(kernel.buffer);
    floats.set(across.weights, at.acrossWeights / 4);
    floats.set(down.weights, at.downWeights / 4);
    floats.set(
      order.map((c) => scale / (std[c] ?? 1)),
      at.gain / 4,
    );
    floats.set(
      order.map((c) => -(mean[c] ?? 0) / (std[c] ?? 1)),
      at.bias / 4,
    );
    new Int32Array(kernel.buffer).set(across.starts, at.starts / 4);
    this.#key = key;
    this.#plan = { kernel, content, across, down, at };
    return this.#plan;
  }

  /** Tensor channels of red, green and blue. */
  #order(): readonly [number, number, number] {
    return this.#input.channels === 'RGB' ? [0, 1, 2] : [2, 1, 0];
  }

  /**
   * Memory for the pixels of a frame of this size: what is written there need not be copied by `run`.
   * Valid until a frame of another size comes.
   */
  frameMemory(pixels: Omit<StoredPixels, 'data'>, rotation: Rotation): Uint8Array<ArrayBuffer> {
    const { kernel, at } = this.#prepare(pixels, rotation);
    return new Uint8Array(kernel.buffer, at.frame, pixels.width * pixels.height * 4);
  }

  /**
   * Fills `tensor` (3 · width · height floats of the manifest's input) with the picture, letterbox padding 0.
   */
  run(pixels: StoredPixels, rotation: Rotation, tensor: Float32Array): void {
    const { kernel, content, across, down, at } = this.#prepare(pixels, rotation);
    const size = pixels.width * pixels.height * 4;
    if (pixels.data.buffer !== kernel.buffer)
      new Uint8Array(kernel.buffer, at.frame, size).set(pixels.data.subarray(0, size));
    const { width, height, layout } = this.#input;
    const planar = layout === 'NCHW';
    // Bytes between neighbouring pixels of the tensor, and from a pixel's first byte to each of its colours.
    const step = planar ? 4 : 12;
    const [red, green, blue] = this.#order().map((c) => c * (planar ? width * height * 4 : 4));
    const { base, right, down: below } = strides(pixels.width, pixels.height, rotation);
    const columns = uprightSize(pixels, rotation).width;
    for (let y = 0; y < content.height; y++) {
      kernel.run.gather(
        at.frame + base + down.starts[y]! * below,
        right,
        below,
        columns,
        at.downWeights + y * down.length * 4,
        down.length,
        at.row,
      );
      kernel.run.scatter(
        at.row,
        at.starts,
        at.acrossWeights,
        across.length,
        content.width,
        at.gain,
        at.bias,
        at.tensor + ((content.y + y) * width + content.x) * step,
        step,
        red!,
        green!,
        blue!,
      );
    }
    tensor.set(new Float32Array(kernel.buffer, at.tensor, tensor.length));
  }
}
