/** What a timeline shows of a recording: curves of so many points as there are pixels, and marks where things happen. */
import { worstOf } from '../labels/agreement';
import type { FrameRecord } from './frame-record';

/** Curves over time; gaps are null. Shares are 0 to 1. */
export interface Curves {
  readonly seconds: readonly number[];
  readonly drivable: readonly (number | null)[];
  readonly confidence: readonly number[];
  /** Obstacles in the path, or nearer than `NEAR`. */
  readonly near: readonly number[];
}

/** Obstacles nearer than this count as near, whether in the path or not. Metres: a second and a half in town. */
const NEAR = 20;

/**
 * Curves with at most `points` points. Of the frames that share a point the most telling ones are kept: the least
 * drivable share, the least confidence, the most obstacles.
 */
export function curvesOf(records: readonly FrameRecord[], points: number): Curves {
  const step = Math.max(1, Math.ceil(records.length / Math.max(1, points)));
  const seconds: number[] = [];
  const drivable: (number | null)[] = [];
  const confidence: number[] = [];
  const near: number[] = [];
  for (let from = 0; from < records.length; from += step) {
    const bucket = records.slice(from, from + step);
    const shares = bucket.flatMap((record) => (record.drivable === null ? [] : [record.drivable]));
    seconds.push(bucket[0]!.t);
    drivable.push(shares.length > 0 ? Math.min(...shares) : null);
    confidence.push(Math.min(...bucket.map((record) => record.confidence)));
    near.push(Math.max(...bucket.map(nearOf)));
  }
  return { seconds, drivable, confidence, near };
}

function nearOf({ obstacles }: FrameRecord): number {
  return obstacles.filter(({ inPath, distance }) => inPath || (distance !== null && distance < NEAR)).length;
}

/** Kinds of moments that a timeline marks. */
export type MomentKind = 'road-lost' | 'in-path' | 'unsure' | 'cut' | 'worst';

/** Something worth looking at. */
export interface Moment {
  readonly kind: MomentKind;
  /** Seconds. */
  readonly t: number;
}

/** A fall of the drivable share to less than this part of what it was a moment ago is a collapse. */
const COLLAPSE = 0.5;
/** Shares below this have nowhere to fall to. */
const SOME_ROAD = 0.05;
/** How long ago "a moment ago" is, and how long the same kind is not told again. Seconds. */
const MOMENT = 1;

/** How many of the frames that agree least with their labels are marked. */
const WORST_MAX = 10;

/** The moments of a recording, in order. */
export function momentsOf(records: readonly FrameRecord[]): Moment[] {
  const moments: Moment[] = [];
  const told = new Map<MomentKind, number>();
  const tell = (kind: MomentKind, t: number): void => {
    if (t - (told.get(kind) ?? Number.NEGATIVE_INFINITY) < MOMENT) return;
    told.set(kind, t);
    moments.push({ kind, t });
  };
  let before = 0;
  const inPath = new Set<number>();
  for (const { t, drivable, events, obstacles } of records) {
    while (records[before + 1] && records[before]!.t < t - MOMENT) before++;
    const earlier = records[before]?.drivable ?? 0;
    if (earlier > SOME_ROAD && (drivable ?? 0) < earlier * COLLAPSE) tell('road-lost', t);
    for (const event of events) {
      if (event.type === 'scene-cut') tell('cut', t);
      else if (event.type === 'low-confidence' && event.low === true) tell('unsure', t);
    }
    for (const obstacle of obstacles) {
      if (obstacle.inPath && !inPath.has(obstacle.id)) tell('in-path', t);
      if (obstacle.inPath) inPath.add(obstacle.id);
      else inPath.delete(obstacle.id);
    }
  }
  const worst = worstOf(records, WORST_MAX).map(({ t }) => ({ kind: 'worst' as const, t }));
  return [...moments, ...worst].sort((a, b) => a.t - b.t);
}

/** The record of the frame shown at a time; null before the first or when nothing was analysed there. */
export function recordAt(records: readonly FrameRecord[], seconds: number): FrameRecord | null {
  let [low, high] = [0, records.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (records[middle]!.t <= seconds + 1e-6) low = middle + 1;
    else high = middle - 1;
  }
  return records[high] ?? null;
}
