/**
 * The mediasoup workers of this process: one a core, each with one port for all its WebRTC connections. Every worker is
 * asked for a sign of life every few seconds. One that dies, or is deaf and so is killed, is reported with its rooms,
 * and another takes its place.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { types } from 'mediasoup';
import { within } from '../deadline.ts';
import { type Log, NO_LOG } from '../log.ts';
import { MEDIA_CODECS } from './codecs.ts';
import { startWorker, stopWorker } from './worker-process.ts';

/** How the workers listen. */
export interface PoolOptions {
  /** How many. */
  readonly count: number;
  /** Address to listen on. */
  readonly address: string;
  /** Addresses and names that clients are told, where they differ (behind NAT, in a container). */
  readonly announced: readonly string[];
  /** First port; the others follow. 0 takes any free ones. */
  readonly port: number;
  readonly log?: Log;
  /** Milliseconds between two questions for a sign of life, and until the answer must be there. */
  readonly probe?: number;
}

/** A router and the worker it runs in. */
export interface PlacedRouter {
  readonly router: types.Router;
  readonly webRtcServer: types.WebRtcServer;
  readonly worker: number;
}

/** A router of the room. */
export interface RoomRouter extends PlacedRouter {
  /** How many it sends to now. */
  consumers: number;
}

interface Entry {
  readonly index: number;
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  /** Names of the rooms on it, by router. */
  readonly rooms: Map<types.Router, string>;
  cpuSeconds: number;
  deaf: boolean;
}

/** Pauses before a dead worker is replaced, in milliseconds: a worker that dies at once must not spin. */
const RESPAWN_DELAYS = [0, 500, 2000, 5000] as const;

/** After so many milliseconds a death is no longer counted. */
const HEALTHY_AFTER = 60_000;

/** Milliseconds between two questions for a sign of life, unless told otherwise. */
export const PROBE = 5000;

/** A deadline that ends so much later than it should says that this process stood still, and nothing of a worker. */
const OWN_STALL = 1.2;

/** Milliseconds for whatever a worker is asked. */
const ANSWER_LIMIT = 5000;

/** Owns the workers. */
export class WorkerPool implements AsyncDisposable {
  readonly #entries = new Map<number, Entry>();
  readonly #deaths = new Map<number, { count: number; at: number }>();
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #binary = '';
  #closed = false;
  #died = 0;

  /** A pool without workers yet: whoever asks for a router is told to come again. */
  constructor(readonly options: PoolOptions) {
    this.#log = options.log ?? NO_LOG;
  }

  /**
   * Starts all workers.
   * @param binary path of the worker's program
   * @throws Error when it does not run or a port is taken; the pool is closed then
   */
  async start(binary: string): Promise<void> {
    this.#binary = binary;
    try {
      for (let index = 0; index < this.options.count; index++) await this.#spawn(index);
    } catch (thrown) {
      await this[Symbol.asyncDispose]();
      throw thrown;
    }
    this.#timer = setInterval(() => this.#probeAll(), this.options.probe ?? PROBE);
    this.#timer.unref();
  }

