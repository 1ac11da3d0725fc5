/**
 * Sends away whoever sends more than may come in. mediasoup tells a sender the bound, and honest browsers keep to it;
 * ffmpeg never hears of it, and others need not care.
 *
 * What a peer sends, over all of its transports, runs into a bucket that leaks at the bound; the bucket holds what is
 * half as much again over half a minute. A key picture fits in; sending far too much for some seconds out of every few
 * does not, whatever the pauses between.
 */

/** Who is watched. */
export interface Sender {
  readonly id: string;
  /** Most bits per second that it may send. */
  readonly bitrateMax: number;
  readonly closed: boolean;
  /** Bytes received so far, by transport. */
  received(): Promise<ReadonlyMap<string, number>>;
  close(code: 'tooFast'): void;
}

/** Milliseconds between two looks. */
const LOOK_INTERVAL = 2000;

/** Seconds over which the bound is meant, and how much more than it may come in them. */
const WINDOW = 30;
const EXCESS = 0.5;

/** A leaky bucket of bits. */
export class LeakyBucket {
  #level = 0;
  #at: number;

  /** @param rate bits per second that leak @param now milliseconds */
  constructor(
    private readonly rate: number,
    now: number,
  ) {
    this.#at = now;
  }

  /** Pours bits in. @returns whether it runs over */
  pour(bits: number, now: number): boolean {
    const leaked = ((now - this.#at) / 1000) * this.rate;
    this.#at = now;
    this.#level = Math.max(0, this.#level + bits - leaked);
    return this.#level > this.rate * WINDOW * EXCESS;
  }
}

interface Watched {
  readonly bucket: LeakyBucket;
  readonly bytes: Map<string, number>;
}

/** Looks at all senders now and then. */
export class BitrateGuard<S extends Sender> {
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param senders all that are there
   * @param onSent called with each that has to go
   * @param now milliseconds, monotonic
   */
  constructor(
    private readonly senders: () => Iterable<S>,
    private readonly onSent: (sender: S) => void = () => {},
    private readonly now: () => number = () => performance.now(),
  ) {}

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_INTERVAL);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#watched.clear();
  }

  /** One look. Never rejects: who cannot be asked is leaving. */
  async look(): Promise<void> {
    const seen = new Set<string>();
    await Promise.all(
      [...this.senders()].map(async (sender) => {
        seen.add(sender.id);
        const received = await sender.received().catch(() => null);
        if (received && this.#pour(sender, received) && !sender.closed) {
          sender.close('tooFast');
          this.onSent(sender);
        }
      }),
    );
    for (const id of this.#watched.keys()) if (!seen.has(id)) this.#watched.delete(id);
  }

  #pour(sender: S, received: ReadonlyMap<string, number>): boolean {
    const now = this.now();
    const watched = this.#watched.get(sender.id) ?? {
      bucket: new LeakyBucket(sender.bitrateMax, now),
      bytes: new Map<string, number>(),
    };
    this.#watched.set(sender.id, watched);
    let bytes = 0;
    for (const [id, total] of received) {
      bytes += Math.max(0, total - (watched.bytes.get(id) ?? 0));
      watched.bytes.set(id, total);
    }
    return watched.bucket.pour(bytes * 8, now);
  }
}
