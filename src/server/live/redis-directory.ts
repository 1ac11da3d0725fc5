/**
 * The directory in Redis: a key for each process that lives only as long as it is renewed, a hash of vehicles for each
 * room, and a channel on which changes are called out. What a dead process left is skipped by every reader and swept
 * away by the first that looks.
 */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { type Vehicle, vehicle as vehicleSchema } from '../../live/protocol.ts';
import type { Directory, Listing, Node } from './directory.ts';

/** Milliseconds a process is taken for alive after its last sign, and between two signs: two may be lost. */
const ALIVE = 6000;
const RENEWAL = 2000;

const PREFIX = 'carriageway';
const nodeKey = (id: string) => `${PREFIX}:node:${id}`;
const roomKey = (room: string) => `${PREFIX}:room:${room}`;
const CHANGES = `${PREFIX}:changes`;

const entry = z.object({
  vehicle: vehicleSchema,
  node: z.object({ id: z.string().max(64), url: z.url({ protocol: /^https?$/ }) }),
});

interface Watched {
  readonly listeners: Set<(listings: readonly Listing[]) => void>;
}

/** Owns two connections: one listens, one asks. */
export class RedisDirectory implements Directory {
  readonly self: Node;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #rooms = new Map<string, Watched>();
  readonly #own = new Map<string, Set<string>>();
  #nodeListener: (alive: ReadonlySet<string>) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(redisUrl: string, nodeUrl: string) {
    this.self = { id: randomUUID(), url: nodeUrl };
    // While Redis is away, what is asked waits and is asked again; rooms of one process go on all the same.
    this.#redis = new Redis(redisUrl, { maxRetriesPerRequest: 2, lazyConnect: true });
    this.#subscriber = new Redis(redisUrl, { maxRetriesPerRequest: null, lazyConnect: true });
    for (const redis of [this.#redis, this.#subscriber])
      redis.on('error', (error) => console.error('live: Redis:', error.message));
  }

  /**
   * Connects and makes this process known.
   * @param nodeUrl address at which the other processes reach this one
   * @throws Error when Redis cannot be reached
   */
  static async open(redisUrl: string, nodeUrl: string): Promise<RedisDirectory> {
    const directory = new RedisDirectory(redisUrl, nodeUrl);
    try {
      await directory.#start();
      return directory;
    } catch (thrown) {
      await directory[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  async announce(room: string, vehicle: Vehicle): Promise<void> {
    const own = this.#own.get(room) ?? new Set();
    own.add(vehicle.id);
    this.#own.set(room, own);
    await this.#redis.hset(roomKey(room), vehicle.id, JSON.stringify({ vehicle, node: this.self }));
    await this.#redis.publish(CHANGES, room);
  }

  async withdraw(room: string, vehicle: string): Promise<void> {
    this.#own.get(room)?.delete(vehicle);
    await this.#redis.hdel(roomKey(room), vehicle);
    await this.#redis.publish(CHANGES, room);
  }

  async watch(room: string, listener: (listings: readonly Listing[]) => void): Promise<() => void> {
    const watched = this.#rooms.get(room) ?? { listeners: new Set() };
    this.#rooms.set(room, watched);
    watched.listeners.add(listener);
    await this.#refresh(room);
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size === 0 && this.#rooms.get(room) === watched) this.#rooms.delete(room);
    };
  }

  onNodes(listener: (alive: ReadonlySet<string>) => void): void {
    this.#nodeListener = listener;
  }

  /** Withdraws all that this process announced. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    if (this.#redis.status === 'ready') {
      try {
        for (const [room, vehicles] of this.#own)
          if (vehicles.size > 0) await this.#redis.hdel(roomKey(room), ...vehicles);
        await this.#redis.del(nodeKey(this.self.id));
        for (const room of this.#own.keys()) await this.#redis.publish(CHANGES, room);
      } catch {
        // Redis is away: the others find out by our silence.
      }
    }
    this.#redis.disconnect();
    this.#subscriber.disconnect();
  }

  async #start(): Promise<void> {
    await Promise.all([this.#redis.connect(), this.#subscriber.connect()]);
    this.#subscriber.on('message', (_, room: string) => void this.#refresh(room));
    await this.#subscriber.subscribe(CHANGES);
    await this.#renew();
    this.#timer = setInterval(() => void this.#renew(), RENEWAL);
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    try {
      await this.#redis.set(nodeKey(this.self.id), this.self.url, 'PX', ALIVE);
      this.#nodeListener(await this.#alive());
      // A process that died without a word changes nothing in Redis but that its key is gone.
      for (const room of this.#rooms.keys()) await this.#refresh(room);
    } catch {
      // Told by the connection's own error.
    }
  }

  async #alive(): Promise<Set<string>> {
    const alive = new Set<string>();
    let cursor = '0';
    do {
      const [next, keys] = await this.#redis.scan(cursor, 'MATCH', nodeKey('*'), 'COUNT', 100);
      for (const key of keys) alive.add(key.slice(nodeKey('').length));
      cursor = next;
    } while (cursor !== '0');
    return alive;
  }

  async #refresh(room: string): Promise<void> {
    const watched = this.#rooms.get(room);
    if (!watched || this.#closed) return;
    let entries: Record<string, string>;
    let alive: Set<string>;
    try {
      [entries, alive] = await Promise.all([this.#redis.hgetall(roomKey(room)), this.#alive()]);
    } catch {
      return;
    }
    const listings: Listing[] = [];
    for (const [id, text] of Object.entries(entries)) {
      const checked = entry.safeParse(parse(text));
      if (!checked.success || !alive.has(checked.data.node.id)) {
        // Unreadable, or left behind.
        void this.#redis.hdel(roomKey(room), id).catch(() => {});
        continue;
      }
      if (checked.data.node.id !== this.self.id) listings.push(checked.data);
    }
    for (const listener of [...watched.listeners]) listener(listings);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
