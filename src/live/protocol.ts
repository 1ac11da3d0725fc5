/**
 * What a page (or the command-line publisher) and the server say to each other over the WebSocket: JSON texts, each
 * checked here before anything else looks at it. Requests carry an id and are answered once; notifications are not
 * answered. WebRTC parameters are checked for shape only: mediasoup checks their sense.
 */
import { z } from '../schema.ts';
import { alarm, alarmKind, alarmRules, DEFAULT_RULES } from './alarms.ts';
import { roomName, vehicleName } from './names.ts';

/** Path of the WebSocket. */
export const SOCKET_PATH = '/live/socket';

/** Path of the endpoint that issues tokens. */
export const TOKEN_PATH = '/live/tokens';

/** Where recordings are listed and fetched. */
export const RECORDING_PATH = '/live/recordings';

/** What a server that keeps no recordings answers there: this is no failure, which browsers would write into their console. */
export const NOTHING_KEPT = 204;

/** Longest message either way, in bytes: an SDP-sized offer is under 10 KB. */
export const MESSAGE_BYTES_MAX = 64 * 1024;

/** Bits per second with which a vehicle may come in, unless a server is told otherwise. */
export const SENDER_BITRATE_MAX = 4_000_000;

/** What a token allows: sending a vehicle's picture, or looking at all of a room's vehicles. */
export const role = z.enum(['publish', 'view']);
export type Role = z.output<typeof role>;

/**
 * What a token allows beyond its role: asking for tokens of the same room, running the server, and looking at what was
 * recorded.
 */
export const permission = z.enum(['invite', 'admin', 'replay']);
export type Permission = z.output<typeof permission>;

/** Why the server refuses. Bounded, and all that a client is ever told. */
const refusal = z.enum([
  'malformed',
  'unauthorised',
  'expired',
  'forbidden',
  'not-found',
  'too-many',
  'too-fast',
  'unsupported',
  /** No media worker runs just now: come again. */
  'not-ready',
  /** Media workers died again and again with this room or this token on them: come again later. */
  'held-back',
  'closed',
  'failed',
]);
export type Refusal = z.output<typeof refusal>;

/** Codes with which the server closes a WebSocket; 4000 to 4999 are free for applications (RFC 6455, 7.4.2). */
export const CLOSE_CODES = {
  /** The server stops, or the worker of the room died: come again. */
  again: 4000,
  /** The client broke the rules of the protocol. */
  malformed: 4002,
  /** Too many messages, too many sockets from one address, or more bits a second than may come in. */
  tooFast: 4003,
  /** No token came in time, or it would not do. */
  unauthorised: 4004,
  /** Another connection took this peer's place. */
  replaced: 4005,
  /** The room, its token or the address has all that it may have: come again later. */
  full: 4006,
  /** The token has ended. */
  expired: 4007,
  /** The operator sent this peer away, revoked its token or ended the room. */
  removed: 4008,
} as const;

const id = z.string().min(1).max(64);
/** Of mediasoup and mediasoup-client, passed on as they are: a bounded object. */
const parameters = z.record(z.string().max(64), z.unknown());
const layer = z.int().min(0).max(7);
/** Milliseconds between two clocks: a century at most. */
const clock = z.number().min(-4e12).max(4e12);

