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
import { ConfidenceShades } from './confidence-shades';
import { gapsOf, type MaskAxis, maskAxis } from './mask-axis';
import { layDivider } from './mask-divider';
import {
  CLASS_EDGE_WIDTH,
  COLOUR_SLOTS,
  EDGE_SOFTNESS,
  OUTLINE_SLOPES,
  OUTLINE_WIDTH,
  type Paint,
  strokeScale,
  VOTE_FLOOR,
} from './paint';
import { packed, smoothstep, strokeAt } from './pixel-math';

/** A mask of bytes, as of `MaskImage`. */
export interface MaskPixels extends Size {
  readonly data: Uint8Array;
}

/** What `#plainOf` says of pixels that differ in confidence alone. No colour is below zero. */
const RAMPED = -2;

/** Paints masks of one size onto one size of pictures; keeps what depends on nothing else. */
export class MaskPaint {
  readonly #across: MaskAxis;
  readonly #down: MaskAxis;
  readonly #perPixel: readonly [number, number];
  readonly #edge: number;
  /** Width of the outline, and half of it with its soft hem as a slope sees it: a bound for what may carry it. */
  readonly #stroke: number;
  readonly #reach: number;
  /** Mask pixels in the diagonal of a pixel. */
  readonly #steepest: number;
  /** Premultiplied colours by class, and the same at the paint's opacity as bytes. */
  readonly #colours = new Float64Array(COLOUR_SLOTS * 4);
  readonly #plain = new Uint32Array(COLOUR_SLOTS);
  #plainDrivable = 0;
  #paint: Paint | null = null;
  /** First pixels between two columns of the mask, and the end. */
  readonly #gaps: Int32Array;
  /** Gaps of the row in hand in which pixels are mixed, and their number. */
  readonly #mixedGaps: Int32Array;
  #mixedCount = 0;
  /** The same of those that lie within a class and differ in confidence alone. */
  readonly #rampGaps: Int32Array;
  #rampCount = 0;
  readonly #shades = new ConfidenceShades();

  /** @param size of the picture on the canvas, pixels */
  constructor(
    private readonly mask: Size,
    private readonly size: Size,
  ) {
    this.#across = maskAxis(size.width, mask.width);
    this.#down = maskAxis(size.height, mask.height);
    this.#gaps = gapsOf(this.#across);
    this.#mixedGaps = new Int32Array(this.#gaps.length);
    this.#rampGaps = new Int32Array(this.#gaps.length);
    this.#perPixel = [mask.width / size.width, mask.height / size.height];
    this.#edge = Math.min(1, Math.max(0.05, Math.max(...this.#perPixel) * CLASS_EDGE_WIDTH));
    this.#stroke = OUTLINE_WIDTH * strokeScale(size.width);
    this.#steepest = Math.hypot(...this.#perPixel);
    this.#reach = (this.#stroke / 2 + 0.5) * this.#steepest;
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
    const { low, high, part } = this.#down;
    const first = Math.min(width, Math.max(0, Math.ceil(paint.from * width - 0.5)));
    for (let y = 0; y < height; y++) {
      const upper = low[y]! * this.mask.width;
      const lower = high[y]! * this.mask.width;
      const row = y * width;
      // Between the same two rows of the mask the same pixels lie within a class.
      if (y > 0 && low[y] === low[y - 1] && high[y] === high[y - 1]) out.copyWithin(row, row - width, row);
      else this.#layPlain(cells, upper, lower, { row, first }, paint, out);
      const place = { row, first, down: part[y]! };
      this.#mix(cells, upper, lower, place, paint, out);
      this.#shade(cells, upper, lower, place, out);
    }
    if (paint.divider >= 0) layDivider(paint.divider, this.size, out);
  }

