/**
 * A mask as bytes, wherever it is: for measuring, never in the product.
 */
import type { MaskImage } from '../../../src/perception/engine';

/** Rows of a texture copy begin at multiples of this (WebGPU specification, `bytesPerRow`). */
const ROW_ALIGNMENT = 256;

/**
 * Reads a mask.
 * @param device the engine's; null for the WebAssembly engine, whose masks are bytes already
 * @returns four bytes for each pixel, row-major, a copy
 */
export async function maskBytes(mask: MaskImage, device: GPUDevice | null): Promise<Uint8Array> {
  const { width, height } = mask;
  if (mask.kind === 'pixels') return mask.data.slice();
  if (!device) throw new Error('a mask in a texture needs its device');
  const bytesPerRow = Math.ceil((width * 4) / ROW_ALIGNMENT) * ROW_ALIGNMENT;
  const staging = device.createBuffer({
    size: bytesPerRow * height,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  try {
    const encoder = device.createCommandEncoder();
    encoder.copyTextureToBuffer({ texture: mask.texture }, { buffer: staging, bytesPerRow }, [width, height]);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const padded = new Uint8Array(staging.getMappedRange());
    const bytes = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++)
      bytes.set(padded.subarray(y * bytesPerRow, y * bytesPerRow + width * 4), y * width * 4);
    return bytes;
  } finally {
    staging.destroy();
  }
}
