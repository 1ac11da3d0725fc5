/** What a peer needs of the rest: a way to speak, a place for media, and its room. */
import type { types } from 'mediasoup';
import type { CLOSE_CODES, Leaving, Notification, RequestData, Vehicle } from '../../live/protocol.ts';
import type { Listen } from '../sfu/listen.ts';
import type { RoomRouter } from '../sfu/worker-pool.ts';
import type { IceServers } from './ice-servers.ts';
import type { Limits } from './limits.ts';

/** What a peer speaks through; null while its connection is broken. */
export interface PeerSocket {
  send(message: Notification): void;
  close(code: keyof typeof CLOSE_CODES): void;
}

/** Where media goes. */
export interface MediaPlace extends Listen {
  readonly iceServers?: IceServers;
}

/** What a peer asks of its room: see `Room`. @typeParam P the peer */
export interface PeerRoom<P> {
  readonly limits: Limits;
  readonly name: string;
  readonly vehicles: readonly Vehicle[];
  /** Whether no further vehicle has a place. */
  readonly full: boolean;
  /** Ids of the viewers' shared masks, except a peer's own. */
  sourcesFor(peer: P): readonly string[];
  remove(peer: P): void;
  /** @param leaving asked when it leaves: why */
  addVehicle(vehicle: Vehicle, producer: types.Producer, home: RoomRouter, leaving: () => Leaving): void;
  setSilent(vehicle: string, silent: boolean): void;
  setWay(vehicle: string, roundTrip: number | null): void;
  raiseAlarm(alarm: RequestData<'raiseAlarm'>): Record<never, never>;
  acknowledgeAlarm(id: string, by: string): Record<never, never>;
  addSource(producer: types.DataProducer, home: RoomRouter, peer: P): void;
  bring(vehicle: string, to: RoomRouter): Promise<types.Producer>;
  bringSource(source: string, to: RoomRouter): Promise<void>;
}
