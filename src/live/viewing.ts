/**
 * Looks at a room: knows its vehicles, asks the server for their pictures as they are wanted, and hands their tracks
 * on. What a tile needs (a low layer, a high one, nothing at all) is asked for at the server, where it saves the link.
 */
import type { types } from 'mediasoup-client';
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import type { Alarm, AlarmKind, AlarmRule } from './alarms';
import { retryDelay } from './backoff';
import { captureOf, type SynchronizationSource, sinceCapture } from './capture-times';
import { LinkWatch } from './link-quality';
import { MaskChannel } from './mask-channel';
import type { AnswerData, Leaving, Notification, Vehicle } from './protocol';
import {
  delayOf,
  type LinkFigures,
  type Path,
  pathOf,
  type Reception,
  receptionOf,
  waitBetween,
} from './reception';
import { Session, type SessionPorts, type SessionState } from './session';
import type { SharedMask } from './shared-mask';

/** How much of a picture is wanted. */
export type Want = 'nothing' | 'thumbnail' | 'full';

/** What a viewer tells. */
export interface ViewingEvents {
  state(state: SessionState, error: ErrorReport | null): void;
  /** All vehicles of the room, whenever they change. */
  vehicles(vehicles: readonly Vehicle[]): void;
  came(vehicle: Vehicle): void;
  /** @param reason null where it left while the connection was broken */
  left(vehicle: Vehicle, reason: Leaving | null): void;
  /** A vehicle's picture does not come; it is asked for again. */
  failed(vehicle: Vehicle, error: ErrorReport): void;
  /** A vehicle's picture flows, for the first time or again. The track stays this room's. */
  track(vehicle: string, track: MediaStreamTrack): void;
  /** This browser cannot show what the vehicle sends. */
  unsupported(vehicle: string): void;
  /** The layer that is sent now, 0 the smallest; null when none is. */
  layer(vehicle: string, spatial: number | null): void;
  mask(mask: SharedMask): void;
  /** Joined, or taken up again: the room's rules, and the alarms of before, the newest last. */
  alarms(rules: readonly AlarmRule[], alarms: readonly Alarm[]): void;
  /** One is new, or somebody sees to it. */
  alarm(alarm: Alarm): void;
}

interface Watched {
  readonly consumer: types.Consumer;
  readonly spatialLayers: number;
  readonly link: LinkWatch;
  /** As of the last look. */
  reception: Reception | null;
}

/** Owns its session and the consumers. */
export class Viewing {
  readonly session: Session;
  readonly #masks: MaskChannel;
  #vehicles = new Map<string, Vehicle>();
  readonly #watched = new Map<string, Promise<Watched>>();
  readonly #wants = new Map<string, Want>();
  /** How often a picture was asked for in vain, by vehicle. */
  readonly #failures = new Map<string, number>();
  /** Vehicles by consumer: what is told of a consumer waits for nobody else's. */
  readonly #vehicleOf = new Map<string, string>();

  constructor(
    private readonly ports: SessionPorts,
    private readonly events: ViewingEvents,
  ) {
    this.session = new Session(ports, null, {
      state: (state, error) => events.state(state, error),
      joined: (answer) => this.#joined(answer),
      resumed: (answer) => this.#resumed(answer),
      notification: (notification) => this.#hear(notification),
    });
    this.#masks = new MaskChannel(this.session, (mask) => events.mask(mask));
  }

  start(): void {
    this.session.start();
  }

