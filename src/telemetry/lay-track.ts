/**
 * Lays what files say beside the recording they belong to: by the video's own times where it lies in the video, else by
 * name and by clock.
 */
import { cleaned, completed, holesOf, type LoosePoint } from './clean';
import type { Fix, Reading } from './reading';
import type { Track, TrackClock } from './track';

/** A video file of a recording. */
export interface Clip {
  readonly name: string;
  /** Seconds of the recording at which it begins, and at which the next one does (or the recording ends). */
  readonly start: number;
  readonly end: number;
  /** Time of its first picture by the file's own clock, in seconds. */
  readonly containerStart: number;
  /** When it may have begun, the likeliest first: milliseconds since 1970, and minutes ahead of UTC (null: not told). */
  readonly began: readonly { readonly ms: number; readonly zone: number | null }[];
}

/** Something read, and the file it was read from. */
export interface NamedReading {
  readonly name: string;
  readonly reading: Reading;
}

/** Milliseconds of the steps in which zones lie, and the furthest zone. */
const ZONE_STEP = 15 * 60_000;
const ZONE_MAX = 14 * 60 * 60_000;
const DAY = 24 * 60 * 60_000;
/** Milliseconds by which a track and a recording may miss each other and still meet: clocks of whole seconds. */
const EDGE = 1000;

/** Seconds by which times of a file's tracks are rounded apart. */
const ROUNDING = 1e-3;
/** Seconds before the first picture and behind the last that are kept, to tell what lies between. */
const AROUND = 1;

/** What lies in the video files themselves. @param inside a reading for each clip, null without */
export function layInside(clips: readonly Clip[], inside: readonly (Reading | null)[]): Track | null {
  const loose: LoosePoint[] = [];
  let damaged = 0;
  const found = inside.flatMap((reading) => (reading?.fixes.length ? [reading] : []));
  const [first] = found;
  if (!first) return null;
  for (const [i, clip] of clips.entries()) {
    const reading = inside[i];
    // Of several kinds, which no camera writes, the first is kept.
    if (!reading || reading.format !== first.format) continue;
    damaged += reading.damaged;
    for (const fix of reading.fixes) {
      const t = clip.start + (fix.seconds ?? Number.NaN) - clip.containerStart;
      // The file before and the one behind have their own.
      if (t < clip.end && t >= clip.start - ROUNDING)
        loose.push(pointOf(fix, Math.max(t, clip.start), reading));
    }
  }
  return finished(loose, damaged, { format: first.format, from: '', clock: 'file', zone: first.zone });
}

/**
 * What lies beside the videos. Files whose name is that of a video belong to it; the others belong to whatever their
 * clock meets.
 * @param ahead seconds by which the track's clock is ahead, as the user set it
 */
export function layBeside(clips: readonly Clip[], beside: readonly NamedReading[], ahead = 0): Track | null {
  const laid = beside.map(({ name, reading }) => {
    const each = { name, reading: dated(reading, clips) };
    const named = clips.filter(({ name }) => sameName(name, each.name));
    return { ...each, fit: fitOf(each.reading, named.length > 0 ? named : clips, named.length > 0) };
  });
  const [first] = laid;
  if (!first) return null;
  const rank: readonly TrackClock[] = ['matched', 'zone', 'assumed'];
  // A file that meets the recording counts before one that is only supposed to.
  const clock = rank.find((kind) => laid.some(({ fit }) => fit.clock === kind)) ?? 'assumed';
  const used = laid.filter(({ fit }) => clock === 'assumed' || fit.clock !== 'assumed');
  const end = clips.at(-1)?.end ?? 0;
  const loose: LoosePoint[] = [];
  let damaged = 0;
  for (const { reading, fit } of clock === 'assumed' ? used.slice(0, 1) : used) {
    damaged += reading.damaged;
    for (const fix of reading.fixes) {
      const t = fix.clock === null ? Number.NaN : fit.start + (fix.clock - fit.clockAt) / 1000 - ahead;
      if (Number.isNaN(t)) damaged++;
      else if (t >= -AROUND && t <= end + AROUND) loose.push(pointOf(fix, t, reading));
    }
  }
  const zone = used.map(({ reading, fit }) => reading.zone ?? fit.zone).find((each) => each !== null) ?? null;
  return finished(loose, damaged, { format: first.reading.format, from: used[0]!.name, clock, zone });
}

/** A reading that knows the time of day alone, on the day that is nearest to the recording's beginning. */
function dated(reading: Reading, clips: readonly Clip[]): Reading {
  const began = clips.flatMap((clip) => clip.began.map(({ ms }) => ms))[0];
  const first = reading.fixes.find(({ clock }) => clock !== null)?.clock;
  if (!reading.undated || began === undefined || first == null) return reading;
  const ahead = Math.round((began - first) / DAY) * DAY;
  const fixes = reading.fixes.map((fix) => (fix.clock === null ? fix : { ...fix, clock: fix.clock + ahead }));
  return { ...reading, fixes };
}

