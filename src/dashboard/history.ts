/**
 * The last five minutes of each vehicle, one value a second, for the charts. Bounded: what is older is forgotten, and
 * so are vehicles that left long ago.
 */
import type { LinkFigures } from '../live/reception';
import type { ViewReport } from '../stage/stage-api';

/** Seconds kept. */
export const HISTORY_SECONDS = 300;

/** What is drawn, by its unit. */
export const SERIES = { share: '%', rate: '/s', bitrate: 'kbit/s', roundTrip: 'ms', delay: 'ms' } as const;

/** Name of a series. */
export type SeriesName = keyof typeof SERIES;

type Values = Record<SeriesName, (number | null)[]>;

interface Track {
  readonly values: Values;
  readonly now: Record<SeriesName, number | null>;
  bytes: number | null;
  bytesAt: number;
}

const NAMES = Object.keys(SERIES) as SeriesName[];

function nothing<T>(value: () => T): Record<SeriesName, T> {
  return { share: value(), rate: value(), bitrate: value(), roundTrip: value(), delay: value() };
}

/** Collects figures by vehicle. */
export class History {
  /** Seconds since 1970, one entry a tick. */
  readonly times: number[] = [];
  readonly #tracks = new Map<string, Track>();

  /** @param now milliseconds, monotonic */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly timeOfDay: () => number = () => Date.now() / 1000,
  ) {}

  /** Names of the vehicles, in the order of their first figures. */
  get vehicles(): readonly string[] {
    return [...this.#tracks.keys()];
  }

  /** Values of a series, as long as `times`; null where there was none. */
  values(vehicle: string, series: SeriesName): readonly (number | null)[] {
    return this.#tracks.get(vehicle)?.values[series] ?? [];
  }

  report(vehicle: string, report: ViewReport): void {
    const track = this.#track(vehicle);
    track.now.share = report.drivableShare === null ? null : report.drivableShare * 100;
    track.now.rate = report.inferenceFps;
  }

  link(vehicle: string, { bytes, roundTrip, delay }: LinkFigures): void {
    const track = this.#track(vehicle);
    const now = this.now();
    const grown = track.bytes === null ? -1 : bytes - track.bytes;
    // Counted anew after a reconnection.
    track.now.bitrate = grown < 0 ? null : (grown * 8) / Math.max(1, now - track.bytesAt);
    track.bytes = bytes;
    track.bytesAt = now;
    track.now.roundTrip = roundTrip;
    track.now.delay = delay;
  }

  /** Ends a second: the newest figures become its values. */
  tick(): void {
    this.times.push(this.timeOfDay());
    const excess = this.times.length - HISTORY_SECONDS;
    if (excess > 0) this.times.splice(0, excess);
    for (const [name, track] of this.#tracks) {
      for (const series of NAMES) {
        const values = track.values[series];
        values.push(track.now[series]);
        if (values.length > this.times.length) values.splice(0, values.length - this.times.length);
        track.now[series] = null;
      }
      if (NAMES.every((series) => track.values[series].every((value) => value === null)))
        this.#tracks.delete(name);
    }
  }

  #track(vehicle: string): Track {
    let track = this.#tracks.get(vehicle);
    if (!track) {
      // As long as the times, so that all lines share one axis.
      const empty = () => this.times.map(() => null) as (number | null)[];
      track = { values: nothing(empty), now: nothing(() => null), bytes: null, bytesAt: 0 };
      this.#tracks.set(vehicle, track);
    }
    return track;
  }
}
