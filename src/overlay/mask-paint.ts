/**
 * What lies over the picture, painted by the processor: the fast twin of `fragment.ts` for machines on which a program
 * draws in place of a GPU. That program takes a thousand cycles for a pixel of the whole shader; here a pixel within a
 * class costs one comparison of its four neighbours, and only edges are worked out.
 *
 * Every step of the shader is linear in the picture's colour, so all of paint, outline and divider come to one
 * premultiplied colour and its coverage: shown = picture · (1 - coverage) + colour.
 */
import type { Size } from '../media/size';
import { BROKEN_CLASS } from '../taxonomy/class-list';
import {
  CLASS_EDGE_WIDTH,
  COLOUR_SLOTS,
  DIVIDER_COLOUR,
  DIVIDER_HEM,
  DIVIDER_WIDTH,
  EDGE_SOFTNESS,
  OUTLINE_SLOPES,
  OUTLINE_WIDTH,
  type Paint,
  strokeScale,
  VOTE_FLOOR,
} from './paint';
import { RAMP_STEPS, RAMP_TABLE } from './ramp';

/** A mask of bytes, as of `MaskImage`. */
export interface MaskPixels extends Size {
  readonly data: Uint8Array;
}

/** Where a row or column of pixels lies between those of the mask: both neighbours, and how far on the way. */
interface Axis {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly part: Float64Array;
}

function axisOf(pixels: number, cells: number): Axis {
  const axis = { low: new Int32Array(pixels), high: new Int32Array(pixels), part: new Float64Array(pixels) };
  for (let i = 0; i < pixels; i++) {
    const at = ((i + 0.5) / pixels) * cells - 0.5;
    const floor = Math.floor(at);
    axis.low[i] = Math.max(0, floor);
    axis.high[i] = Math.min(cells - 1, floor + 1);
    axis.part[i] = at - floor;
  }
  return axis;
}

/** Hermite step from 0 at `low` to 1 at `high`. */
function smoothstep(low: number, high: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** Coverage of a line `width` pixels wide at a distance from its middle. */
function strokeAt(distance: number, width: number): number {
  return 1 - smoothstep(width / 2 - 0.5, width / 2 + 0.5, distance);
}

/** Four channels of 0 to 1 as the bytes of a number, red lowest. */
function packed(red: number, green: number, blue: number, alpha: number): number {
  const byte = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 255);
  return (byte(red) | (byte(green) << 8) | (byte(blue) << 16) | (byte(alpha) << 24)) >>> 0;
}

/** Paints masks of one size onto one size of pictures; keeps what depends on nothing else. */
export class MaskPaint {
  readonly #across: Axis;
  readonly #down: Axis;
  readonly #perPixel: readonly [number, number];
  readonly #edge: number;
  /** Width of the outline, and half of it with its soft hem as a slope sees it: a bound for what may carry it. */
  readonly #stroke: number;
  readonly #reach: number;
  /** Premultiplied colours by class, and the same at the paint's opacity as bytes. */
  readonly #colours = new Float64Array(COLOUR_SLOTS * 4);
  readonly #plain = new Uint32Array(COLOUR_SLOTS);
  #paint: Paint | null = null;

  /** @param size of the picture on the canvas, pixels */
  constructor(
    private readonly mask: Size,
    private readonly size: Size,
  ) {
    this.#across = axisOf(size.width, mask.width);
    this.#down = axisOf(size.height, mask.height);
    this.#perPixel = [mask.width / size.width, mask.height / size.height];
    this.#edge = Math.min(1, Math.max(0.05, Math.max(...this.#perPixel) * CLASS_EDGE_WIDTH));
    this.#stroke = OUTLINE_WIDTH * strokeScale(size.width);
    this.#reach = (this.#stroke / 2 + 0.5) * Math.hypot(...this.#perPixel);
  }

