/** The rooms of this process, made when somebody comes and forgotten when the last one has left. */

import type { Log } from '../log.ts';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import type { AlarmBook } from './alarms/alarm-book.ts';
import type { HeldBack } from './held-back.ts';
import type { Limits } from './limits.ts';
import type { Neighbours } from './neighbours.ts';
import type { Peer } from './peer.ts';
import { Refused } from './refused.ts';
import { Room } from './room.ts';
import type { SharedMasks } from './shared-masks.ts';

/** Finds rooms by name. */
export class Rooms {
  readonly #rooms = new Map<string, Room>();

  constructor(
    readonly pool: WorkerPool,
    readonly limits: Limits,
    private readonly heldBack: HeldBack,
    readonly alarms: AlarmBook,
    private readonly masks: SharedMasks,
    private readonly log: Log,
  ) {}

  /** Other processes that share the rooms; set before the first room is entered. */
  neighbours: Neighbours | null = null;

  /**
   * The room of a name.
   * @throws Refused `too-many`
   */
  enter(name: string): Room {
    const present = this.#rooms.get(name);
    if (present) return present;
    if (this.#rooms.size >= this.limits.rooms) throw new Refused('too-many');
    const room = new Room(name, this.pool, this.limits, this.neighbours, this.alarms, {
      log: this.log,
      empty: () => {
        if (this.#rooms.get(name) === room) this.#rooms.delete(name);
      },
      shared: (room, source, home) => void this.masks.listen(room, source, home),
      vehicleLeft: (vehicle) => this.masks.forget(vehicle),
      lost: (_, peers) => {
        // Only who sends can harm a worker by what it sends.
        const senders = peers.filter((peer) => peer.grant.role === 'publish');
        this.heldBack.died([`room ${name}`, ...new Set(senders.map((peer) => `token ${peer.grant.id}`))]);
        this.log.error(
          { room: name, peers: peers.length, tokens: senders.map((peer) => peer.grant.hash) },
          'room lost its media worker',
        );
      },
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

  [Symbol.iterator](): Iterator<Room> {
    return this.#rooms.values();
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
