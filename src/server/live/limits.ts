/**
 * How much of everything there may be, in one place. Each bound is many times what an honest client needs, and small
 * enough that a dishonest one harms nobody else.
 */
import { SENDER_BITRATE_MAX } from '../../live/protocol.ts';

/** Bounds of one process. */
export interface Limits {
  /** Rooms in which somebody is. */
  readonly rooms: number;
  readonly peersPerRoom: number;
  /** Participants that came with one token, and from one address: a link is passed on, and an office has one address. */
  readonly peersPerToken: number;
  readonly peersPerAddress: number;
  /** A dashboard shows nine; a fleet's room holds more. */
  readonly vehiclesPerRoom: number;
  readonly transportsPerPeer: number;
  readonly vehiclesPerPeer: number;
  readonly consumersPerPeer: number;
  /** Viewers of one room that share what they see: once is enough, two survive a leaving. */
  readonly sourcesPerRoom: number;
  /** Incoming bits per second of one peer over half a minute: a 720p drive at 25 pictures a second looks clean at half of it. */
  readonly bitrateMax: number;
  /** The same of a viewer, who sends masks and reports: several times what they take. */
  readonly viewerBitrateMax: number;
  /** Messages per second of one peer, and how many may come at once. */
  readonly messageRate: number;
  readonly messageBurst: number;
  /** New sockets per second of one address, and how many may come at once. */
  readonly socketRate: number;
  readonly socketBurst: number;
  /** Sockets of one address that have not joined. The oldest gives way: squatters must not shut the door. */
  readonly idleSockets: number;
  /** Milliseconds in which a socket has to join. */
  readonly joinTime: number;
  /** Milliseconds for which a broken connection can be taken up. */
  readonly resumeTime: number;
  /** Consumers of one router before the room spreads to another worker's; mediasoup advises some 500 a core. */
  readonly consumersPerRouter: number;
  /** Milliseconds for which a token opens nothing after its holder sent too much. */
  readonly pauseTime: number;
  /** Milliseconds without a byte of a vehicle's picture after which everybody is told. */
  readonly silentAfter: number;
  /** Milliseconds without a byte, or without a way, after which a stay by WHIP or WHEP is over. */
  readonly mediaSilence: number;
  /** Milliseconds before its end at which a token's holder is told to show another. */
  readonly renewTime: number;
  /** Milliseconds in which a request is answered. */
  readonly answerTime: number;
  /** Bytes of one shared mask. */
  readonly maskBytes: number;
}

/** The bounds unless told otherwise. */
export const DEFAULT_LIMITS: Limits = {
  rooms: 100,
  peersPerRoom: 100,
  peersPerToken: 32,
  peersPerAddress: 128,
  vehiclesPerRoom: 32,
  transportsPerPeer: 4,
  vehiclesPerPeer: 2,
  consumersPerPeer: 40,
  sourcesPerRoom: 4,
  bitrateMax: SENDER_BITRATE_MAX,
  viewerBitrateMax: 1_000_000,
  messageRate: 40,
  messageBurst: 200,
  socketRate: 20,
  socketBurst: 300,
  idleSockets: 64,
  joinTime: 10_000,
  resumeTime: 15_000,
  consumersPerRouter: 400,
  pauseTime: 30_000,
  silentAfter: 5000,
  mediaSilence: 30_000,
  renewTime: 60_000,
  answerTime: 10_000,
  maskBytes: 16 * 1024,
};
