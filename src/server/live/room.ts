/**
 * One room: its peers, the vehicles they send, and the routers that carry them. A room begins on one worker's router
 * and takes another's when the first has enough consumers; vehicles are piped between them as they are asked for.
 */
import type { types } from 'mediasoup';
import type { Leaving, Notification, RequestData, Vehicle } from '../../live/protocol.ts';
import type { Log } from '../log.ts';
import type { RoomRouter, WorkerPool } from '../sfu/worker-pool.ts';
import type { AlarmBook } from './alarms/alarm-book.ts';
import type { Listing } from './directory.ts';
import type { Limits } from './limits.ts';
import type { Neighbours } from './neighbours.ts';
import type { Peer } from './peer.ts';
import { Refused } from './refused.ts';

/** What a room tells. */
export interface RoomEvents {
  readonly log: Log;
  /** The last peer has left, or the room cannot go on. */
  empty(room: Room): void;
  /** A viewer begins to share what its network sees. */
  shared(room: Room, source: types.DataProducer, home: RoomRouter): void;
  /** A vehicle that came in here has left. */
  vehicleLeft(vehicle: string): void;
  /** The worker of one of its routers died, with these peers on it. */
  lost(room: Room, peers: readonly Peer[]): void;
}

/** A vehicle and where it comes in. */
interface Sent {
  vehicle: Vehicle;
  readonly producer: types.Producer;
  readonly home: RoomRouter;
}

/** A viewer's shared masks and where they come in. */
interface Shared {
  readonly producer: types.DataProducer;
  readonly home: RoomRouter;
  readonly peer: Peer;
}

/** Owns its routers; peers own their transports. */
export class Room {
  readonly peers = new Map<string, Peer>();
  readonly #routers: RoomRouter[] = [];
  readonly #vehicles = new Map<string, Sent>();
  readonly #sources = new Map<string, Shared>();
  /** Vehicles that come in at other processes, and the pipes to those that are looked at here. */
  #remote = new Map<string, Listing>();
  readonly #pipes = new Map<string, Promise<Sent>>();
  #unwatch: (() => void) | null = null;
  /** Resolves when the vehicles of other processes are known. */
  readonly ready: Promise<void>;
  #closed = false;

  /**
   * @param neighbours other processes that share the room; null when there are none
   */
  constructor(
    readonly name: string,
    private readonly pool: WorkerPool,
    readonly limits: Limits,
    private readonly neighbours: Neighbours | null,
    readonly alarms: AlarmBook,
    private readonly events: RoomEvents,
  ) {
    this.ready = this.#watch();
  }

