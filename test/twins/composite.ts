/**
 * CPU twin of the picture's shader (`fragment.ts`): the same compositing, pixel by pixel, in plain TypeScript. It exists so that the
 * shader has something to be right against; nothing draws with it.
 *
 * One pass per canvas pixel: the picture (box-filtered when shrunk), over it the paint of the chosen mode, the outline
 * of the drivable area, and the divider. All arithmetic is on sRGB-encoded values, as in any 2D canvas, so what is not
 * painted leaves with the very values of the video.
 */

import type { Rotation } from '../../src/media/size';
import { type Rect, type Size, uprightSize } from '../../src/media/size';
import {
  BACKGROUND,
  CLASS_EDGE_WIDTH,
  DIVIDER_COLOUR,
  DIVIDER_HEM,
  DIVIDER_WIDTH,
  EDGE_SOFTNESS,
  OUTLINE_SLOPES,
  OUTLINE_WIDTH,
  type Paint,
  strokeScale,
  VOTE_FLOOR,
} from '../../src/overlay/paint';
import { letterbox, TURN_MAPS, tapOffset } from '../../src/overlay/placement';
import { RAMP_STEPS, RAMP_TABLE } from '../../src/overlay/ramp';
import { BROKEN_CLASS } from '../../src/taxonomy/class-list';

/** RGBA bytes, row-major from the top. */
export interface PixelImage extends Size {
  readonly data: Uint8Array;
}

/** What is composited. */
export interface CompositeInput {
  /** Stored pixels of the frame. */
  readonly picture: PixelImage;
  /** Clockwise turn that brings them upright. */
  readonly rotation: Rotation;
  /** Mask as in `MaskImage`, upright; null for none. */
  readonly mask: PixelImage | null;
  readonly paint: Paint;
  /** Size of the canvas in pixels. */
  readonly canvas: Size;
  /** Whether a program draws; false unless told otherwise. */
  readonly software?: boolean;
}