/** Requests by method: what each carries. */
export const REQUESTS = {
  join: z.object({
    token: z.string().min(1).max(2048),
    name: vehicleName.optional(),
    /** Takes up a connection that broke a moment ago. */
    resume: z.object({ peer: id, key: z.string().min(16).max(128) }).optional(),
  }),
  createTransport: z.object({ direction: z.enum(['send', 'receive']) }),
  connectTransport: z.object({ transport: id, dtlsParameters: parameters }),
  restartIce: z.object({ transport: id }),
  produce: z.object({
    transport: id,
    rtpParameters: parameters,
    /** Milliseconds to be added to the sender's clock for the server's; left out where they are not known. */
    clock: clock.optional(),
  }),
  /** Opens a port for RTP without WebRTC. */
  ingest: z.object({ codec: z.enum(['h264', 'vp8']), profile: z.string().max(8).optional() }),
  consume: z.object({ vehicle: id, transport: id, rtpCapabilities: parameters }),
  setConsumer: z.object({
    consumer: id,
    paused: z.boolean().optional(),
    layers: z.object({ spatial: layer, temporal: layer.optional() }).optional(),
    priority: z.int().min(1).max(255).optional(),
  }),
  closeConsumer: z.object({ consumer: id }),
  produceData: z.object({ transport: id, sctpStreamParameters: parameters }),
  consumeData: z.object({ source: id, transport: id }),
  /** Tells of what the rules of the room ask for. */
  raiseAlarm: z.object({ vehicle: id, kind: alarmKind, value: z.number().nullable() }),
  /** Says that somebody sees to it. */
  acknowledgeAlarm: z.object({ alarm: id }),
  /** What time is it? */
  clock: z.object({}),
  /** Shows another token of the same room and role, before the one at hand ends. */
  renew: z.object({ token: z.string().min(1).max(2048) }),
  leave: z.object({}),
} as const;

/** Name of a request. */
export type Method = keyof typeof REQUESTS;

/** What a request carries. */
export type RequestData<M extends Method> = z.output<(typeof REQUESTS)[M]>;

/** A vehicle as everybody in its room knows it. */
export const vehicle = z.object({
  /** Its producer's id. */
  id,
  name: z.string().max(64),
  /** How it came in. */
  via: z.enum(['browser', 'rtp']),
  /** Whether nothing of its picture has come for some seconds. */
  silent: z.boolean().default(false),
  /** Milliseconds from the server to it and back; null where that cannot be measured. */
  roundTrip: z.number().nullable().default(null),
  /** Milliseconds to be added to its clock for the server's; left out where it tells no times of capture. */
  clock: clock.optional(),
});
export type Vehicle = z.output<typeof vehicle>;

/** Why a vehicle has left a room. */
const leaving = z.enum([
  /** It said so. */
  'left',
  /** Its connection broke, and was not taken up again in time. */
  'lost',
  /** Nothing came from it any more. */
  'silent',
  /** Its token ended. */
  'expired',
  /** The operator sent it away. */
  'removed',
  /** It sent more than may come in, or what may not. */
  'too-fast',
  /** The server stops, or the media worker that it was on died: it is to come again. */
  'again',
  /** It comes in at another process, which is not heard any more, or says that it has gone. */
  'elsewhere',
]);
export type Leaving = z.output<typeof leaving>;

/** A viewer that shares what its network sees. */
const dataSource = z.object({ id });

/** STUN or TURN, as `RTCPeerConnection` takes it. */
const iceServer = z.object({
  urls: z.array(z.string().max(300)).max(16),
  username: z.string().max(512).optional(),
  credential: z.string().max(512).optional(),
});
export type IceServer = z.output<typeof iceServer>;
const iceServers = z.array(iceServer).max(4).default([]);

const webRtcTransport = z.object({
  id,
  iceParameters: parameters,
  iceCandidates: z.array(parameters),
  dtlsParameters: parameters,
  sctpParameters: parameters.nullable(),
  iceServers,
});

