/** Curves of a drive over the time of its recording, as SVG paths in a box of 1000 by 100 units. */
import { turnBetween } from '../../telemetry/geo';
import { momentAt, type Track, type TrackPoint } from '../../telemetry/track';

/** The box that curves are drawn in. */
export const BOX = { width: 1000, height: 100 } as const;

/** Units left free above and below. */
const MARGIN = 6;

/** What is drawn. */
export interface DriveCurves {
  readonly speed: string;
  readonly heading: string;
  readonly steering: string;
  /** Where the brake is on. */
  readonly brake: string;
  /** The highest speed, metres a second; 0 without any. */
  readonly fastest: number;
}

/** Turns of a heading that are drawn as a jump, degrees: through north, not through south. */
const JUMP = 180;

/** @param duration of the recording, in seconds */
export function driveCurves(track: Track, duration: number): DriveCurves {
  const moments = Array.from({ length: BOX.width + 1 }, (_, x) =>
    momentAt(track, (x / BOX.width) * duration),
  );
  const most = (of: (point: TrackPoint) => number | null): number =>
    moments.reduce((high, moment) => Math.max(high, Math.abs((moment && of(moment)) ?? 0)), 0);
  const fastest = most(({ speed }) => speed);
  const widest = most(({ steering }) => steering);
  const inner = BOX.height - 2 * MARGIN;
  const y = (share: number): number => BOX.height - MARGIN - share * inner;
  return {
    // Walking pace fills no curve: a car that stands is drawn as one.
    speed: lineOf(moments, ({ speed }) => (speed === null ? null : y(speed / Math.max(2, fastest)))),
    heading: lineOf(
      moments,
      ({ heading }) => (heading === null ? null : y(heading / 360)),
      (a, b) =>
        Math.abs(turnBetween(a.heading ?? 0, b.heading ?? 0) - ((b.heading ?? 0) - (a.heading ?? 0))) > JUMP,
    ),
    // The middle is straight on, up is clockwise: to the right.
    steering: lineOf(moments, ({ steering }) =>
      steering === null ? null : y(0.5 + steering / Math.max(30, widest) / 2),
    ),
    brake: lineOf(moments, ({ brake }) => (brake ? BOX.height - 2 : null)),
    fastest,
  };
}

function lineOf(
  moments: readonly (TrackPoint | null)[],
  height: (point: TrackPoint) => number | null,
  breaks: (a: TrackPoint, b: TrackPoint) => boolean = () => false,
): string {
  let path = '';
  let before: TrackPoint | null = null;
  for (const [x, moment] of moments.entries()) {
    const y = moment && height(moment);
    if (moment === null || y === null) {
      before = null;
      continue;
    }
    path += `${before && !breaks(before, moment) ? 'L' : 'M'}${x} ${y.toFixed(1)}`;
    before = moment;
  }
  return path;
}