  get vehicles(): readonly Vehicle[] {
    return [...this.#vehicles.values()];
  }

  /** Says how much of a vehicle's picture is wanted from now on. Never rejects. */
  want(vehicle: string, want: Want): void {
    if (this.#wants.get(vehicle) === want) return;
    this.#wants.set(vehicle, want);
    void this.#apply(vehicle);
  }

  /** Sends what the own network saw to the others, within the bounds of the channel. */
  share(mask: SharedMask): void {
    void this.#masks.send(mask);
  }

  /** How everything comes here. @throws CarriagewayError where there is no connection */
  async path(): Promise<Path> {
    const transport = await this.session.transport('receive');
    return pathOf((await transport.getStats()).values());
  }

  /** Figures since the look before. @param path of now, as `path` gives it: all vehicles' streams share it */
  async figures(vehicle: string, { roundTrip, way }: Path): Promise<LinkFigures | null> {
    const watched = await this.#watched.get(vehicle)?.catch(() => null);
    if (!watched || watched.consumer.closed) return null;
    const now = receptionOf((await watched.consumer.getStats()).values());
    const wait = waitBetween(watched.reception, now);
    watched.reception = now;
    const known = this.#vehicles.get(vehicle);
    const taken = captureOf(
      (watched.consumer.rtpReceiver?.getSynchronizationSources() ?? []) as SynchronizationSource[],
    );
    const clock = performance.timeOrigin + performance.now();
    const captured = sinceCapture(taken, known?.clock ?? null, this.session.clock, clock);
    const wanted = (this.#wants.get(vehicle) ?? 'nothing') !== 'nothing';
    return {
      bytes: now.bytes,
      lost: now.lost,
      quality: known?.silent ? 'none' : watched.link.look(now, roundTrip, wanted, performance.now()),
      roundTrip,
      way,
      delay: captured ?? delayOf(known?.roundTrip ?? null, roundTrip, wait),
      delayFrom: captured === null ? 'sending' : 'capture',
      fromServer: delayOf(null, roundTrip, wait),
    };
  }

  /** Tells the server of what was seen. Never rejects: who may not, or has lost the room, tells of nothing. */
  raiseAlarm(vehicle: string, kind: AlarmKind, value: number): void {
    this.session.request('raiseAlarm', { vehicle, kind, value }).catch(() => {});
  }

  /** Says that somebody sees to an alarm. Never rejects. */
  acknowledgeAlarm(alarm: string): void {
    this.session.request('acknowledgeAlarm', { alarm }).catch(() => {});
  }

  async leave(): Promise<void> {
    await this.session.leave();
    this.#watched.clear();
    this.#vehicleOf.clear();
  }

  #joined(answer: AnswerData<'join'>): void {
    // The consumers went with their transports.
    this.#watched.clear();
    this.#vehicleOf.clear();
    this.#masks.reset();
    this.#resumed(answer);
  }

  /** What was asked for meanwhile, and what ended meanwhile, nobody has told. */
  #resumed(answer: AnswerData<'join'>): void {
    this.#failures.clear();
    this.#meet(answer);
    for (const vehicle of this.#vehicles.keys()) void this.#apply(vehicle);
  }

  #meet(answer: AnswerData<'join'>): void {
    const before = this.#vehicles;
    this.#vehicles = new Map(answer.vehicles.map((vehicle) => [vehicle.id, vehicle]));
    for (const [id, vehicle] of before) if (!this.#vehicles.has(id)) this.events.left(vehicle, null);
    for (const id of [...this.#watched.keys()]) if (!this.#vehicles.has(id)) this.#forget(id);
    this.events.vehicles(this.vehicles);
    this.events.alarms(answer.alarmRules, answer.alarms);
    for (const { id } of answer.sources) this.#masks.receive(id);
  }

  #hear(notification: Notification): void {
    switch (notification.event) {
      case 'vehicle-came':
        this.#vehicles.set(notification.vehicle.id, notification.vehicle);
        this.events.came(notification.vehicle);
        this.events.vehicles(this.vehicles);
        break;
      case 'vehicle-left': {
        const known = this.#vehicles.get(notification.vehicle);
        if (known) this.events.left(known, notification.reason);
        this.#vehicles.delete(notification.vehicle);
        this.#forget(notification.vehicle);
        this.events.vehicles(this.vehicles);
        break;
      }
      case 'source-came':
        this.#masks.receive(notification.source.id);
        break;
      case 'source-left':
        this.#masks.forget(notification.source);
        break;
      case 'vehicle-silent':
        this.#change(notification.vehicle, { silent: notification.silent });
        break;
      case 'vehicle-way':
        this.#change(notification.vehicle, { roundTrip: notification.roundTrip });
        break;
      case 'consumer-layers': {
        const vehicle = this.#vehicleOf.get(notification.consumer);
        if (vehicle) this.events.layer(vehicle, notification.spatial);
        break;
      }
      case 'consumer-closed': {
        const vehicle = this.#vehicleOf.get(notification.consumer);
        // Its worker may have died while the vehicle stays; asking again finds out.
        if (!vehicle) break;
        this.#vehicleOf.delete(notification.consumer);
        this.#watched.delete(vehicle);
        if (this.#vehicles.has(vehicle)) void this.#apply(vehicle);
        break;
      }
      case 'alarm':
        this.events.alarm(notification.alarm);
        break;
      case 'token-ends':
        // The session's affair.
        break;
    }
  }

  #change(vehicle: string, what: Partial<Vehicle>): void {
    const known = this.#vehicles.get(vehicle);
    if (!known) return;
    this.#vehicles.set(vehicle, { ...known, ...what });
    this.events.vehicles(this.vehicles);
  }

  #forget(vehicle: string): void {
    const pending = this.#watched.get(vehicle);
    this.#watched.delete(vehicle);
    this.#wants.delete(vehicle);
    this.#failures.delete(vehicle);
    void pending?.then(
      ({ consumer }) => {
        this.#vehicleOf.delete(consumer.id);
        consumer.close();
      },
      () => {},
    );
  }

  async #apply(vehicle: string): Promise<void> {
    const want = this.#wants.get(vehicle);
    if (want === undefined || !this.#vehicles.has(vehicle)) return;
    // A picture nobody has looked at yet need not be asked for.
    if (want === 'nothing' && !this.#watched.has(vehicle)) return;
    let pending = this.#watched.get(vehicle);
    if (!pending) {
      pending = this.#consume(vehicle);
      this.#watched.set(vehicle, pending);
    }
    try {
      const { consumer, spatialLayers } = await pending;
      // Another wish may have come meanwhile; the newest counts.
      const now = this.#wants.get(vehicle) ?? 'nothing';
      const full = now === 'full';
      await this.session.request('setConsumer', {
        consumer: consumer.id,
        paused: now === 'nothing',
        priority: full ? 200 : 50,
        ...(spatialLayers > 1 ? { layers: { spatial: full ? spatialLayers - 1 : 0 } } : {}),
      });
      this.#failures.delete(vehicle);
    } catch (thrown) {
      await this.#retry(vehicle, pending, reportOf(thrown, 'live-refused'));
    }
  }

  /** Asks anew for a picture that did not come, or whose consumer the server does not know any more. */
  async #retry(vehicle: string, failed: Promise<Watched>, error: ErrorReport): Promise<void> {
    const watched = await failed.catch(() => null);
    // Another took its place.
    if (this.#watched.get(vehicle) !== failed) return;
    if (error.code === 'live-unsupported') {
      this.#watched.delete(vehicle);
      this.events.unsupported(vehicle);
      return;
    }
    // The connection is being taken up again, after which all this is done anew.
    if (error.code === 'live-connection-lost') {
      if (!watched) this.#watched.delete(vehicle);
      return;
    }
    this.#watched.delete(vehicle);
    if (watched) this.#vehicleOf.delete(watched.consumer.id);
    watched?.consumer.close();
    const known = this.#vehicles.get(vehicle);
    if (!known) return;
    this.events.failed(known, error);
    const failures = (this.#failures.get(vehicle) ?? 0) + 1;
    this.#failures.set(vehicle, failures);
    await this.ports.wait(retryDelay(failures, this.ports.random()));
    if (!this.#watched.has(vehicle)) await this.#apply(vehicle);
  }

  async #consume(vehicle: string): Promise<Watched> {
    const transport = await this.session.transport('receive');
    const answer = await this.session.request('consume', {
      vehicle,
      transport: transport.id,
      rtpCapabilities: { ...this.session.device.recvRtpCapabilities },
    });
    // Known before the consumer is: the server tells of it from now on.
    this.#vehicleOf.set(answer.id, vehicle);
    const consumer = await transport.consume({
      id: answer.id,
      producerId: answer.vehicle,
      kind: 'video',
      rtpParameters: answer.rtpParameters as unknown as types.RtpParameters,
    });
    if (!this.#vehicles.has(vehicle)) {
      consumer.close();
      throw new CarriagewayError('live-refused', 'the vehicle has left');
    }
    this.events.track(vehicle, consumer.track);
    return { consumer, spatialLayers: answer.spatialLayers, link: new LinkWatch(), reception: null };
  }
}
