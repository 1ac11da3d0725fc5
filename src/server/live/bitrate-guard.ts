/**
 * Sends away whoever sends more than may come in. mediasoup tells a sender the bound, and honest browsers keep to it;
 * ffmpeg never hears of it, and others need not care.
 */

/** One transport of a peer. */
export interface Incoming {
  readonly id: string;
  /** Bits per second of the last second. */
  readonly bitrate: number;
}

/** Who is watched. */
export interface Sender {
  /** Most bits per second that one of its transports may bring. */
  readonly bitrateMax: number;
  readonly closed: boolean;
  incoming(): Promise<readonly Incoming[]>;
  close(code: 'tooFast'): void;
}

/** Milliseconds between two looks. */
const LOOK_INTERVAL = 2000;

/** A key picture may double the rate of a second; above this share of the bound it is no honest burst. */
const TOLERANCE = 1.25;

/** Looks in a row that find too much before the sender has to go. */
const STRIKES = 3;

/** Looks at all senders now and then. */
export class BitrateGuard {
  readonly #strikes = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param senders all that are there */
  constructor(private readonly senders: () => Iterable<Sender>) {}

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_INTERVAL);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#strikes.clear();
  }

  /** One look. Never rejects: who cannot be asked is leaving. */
  async look(): Promise<void> {
    const seen = new Set<string>();
    await Promise.all(
      [...this.senders()].map(async (sender) => {
        const transports = await sender.incoming().catch(() => []);
        for (const { id, bitrate } of transports) {
          seen.add(id);
          const strikes = bitrate > sender.bitrateMax * TOLERANCE ? (this.#strikes.get(id) ?? 0) + 1 : 0;
          this.#strikes.set(id, strikes);
          if (strikes >= STRIKES && !sender.closed) sender.close('tooFast');
        }
      }),
    );
    for (const id of this.#strikes.keys()) if (!seen.has(id)) this.#strikes.delete(id);
  }
}
