/**
 * A router for one receiver by WHEP. Whoever offers says by which numbers (RTP payload types) it wants to receive, and
 * a router sends by its own; so the picture is piped to a router whose numbers are the offered ones.
 */
import type { types } from 'mediasoup';
import type { RoomRouter, WorkerPool } from '../../sfu/worker-pool.ts';
import { Refused } from '../refused.ts';
import type { Room } from '../room.ts';
import { DYNAMIC_TYPES, type Offer, receivingCapabilities } from './offer.ts';

/**
 * Places it. Its owner closes it.
 * @returns it, and what the receiver can take of the vehicle
 * @throws Refused `not-found`, `unsupported`, `not-ready`
 */
export async function placeOwnRouter(
  pool: WorkerPool,
  room: Room,
  vehicle: string,
  offer: Offer,
): Promise<{ readonly router: RoomRouter; readonly capabilities: types.RtpCapabilities }> {
  const producer = await room.bring(vehicle, await room.router());
  const capabilities = receivingCapabilities(offer, producer.consumableRtpParameters);
  const [main, again] = capabilities.codecs;
  const [own] = producer.consumableRtpParameters.codecs;
  if (!main || !own) throw new Refused('unsupported');
  const codec = { ...main, parameters: own.parameters ?? {} };
  const placed = await pool.place(room.name, new Set(), numbered(codec, again?.preferredPayloadType));
  if (!placed) throw new Refused('not-ready');
  return { router: { ...placed, consumers: 0 }, capabilities };
}

/**
 * A picture's codec with its number. The number of what sends lost packets again is given by mediasoup, the first that
 * is free: sound that nobody sends takes all others.
 */
function numbered(
  codec: types.RtpCodecCapability,
  again: number | undefined,
): types.RouterRtpCodecCapability[] {
  const taken = DYNAMIC_TYPES.filter((number) => number !== codec.preferredPayloadType && number !== again);
  const sound = { kind: 'audio', mimeType: 'audio/PCMU', clockRate: 8000 } as const;
  const others =
    again === undefined ? [] : taken.map((preferredPayloadType) => ({ ...sound, preferredPayloadType }));
  return [...others, codec];
}
