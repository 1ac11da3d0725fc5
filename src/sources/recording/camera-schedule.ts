/**
 * When each camera of a drive has something to show. Cameras meet by clock; where nothing tells the time, the n-th file
 * of each begins together with the others'. Stretches in which no camera recorded are closed: media time goes on.
 */
import { wholeMicroseconds } from '../../media/times';

/** A clip as it was found. Seconds. */
export interface ClipTime {
  /** When it began, by a clock that all clips share; null where nothing tells. */
  readonly clock: number | null;
  readonly duration: number;
  /** Which moment of the drive it shows, counted over all cameras; without it the n-th clip shows the n-th. */
  readonly moment?: number;
}

/** A clip on the time line. Seconds of media time. */
export interface PlacedClip {
  readonly start: number;
  readonly end: number;
}

/** A stretch whose pictures come from one clip of one camera; others are shown beside it. Seconds. */
export interface Stretch {
  readonly camera: number;
  readonly clip: number;
  readonly from: number;
  readonly to: number;
}

/** A drive's times. */
export interface Schedule {
  /** For each camera its clips, in the order they were given. */
  readonly cameras: readonly (readonly PlacedClip[])[];
  /** What drives the time line, without holes, in order. */
  readonly stretches: readonly Stretch[];
  readonly duration: number;
  /** Media time of a moment of the clock; null without one. */
  readonly mediaTime: (clock: number) => number | null;
}

/**
 * Longest hole between two files of a camera, in seconds, in which its last picture stands: recorders lose a moment from
 * file to file, and clocks in names are whole seconds. In a longer one the camera has nothing to show, from its beginning
 * on: an old picture beside a new one would be taken for one of the same moment.
 */
export const HOLD = 1.5;

/** Clips of two cameras that begin within this many seconds began together: names round to whole seconds. */
const TOGETHER = 1;

/** Makes the schedule. @param cameras clips in order of time, the camera to be followed first; at least one clip in all */
export function scheduleOf(cameras: readonly (readonly ClipTime[])[]): Schedule {
  const clocked = cameras.every((clips) => clips.every(({ clock }) => clock !== null));
  const placed = clocked ? byClock(cameras) : byNumber(cameras);
  const closed = closing(placed);
  const all = placed.map((clips) =>
    clips.map(({ start, end }) => ({ start: closed(start), end: closed(start) + (end - start) })),
  );
  const stretches = stretchesOf(all);
  const zero = clocked ? Math.min(...cameras.flat().map(({ clock }) => clock!)) : null;
  return {
    cameras: all,
    stretches,
    duration: stretches.at(-1)?.to ?? 0,
    mediaTime: (clock) => (zero === null ? null : Math.max(0, closed(clock - zero))),
  };
}

/**
 * Clips where the clock has them. Within a camera a file follows the one before without a seam when the clock says so
 * to within its whole seconds; a clip that begins with one of the first camera's begins exactly there.
 */
function byClock(cameras: readonly (readonly ClipTime[])[]): PlacedClip[][] {
  const zero = Math.min(...cameras.flat().map(({ clock }) => clock!));
  const first: PlacedClip[] = [];
  return cameras.map((clips, camera) => {
    let before = Number.NEGATIVE_INFINITY;
    return clips.map(({ clock, duration }) => {
      let start = clock! - zero;
      const beside =
        camera === 0
          ? undefined
          : first.find((clip) => Math.abs(clip.start - start) <= TOGETHER && clip.start >= before - TOGETHER);
      if (beside) start = beside.start;
      else if (camera === 0 && Math.abs(start - before) <= HOLD) start = before;
      const clip = { start, end: start + duration };
      before = clip.end;
      if (camera === 0) first.push(clip);
      return clip;
    });
  });
}

/** Clips of one moment begin together, behind the longest of the moment before. */
function byNumber(cameras: readonly (readonly ClipTime[])[]): PlacedClip[][] {
  const told = cameras.flat().every(({ moment }) => moment !== undefined);
  const momentOf = ({ moment }: ClipTime, n: number): number => (told ? moment! : n);
  const longest: number[] = [];
  for (const clips of cameras)
    for (const [n, clip] of clips.entries()) {
      const moment = momentOf(clip, n);
      longest[moment] = Math.max(longest[moment] ?? 0, clip.duration);
    }
  const starts = [0];
  for (let moment = 0; moment < longest.length; moment++)
    starts.push(starts[moment]! + (longest[moment] ?? 0));
  return cameras.map((clips) =>
    clips.map((clip, n) => {
      const start = starts[momentOf(clip, n)]!;
      return { start, end: start + clip.duration };
    }),
  );
}

