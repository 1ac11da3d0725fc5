/** What the browser tests of perception share: frames from pixels, a device, readings of GPU memory. */
import { openDevice } from '../../../src/gpu/device';

/** A frame of the given RGBA pixels. */
export function frameOf(data: Uint8Array<ArrayBuffer>, width: number, height: number): VideoFrame {
  return new VideoFrame(data, { format: 'RGBX', codedWidth: width, codedHeight: height, timestamp: 0 });
}

/** A device that collects its uncaptured errors, so that a test can show there were none. */
export async function testDevice(): Promise<{ device: GPUDevice; errors: string[] }> {
  const { device } = await openDevice();
  const errors: string[] = [];
  device.addEventListener('uncapturederror', (event) => errors.push(event.error.message));
  return { device, errors };
}

/** Floats of a buffer with COPY_SRC. */
export async function readFloats(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const staging = device.createBuffer({
    size: buffer.size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const floats = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return floats;
}

/** Bytes of an rgba8unorm texture with COPY_SRC, rows without padding. */
export async function readTexture(device: GPUDevice, texture: GPUTexture): Promise<Uint8Array> {
  const { width, height } = texture;
  const stride = Math.ceil((width * 4) / 256) * 256;
  const staging = device.createBuffer({
    size: stride * height,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow: stride }, [width, height]);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const padded = new Uint8Array(staging.getMappedRange().slice(0));
  staging.destroy();
  const bytes = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    bytes.set(padded.subarray(y * stride, y * stride + width * 4), y * width * 4);
  return bytes;
}

/** Share of pixels whose class is the same in both masks. */
export function agreement(a: Uint8Array, b: Uint8Array): number {
  let same = 0;
  for (let i = 0; i < a.length; i += 4) if (a[i] === b[i]) same++;
  return same / (a.length / 4);
}
