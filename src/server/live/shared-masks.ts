/**
 * What viewers share, read by the server as well: how many masks there are of each vehicle, and what is kept of them
 * beside a recording. Each viewer's channel is listened to where it comes in.
 */
import type { types } from 'mediasoup';
import { decodeMask, MASK_BYTES_MAX, type SharedMask } from '../../live/shared-mask.ts';
import { within } from '../deadline.ts';
import type { Log } from '../log.ts';
import type { RoomRouter } from '../sfu/worker-pool.ts';

/** Milliseconds in which a worker opens a way for masks. */
const OPEN_LIMIT = 5000;

/** What is asked of a room. */
interface SharingRoom {
  readonly name: string;
  homeOf(vehicle: string): unknown;
}

/** Told of each mask of a vehicle that comes in here. @param bytes as it was sent */
export type OnSharedMask = (mask: SharedMask, bytes: Uint8Array) => void;

/** Listens; the rooms own the channels, and what is opened for them ends with their routers. */
export class SharedMasks {
  readonly #counts = new Map<string, number>();

  constructor(
    private readonly log: Log,
    private readonly onMask: OnSharedMask,
  ) {}

  /** Masks of a vehicle since it came. */
  of(vehicle: string): number {
    return this.#counts.get(vehicle) ?? 0;
  }

  /** A vehicle has left. */
  forget(vehicle: string): void {
    this.#counts.delete(vehicle);
  }

  /** A viewer of a room shares what it sees. Never rejects: without a way, its masks are for the other viewers alone. */
  async listen(room: SharingRoom, source: types.DataProducer, home: RoomRouter): Promise<void> {
    try {
      const opening = home.router.createDirectTransport({ maxSendMessageSize: MASK_BYTES_MAX });
      const transport = await within(opening, OPEN_LIMIT, 'The media worker');
      source.observer.once('close', () => transport.close());
      if (source.closed) {
        transport.close();
        return;
      }
      const consumer = await within(
        transport.consumeData({ dataProducerId: source.id }),
        OPEN_LIMIT,
        'The media worker',
      );
      consumer.on('message', (bytes) => this.#heard(room, bytes));
    } catch (thrown) {
      if (!source.closed) this.log.warn({ err: thrown, room: room.name }, 'shared masks cannot be read here');
    }
  }

  #heard(room: SharingRoom, bytes: Uint8Array): void {
    const mask = decodeMask(bytes);
    // Of a vehicle of its own room, and one that comes in here.
    if (!mask || !room.homeOf(mask.vehicle)) return;
    this.#counts.set(mask.vehicle, this.of(mask.vehicle) + 1);
    this.onMask(mask, bytes);
  }
}
