/** A square picture being painted, wrapping around at its edges so that it tiles. */
import { clamp, hash, Random } from '../random';
import { LAYER_PIXELS } from './layers';

/** An sRGB colour, 0 to 255. */
export type Rgb = readonly [number, number, number];

const N = LAYER_PIXELS;

/** Tileable fractal value noise, −1 to 1, `N` × `N`; `period` is the number of knots of the coarsest octave. */
export function fractalNoise(seed: number, period: number, octaves: number, gain = 0.5): Float32Array {
  const out = new Float32Array(N * N);
  let weight = 1;
  let sum = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const knots = period << octave;
    if (knots > N) break;
    const table = new Float32Array(knots * knots);
    for (let i = 0; i < table.length; i++) table[i] = hash(seed, octave, i) / 2147483648 - 1;
    for (let y = 0; y < N; y++) {
      const gy = (y * knots) / N;
      const y0 = Math.floor(gy);
      const fy = ease(gy - y0);
      const rowA = y0 * knots;
      const rowB = ((y0 + 1) % knots) * knots;
      for (let x = 0; x < N; x++) {
        const gx = (x * knots) / N;
        const x0 = Math.floor(gx);
        const fx = ease(gx - x0);
        const x1 = (x0 + 1) % knots;
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
    for (let i = 0; i < N * N; i++) {
      let add = 0;
      for (const [field, amount] of fields) add += field[i]! * amount;
      this.data[i * 4] = colour[0] + add;
      this.data[i * 4 + 1] = colour[1] + add;
      this.data[i * 4 + 2] = colour[2] + add;
      this.data[i * 4 + 3] = alpha;
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
    for (let i = 0; i < N * N; i++) {
      const d = (this.random.next() - 0.5) * 2 * amount;
      for (let c = 0; c < 3; c++) this.data[i * 4 + c]! += d;
    }
    return this;
  }

  /** Blends a rectangle (0 to 1, y up) over what is there; `alpha` replaces the alpha channel when given. */
  rect(x0: number, y0: number, x1: number, y1: number, colour: Rgb, opacity = 1, alpha?: number): this {
    const fromY = Math.round((1 - y1) * N);
    const toY = Math.round((1 - y0) * N);
    for (let y = fromY; y < toY; y++)
      for (let x = Math.round(x0 * N); x < Math.round(x1 * N); x++) this.#blend(x, y, colour, opacity, alpha);
    return this;
  }

  /** A soft-edged disc. Radius in tile widths. */
  disc(cx: number, cy: number, radius: number, colour: Rgb, opacity = 1, alpha?: number): this {
    const reach = Math.ceil(radius * N) + 1;
    const px = cx * N;
    const py = (1 - cy) * N;
    for (let y = Math.floor(py) - reach; y <= py + reach; y++)
      for (let x = Math.floor(px) - reach; x <= px + reach; x++) {
        const cover = clamp(radius * N - Math.hypot(x + 0.5 - px, y + 0.5 - py) + 0.5, 0, 1);
        if (cover > 0.02) this.#blend(x, y, colour, opacity * cover, cover > 0.5 ? alpha : undefined);
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
    for (let py = 0; py < N; py++)
      for (let px = 0; px < N; px++) {
        const x = (px + 0.5) / N;
        const y = 1 - (py + 0.5) / N;
        const [d, e, f] = [side(a, b, x, y), side(b, c, x, y), side(c, a, x, y)];
        if ((d >= 0 && e >= 0 && f >= 0) || (d <= 0 && e <= 0 && f <= 0))
          this.#blend(px, py, colour, 1, alpha);
      }
    return this;
  }

  #blend(x: number, y: number, colour: Rgb, opacity: number, alpha: number | undefined): void {
    const i = ((((y % N) + N) % N) * N + (((x % N) + N) % N)) * 4;
    for (let c = 0; c < 3; c++) this.data[i + c] = this.data[i + c]! * (1 - opacity) + colour[c]! * opacity;
    if (alpha !== undefined) this.data[i + 3] = alpha;
  }
}