  /**
   * Paints a mask.
   * @param mask bytes of a mask of this painter's size
   * @param out one number for each pixel of the size, its bytes red, green, blue (premultiplied) and coverage
   */
  run(mask: Uint8Array, paint: Paint, out: Uint32Array): void {
    this.#prepare(paint);
    const { width, height } = this.size;
    const cells = wordsOf(mask);
    const { low, high, part } = this.#across;
    const first = Math.min(width, Math.max(0, Math.ceil(paint.from * width - 0.5)));
    const outlined = paint.outline[3] > 0;
    const plain = this.#plain;
    // Within a class, confidence still varies from pixel to pixel, and drivability does where it is in doubt.
    const flat = paint.mode === 'classes';
    for (let y = 0; y < height; y++) {
      const upper = this.#down.low[y]! * this.mask.width;
      const lower = this.#down.high[y]! * this.mask.width;
      const down = this.#down.part[y]!;
      const row = y * width;
      out.fill(0, row, row + first);
      for (let x = first; x < width; x++) {
        const left = low[x]!;
        const right = high[x]!;
        const a = cells[upper + left]!;
        const b = cells[upper + right]!;
        const c = cells[lower + left]!;
        const d = cells[lower + right]!;
        const id = a & 255;
        const one = (((a ^ b) | (a ^ c) | (a ^ d)) & 255) === 0;
        if (one && id >= BROKEN_CLASS) out[row + x] = 0;
        else if (one && flat && !(outlined && this.#nearEdge(a, b, c, d))) out[row + x] = plain[id]!;
        else out[row + x] = this.#mixed(a, b, c, d, part[x]!, down, paint);
      }
    }
    if (paint.divider >= 0) this.#divide(paint.divider, out);
  }

  #prepare(paint: Paint): void {
    if (paint === this.#paint) return;
    this.#paint = paint;
    paint.colours.forEach(([red, green, blue, alpha], id) => {
      this.#colours.set([red * alpha, green * alpha, blue * alpha, alpha], id * 4);
      const strength = alpha * paint.opacity;
      this.#plain[id] = packed(red * strength, green * strength, blue * strength, strength);
    });
  }

  /** Whether the outline may pass between four mask pixels. */
  #nearEdge(a: number, b: number, c: number, d: number): boolean {
    const p = (a >>> 16) & 255;
    const q = (b >>> 16) & 255;
    const r = (c >>> 16) & 255;
    const s = (d >>> 16) & 255;
    const least = Math.min(p, q, r, s);
    const most = Math.max(p, q, r, s);
    const distance = least > 127.5 ? least - 127.5 : most < 127.5 ? 127.5 - most : 0;
    return distance < this.#reach * (most - least);
  }

  /** The colour between four mask pixels. @param fx,fy how far from the left and from the upper ones, 0 to 1 */
  #mixed(a: number, b: number, c: number, d: number, fx: number, fy: number, paint: Paint): number {
    const wa = (1 - fx) * (1 - fy);
    const wb = fx * (1 - fy);
    const wc = (1 - fx) * fy;
    const wd = fx * fy;
    const sa = (a & 255) < BROKEN_CLASS ? wa : 0;
    const sb = (b & 255) < BROKEN_CLASS ? wb : 0;
    const sc = (c & 255) < BROKEN_CLASS ? wc : 0;
    const sd = (d & 255) < BROKEN_CLASS ? wd : 0;
    const solid = sa + sb + sc + sd;
    const scale = 255 * Math.max(solid, 1e-6);
    const ra = (a >>> 16) & 255;
    const rb = (b >>> 16) & 255;
    const rc = (c >>> 16) & 255;
    const rd = (d >>> 16) & 255;
    const drivable = (sa * ra + sb * rb + sc * rc + sd * rd) / scale;
    const gx = (rb - ra + (rd - rc - rb + ra) * fy) / 255;
    const gy = (rc - ra + (rd - rb - rc + ra) * fx) / 255;
    const slopePx = length(gx * this.#perPixel[0], gy * this.#perPixel[1]);
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    if (paint.mode === 'drivable') {
      const soft = Math.max(EDGE_SOFTNESS, slopePx * 0.5);
      const inside = Math.min(1, Math.max(0, (solid - 0.5) / this.#edge + 0.5));
      alpha = smoothstep(0.5 - soft, 0.5 + soft, drivable) * inside;
      red = paint.road[0] * alpha;
      green = paint.road[1] * alpha;
      blue = paint.road[2] * alpha;
    } else {
      const va = vote(a, wa);
      const vb = vote(b, wb);
      const vc = vote(c, wc);
      const vd = vote(d, wd);
      const ab = ((a ^ b) & 255) === 0;
      const ac = ((a ^ c) & 255) === 0;
      const ad = ((a ^ d) & 255) === 0;
      const bc = ((b ^ c) & 255) === 0;
      const bd = ((b ^ d) & 255) === 0;
      const cd = ((c ^ d) & 255) === 0;
      const forA = va + (ab ? vb : 0) + (ac ? vc : 0) + (ad ? vd : 0);
      const forB = vb + (ab ? va : 0) + (bc ? vc : 0) + (bd ? vd : 0);
      const forC = vc + (ac ? va : 0) + (bc ? vb : 0) + (cd ? vd : 0);
      const forD = vd + (ad ? va : 0) + (bd ? vb : 0) + (cd ? vc : 0);
      const most = Math.max(forA, forB, forC, forD);
      // What trails the strongest class fades out over the edge's width.
      const steep = 1 / ((va + vb + vc + vd) * this.#edge);
      const ka = (Math.max(1 - (most - forA) * steep, 0) * va) / Math.max(forA, 1e-6);
      const kb = (Math.max(1 - (most - forB) * steep, 0) * vb) / Math.max(forB, 1e-6);
      const kc = (Math.max(1 - (most - forC) * steep, 0) * vc) / Math.max(forC, 1e-6);
      const kd = (Math.max(1 - (most - forD) * steep, 0) * vd) / Math.max(forD, 1e-6);
      const sum = ka + kb + kc + kd;
      const ia = (a & 255) * 4;
      const ib = (b & 255) * 4;
      const ic = (c & 255) * 4;
      const id = (d & 255) * 4;
      const of = this.#colours;
      alpha = (ka * of[ia + 3]! + kb * of[ib + 3]! + kc * of[ic + 3]! + kd * of[id + 3]!) / sum;
      if (paint.mode === 'confidence') {
        const sure = sa * ((a >>> 8) & 255) + sb * ((b >>> 8) & 255) + sc * ((c >>> 8) & 255);
        const position = Math.min(1, (sure + sd * ((d >>> 8) & 255)) / scale) * (RAMP_STEPS - 1);
        const step = Math.min(Math.floor(position), RAMP_STEPS - 2);
        const low = RAMP_TABLE[step]!;
        const high = RAMP_TABLE[step + 1]!;
        const t = position - step;
        red = (low[0] + (high[0] - low[0]) * t) * alpha;
        green = (low[1] + (high[1] - low[1]) * t) * alpha;
        blue = (low[2] + (high[2] - low[2]) * t) * alpha;
      } else {
        red = (ka * of[ia]! + kb * of[ib]! + kc * of[ic]! + kd * of[id]!) / sum;
        green = (ka * of[ia + 1]! + kb * of[ib + 1]! + kc * of[ic + 1]! + kd * of[id + 1]!) / sum;
        blue = (ka * of[ia + 2]! + kb * of[ib + 2]! + kc * of[ic + 2]! + kd * of[id + 2]!) / sum;
      }
    }
    const { opacity, outline } = paint;
    let line = 0;
    // Beside what is void there is no outline.
    if (outline[3] > 0 && solid > 0.999999)
      line =
        strokeAt(Math.abs(drivable - 0.5) / Math.max(slopePx, 1e-4), this.#stroke) *
        smoothstep(OUTLINE_SLOPES[0], OUTLINE_SLOPES[1], length(gx, gy)) *
        outline[3] *
        Math.min(1, opacity * 3);
    const rest = (1 - line) * opacity;
    return packed(
      red * rest + outline[0] * line,
      green * rest + outline[1] * line,
      blue * rest + outline[2] * line,
      1 - (1 - alpha * opacity) * (1 - line),
    );
  }

  /** Lays the divider over what is painted. */
  #divide(at: number, out: Uint32Array): void {
    const { width, height } = this.size;
    const scale = strokeScale(width);
    const wide = (DIVIDER_WIDTH + DIVIDER_HEM.width) * scale;
    const reach = wide / 2 + 1;
    const from = Math.max(0, Math.floor(at * width - reach));
    const to = Math.min(width, Math.ceil(at * width + reach));
    for (let x = from; x < to; x++) {
      const distance = Math.abs((x + 0.5) / width - at) * width;
      const line = strokeAt(distance, DIVIDER_WIDTH * scale);
      const kept = (1 - strokeAt(distance, wide) * DIVIDER_HEM.shade) * (1 - line);
      for (let y = 0, i = x; y < height; y++, i += width) {
        const under = out[i]!;
        out[i] = packed(
          ((under & 255) / 255) * kept + DIVIDER_COLOUR[0] * line,
          (((under >>> 8) & 255) / 255) * kept + DIVIDER_COLOUR[1] * line,
          (((under >>> 16) & 255) / 255) * kept + DIVIDER_COLOUR[2] * line,
          1 - (1 - (under >>> 24) / 255) * kept,
        );
      }
    }
  }
}

/** Length of a vector; `Math.hypot` takes a detour for each. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** A mask pixel's vote for its class: its nearness, and how clearly the class won there. */
function vote(cell: number, weight: number): number {
  return (cell & 255) < BROKEN_CLASS
    ? weight * Math.max((2 * ((cell >>> 8) & 255)) / 255 - 1, VOTE_FLOOR)
    : weight;
}

/** The pixels as numbers, red lowest. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}
