/** Masks as label maps on the processor, wherever the engine left them. */

import type { LabelMap } from '../media/timed-frame';
import type { MaskImage } from '../perception/engine';

/** Rows of a texture are copied in steps of this many bytes (WebGPU, 21.2 "bytesPerRow"). */
const ROW_ALIGNMENT = 256;

/** Reads masks; owns one buffer on the device, made when first needed. */
export class MaskReader implements Disposable {
  #buffer: GPUBuffer | null = null;

  /** @param device the masks' device, not owned; null for masks of pixels */
  constructor(private readonly device: GPUDevice | null) {}

  /** The class of each pixel of a mask. */
  async read(mask: MaskImage): Promise<LabelMap> {
    const { width, height } = mask;
    const rowBytes = mask.kind === 'pixels' ? width * 4 : alignedRow(width);
    const data = mask.kind === 'pixels' ? mask.data : await this.#copy(mask.texture, width, height);
    const ids = new Uint8Array(width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) ids[y * width + x] = data[y * rowBytes + x * 4]!;
    return { width, height, ids };
  }

  async #copy(texture: GPUTexture, width: number, height: number): Promise<Uint8Array> {
    const { device } = this;
    if (!device) throw new TypeError('A mask on the GPU needs its device to be read.');
    const bytesPerRow = alignedRow(width);
    const size = bytesPerRow * height;
    if (this.#buffer?.size !== size) {
      this.#buffer?.destroy();
      this.#buffer = device.createBuffer({
        label: 'mask for reading',
        size,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
    }
    const encoder = device.createCommandEncoder({ label: 'mask for reading' });
    encoder.copyTextureToBuffer({ texture }, { buffer: this.#buffer, bytesPerRow }, [width, height]);
    device.queue.submit([encoder.finish()]);
    await this.#buffer.mapAsync(GPUMapMode.READ);
    const bytes = new Uint8Array(this.#buffer.getMappedRange().slice(0));
    this.#buffer.unmap();
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#buffer?.destroy();
    this.#buffer = null;
  }
}

function alignedRow(width: number): number {
  return Math.ceil((width * 4) / ROW_ALIGNMENT) * ROW_ALIGNMENT;
}
