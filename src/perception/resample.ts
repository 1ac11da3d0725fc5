/**
 * The fast twin of `preprocess`: the same filter, taken apart into one pass along columns and one along rows. Where
 * the reference reads taps² neighbours for a pixel, this reads the source about once, so a 1080p frame costs
 * milliseconds next to the hundreds of a network on WebAssembly.
 */
import type { Turn } from './engine';
import { contentRect, type Rect, tapCount, uprightSize } from './geometry';
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
  rotation: Turn,
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

/** Turns frames into a network's input; keeps the filters of the last frame size, which rarely changes. */
export class FrameResampler {
  readonly #input: InputSpec;
  #key = '';
  #content: Rect = { x: 0, y: 0, width: 1, height: 1 };
  #across: AxisFilter = axisFilter(1, 1);
  #down: AxisFilter = axisFilter(1, 1);
  #row = new Float64Array(0);

  constructor(input: InputSpec) {
    this.#input = input;
  }

  #prepare(pixels: StoredPixels, rotation: Turn): void {
    const picture = uprightSize(pixels, rotation);
    const seen = uprightSize(pixels.display ?? pixels, rotation);
    const key = [picture.width, picture.height, seen.width, seen.height].join();
    if (key === this.#key) return;
    this.#key = key;
    this.#content = contentRect(this.#input, seen);
    this.#across = axisFilter(picture.width, this.#content.width);
    this.#down = axisFilter(picture.height, this.#content.height);
    this.#row = new Float64Array(picture.width * 3);
  }

  /**
   * Fills `tensor` (3 · width · height floats of the manifest's input) with the picture, letterbox padding 0.
   */
  run(pixels: StoredPixels, rotation: Turn, tensor: Float32Array): void {
    this.#prepare(pixels, rotation);
    const { mean, std, scale, layout, channels, width, height } = this.#input;
    const content = this.#content;
    const planar = layout === 'NCHW';
    const plane = planar ? width * height : 1;
    const step = planar ? 1 : 3;
    // Planes of red, green and blue in the tensor, and value = sum · gain + bias for each.
    const at = channels === 'RGB' ? [0, 1, 2] : [2, 1, 0];
    const gains = at.map((c) => scale / (std[c] ?? 1));
    const biases = at.map((c) => -(mean[c] ?? 0) / (std[c] ?? 1));
    if (content.width * content.height < width * height) tensor.fill(0);
    for (let y = 0; y < content.height; y++) {
      this.#gatherRow(pixels, rotation, y);
      const offset = ((content.y + y) * width + content.x) * step;
      for (let colour = 0; colour < 3; colour++)
        this.#scatterRow(tensor, offset + at[colour]! * plane, step, colour, gains[colour]!, biases[colour]!);
    }
  }

  /** Filters along columns: one row of the target's height, still at the source's width, RGB interleaved. */
  #gatherRow(pixels: StoredPixels, rotation: Turn, y: number): void {
    const row = this.#row;
    const { length, starts, weights } = this.#down;
    const { data } = pixels;
    const { base, right, down } = strides(pixels.width, pixels.height, rotation);
    row.fill(0);
    for (let k = 0; k < length; k++) {
      const weight = weights[y * length + k]!;
      if (weight === 0) continue;
      let from = base + (starts[y]! + k) * down;
      for (let to = 0; to < row.length; to += 3, from += right) {
        row[to]! += weight * data[from]!;
        row[to + 1]! += weight * data[from + 1]!;
        row[to + 2]! += weight * data[from + 2]!;
      }
    }
  }

  /** Filters along the gathered row and writes one colour of it, normalised. */
  #scatterRow(
    tensor: Float32Array,
    offset: number,
    step: number,
    colour: number,
    gain: number,
    bias: number,
  ): void {
    const row = this.#row;
    const { length, starts, weights } = this.#across;
    for (let x = 0, w = 0, to = offset; x < starts.length; x++, to += step) {
      let sum = 0;
      for (let k = 0, from = starts[x]! * 3 + colour; k < length; k++, w++, from += 3)
        sum += weights[w]! * row[from]!;
      tensor[to] = sum * gain + bias;
    }
  }
}
