/**
 * How a picture comes here, read from WebRTC's statistics (webrtc-stats): its way, how long it takes, and how long it
 * waits before it can be shown.
 */
import { z } from '../schema';
import type { LinkQuality } from './link-quality';

/** A way through the network. */
export type Way = 'udp' | 'tcp' | 'relay';

/** The way that all streams of a connection share. */
export interface Path {
  /** Milliseconds to the server and back; null before the first measurement. */
  readonly roundTrip: number | null;
  /** Which way it goes: straight, over TCP where UDP is closed, or by a relay; null before it is known. */
  readonly way: Way | null;
}

/** Figures of one stream's link. */
export interface LinkFigures extends Path {
  /** Bytes received so far. */
  readonly bytes: number;
  readonly lost: number;
  /** Null while nothing is known. */
  readonly quality: LinkQuality | null;
  /**
   * Milliseconds to a picture that can be drawn, from its being taken where the vehicle says when that was, else from
   * its being sent; null while part of it is not known.
   */
  readonly delay: number | null;
  /** What the delay is counted from. */
  readonly delayFrom: 'capture' | 'sending';
  /** Milliseconds from the server to a picture that can be drawn; null while part of it is not known. */
  readonly fromServer: number | null;
}

/** What was counted of a stream so far. */
export interface Reception {
  readonly bytes: number;
  /** Packets that came, and that did not. */
  readonly received: number;
  readonly lost: number;
  /** Pictures that left the jitter buffer, and the seconds that they waited there together. */
  readonly emitted: number;
  readonly waited: number;
  /** Pictures that were decoded, and the seconds that took. */
  readonly decoded: number;
  readonly decoding: number;
}

/** Counts of a stream (webrtc-stats, 8.3: inbound-rtp). */
export function receptionOf(stats: Iterable<unknown>): Reception {
  const streams = entriesOf(stats, ['inbound-rtp']);
  const sum = (of: (entry: z.output<typeof statEntry>) => number | undefined) =>
    streams.reduce((total, each) => total + (of(each) ?? 0), 0);
  return {
    bytes: sum((each) => each.bytesReceived),
    received: sum((each) => each.packetsReceived),
    lost: sum((each) => each.packetsLost),
    emitted: sum((each) => each.jitterBufferEmittedCount),
    waited: sum((each) => each.jitterBufferDelay),
    decoded: sum((each) => each.framesDecoded),
    decoding: sum((each) => each.totalDecodeTime),
  };
}

/** Milliseconds for which a picture waited and was decoded between two looks, on average; null where none came. */
export function waitBetween(before: Reception | null, now: Reception): number | null {
  const since = before && now.emitted >= before.emitted ? before : NOTHING;
  const [emitted, decoded] = [now.emitted - since.emitted, now.decoded - since.decoded];
  if (emitted <= 0) return null;
  const decoding = decoded > 0 ? (now.decoding - since.decoding) / decoded : 0;
  return 1000 * ((now.waited - since.waited) / emitted + decoding);
}

/**
 * From sending to a picture that can be drawn: half of each round trip, and the wait. For vehicles that do not say when
 * they took a picture; what their cameras and encoders take is not in it.
 * @param sender round trip between the vehicle and the server, null where it cannot be measured (plain RTP)
 * @param own round trip between the server and here
 * @param wait see `waitBetween`
 * @returns milliseconds; null while the own way or the wait is not known
 */
export function delayOf(sender: number | null, own: number | null, wait: number | null): number | null {
  return own === null || wait === null ? null : (sender ?? 0) / 2 + own / 2 + wait;
}

/** Reads the pair of candidates in use (webrtc-stats, 8.21 and 8.20). */
export function pathOf(stats: Iterable<unknown>): Path {
  const all = entriesOf(stats, ['candidate-pair', 'local-candidate']);
  const pair = all.find((each) => each.type === 'candidate-pair' && each.nominated);
  if (!pair) return { roundTrip: null, way: null };
  const local = all.find((each) => each.type === 'local-candidate' && each.id === pair.localCandidateId);
  // Behind a NAT, what the server sees of the relay is a candidate of another type, still by the relay (`relayProtocol`).
  const relayed = local?.candidateType === 'relay' || local?.relayProtocol !== undefined;
  const way = local === undefined ? null : relayed ? 'relay' : local.protocol === 'tcp' ? 'tcp' : 'udp';
  return {
    roundTrip: pair.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1000,
    way,
  };
}

const NOTHING: Reception = {
  bytes: 0,
  received: 0,
  lost: 0,
  emitted: 0,
  waited: 0,
  decoded: 0,
  decoding: 0,
};

const statEntry = z.object({
  id: z.string(),
  type: z.string(),
  nominated: z.boolean().optional(),
  currentRoundTripTime: z.number().optional(),
  localCandidateId: z.string().optional(),
  candidateType: z.string().optional(),
  relayProtocol: z.string().optional(),
  protocol: z.string().optional(),
  bytesReceived: z.number().optional(),
  packetsReceived: z.number().optional(),
  packetsLost: z.number().optional(),
  jitterBufferDelay: z.number().optional(),
  jitterBufferEmittedCount: z.number().optional(),
  framesDecoded: z.number().optional(),
  totalDecodeTime: z.number().optional(),
});

/** Entries of some types. A connection has a hundred entries of others, and checking each costs more than all else here. */
function entriesOf(stats: Iterable<unknown>, types: readonly string[]): z.output<typeof statEntry>[] {
  const found: z.output<typeof statEntry>[] = [];
  for (const each of stats) {
    const { type } = (each ?? {}) as { readonly type?: unknown };
    if (typeof type !== 'string' || !types.includes(type)) continue;
    const entry = statEntry.safeParse(each).data;
    if (entry) found.push(entry);
  }
  return found;
}