  /** How many workers run, and how many have died since the start. */
  get health(): { readonly running: number; readonly died: number } {
    return { running: this.#entries.size, died: this.#died };
  }

  /** How many there should be. */
  get wanted(): number {
    return this.options.count;
  }

  /** Process ids of the workers, for tests that kill one and for measuring. */
  get pids(): readonly number[] {
    return [...this.#entries.values()].map((entry) => entry.worker.pid);
  }

  /** CPU seconds that all workers have used, as they said when they were last asked: nothing waits for a worker here. */
  get cpuSeconds(): number {
    return [...this.#entries.values()].reduce((sum, entry) => sum + entry.cpuSeconds, 0);
  }

  /**
   * Makes a router on the worker with the fewest.
   * @param room for the log
   * @param except workers that will not do
   * @param mediaCodecs what it carries
   * @returns null when no worker is left
   * @throws Error when the worker does not answer
   */
  async place(
    room: string,
    except: ReadonlySet<number> = new Set(),
    mediaCodecs: readonly types.RouterRtpCodecCapability[] = MEDIA_CODECS,
  ): Promise<PlacedRouter | null> {
    const free = [...this.#entries.values()]
      .filter((entry) => !except.has(entry.index))
      .sort((a, b) => a.rooms.size - b.rooms.size)[0];
    if (!free) return null;
    const router = await within(
      free.worker.createRouter({ mediaCodecs: [...mediaCodecs] }),
      ANSWER_LIMIT,
      'The media worker',
    );
    free.rooms.set(router, room);
    // What a dying worker closes stays on the list of what died with it.
    router.observer.once('close', () => {
      if (!free.worker.closed) free.rooms.delete(router);
    });
    return { router, webRtcServer: free.server, worker: free.index };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    const workers = [...this.#entries.values()].map((entry) => entry.worker);
    this.#entries.clear();
    await Promise.all(workers.map(stopWorker));
  }

  async #spawn(index: number): Promise<void> {
    const worker = await startWorker(this.#binary);
    let server: types.WebRtcServer;
    try {
      server = await within(
        worker.createWebRtcServer({ listenInfos: this.#listenInfos(index) }),
        ANSWER_LIMIT,
        'The media worker',
      );
    } catch (thrown) {
      await stopWorker(worker);
      throw thrown;
    }
    if (this.#closed) {
      await stopWorker(worker);
      return;
    }
    const entry: Entry = { index, worker, server, rooms: new Map(), cpuSeconds: 0, deaf: false };
    this.#entries.set(index, entry);
    worker.once('died', (error) => this.#lost(index, error.message, entry));
  }

  /** Both protocols at each address that is told; what is told beside the first listens nowhere else. */
  #listenInfos(index: number): types.TransportListenInfo[] {
    const { address, announced } = this.options;
    const port = this.options.port === 0 ? {} : { port: this.options.port + index };
    const [first] = announced;
    const info = { ip: address, ...(first ? { announcedAddress: first } : {}), ...port };
    return [
      { protocol: 'udp', ...info },
      { protocol: 'tcp', ...info },
    ];
  }

  #probeAll(): void {
    for (const entry of this.#entries.values()) void this.#probe(entry);
  }

  /** A worker that does not answer is no worker: it is killed, and then treated like any other that died. */
  async #probe(entry: Entry): Promise<void> {
    const limit = this.options.probe ?? PROBE;
    const asked = performance.now();
    let heard = false;
    const usage = entry.worker.getResourceUsage().then((answer) => {
      heard = true;
      entry.cpuSeconds = (answer.ru_utime + answer.ru_stime) / 1000;
    });
    try {
      await within(usage, limit, 'The media worker');
    } catch {
      // Where this process itself stood still, the answer may have come and wait to be read.
      await turn();
      const stalled = performance.now() - asked > limit * OWN_STALL;
      if (heard || stalled || entry.worker.closed || entry.deaf) return;
      entry.deaf = true;
      this.#log.error({ worker: entry.index, pid: entry.worker.pid }, 'media worker is deaf and is killed');
      try {
        process.kill(entry.worker.pid, 'SIGKILL');
      } catch {
        // Gone meanwhile.
      }
    }
  }

  /** The rooms hear of it from their routers. */
  #lost(index: number, reason: string, entry: Entry | null): void {
    this.#entries.delete(index);
    if (this.#closed) return;
    this.#died++;
    const now = performance.now();
    const before = this.#deaths.get(index);
    const count = before && now - before.at < HEALTHY_AFTER ? before.count + 1 : 0;
    this.#deaths.set(index, { count, at: now });
    const delay = RESPAWN_DELAYS[Math.min(count, RESPAWN_DELAYS.length - 1)]!;
    const signal = /signal:(\w+)/.exec(reason)?.[1] ?? null;
    const rooms = [...new Set(entry?.rooms.values())];
    this.#log.error({ worker: index, signal, reason, rooms, replacedIn: delay }, 'media worker died');
    setTimeout(() => {
      if (this.#closed) return;
      this.#spawn(index).catch((thrown: unknown) =>
        this.#lost(index, thrown instanceof Error ? thrown.message : String(thrown), null),
      );
    }, delay).unref();
  }
}