/** Answers by method. */
export const ANSWERS = {
  join: z.object({
    peer: id,
    /** Shown when the connection is taken up again. */
    key: z.string(),
    resumed: z.boolean(),
    role,
    room: roomName,
    rtpCapabilities: parameters,
    vehicles: z.array(vehicle),
    sources: z.array(dataSource),
    /** Most bits a second that a sender is let through with. */
    bitrateMax: z.number(),
    /** When the token ends, in seconds since 1970. */
    expires: z.number(),
    /** Whether this viewer may share masks, and tell of alarms. */
    share: z.boolean().default(true),
    /** By which a viewer judges what it sees, and what was told before it came, the newest last. */
    alarmRules: alarmRules.default([...DEFAULT_RULES]),
    alarms: z.array(alarm).default([]),
  }),
  createTransport: webRtcTransport,
  connectTransport: z.object({}),
  restartIce: z.object({ iceParameters: parameters, iceServers }),
  produce: z.object({ vehicle: id }),
  /** Milliseconds since 1970. */
  clock: z.object({ now: z.number() }),
  ingest: z.object({
    vehicle: id,
    address: z.string(),
    port: z.int(),
    payloadType: z.int(),
    ssrc: z.int(),
    /** Everything is encrypted by this key (SRTP, RFC 4568): nobody else can send in the vehicle's name. */
    srtp: z.object({ suite: z.literal('AES_CM_128_HMAC_SHA1_80'), key: z.string() }),
  }),
  consume: z.object({
    id,
    vehicle: id,
    kind: z.literal('video'),
    rtpParameters: parameters,
    /** Layers the sender offers; 1 and 1 without simulcast or SVC. */
    spatialLayers: z.int(),
    temporalLayers: z.int(),
  }),
  setConsumer: z.object({}),
  closeConsumer: z.object({}),
  produceData: z.object({ source: id }),
  consumeData: z.object({
    id,
    source: id,
    sctpStreamParameters: parameters,
    label: z.string(),
    protocol: z.string(),
  }),
  raiseAlarm: z.object({}),
  acknowledgeAlarm: z.object({}),
  renew: z.object({ expires: z.number() }),
  leave: z.object({}),
} as const satisfies Record<Method, z.ZodType>;

/** What an answer carries. */
export type AnswerData<M extends Method> = z.output<(typeof ANSWERS)[M]>;

/** What the server tells without being asked. */
const notification = z.discriminatedUnion('event', [
  z.object({ event: z.literal('vehicle-came'), vehicle }),
  /** Another server may know other reasons, or tell none. */
  z.object({ event: z.literal('vehicle-left'), vehicle: id, reason: leaving.catch('left') }),
  /** Nothing of a vehicle's picture has come for some seconds, or it comes again; told to the vehicle as well. */
  z.object({ event: z.literal('vehicle-silent'), vehicle: id, silent: z.boolean() }),
  /** The way between a vehicle and the server has become longer or shorter. */
  z.object({ event: z.literal('vehicle-way'), vehicle: id, roundTrip: z.number().nullable() }),
  /** An alarm is new, or somebody sees to it now. */
  z.object({ event: z.literal('alarm'), alarm }),
  /** The token ends in so many seconds: show another by `renew`. */
  z.object({ event: z.literal('token-ends'), seconds: z.number() }),
  z.object({ event: z.literal('source-came'), source: dataSource }),
  z.object({ event: z.literal('source-left'), source: id }),
  z.object({ event: z.literal('consumer-closed'), consumer: id }),
  z.object({
    event: z.literal('consumer-layers'),
    consumer: id,
    spatial: z.int().nullable(),
  }),
]);
export type Notification = z.output<typeof notification>;

/** Envelope of a request; its data is checked by method afterwards. */
export const requestEnvelope = z.object({
  id: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  method: z.enum(Object.keys(REQUESTS) as [Method, ...Method[]]),
  data: z.unknown(),
});

/** Envelope of what the server sends. */
export const serverMessage = z.union([
  z.object({ id: z.int(), ok: z.literal(true), data: z.unknown() }),
  z.object({ id: z.int(), ok: z.literal(false), refusal }),
  notification,
]);
export type ServerMessage = z.output<typeof serverMessage>;

/** Body of a request for a token. */
export const tokenRequest = z.object({
  room: roomName,
  role,
  /** How long it lasts, in seconds: a minute to a day. */
  seconds: z.int().min(60).max(86_400).default(7200),
  /** Whether its holder may ask for tokens of the same room: the same as `invite` in `may`. */
  invites: z.boolean().default(false),
  /** Only the owner of the server gives these. */
  may: z.array(permission).max(4).default([]),
  /** What its holder is called; left out, it says so itself. */
  name: vehicleName.optional(),
  /** Whether a viewer may share masks with the others. */
  share: z.boolean().default(true),
});

/** Answer to it. */
export const tokenAnswer = z.object({
  token: z.string(),
  expires: z.number(),
  /** Its number, by which it can be revoked. */
  id: z.string(),
});
