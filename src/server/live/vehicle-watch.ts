/**
 * Looks at what comes in from each vehicle now and then: figures for the metrics, and silence, which everybody in the
 * room is told of, the vehicle first: it may have lost its way here without noticing.
 */
import type { types } from 'mediasoup';
import { within } from '../deadline.ts';
import type { Peer } from './peer.ts';

/** Milliseconds between two looks, and for the answer to one. */
const LOOK_INTERVAL = 1000;
const ANSWER_LIMIT = 900;

/** Ticks of the clock in video's RTP timestamps, in which jitter is told. */
const CLOCK_RATE = 90_000;

/** Figures of a vehicle's way here. */
export interface VehicleFigures {
  readonly room: string;
  readonly name: string;
  /** Bits per second since the look before. */
  readonly bits: number;
  readonly packetsLost: number;
  /** Seconds. */
  readonly jitter: number;
  /** Seconds; 0 where it is not known. */
  readonly roundTrip: number;
  /** Key frames that viewers asked for. */
  readonly keyFramesAsked: number;
  /** How often nothing of its picture came between two looks, a second: it stood still for whoever looked. */
  readonly freezes: number;
  /** How often it fell silent. */
  readonly silences: number;
  readonly silent: boolean;
}

/** A way that changes by less than this share, and by fewer milliseconds, is as it was. */
const WAY_SHARE = 0.25;
const WAY_MILLISECONDS = 5;

interface Watched {
  figures: VehicleFigures;
  /** What the room was told of the way, in milliseconds. */
  told: number | null;
  bytes: number;
  at: number;
  heardAt: number;
  frozen: boolean;
}

/** Knows the vehicles of this process. */
export class VehicleWatch {
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  /**
   * @param peers all that are there
   * @param silentAfter milliseconds without a byte
   * @param now milliseconds, monotonic
   */
  constructor(
    private readonly peers: () => Iterable<Peer>,
    private readonly silentAfter: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  start(): void {
    const interval = Math.min(LOOK_INTERVAL, this.silentAfter / 2);
    this.#timer = setInterval(() => void this.look(), interval);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#watched.clear();
  }

  /** Figures of all vehicles, by their id, as of the last look. */
  get figures(): ReadonlyMap<string, VehicleFigures> {
    return new Map([...this.#watched].map(([id, { figures }]) => [id, figures]));
  }

  /** One look; none when one is still under way. Never rejects. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const seen = new Set<string>();
      const looks: Promise<void>[] = [];
      for (const peer of this.peers())
        for (const producer of peer.producers) {
          seen.add(producer.id);
          looks.push(this.#lookAt(peer, producer));
        }
      await Promise.all(looks);
      for (const id of this.#watched.keys()) if (!seen.has(id)) this.#watched.delete(id);
    } finally {
      this.#looking = false;
    }
  }

  async #lookAt(peer: Peer, producer: types.Producer): Promise<void> {
    const stats = await within(producer.getStats(), ANSWER_LIMIT, 'A producer').catch(() => null);
    // A worker that does not answer says nothing of the vehicle.
    if (!stats || producer.closed) return;
    const now = this.now();
    const sum = (of: (each: types.ProducerStat) => number | undefined) =>
      stats.reduce((total, each) => total + (of(each) ?? 0), 0);
    const most = (of: (each: types.ProducerStat) => number | undefined) =>
      stats.reduce((largest, each) => Math.max(largest, of(each) ?? 0), 0);
    const bytes = sum((each) => each.byteCount);
    const before = this.#watched.get(producer.id);
    // Whoever was muted by the operator is not lost.
    const heard = !before || bytes > before.bytes || producer.paused;
    const heardAt = heard ? now : before.heardAt;
    const silent = now - heardAt >= this.silentAfter;
    const frozen = !heard;
    const wasSilent = before?.figures.silent ?? false;
    const elapsed = before ? (now - before.at) / 1000 : 0;
    const roundTrip = most((each) => each.roundTripTime);
    const told = wayToTell(before?.told ?? null, roundTrip);
    this.#watched.set(producer.id, {
      told,
      bytes,
      at: now,
      heardAt,
      frozen,
      figures: {
        room: peer.room.name,
        name: peer.name,
        bits: before && elapsed > 0 ? Math.max(0, ((bytes - before.bytes) * 8) / elapsed) : 0,
        packetsLost: sum((each) => each.packetsLost),
        jitter: most((each) => each.jitter) / CLOCK_RATE,
        roundTrip: roundTrip / 1000,
        keyFramesAsked: sum((each) => each.pliCount + each.firCount),
        freezes: (before?.figures.freezes ?? 0) + (frozen && !before?.frozen ? 1 : 0),
        silences: (before?.figures.silences ?? 0) + (silent && !wasSilent ? 1 : 0),
        silent,
      },
    });
    if (silent !== wasSilent) peer.room.setSilent(producer.id, silent);
    if (told !== (before?.told ?? null)) peer.room.setWay(producer.id, told);
  }
}

/**
 * What a room is to know of a way. It is told of what matters, not of every second.
 * @param told what it knows, in milliseconds @param now 0 where it is not known
 */
export function wayToTell(told: number | null, now: number): number | null {
  if (now <= 0) return told;
  if (told === null) return Math.round(now);
  const change = Math.abs(now - told);
  return change >= WAY_MILLISECONDS && change >= told * WAY_SHARE ? Math.round(now) : told;
}
