/** A square picture being painted, wrapping around at its edges so that it tiles. */
import { hash, Random } from '../random';
import { LAYER_PIXELS } from './layers';

/** An sRGB colour, 0 to 255. */
export type Rgb = readonly [number, number, number];

const N = LAYER_PIXELS;

/** Tileable fractal value noise, −1 to 1, `N` × `N`; `period` is the number of knots of the coarsest octave. */
export function fractalNoise(seed: number, period: number, octaves: number, gain = 0.5): Float32Array {
  const out = new Float32Array(N * N);
  const left = new Uint16Array(N);
  const right = new Uint16Array(N);
  const part = new Float64Array(N);
  let weight = 1;
  let sum = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const knots = period << octave;
    if (knots > N) break;
    const table = new Float32Array(knots * knots);
    for (let i = 0; i < table.length; i++) table[i] = hash(seed, octave, i) / 2147483648 - 1;
    // The same for every row: which knots a pixel lies between, and how far.
    for (let x = 0; x < N; x++) {
      const gx = (x * knots) / N;
      left[x] = Math.floor(gx);
      right[x] = (left[x]! + 1) % knots;
      part[x] = ease(gx - left[x]!);
    }
    for (let y = 0; y < N; y++) {
      const rowA = left[y]! * knots;
      const rowB = right[y]! * knots;
      const fy = part[y]!;
      for (let x = 0; x < N; x++) {
        const x0 = left[x]!;
        const x1 = right[x]!;
        const fx = part[x]!;
        const top = table[rowA + x0]! + (table[rowA + x1]! - table[rowA + x0]!) * fx;
        const bottom = table[rowB + x0]! + (table[rowB + x1]! - table[rowB + x0]!) * fx;
        out[y * N + x]! += weight * (top + (bottom - top) * fy);
      }
    }
    sum += weight;
    weight *= gain;
  }
  for (let i = 0; i < out.length; i++) out[i]! /= sum;
  return out;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

/** A tile of RGBA bytes. */
export class Tile {
  readonly data = new Uint8ClampedArray(N * N * 4);
  readonly random: Random;

  /** @param name names the tile's random stream: tiles do not depend on the drive's seed */
  constructor(name: string) {
    this.random = new Random('tile', name);
  }

  /** Fills with a colour, varied by noise fields: each adds `amount` times its value to all channels. */
  fill(colour: Rgb, alpha = 255, ...fields: readonly (readonly [Float32Array, number])[]): this {
    const { data } = this;
    const [red, green, blue] = colour;
    const add = new Float64Array(N * N);
    for (const [field, amount] of fields) for (let i = 0; i < add.length; i++) add[i]! += field[i]! * amount;
    for (let i = 0, at = 0; i < add.length; i++, at += 4) {
      data[at] = red + add[i]!;
      data[at + 1] = green + add[i]!;
      data[at + 2] = blue + add[i]!;
      data[at + 3] = alpha;
    }
    return this;
  }

  /** Calls `paint` for every pixel with its place (0 to 1) and index; it may change `data`. */
  each(paint: (x: number, y: number, index: number) => void): this {
    for (let y = 0; y < N; y++) for (let x = 0; x < N; x++) paint((x + 0.5) / N, (y + 0.5) / N, y * N + x);
    return this;
  }

  /** Grain: each pixel up to `amount` lighter or darker. */
  grain(amount: number): this {
    const { data, random } = this;
    for (let at = 0; at < data.length; at += 4) {
      const d = (random.next() - 0.5) * 2 * amount;
      data[at]! += d;
      data[at + 1]! += d;
      data[at + 2]! += d;
    }
    return this;
  }

  /** Blends a rectangle (0 to 1, y up) over what is there; `alpha` replaces the alpha channel when given. */
  rect(x0: number, y0: number, x1: number, y1: number, colour: Rgb, opacity = 1, alpha?: number): this {
    const fromX = Math.round(x0 * N);
    const toX = Math.round(x1 * N);
    const toY = Math.round((1 - y0) * N);
    for (let y = Math.round((1 - y1) * N); y < toY; y++)
      for (let x = fromX; x < toX; x++) this.#blend(x, y, colour, opacity, alpha);
    return this;
  }

  /** A soft-edged disc. Radius in tile widths. */
  disc(cx: number, cy: number, radius: number, colour: Rgb, opacity = 1, alpha?: number): this {
    const edge = radius * N + 0.5;
    // Beyond this nothing is covered to more than a fiftieth.
    const reach = edge - 0.02;
    const px = cx * N - 0.5;
    const py = (1 - cy) * N - 0.5;
    for (let y = Math.ceil(py - reach); y <= py + reach; y++) {
      const dy = y - py;
      for (let x = Math.ceil(px - reach); x <= px + reach; x++) {
        const dx = x - px;
        const cover = Math.min(1, edge - Math.sqrt(dx * dx + dy * dy));
        if (cover > 0.02) this.#blend(x, y, colour, opacity * cover, cover > 0.5 ? alpha : undefined);
      }
    }
    return this;
  }

  /** A stroke of the given width in tile widths. */
  line(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    width: number,
    colour: Rgb,
    opacity = 1,
    alpha?: number,
  ): this {
    const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) * N));
    for (let i = 0; i <= steps; i++) {
      const t = i / steps;
      this.disc(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, width / 2, colour, opacity, alpha);
    }
    return this;
  }

  /** A filled triangle. */
  triangle(
    a: readonly [number, number],
    b: readonly [number, number],
    c: readonly [number, number],
    colour: Rgb,
    alpha?: number,
  ): this {
    const side = (p: readonly [number, number], q: readonly [number, number], x: number, y: number): number =>
      (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]);
    const span = (...at: readonly [number, number, number]) => [
      Math.max(0, Math.floor(Math.min(...at) * N)),
      Math.min(N, Math.ceil(Math.max(...at) * N)),
    ];
    const [fromX, toX] = span(a[0], b[0], c[0]);
    const [fromY, toY] = span(1 - a[1], 1 - b[1], 1 - c[1]);
    for (let py = fromY!; py < toY!; py++)
      for (let px = fromX!; px < toX!; px++) {
        const x = (px + 0.5) / N;
        const y = 1 - (py + 0.5) / N;
        const [d, e, f] = [side(a, b, x, y), side(b, c, x, y), side(c, a, x, y)];
        if ((d >= 0 && e >= 0 && f >= 0) || (d <= 0 && e <= 0 && f <= 0))
          this.#blend(px, py, colour, 1, alpha);
      }
    return this;
  }

  #blend(x: number, y: number, colour: Rgb, opacity: number, alpha: number | undefined): void {
    const { data } = this;
    // A power of two: its bits wrap around on either side.
    const i = ((y & (N - 1)) * N + (x & (N - 1))) * 4;
    const left = 1 - opacity;
    data[i] = data[i]! * left + colour[0] * opacity;
    data[i + 1] = data[i + 1]! * left + colour[1] * opacity;
    data[i + 2] = data[i + 2]! * left + colour[2] * opacity;
    if (alpha !== undefined) data[i + 3] = alpha;
  }
}