type Rgb = [number, number, number];

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** Hermite step from 0 at `low` to 1 at `high`, as WGSL and GLSL define it. */
function smoothstep(low: number, high: number, x: number): number {
  const t = clamp((x - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

/** Coverage of a line `width` pixels wide at a distance from its middle. */
function strokeAt(distance: number, width: number): number {
  return 1 - smoothstep(width / 2 - 0.5, width / 2 + 0.5, distance);
}

/** Bilinear sample with clamped edges; u, v from 0 to 1 in stored coordinates. Returns 0 to 1. */
function samplePicture({ data, width, height }: PixelImage, u: number, v: number): Rgb {
  const x = u * width - 0.5;
  const y = v * height - 0.5;
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const at = (column: number, row: number, channel: number): number =>
    data[(clamp(row, 0, height - 1) * width + clamp(column, 0, width - 1)) * 4 + channel]! / 255;
  const channel = (c: number): number =>
    mix(
      mix(at(x0, y0, c), at(x0 + 1, y0, c), x - x0),
      mix(at(x0, y0 + 1, c), at(x0 + 1, y0 + 1, c), x - x0),
      y - y0,
    );
  return [channel(0), channel(1), channel(2)];
}

/** What four neighbouring mask pixels say about a point between them. */
interface MaskReading {
  /** Share of each neighbour in the paint, sharpened to an edge of `CLASS_EDGE_WIDTH`; sums to 1. */
  readonly shares: readonly number[];
  readonly ids: readonly number[];
  readonly confidence: number;
  readonly drivable: number;
  /** Slope of the drivable probability, per mask pixel and per canvas pixel. */
  readonly slope: number;
  readonly slopePx: number;
  /** How far the point is from void: 0 in it, 1 outside, over the width of an edge. */
  readonly inside: number;
  /** Whether none of the four is void. */
  readonly whole: boolean;
}

function readMask(mask: PixelImage, u: number, v: number, rect: Rect): MaskReading {
  const { width, height, data } = mask;
  const x = u * width - 0.5;
  const y = v * height - 0.5;
  const fx = x - Math.floor(x);
  const fy = y - Math.floor(y);
  const offsets = [0, 1, 2, 3].map((corner) => {
    const column = clamp(Math.floor(x) + (corner & 1), 0, width - 1);
    const row = clamp(Math.floor(y) + (corner >> 1), 0, height - 1);
    return (row * width + column) * 4;
  });
  const weights = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
  const ids = offsets.map((offset) => data[offset]!);
  const solid = ids.map((id) => (id >= BROKEN_CLASS ? 0 : 1));
  const g = offsets.map((offset) => data[offset + 1]! / 255);
  const b = offsets.map((offset) => data[offset + 2]! / 255);

  // A vote for each neighbour's class, weighted by nearness and by how clearly the class won there.
  const votes = weights.map((w, j) => w * (solid[j] ? Math.max(2 * g[j]! - 1, VOTE_FLOOR) : 1));
  const total = votes.reduce((sum, vote) => sum + vote, 0);
  const forClass = ids.map((id) => votes.reduce((sum, vote, k) => sum + (ids[k] === id ? vote : 0), 0));
  const most = Math.max(...forClass);
  const perPixel = [width / rect.width, height / rect.height] as const;
  const edge = clamp(Math.max(...perPixel) * CLASS_EDGE_WIDTH, 0.05, 1);
  // What trails the strongest class fades out over the edge's width; each class's share goes to those who voted for it.
  const raw = votes.map((vote, j) => {
    const standing = Math.max(1 - (most - forClass[j]!) / (total * edge), 0);
    return (standing * vote) / Math.max(forClass[j]!, 1e-6);
  });
  const rawSum = raw.reduce((sum, share) => sum + share, 0);

  const solidWeight = Math.max(
    weights.reduce((sum, w, j) => sum + w * solid[j]!, 0),
    1e-6,
  );
  const blend = (values: number[]): number =>
    weights.reduce((sum, w, j) => sum + w * solid[j]! * values[j]!, 0) / solidWeight;
  const gx = mix(b[1]! - b[0]!, b[3]! - b[2]!, fy);
  const gy = mix(b[2]! - b[0]!, b[3]! - b[1]!, fx);
  return {
    shares: raw.map((share) => share / rawSum),
    ids,
    confidence: blend(g),
    drivable: blend(b),
    slope: Math.hypot(gx, gy),
    slopePx: Math.hypot(gx * perPixel[0], gy * perPixel[1]),
    inside: clamp((solidWeight - 0.5) / edge + 0.5, 0, 1),
    whole: solid.every((s) => s === 1),
  };
}

/** Colour times coverage, and coverage, of the mode's paint. */
function paintAt(reading: MaskReading, paint: Paint): [number, number, number, number] {
  const { shares, ids } = reading;
  const sum: [number, number, number, number] = [0, 0, 0, 0];
  shares.forEach((share, j) => {
    const [r, g, b, a] = paint.colours[ids[j]!]!;
    sum[0] += share * a * r;
    sum[1] += share * a * g;
    sum[2] += share * a * b;
    sum[3] += share * a;
  });
  if (paint.mode === 'classes') return sum;
  if (paint.mode === 'confidence') {
    const position = clamp(reading.confidence, 0, 1) * (RAMP_STEPS - 1);
    const step = Math.min(Math.floor(position), RAMP_STEPS - 2);
    const [low, high] = [RAMP_TABLE[step]!, RAMP_TABLE[step + 1]!];
    const channel = (c: 0 | 1 | 2): number => mix(low[c], high[c], position - step) * sum[3];
    return [channel(0), channel(1), channel(2), sum[3]];
  }
  const soft = Math.max(EDGE_SOFTNESS, reading.slopePx * 0.5);
  const alpha = smoothstep(0.5 - soft, 0.5 + soft, reading.drivable) * reading.inside;
  return [paint.road[0] * alpha, paint.road[1] * alpha, paint.road[2] * alpha, alpha];
}

/** Coverage of the outline, 0 to 1. */
function outlineAt(reading: MaskReading, width: number): number {
  if (!reading.whole) return 0;
  const distance = Math.abs(reading.drivable - 0.5) / Math.max(reading.slopePx, 1e-4);
  return strokeAt(distance, width) * smoothstep(OUTLINE_SLOPES[0], OUTLINE_SLOPES[1], reading.slope);
}

/** Composites one frame. Returns RGBA bytes of the canvas, row-major from the top, alpha 255. */
export function composite(input: CompositeInput): Uint8ClampedArray<ArrayBuffer> {
  const { picture, rotation, mask, paint, canvas } = input;
  const upright = uprightSize(picture, rotation);
  const rect = letterbox(canvas, upright);
  const offset = tapOffset(
    Math.max(upright.width / rect.width, upright.height / rect.height),
    input.software ?? false,
  );
  const stroke = strokeScale(rect.width);
  const [xu, xv, x0, yu, yv, y0] = TURN_MAPS[rotation];
  const out = new Uint8ClampedArray(canvas.width * canvas.height * 4);
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++) {
      const u = (x + 0.5 - rect.x) / rect.width;
      const v = (y + 0.5 - rect.y) / rect.height;
      let rgb: Rgb = [...BACKGROUND];
      if (u > 0 && u < 1 && v > 0 && v < 1) {
        rgb = [0, 0, 0];
        for (const [sx, sy] of [
          [-1, -1],
          [1, -1],
          [-1, 1],
          [1, 1],
        ] as const) {
          const tu = u + (sx * offset) / upright.width;
          const tv = v + (sy * offset) / upright.height;
          const tap = samplePicture(picture, xu * tu + xv * tv + x0, yu * tu + yv * tv + y0);
          for (const c of [0, 1, 2] as const) rgb[c] += tap[c] / 4;
        }
        if (mask && u >= paint.from) {
          const reading = readMask(mask, u, v, rect);
          const [r, g, b, alpha] = paintAt(reading, paint);
          const over = [r, g, b];
          const line =
            outlineAt(reading, OUTLINE_WIDTH * stroke) * paint.outline[3] * Math.min(1, paint.opacity * 3);
          for (const c of [0, 1, 2] as const) {
            const painted = rgb[c] * (1 - alpha * paint.opacity) + over[c]! * paint.opacity;
            rgb[c] = mix(painted, paint.outline[c], line);
          }
        }
        if (paint.divider >= 0) {
          const distance = Math.abs(u - paint.divider) * rect.width;
          const line = strokeAt(distance, DIVIDER_WIDTH * stroke);
          const hem = strokeAt(distance, (DIVIDER_WIDTH + DIVIDER_HEM.width) * stroke) * DIVIDER_HEM.shade;
          for (const c of [0, 1, 2] as const) rgb[c] = mix(rgb[c] * (1 - hem), DIVIDER_COLOUR[c], line);
        }
      }
      out.set([rgb[0] * 255, rgb[1] * 255, rgb[2] * 255, 255], (y * canvas.width + x) * 4);
    }
  return out;
}