/** Takes the time out in which nothing was recorded. */
function closing(cameras: readonly (readonly PlacedClip[])[]): (seconds: number) => number {
  const clips = cameras.flat().toSorted((a, b) => a.start - b.start);
  const holes: { at: number; length: number }[] = [];
  let end = clips[0]?.start ?? 0;
  if (end > 0) holes.push({ at: 0, length: end });
  for (const clip of clips) {
    if (clip.start > end) holes.push({ at: end, length: clip.start - end });
    end = Math.max(end, clip.end);
  }
  return (seconds) =>
    wholeMicroseconds(
      holes.reduce(
        (time, { at, length }) => (seconds > at ? time - Math.min(length, seconds - at) : time),
        seconds,
      ),
    );
}

/** The first camera that has a picture is followed, each for as long as the ones before it have none. */
function stretchesOf(cameras: readonly (readonly PlacedClip[])[]): Stretch[] {
  const stretches: Stretch[] = [];
  const ends = Math.max(...cameras.flat().map(({ end }) => end));
  let at = 0;
  while (at < ends - 1e-6) {
    const next = followed(cameras, at);
    if (!next) break;
    const earlier = cameras
      .slice(0, next.camera)
      .flat()
      .flatMap(({ start }) => (start > at + 1e-6 ? [start] : []));
    const to = Math.min(cameras[next.camera]![next.clip]!.end, ...earlier);
    stretches.push({ ...next, from: at, to });
    at = to;
  }
  return stretches;
}

function followed(
  cameras: readonly (readonly PlacedClip[])[],
  at: number,
): { camera: number; clip: number } | null {
  for (const [camera, clips] of cameras.entries()) {
    const clip = clips.findLastIndex(({ start, end }) => start <= at + 1e-6 && end > at + 1e-6);
    if (clip >= 0) return { camera, clip };
  }
  return null;
}

/**
 * Which clip of a camera is shown at a time: one that lasts, else the one before a hole so short that its last picture
 * stands; -1 when there is none.
 * @param duration of the whole drive: its end is no hole either
 */
export function shownAt(clips: readonly PlacedClip[], duration: number, seconds: number): number {
  const lasting = clips.findLastIndex(({ start, end }) => start <= seconds + 1e-6 && end > seconds + 1e-6);
  if (lasting >= 0) return lasting;
  const before = clips.findLastIndex(({ start }) => start <= seconds + 1e-6);
  if (before < 0) return -1;
  const next = clips[before + 1]?.start ?? duration;
  return next - clips[before]!.end <= HOLD ? before : -1;
}

/**
 * Where a camera has something to show beside whatever is followed, in order: seconds of media time.
 * @param offsetOf seconds by which a camera's recordings are ahead of the first one's
 */
export function shownIn(
  { cameras, stretches, duration }: Schedule,
  camera: number,
  offsetOf: (camera: number) => number,
): readonly { readonly from: number; readonly to: number }[] {
  const clips = cameras[camera]!;
  const shows: { from: number; to: number }[] = [];
  for (const stretch of stretches) {
    const shift = offsetOf(stretch.camera) - offsetOf(camera);
    for (const [n, { start, end }] of clips.entries()) {
      const next = clips[n + 1]?.start ?? duration;
      const held = next > end && next - end <= HOLD ? next : end;
      // At its very end the last picture stands.
      const until = held >= duration ? Number.POSITIVE_INFINITY : held;
      const from = wholeMicroseconds(Math.max(stretch.from, start + shift));
      const to = wholeMicroseconds(Math.min(stretch.to, until + shift));
      const before = shows.at(-1);
      if (to <= from) continue;
      if (before && from - before.to < 1e-6) before.to = Math.max(before.to, to);
      else shows.push({ from, to });
    }
  }
  return shows;
}
