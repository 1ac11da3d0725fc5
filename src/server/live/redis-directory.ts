/**
 * The directory in Redis: one key for each process, with all that it has, which lives only as long as it is renewed, and
 * a channel on which changes are called out. Redis may be away at the start, be restarted empty, or hold what strangers
 * wrote: every entry is signed with the common secret, and each renewal tells everything anew.
 */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Vehicle } from '../../live/protocol.ts';
import { within } from '../deadline.ts';
import type { Log } from '../log.ts';
import type { Directory, DirectoryListener, Listing, Node, Revocation } from './directory.ts';
import { ENTRY_MAX, type NodeState, Seal } from './node-state.ts';

/** Milliseconds a process is taken for alive after its last sign, and between two signs: two may be lost. */
export const ALIVE = 6000;
const RENEWAL = 2000;

/** Milliseconds for which a process that is missing is still believed in: Redis may have been restarted empty. */
const GRACE = 2 * RENEWAL;

/** Milliseconds for whatever Redis is asked, and for a newcomer to know what is elsewhere. */
const ANSWER_LIMIT = 2000;
const KNOWN_LIMIT = 1000;

/** Entries that are read at a time, and keys that are looked through for them: whoever writes into Redis may write many. */
const READ_MAX = 128;
const KEYS_MAX = 20_000;

const PREFIX = 'carriageway:node:';
const CHANGES = 'carriageway:changes';

interface Other extends NodeState {
  readonly seenAt: number;
}

/** Owns two connections: one listens, one asks. */
export class RedisDirectory implements Directory {
  readonly self: Node;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #seal: Seal;
  readonly #own = new Map<string, Map<string, Vehicle>>();
  readonly #revoked = new Map<string, number>();
  readonly #others = new Map<string, Other>();
  readonly #watched = new Map<string, Set<(listings: readonly Listing[]) => void>>();
  #listener: DirectoryListener | null = null;
  #connected = false;
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | null = null;
  #again = false;
  /** Where reading the keys of unknown others goes on. */
  #turn = 0;
  #closed = false;

