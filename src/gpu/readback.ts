/**
 * Small results on their way from the GPU to the processor, without anybody waiting: a ring of staging buffers, each
 * mapped when its copy is done.
 */
import { Mutex } from '../media/mutex';
import type { GpuLedger, OwnedBuffer } from './resources';

/** One staging buffer and the lock of whoever uses it. */
interface Slot {
  readonly owned: OwnedBuffer;
  readonly lock: Mutex;
}

/** A part of a source buffer. Offset and size are multiples of four. */
export interface CopySource {
  readonly buffer: GPUBuffer;
  readonly size: number;
}

/** Copies in flight before a further one waits: the frame at hand, the one before it, and one to spare. */
const SLOTS = 3;

/** A ring of staging buffers of one size. Disposing rejects what is still under way. */
export class ReadbackRing implements Disposable {
  readonly #slots: readonly Slot[];
  #next = 0;

  /** @param size bytes each copy may have at most */
  constructor(
    private readonly device: GPUDevice,
    ledger: GpuLedger,
    private readonly size: number,
  ) {
    this.#slots = Array.from({ length: SLOTS }, (_, i) => ({
      owned: ledger.buffer(`readback ${i}`, size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST),
      lock: new Mutex(),
    }));
  }

  /**
   * Copies the sources one behind the other, after all work submitted so far.
   * @returns their bytes, once the GPU has got there
   * @throws RangeError when they are more than a slot holds; whatever mapping rejects with when the device is gone
   */
  read(sources: readonly CopySource[]): Promise<ArrayBuffer> {
    const total = sources.reduce((sum, { size }) => sum + size, 0);
    if (total > this.size) return Promise.reject(new RangeError(`${total} bytes exceed ${this.size}`));
    const slot = this.#slots[this.#next]!;
    this.#next = (this.#next + 1) % SLOTS;
    if (slot.lock.idle) {
      this.#copy(slot, sources);
      return slot.lock.run(() => this.#map(slot, total));
    }
    return slot.lock.run(() => {
      this.#copy(slot, sources);
      return this.#map(slot, total);
    });
  }

  #copy({ owned }: Slot, sources: readonly CopySource[]): void {
    const encoder = this.device.createCommandEncoder({ label: 'readback' });
    let to = 0;
    for (const { buffer, size } of sources) {
      encoder.copyBufferToBuffer(buffer, 0, owned.buffer, to, size);
      to += size;
    }
    this.device.queue.submit([encoder.finish()]);
  }

  async #map({ owned }: Slot, total: number): Promise<ArrayBuffer> {
    await owned.buffer.mapAsync(GPUMapMode.READ, 0, total);
    const bytes = owned.buffer.getMappedRange(0, total).slice(0);
    owned.buffer.unmap();
    return bytes;
  }

  [Symbol.dispose](): void {
    for (const { owned } of this.#slots) owned[Symbol.dispose]();
  }
}