/** A single place, for all of a recording. */
export function layPlace(place: { readonly latitude: number; readonly longitude: number }): Track | null {
  const none = { t: 0, utc: null, speed: null, heading: null, steering: null, brake: null };
  return finished([{ ...none, ...place }], 0, { format: 'place', from: '', clock: 'file', zone: null });
}

/** Where a reading's clock lies in the recording. */
interface Fit {
  readonly clock: TrackClock;
  /** This moment of the reading's clock is that second of the recording. */
  readonly clockAt: number;
  readonly start: number;
  readonly zone: number | null;
}

function fitOf(reading: Reading, clips: readonly Clip[], byName: boolean): Fit {
  const clocks = reading.fixes.flatMap(({ clock }) => (clock === null ? [] : [clock]));
  const [from, to] = [least(clocks), -least(clocks.map((clock) => -clock))];
  const [first] = clips;
  const none: Fit = { clock: 'assumed', clockAt: from, start: first?.start ?? 0, zone: null };
  if (!first || clocks.length === 0) return none;
  const began = clips.flatMap((clip) => clip.began.map((each) => ({ ...each, clip })));
  /** Milliseconds that both have, were the track's clock so much ahead; below 0 they miss each other. */
  const shared = (clip: Clip, ms: number, shift: number): number =>
    Math.min(to + shift, ms + lengthOf(clip)) - Math.max(from + shift, ms);
  // A track that has the video's name is as long as the video: a header that tells the end of it hardly meets it.
  const enough = (clip: Clip): number => (byName ? Math.min(to - from, lengthOf(clip)) / 2 : -EDGE);
  const best = <T extends { clip: Clip; ms: number; shift: number }>(all: readonly T[]): T | undefined =>
    all
      .filter(({ clip, ms, shift }) => shared(clip, ms, shift) >= enough(clip))
      .toSorted((a, b) => shared(b.clip, b.ms, b.shift) - shared(a.clip, a.ms, a.shift))[0];
  const known = best(began.flatMap((each) => (each.zone === null ? [] : [{ ...each, shift: 0 }])));
  if (known) return { clock: 'matched', clockAt: known.ms, start: known.clip.start, zone: known.zone };
  // Many recorders write local time where UTC belongs, or say no zone at all.
  if (byName) {
    const found = best(began.map((each) => ({ ...each, shift: zoneNear(each.ms - from) })));
    if (!found || Math.abs(found.shift) > ZONE_MAX) return none;
    const zone = Math.round(found.shift / 60_000);
    const clock = zone === 0 ? 'matched' : 'zone';
    return { clock, clockAt: found.ms - found.shift, start: found.clip.start, zone };
  }
  for (const { clip, ms } of began) {
    const shifts: number[] = [];
    for (let shift = -ZONE_MAX; shift <= ZONE_MAX; shift += ZONE_STEP)
      if (shared(clip, ms, shift) >= enough(clip)) shifts.push(shift);
    const [shift] = shifts.toSorted((a, b) => Math.abs(a) - Math.abs(b));
    if (shift === undefined) continue;
    // More than one zone would do: which of them is a guess, and is said to be.
    const sure = shifts.length === 1;
    const zone = Math.round(shift / 60_000);
    const clock = sure ? (zone === 0 ? 'matched' : 'zone') : 'assumed';
    return { clock, clockAt: ms - shift, start: clip.start, zone: sure ? zone : null };
  }
  return none;
}

const zoneNear = (ms: number): number => Math.round(ms / ZONE_STEP) * ZONE_STEP;

/** Milliseconds of a clip. */
const lengthOf = ({ start, end }: Clip): number => (end - start) * 1000;

/** Whether two files belong together by their names: alike but for their endings, or one begins with the other. */
export function sameName(video: string, other: string): boolean {
  const [a, b] = [stemOf(video), stemOf(other)];
  const short = Math.min(a.length, b.length);
  return short >= 6 ? a.startsWith(b) || b.startsWith(a) : a === b && short > 0;
}

const stemOf = (name: string): string =>
  name
    .split('/')
    .at(-1)!
    .replace(/\.[^.]+$/, '')
    .toLowerCase();

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
}

function pointOf(fix: Fix, t: number, reading: Reading): LoosePoint {
  const { clock, seconds: _seconds, ...said } = fix;
  return { ...said, t, utc: reading.clock === 'utc' ? clock : null };
}

function finished(
  loose: readonly LoosePoint[],
  damaged: number,
  about: Pick<Track, 'format' | 'from' | 'clock' | 'zone'>,
): Track | null {
  const { points: clean, left } = cleaned(loose);
  if (clean.length === 0) return null;
  const holes = holesOf(clean);
  const { points, derived } = completed(clean);
  return { ...about, points, holes, derived, left: left + damaged };
}