  /**
   * Begins to connect, and goes on trying for ever.
   * @param nodeUrl address at which the other processes reach this one
   */
  constructor(
    redisUrl: string,
    nodeUrl: string,
    secret: string,
    private readonly log: Log,
  ) {
    this.self = { id: randomUUID(), url: nodeUrl };
    this.#seal = new Seal(secret);
    const options = {
      lazyConnect: true,
      // What is asked while Redis is away fails at once: the next renewal asks again.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: ANSWER_LIMIT,
      retryStrategy: (tries: number) => Math.min(200 * tries, RENEWAL),
    };
    this.#redis = new Redis(redisUrl, options);
    this.#subscriber = new Redis(redisUrl, {
      ...options,
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
    });
    for (const redis of [this.#redis, this.#subscriber]) {
      redis.on('error', (error) => this.log.debug({ err: error }, 'Redis'));
      // A failed first try is not the last.
      redis.connect().catch(() => {});
    }
    this.#redis.on('ready', () => void this.#renew());
    this.#subscriber.on('message', () => void this.#refresh());
    this.#subscriber.on('ready', () => void this.#subscriber.subscribe(CHANGES).catch(() => {}));
    this.#timer = setInterval(() => void this.#renew(), RENEWAL);
    this.#timer.unref();
  }

  get connected(): boolean {
    return this.#connected;
  }

  get others(): number {
    return this.#others.size;
  }

  announce(room: string, vehicle: Vehicle): void {
    const vehicles = this.#own.get(room) ?? new Map<string, Vehicle>();
    vehicles.set(vehicle.id, vehicle);
    this.#own.set(room, vehicles);
    void this.#tell();
  }

  withdraw(room: string, vehicle: string): void {
    const vehicles = this.#own.get(room);
    vehicles?.delete(vehicle);
    if (vehicles?.size === 0) this.#own.delete(room);
    void this.#tell();
  }

  revoke({ id, until }: Revocation): void {
    this.#revoked.set(id, until);
    void this.#tell();
  }

  watch(room: string, listener: (listings: readonly Listing[]) => void) {
    const listeners = this.#watched.get(room) ?? new Set();
    listeners.add(listener);
    this.#watched.set(room, listeners);
    listener(this.#listings(room));
    return {
      known: within(this.#refresh(), KNOWN_LIMIT, 'Redis').catch(() => {}),
      unwatch: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#watched.get(room) === listeners) this.#watched.delete(room);
      },
    };
  }

  listen(listener: DirectoryListener): void {
    this.#listener = listener;
  }

  /** Takes back all that this process announced. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    if (this.#redis.status === 'ready')
      await within(
        this.#redis.del(PREFIX + this.self.id).then(() => this.#redis.publish(CHANGES, this.self.id)),
        ANSWER_LIMIT,
        'Redis',
        // Away: the others find out by our silence.
      ).catch(() => {});
    this.#redis.disconnect();
    this.#subscriber.disconnect();
  }

  async #renew(): Promise<void> {
    await this.#tell();
    await this.#refresh();
  }

  /** Tells the whole of what is here. */
  async #tell(): Promise<void> {
    if (this.#closed) return;
    const now = Date.now() / 1000;
    for (const [id, until] of this.#revoked) if (until < now) this.#revoked.delete(id);
    const state: NodeState = {
      node: this.self,
      rooms: Object.fromEntries([...this.#own].map(([room, vehicles]) => [room, [...vehicles.values()]])),
      revoked: [...this.#revoked].map(([id, until]) => ({ id, until })),
    };
    try {
      await this.#redis.set(PREFIX + this.self.id, this.#seal.close(state), 'PX', ALIVE);
      await this.#redis.publish(CHANGES, this.self.id);
      this.#be(true);
    } catch {
      this.#be(false);
    }
  }

  #be(connected: boolean): void {
    if (this.#connected === connected || this.#closed) return;
    this.#connected = connected;
    if (connected) this.log.info('Redis is there: rooms are shared');
    else this.log.warn('Redis is away: this process goes on with what it knows');
  }

  /** Reads what the others have. One reading at a time; whoever asks meanwhile waits for another. */
  #refresh(): Promise<void> {
    this.#again = true;
    this.#refreshing ??= (async () => {
      while (this.#again) {
        this.#again = false;
        await this.#read();
      }
      this.#refreshing = null;
    })();
    return this.#refreshing;
  }

  async #read(): Promise<void> {
    if (this.#closed) return;
    let texts: readonly string[];
    try {
      texts = await this.#texts(this.#chosen(await this.#keys()));
    } catch {
      this.#be(false);
      return;
    }
    const now = performance.now();
    for (const text of texts) {
      const state = this.#seal.open(text);
      if (state && state.node.id !== this.self.id) this.#others.set(state.node.id, { ...state, seenAt: now });
    }
    for (const [id, other] of this.#others) if (now - other.seenAt > GRACE) this.#others.delete(id);
    this.#listener?.nodes(new Set(this.#others.keys()));
    this.#listener?.revoked([...this.#others.values()].flatMap((other) => other.revoked));
    for (const [room, listeners] of this.#watched) {
      const listings = this.#listings(room);
      for (const listener of [...listeners]) listener(listings);
    }
  }

  async #keys(): Promise<string[]> {
    const found = new Set<string>();
    let cursor = '0';
    do {
      const [next, keys] = await this.#redis.scan(cursor, 'MATCH', `${PREFIX}*`, 'COUNT', 1000);
      for (const key of keys) found.add(key);
      cursor = next;
    } while (cursor !== '0' && found.size < KEYS_MAX);
    found.delete(PREFIX + this.self.id);
    return [...found];
  }

  /** Those that are known first, and of the others as many as there is room for, the next ones each time. */
  #chosen(keys: readonly string[]): string[] {
    const known = keys.filter((key) => this.#others.has(key.slice(PREFIX.length)));
    const others = keys.filter((key) => !this.#others.has(key.slice(PREFIX.length))).sort();
    const room = Math.min(others.length, Math.max(1, READ_MAX - known.length));
    const from = this.#turn % Math.max(1, others.length);
    this.#turn = from + room;
    return [...known.slice(0, READ_MAX), ...[...others, ...others].slice(from, from + room)];
  }

  /** What stands under keys, as much of each as may be an entry; what is no text is left out. */
  async #texts(keys: readonly string[]): Promise<readonly string[]> {
    if (keys.length === 0) return [];
    const reading = this.#redis.pipeline(keys.map((key) => ['getrange', key, '0', String(ENTRY_MAX)]));
    const answers = (await reading.exec()) ?? [];
    return answers.flatMap(([error, text]) =>
      !error && typeof text === 'string' && text !== '' ? [text] : [],
    );
  }

  #listings(room: string): Listing[] {
    return [...this.#others.values()].flatMap(({ node, rooms }) =>
      (Object.hasOwn(rooms, room) ? (rooms[room] ?? []) : []).map((vehicle) => ({ vehicle, node })),
    );
  }
}
