/** The rooms of this process, made when somebody comes and forgotten when the last one has left. */
import type { WorkerPool } from '../sfu/worker-pool.ts';
import type { Limits } from './limits.ts';
import type { Neighbours } from './neighbours.ts';
import type { Peer } from './peer.ts';
import { Refused } from './refused.ts';
import { Room } from './room.ts';

/** Finds rooms by name. */
export class Rooms {
  readonly #rooms = new Map<string, Room>();

  constructor(
    readonly pool: WorkerPool,
    readonly limits: Limits,
  ) {}

  /** Other processes that share the rooms; set before the first room is entered. */
  neighbours: Neighbours | null = null;
  /** Resolves when it is known whether there are any. */
  opening: Promise<void> = Promise.resolve();

  /**
   * The room of a name.
   * @throws Refused `too-many`
   */
  enter(name: string): Room {
    const present = this.#rooms.get(name);
    if (present) return present;
    if (this.#rooms.size >= this.limits.rooms) throw new Refused('too-many');
    const room = new Room(name, this.pool, this.limits, this.neighbours, () => {
      if (this.#rooms.get(name) === room) this.#rooms.delete(name);
    });
    this.#rooms.set(name, room);
    return room;
  }

  /** Forgets a room that nobody got into. */
  release(room: Room): void {
    if (room.peers.size === 0) room.close();
  }

  /** A room in which somebody is. */
  find(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /** Everybody in all rooms. */
  *peers(): Iterable<Peer> {
    for (const room of this.#rooms.values()) yield* room.peers.values();
  }

  /** How much there is of everything. */
  count(): { rooms: number; peers: number; vehicles: number; consumers: number; spread: number } {
    const sum = { rooms: this.#rooms.size, peers: 0, vehicles: 0, consumers: 0, spread: 0 };
    for (const room of this.#rooms.values()) {
      const { peers, vehicles, consumers } = room.size;
      sum.peers += peers;
      sum.vehicles += vehicles;
      sum.consumers += consumers;
      sum.spread += room.spread;
    }
    return sum;
  }

  close(): void {
    for (const room of [...this.#rooms.values()]) room.close();
  }
}