  /** Fills a row's pixels within a class with its colour, and notes the gaps in which pixels are to be mixed. */
  #layPlain(
    cells: Uint32Array,
    upper: number,
    lower: number,
    { row, first }: { readonly row: number; readonly first: number },
    paint: Paint,
    out: Uint32Array,
  ): void {
    const { low, high } = this.#across;
    const { width } = this.size;
    const gaps = this.#gaps;
    out.fill(0, row, row + first);
    this.#mixedCount = 0;
    this.#rampCount = 0;
    let colour = 0;
    let from = first;
    for (let gap = 0; gap + 1 < gaps.length; gap++) {
      if (gaps[gap + 1]! <= first) continue;
      const x = gaps[gap]!;
      const a = cells[upper + low[x]!]!;
      const b = cells[upper + high[x]!]!;
      const c = cells[lower + low[x]!]!;
      const d = cells[lower + high[x]!]!;
      const next = this.#plainOf(a, b, c, d, paint);
      if (next < 0) {
        // Whatever is filled there is painted over.
        if (next === RAMPED) this.#rampGaps[this.#rampCount++] = gap;
        else this.#mixedGaps[this.#mixedCount++] = gap;
        continue;
      }
      if (next === colour) continue;
      const start = Math.max(first, x);
      out.fill(colour, row + from, row + start);
      colour = next;
      from = start;
    }
    out.fill(colour, row + from, row + width);
  }

  /** The one colour that all pixels between four mask pixels have; `RAMPED` or -1 where they may differ. */
  #plainOf(a: number, b: number, c: number, d: number, paint: Paint): number {
    const id = a & 255;
    const one = (((a ^ b) | (a ^ c) | (a ^ d)) & 255) === 0;
    if (one && id >= BROKEN_CLASS) return 0;
    if (paint.outline[3] > 0 && this.#nearEdge(a, b, c, d)) return -1;
    if (paint.mode === 'classes') return one ? this.#plain[id]! : -1;
    if (paint.mode === 'confidence') {
      if (!one) return -1;
      const alpha = this.#colours[id * 4 + 3];
      if (alpha !== 1) return alpha === 0 ? 0 : -1;
      const differ = ((a ^ b) | (a ^ c) | (a ^ d)) & 0xff00;
      return differ === 0 ? this.#shades.of((a >>> 8) & 255) : RAMPED;
    }
    return this.#plainRoad(a, b, c, d);
  }

  /** The same of what is drivable, far enough from its edge. */
  #plainRoad(a: number, b: number, c: number, d: number): number {
    if (Math.max(a & 255, b & 255, c & 255, d & 255) >= BROKEN_CLASS) return -1;
    const least = Math.min(a & 0xff0000, b & 0xff0000, c & 0xff0000, d & 0xff0000) >>> 16;
    const most = Math.max(a & 0xff0000, b & 0xff0000, c & 0xff0000, d & 0xff0000) >>> 16;
    // At most how soft the edge is here, and a little for rounding.
    const soft = Math.max(EDGE_SOFTNESS * 255, 0.5 * (most - least) * this.#steepest) + 0.001;
    if (most < 127.5 - soft) return 0;
    return least > 127.5 + soft ? this.#plainDrivable : -1;
  }

  /** Works out the pixels of a row that `#layPlain` noted. @param down how far the row is below the upper one */
  #mix(
    cells: Uint32Array,
    upper: number,
    lower: number,
    { row, first, down }: { readonly row: number; readonly first: number; readonly down: number },
    paint: Paint,
    out: Uint32Array,
  ): void {
    const { low, high, part } = this.#across;
    const gaps = this.#gaps;
    for (let i = 0; i < this.#mixedCount; i++) {
      const gap = this.#mixedGaps[i]!;
      const left = low[gaps[gap]!]!;
      const right = high[gaps[gap]!]!;
      const a = cells[upper + left]!;
      const b = cells[upper + right]!;
      const c = cells[lower + left]!;
      const d = cells[lower + right]!;
      const end = gaps[gap + 1]!;
      for (let x = Math.max(first, gaps[gap]!); x < end; x++)
        out[row + x] = this.#mixed(a, b, c, d, part[x]!, down, paint);
    }
  }

  /** Fills the gaps of a row that `#layPlain` found to differ in confidence alone. @param down as for `#mix` */
  #shade(
    cells: Uint32Array,
    upper: number,
    lower: number,
    { row, first, down }: { readonly row: number; readonly first: number; readonly down: number },
    out: Uint32Array,
  ): void {
    const { low, high, part } = this.#across;
    const gaps = this.#gaps;
    for (let i = 0; i < this.#rampCount; i++) {
      const gap = this.#rampGaps[i]!;
      const left = low[gaps[gap]!]!;
      const right = high[gaps[gap]!]!;
      const a = (cells[upper + left]! >>> 8) & 255;
      const b = (cells[upper + right]! >>> 8) & 255;
      const from = a + (((cells[lower + left]! >>> 8) & 255) - a) * down;
      const to = b + (((cells[lower + right]! >>> 8) & 255) - b) * down;
      this.#shades.fill(from, to, part, out, row, Math.max(first, gaps[gap]!), gaps[gap + 1]!);
    }
  }

  #prepare(paint: Paint): void {
    if (paint === this.#paint) return;
    this.#paint = paint;
    paint.colours.forEach(([red, green, blue, alpha], id) => {
      this.#colours.set([red * alpha, green * alpha, blue * alpha, alpha], id * 4);
      const strength = alpha * paint.opacity;
      this.#plain[id] = packed(red * strength, green * strength, blue * strength, strength);
    });
    const { road, opacity } = paint;
    if (paint.mode === 'confidence') this.#shades.prepare(opacity);
    this.#plainDrivable = packed(road[0] * opacity, road[1] * opacity, road[2] * opacity, opacity);
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
        const colour = this.#shades.exactly(Math.min(1, (sure + sd * ((d >>> 8) & 255)) / scale));
        red = colour[0] * alpha;
        green = colour[1] * alpha;
        blue = colour[2] * alpha;
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
