/**
 * GPU timestamps around passes. Passes of one queue run in order, so the gap between two passes of ours is what
 * somebody else (the inference runtime) did in between.
 */
import type { GpuLedger, OwnedBuffer } from './resources';

/** Bytes of one timestamp. */
const STAMP_SIZE = 8;

/** Writes the beginning and end of a fixed number of passes, for one frame after the other. */
export class GpuStopwatch implements Disposable {
  readonly #set: GPUQuerySet;
  readonly #owned: OwnedBuffer;

  private constructor(device: GPUDevice, ledger: GpuLedger, passes: number) {
    this.#set = device.createQuerySet({ type: 'timestamp', count: passes * 2 });
    this.#owned = ledger.buffer(
      'timestamps',
      passes * 2 * STAMP_SIZE,
      GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    );
  }

  /** A stopwatch for `passes` passes, or null where the device has no timestamps. */
  static create(device: GPUDevice, ledger: GpuLedger, passes: number): GpuStopwatch | null {
    return device.features.has('timestamp-query') ? new GpuStopwatch(device, ledger, passes) : null;
  }

  /** The resolved timestamps, two 64-bit values for each pass. */
  get buffer(): GPUBuffer {
    return this.#owned.buffer;
  }

  /** What pass number `pass` is to be begun with. */
  writes(pass: number): GPUComputePassTimestampWrites {
    return { querySet: this.#set, beginningOfPassWriteIndex: 2 * pass, endOfPassWriteIndex: 2 * pass + 1 };
  }

  /** Encodes the move of all timestamps into `buffer`. */
  resolve(encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.#set, 0, this.#set.count, this.#owned.buffer, 0);
  }

  [Symbol.dispose](): void {
    this.#set.destroy();
    this.#owned[Symbol.dispose]();
  }
}

/**
 * Timestamps as milliseconds after the first, or null when they make no sense: drivers reset their counters, and some
 * leave queries unwritten (zero).
 */
export function stampsToMilliseconds(bytes: ArrayBuffer): number[] | null {
  const stamps = new BigUint64Array(bytes);
  const first = stamps[0];
  if (!first) return null;
  const times: number[] = [];
  for (const [i, stamp] of stamps.entries()) {
    if (stamp < (stamps[i - 1] ?? 0n)) return null;
    times.push(Number(stamp - first) / 1e6);
  }
  return times;
}
