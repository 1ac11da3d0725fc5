/**
 * GPU memory with an owner. A buffer or texture made through a ledger is counted until it is disposed of, so that
 * "the same number after an hour" can be looked at and tested.
 */

/** A buffer that is destroyed with its owner. */
export interface OwnedBuffer extends Disposable {
  readonly buffer: GPUBuffer;
}

/** A texture that is destroyed with its owner. */
export interface OwnedTexture extends Disposable {
  readonly texture: GPUTexture;
}

/** Makes buffers and textures on one device and counts the living. */
export class GpuLedger {
  readonly #device: GPUDevice;
  #buffers = 0;
  #textures = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Buffers not yet disposed of. */
  get buffers(): number {
    return this.#buffers;
  }

  /** Textures not yet disposed of. */
  get textures(): number {
    return this.#textures;
  }

  /** A new buffer; its size is rounded up to a multiple of four bytes, as copies and bindings demand. */
  buffer(label: string, size: number, usage: GPUBufferUsageFlags): OwnedBuffer {
    const buffer = this.#device.createBuffer({ label, size: Math.ceil(size / 4) * 4, usage });
    this.#buffers++;
    return {
      buffer,
      [Symbol.dispose]: once(() => {
        buffer.destroy();
        this.#buffers--;
      }),
    };
  }

  /** A new buffer that holds `data` from the start. */
  filled(label: string, data: ArrayBufferView<ArrayBuffer>, usage: GPUBufferUsageFlags): OwnedBuffer {
    const owned = this.buffer(label, data.byteLength, usage | GPUBufferUsage.COPY_DST);
    this.#device.queue.writeBuffer(owned.buffer, 0, data);
    return owned;
  }

  /** A new texture. */
  texture(descriptor: GPUTextureDescriptor): OwnedTexture {
    const texture = this.#device.createTexture(descriptor);
    this.#textures++;
    return {
      texture,
      [Symbol.dispose]: once(() => {
        texture.destroy();
        this.#textures--;
      }),
    };
  }
}

/** Makes a release safe to call again. */
function once(release: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    release();
  };
}
