/**
 * The mediasoup workers of this process: one a core, each with one port for all its WebRTC connections. A worker that
 * dies is reported, and another takes its place.
 */
import type { types } from 'mediasoup';
import { MEDIA_CODECS } from './codecs.ts';

/** How the workers listen. */
export interface PoolOptions {
  /** How many. */
  readonly count: number;
  /** Address to listen on. */
  readonly address: string;
  /** Address that clients are told, where it differs (behind NAT, in a container). */
  readonly announced: string | null;
  /** First port; the others follow. 0 takes any free ones. */
  readonly port: number;
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
  routers: number;
}

/** Pauses before a dead worker is replaced, in milliseconds: a worker that dies at once must not spin. */
const RESPAWN_DELAYS = [0, 500, 2000, 5000] as const;

/** After so many milliseconds a death is no longer counted. */
const HEALTHY_AFTER = 60_000;

/** Owns the workers. */
export class WorkerPool implements AsyncDisposable {
  readonly #entries = new Map<number, Entry>();
  readonly #deaths = new Map<number, { count: number; at: number }>();
  #binary = '';
  #closed = false;
  #died = 0;

  /** A pool without workers yet: whoever asks for a router is told to come again. */
  constructor(readonly options: PoolOptions) {}

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
  }

  /** How many workers run, and how many have died since the start. */
  get health(): { readonly running: number; readonly died: number } {
    return { running: this.#entries.size, died: this.#died };
  }

  /** Process ids of the workers, for tests that kill one and for measuring. */
  get pids(): readonly number[] {
    return [...this.#entries.values()].map((entry) => entry.worker.pid);
  }

  /** CPU seconds that all workers have used. */
  async cpuSeconds(): Promise<number> {
    const usages = await Promise.all(
      [...this.#entries.values()].map(({ worker }) => worker.getResourceUsage().catch(() => null)),
    );
    return usages.reduce((sum, usage) => sum + (usage ? (usage.ru_utime + usage.ru_stime) / 1000 : 0), 0);
  }

  /**
   * Makes a router on the worker with the fewest.
   * @param except workers that will not do
   * @returns null when no worker is left
   */
  async place(except: ReadonlySet<number> = new Set()): Promise<PlacedRouter | null> {
    const free = [...this.#entries.values()]
      .filter((entry) => !except.has(entry.index))
      .sort((a, b) => a.routers - b.routers)[0];
    if (!free) return null;
    free.routers++;
    try {
      const router = await free.worker.createRouter({ mediaCodecs: [...MEDIA_CODECS] });
      router.observer.once('close', () => {
        free.routers--;
      });
      return { router, webRtcServer: free.server, worker: free.index };
    } catch (thrown) {
      free.routers--;
      throw thrown;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const { worker } of this.#entries.values()) worker.close();
    this.#entries.clear();
  }

  async #spawn(index: number): Promise<void> {
    const { address, announced } = this.options;
    // Not at the top: a server without rooms needs none of it.
    const { createWorker } = await import('mediasoup');
    const worker = await createWorker({ workerBin: this.#binary, logLevel: 'error' });
    const port = this.options.port === 0 ? {} : { port: this.options.port + index };
    const info = { ip: address, ...(announced ? { announcedAddress: announced } : {}), ...port };
    let server: types.WebRtcServer;
    try {
      server = await worker.createWebRtcServer({
        listenInfos: [
          { protocol: 'udp', ...info },
          { protocol: 'tcp', ...info },
        ],
      });
    } catch (thrown) {
      worker.close();
      throw thrown;
    }
    if (this.#closed) {
      worker.close();
      return;
    }
    this.#entries.set(index, { index, worker, server, routers: 0 });
    worker.once('died', () => this.#lost(index));
  }

  /** The rooms hear of it from their routers. */
  #lost(index: number): void {
    this.#entries.delete(index);
    if (this.#closed) return;
    this.#died++;
    const now = performance.now();
    const before = this.#deaths.get(index);
    const count = before && now - before.at < HEALTHY_AFTER ? before.count + 1 : 0;
    this.#deaths.set(index, { count, at: now });
    const delay = RESPAWN_DELAYS[Math.min(count, RESPAWN_DELAYS.length - 1)]!;
    console.error(`Media worker ${index} died; another starts in ${delay} ms.`);
    setTimeout(() => {
      if (this.#closed) return;
      this.#spawn(index).catch((thrown: unknown) => {
        console.error('The media worker could not be started again:', thrown);
        this.#lost(index);
      });
    }, delay).unref();
  }
}