  get vehicles(): readonly Vehicle[] {
    return [...this.#vehicles.values(), ...this.#remote.values()].map((each) => each.vehicle);
  }

  /** Where a vehicle of this very process comes in. */
  homeOf(vehicle: string): Pick<Sent, 'home' | 'producer'> | undefined {
    return this.#vehicles.get(vehicle);
  }

  /** Ids of the viewers' shared masks, except a peer's own. */
  sourcesFor(peer: Peer): readonly string[] {
    return [...this.#sources].flatMap(([id, shared]) => (shared.peer === peer ? [] : [id]));
  }

  get size(): { readonly peers: number; readonly vehicles: number; readonly consumers: number } {
    const consumers = this.#routers.reduce((sum, router) => sum + router.consumers, 0);
    return { peers: this.peers.size, vehicles: this.#vehicles.size, consumers };
  }

  /** How many routers, and so workers, carry the room. */
  get spread(): number {
    return this.#routers.length;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * A router for a newcomer: the emptiest of the room's, or one on another worker when that has enough to do.
   * @throws Refused `not-ready` when no worker runs, `closed`
   */
  async router(): Promise<RoomRouter> {
    const emptiest = this.#routers.toSorted((a, b) => a.consumers - b.consumers)[0];
    if (emptiest && emptiest.consumers < this.limits.consumersPerRouter) return emptiest;
    const placed = await this.pool.place(this.name, new Set(this.#routers.map((router) => router.worker)));
    if (!placed) {
      if (emptiest) return emptiest;
      throw new Refused('not-ready');
    }
    if (this.#closed) {
      placed.router.close();
      throw new Refused('closed');
    }
    // Two newcomers may have asked at once; the room needs a first router once only.
    const first = this.#routers[0];
    if (!emptiest && first) {
      placed.router.close();
      return first;
    }
    const router: RoomRouter = { ...placed, consumers: 0 };
    this.#routers.push(router);
    router.router.once('workerclose', () => this.#lost(router));
    return router;
  }

  /** @throws Refused `too-many` */
  admit(peer: Peer): void {
    if (this.peers.size >= this.limits.peersPerRoom) throw new Refused('too-many');
    this.peers.set(peer.id, peer);
  }

  remove(peer: Peer): void {
    if (this.peers.get(peer.id) !== peer) return;
    this.peers.delete(peer.id);
    if (this.peers.size === 0) this.close();
  }

  /** Whether another vehicle may come. */
  get full(): boolean {
    return this.#vehicles.size >= this.limits.vehiclesPerRoom;
  }

  /** Makes a vehicle known; it leaves when its producer closes. */
  addVehicle(vehicle: Vehicle, producer: types.Producer, home: RoomRouter, leaving: () => Leaving): void {
    this.#vehicles.set(vehicle.id, { vehicle, producer, home });
    const log = this.events.log.child({ room: this.name, vehicle: vehicle.id, name: vehicle.name });
    log.info({ via: vehicle.via }, 'vehicle came');
    producer.observer.once('close', () => {
      this.#vehicles.delete(vehicle.id);
      this.events.vehicleLeft(vehicle.id);
      const reason = leaving();
      log.info({ reason }, 'vehicle left');
      this.tell({ event: 'vehicle-left', vehicle: vehicle.id, reason });
      this.neighbours?.directory.withdraw(this.name, vehicle.id);
    });
    this.tell({ event: 'vehicle-came', vehicle });
    this.neighbours?.directory.announce(this.name, vehicle);
  }

  /** The way to a vehicle that comes in here has become longer or shorter. @param roundTrip milliseconds */
  setWay(id: string, roundTrip: number | null): void {
    const sent = this.#vehicles.get(id);
    if (!sent) return;
    sent.vehicle = { ...sent.vehicle, roundTrip };
    this.tell({ event: 'vehicle-way', vehicle: id, roundTrip });
    this.neighbours?.directory.announce(this.name, sent.vehicle);
  }

  /** A vehicle that comes in here has gone silent, or is heard again. */
  setSilent(id: string, silent: boolean): void {
    const sent = this.#vehicles.get(id);
    if (!sent || sent.vehicle.silent === silent) return;
    sent.vehicle = { ...sent.vehicle, silent };
    this.events.log.info(
      { room: this.name, vehicle: id, silent },
      silent ? 'vehicle is silent' : 'vehicle is heard again',
    );
    this.tell({ event: 'vehicle-silent', vehicle: id, silent });
    if (silent) this.raiseAlarm({ vehicle: id, kind: 'frozen', value: 1 });
    this.neighbours?.directory.announce(this.name, sent.vehicle);
  }

  /** @throws Refused `not-found` */
  raiseAlarm({ kind, vehicle, value }: RequestData<'raiseAlarm'>): Record<never, never> {
    const raised = this.alarms.raise(this, kind, vehicle, value);
    if (raised) this.events.log.warn({ alarm: raised }, 'alarm');
    return {};
  }

  /** @throws Refused `not-found` */
  acknowledgeAlarm(id: string, by: string): Record<never, never> {
    this.alarms.acknowledge(this, id, by);
    return {};
  }

  /** @throws Refused `too-many` */
  addSource(producer: types.DataProducer, home: RoomRouter, peer: Peer): void {
    if (this.#sources.size >= this.limits.sourcesPerRoom) throw new Refused('too-many');
    this.#sources.set(producer.id, { producer, home, peer });
    producer.observer.once('close', () => {
      this.#sources.delete(producer.id);
      this.tell({ event: 'source-left', source: producer.id }, peer);
    });
    this.tell({ event: 'source-came', source: { id: producer.id } }, peer);
    this.events.shared(this, producer, home);
  }

  /**
   * Makes a vehicle available on a router, by a pipe where it comes in elsewhere.
   * @returns it as the router knows it
   * @throws Refused `not-found`
   */
  async bring(vehicle: string, to: RoomRouter): Promise<types.Producer> {
    const sent = this.#vehicles.get(vehicle) ?? (await this.#fetch(vehicle, to));
    if (sent.home === to) return sent.producer;
    // A worker knows an id once: on another router of the same one the vehicle has an id of its own.
    const keepId = sent.home.worker !== to.worker;
    const wish = { producerId: sent.producer.id, router: to.router, keepId };
    // Asked again for the same pair, mediasoup gives back the pipe that is there.
    const { pipeProducer } = await sent.home.router.pipeToRouter(wish);
    return keepId || !pipeProducer ? sent.producer : pipeProducer;
  }

  /** The same for a viewer's shared masks. @throws Refused `not-found` */
  async bringSource(source: string, to: RoomRouter): Promise<void> {
    const shared = this.#sources.get(source);
    if (!shared) throw new Refused('not-found');
    if (shared.home !== to)
      await shared.home.router.pipeToRouter({ dataProducerId: source, router: to.router });
  }

  /** Tells everybody but one; whoever only sends is told of itself alone. */
  tell(message: Notification, except?: Peer): void {
    for (const peer of this.peers.values()) {
      if (peer === except) continue;
      if (peer.grant.role === 'view' || ('vehicle' in message && peer.sends(message.vehicle)))
        peer.tell(message);
    }
  }

  /** Ends the stay of everybody who was not told to come again. */
  end(): void {
    for (const peer of [...this.peers.values()]) peer.close('removed');
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unwatch?.();
    for (const peer of [...this.peers.values()]) peer.close('again');
    for (const { router } of this.#routers) router.close();
    this.events.empty(this);
  }

  async #watch(): Promise<void> {
    if (!this.neighbours) return;
    const { unwatch, known } = this.neighbours.directory.watch(this.name, (listings) => this.#meet(listings));
    this.#unwatch = unwatch;
    await known;
  }

  /** The vehicles of other processes have changed. */
  #meet(listings: readonly Listing[]): void {
    const before = this.#remote;
    this.#remote = new Map(listings.map((listing) => [listing.vehicle.id, listing]));
    for (const [id, { vehicle }] of this.#remote) {
      const known = before.get(id)?.vehicle;
      if (!known) this.tell({ event: 'vehicle-came', vehicle });
      else {
        const { silent, roundTrip } = vehicle;
        if (known.silent !== silent) this.tell({ event: 'vehicle-silent', vehicle: id, silent });
        if (known.roundTrip !== roundTrip) this.tell({ event: 'vehicle-way', vehicle: id, roundTrip });
      }
    }
    for (const id of before.keys()) {
      if (this.#remote.has(id)) continue;
      void this.#pipes.get(id)?.then(
        ({ producer }) => producer.close(),
        () => {},
      );
      const reason = 'elsewhere';
      this.events.log.info({ room: this.name, vehicle: id, reason }, 'vehicle left');
      this.tell({ event: 'vehicle-left', vehicle: id, reason });
    }
  }

  /** Has a picture of another process come in here, once. @throws Refused `not-found`, `failed` */
  #fetch(vehicle: string, to: RoomRouter): Promise<Sent> {
    const present = this.#pipes.get(vehicle);
    if (present) return present;
    const listing = this.#remote.get(vehicle);
    if (!listing || !this.neighbours) throw new Refused('not-found');
    const forget = () => void this.#pipes.delete(vehicle);
    const pipe = this.neighbours.fetch(this.name, listing, to).then((producer): Sent => {
      producer.observer.once('close', forget);
      return { vehicle: listing.vehicle, producer, home: to };
    });
    this.#pipes.set(vehicle, pipe);
    pipe.catch(forget);
    return pipe;
  }

  /** A worker died: whoever was on it comes again, and the room with them, on another. */
  #lost(router: RoomRouter): void {
    if (this.#closed) return;
    this.#routers.splice(this.#routers.indexOf(router), 1);
    this.events.lost(
      this,
      [...this.peers.values()].filter((peer) => peer.router === router),
    );
    if (this.#routers.length === 0) {
      this.close();
      return;
    }
    for (const peer of [...this.peers.values()]) if (peer.router === router) peer.close('again');
  }
}
