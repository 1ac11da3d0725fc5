/**
 * Whether the metres of the scene are those of the road: what stands still comes nearer by as much as was driven. What
 * stands still is not known, but standing things agree with each other, and moving ones with nobody. Distances on flat
 * ground grow with the height that the camera is thought to have, so the ratio says how high it really is.
 */
import { turnBetween } from '../telemetry/geo';
import { momentAt, type Track } from '../telemetry/track';
import type { FrameRecord } from './frame-record';

/** One thing that was seen to come nearer, while a distance was driven. Seconds and metres. */
export interface Approach {
  readonly from: number;
  readonly to: number;
  /** By how much it came nearer. */
  readonly seen: number;
  /** How far the vehicle went meanwhile. */
  readonly driven: number;
}

/** What all of them say. */
export interface DriveCheck {
  /** Approaches of what seems to stand still. */
  readonly approaches: number;
  /** Metres that a thing came nearer for each metre driven: their median, and one standard deviation of it. */
  readonly ratio: number;
  readonly sigma: number;
}

/** Metres that are driven for one approach: many times what a distance trembles by. */
const LENGTH = 8;

/** Between these distances a thing is far enough for its whole foot to be seen, and near enough to be measured. Metres. */
const READABLE = [5, 45] as const;

/** Seconds without a sight of it after which an approach is over, and seconds it may take at most. */
const UNSEEN = 0.5;
const LONGEST = 4;

/** Degrees by which the vehicle may turn meanwhile: in a bend things pass by and do not come nearer. */
const TURN = 8;

/** Ratios outside of these are those of traffic, or of a camera that is quite another. */
const STANDING = [0.6, 1.6] as const;

/** Fewer approaches, or fewer among all, say nothing. */
const FEWEST = 6;
const SHARE = 0.3;

interface Begun {
  readonly t: number;
  readonly distance: number;
  readonly driven: number;
  readonly heading: number | null;
  last: number;
}

/** Metres driven up to each record; null where the speed is not known, and beginning anew behind it. */
export function drivenAt(records: readonly FrameRecord[], track: Track): readonly (number | null)[] {
  let driven = 0;
  let before: { readonly t: number; readonly speed: number } | null = null;
  return records.map(({ t }) => {
    const speed = momentAt(track, t)?.speed ?? null;
    if (speed === null) {
      before = null;
      return null;
    }
    if (before) driven += ((speed + before.speed) / 2) * Math.max(0, t - before.t);
    before = { t, speed };
    return driven;
  });
}

/** Approaches of all things, in the order in which they end. */
export function approachesOf(records: readonly FrameRecord[], track: Track): readonly Approach[] {
  const driven = drivenAt(records, track);
  const begun = new Map<number, Begun>();
  const found: Approach[] = [];
  for (const [i, { t, obstacles, events }] of records.entries()) {
    const way = driven[i] ?? null;
    if (way === null || events.some(({ type }) => type === 'scene-cut')) begun.clear();
    if (way === null) continue;
    const heading = momentAt(track, t)?.heading ?? null;
    for (const { id, distance } of obstacles) {
      const old = begun.get(id);
      if (distance === null || distance < READABLE[0] || distance > READABLE[1]) {
        begun.delete(id);
        continue;
      }
      const turned = old && heading !== null && old.heading !== null ? turnBetween(old.heading, heading) : 0;
      const over = !old || t - old.last > UNSEEN || t - old.t > LONGEST || Math.abs(turned) > TURN;
      if (!over && way - old.driven < LENGTH) {
        old.last = t;
        continue;
      }
      if (!over) found.push({ from: old.t, to: t, seen: old.distance - distance, driven: way - old.driven });
      begun.set(id, { t, distance, driven: way, heading, last: t });
    }
  }
  return found;
}

/** What approaches say together; null where too few do, or they contradict each other. */
export function checkDrive(approaches: readonly Approach[]): DriveCheck | null {
  const ratios = approaches
    .map(({ seen, driven }) => seen / driven)
    .filter((ratio) => ratio >= STANDING[0] && ratio <= STANDING[1])
    .sort((a, b) => a - b);
  if (ratios.length < FEWEST || ratios.length < SHARE * approaches.length) return null;
  const ratio = median(ratios);
  const spread = 1.48 * median(ratios.map((each) => Math.abs(each - ratio)).sort((a, b) => a - b));
  // 1.25 is a median's loss against a mean.
  return { approaches: ratios.length, ratio, sigma: (1.25 * spread) / Math.sqrt(ratios.length) };
}

/** Whether the two really differ: by three per cent, and by twice what is uncertain. */
export function differs({ ratio, sigma }: DriveCheck): boolean {
  return Math.abs(ratio - 1) > Math.max(0.03, 2 * sigma);
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
