/**
 * How the camera looks, by the measured drive: on a straight stretch the road's edges run to the point that the vehicle
 * drives to, and the measured heading says which stretches are straight. Where the scene alone takes a long bend for a
 * camera that looks aside, this does not.
 */
import { middleOf } from '../media/middle';
import { turnBetween } from '../telemetry/geo';
import { momentAt, type Track } from '../telemetry/track';
import type { FrameRecord } from './frame-record';

/** The point that edges run to, as many frames have it together. */
export interface StraightView {
  /** Frames that it was seen in. */
  readonly frames: number;
  /** Shares of the picture's width and height, and one standard deviation of each. */
  readonly x: number;
  readonly y: number;
  readonly sigma: { readonly x: number; readonly y: number };
}

/** How the camera looks, in radians, with one standard deviation of the less certain angle. */
export interface MountAngles {
  readonly pitch: number;
  readonly yaw: number;
  readonly sigma: number;
}

/** Metres a second from which on a receiver's heading is that of the vehicle. */
const MOVING = 5;

/** Seconds before and behind a frame in which the vehicle may turn by no more than so many degrees. */
const AROUND = 1.5;
const STRAIGHT = 1.5;

/** Points of an edge, and the share of the picture's height that they reach over, that make a line. */
const POINTS = 4;
const REACH = 0.08;

/** How far edges have to lean apart, as a share of the picture's width to its height. */
const APART = 0.3;

/** Frames that say something together; neighbouring ones share their errors, so only one in so many counts. */
const FEWEST = 40;
const ALIKE = 10;

/** The point that the road runs to while the vehicle drives straight; null where too few frames show it. */
export function straightView(records: readonly FrameRecord[], track: Track): StraightView | null {
  const [across, down]: [number[], number[]] = [[], []];
  for (const { t, boundary } of records) {
    if (!isStraight(track, t)) continue;
    const [left, right] = (['left', 'right'] as const).map((side) => lineOf(boundary, side));
    if (!left || !right || Math.abs(right.slope - left.slope) < APART) continue;
    const y = (left.at - right.at) / (right.slope - left.slope);
    // Edges that meet on the road itself are no edges of a straight one.
    if (y > Math.min(left.top, right.top)) continue;
    across.push(left.at + left.slope * y);
    down.push(y);
  }
  if (across.length < FEWEST) return null;
  const [x, y] = [middleOf(across)!, middleOf(down)!];
  const sigma = { x: sigmaOf(across, x), y: sigmaOf(down, y) };
  return { frames: across.length, x, y, sigma };
}

/**
 * How a camera looks that sees the road run to a point; roll is left out.
 * @param aspect the picture's width by its height
 * @param hfov horizontal field of view, radians
 */
export function anglesOf({ x, y, sigma }: StraightView, aspect: number, hfov: number): MountAngles {
  // In widths of the picture.
  const focal = 0.5 / Math.tan(hfov / 2);
  const pitch = Math.atan2((0.5 - y) / aspect, focal);
  const yaw = Math.atan2((0.5 - x) * Math.cos(pitch), focal);
  return { pitch, yaw, sigma: Math.max(sigma.x, sigma.y / aspect) / focal };
}

function isStraight(track: Track, t: number): boolean {
  const [before, now, after] = [t - AROUND, t, t + AROUND].map((at) => momentAt(track, at));
  if (!before || !now || !after || (now.speed ?? 0) < MOVING) return false;
  if (before.heading === null || after.heading === null) return false;
  return Math.abs(turnBetween(before.heading, after.heading)) < STRAIGHT;
}

/** The line of an edge: how x grows with y, and where it is at y = 0. */
function lineOf(
  boundary: FrameRecord['boundary'],
  side: 'left' | 'right',
): { readonly slope: number; readonly at: number; readonly top: number } | null {
  const points = boundary.filter((segment) => segment.side === side).flatMap((segment) => segment.points);
  const ys = points.map(([, y]) => y);
  const top = Math.min(...ys);
  if (points.length < POINTS || Math.max(...ys) - top < REACH) return null;
  const [mx, my] = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis]!, 0) / points.length);
  let [both, own] = [0, 0];
  for (const [x, y] of points) {
    both += (x - mx!) * (y - my!);
    own += (y - my!) ** 2;
  }
  const slope = both / own;
  return { slope, at: mx! - slope * my!, top };
}

/** One standard deviation of a median, by the median of what values are off. */
function sigmaOf(values: readonly number[], middle: number): number {
  const spread = 1.48 * middleOf(values.map((value) => Math.abs(value - middle)))!;
  return (1.25 * spread) / Math.sqrt(Math.max(1, values.length / ALIKE));
}
