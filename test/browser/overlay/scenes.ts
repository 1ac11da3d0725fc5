/** Seeded pictures, masks and read-back for the overlay's tests. Small sizes: software WebGPU draws them. */

import type { Compositor } from '../../../src/overlay/compositor-api';
import { CLASS_COUNT, isDrivable, VOID_CLASS } from '../../../src/taxonomy/classes';
import type { PixelImage } from '../../twins/composite';

/** Numbers from 0 to 1, the same for the same seed (xorshift32). */
function seeded(seed: number): () => number {
  let state = seed * 2654435761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/** A picture with gradients and noise: any mistake of place, turn or filter shows. */
export function seededPicture(width: number, height: number, seed: number): PixelImage {
  const random = seeded(seed);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set(
        [(200 * x) / width + 40 * random(), (200 * y) / height + 40 * random(), 128 + 90 * random(), 255],
        (y * width + x) * 4,
      );
  return { width, height, data };
}

/** A mask of smooth regions of several classes with varying probabilities, and a void corner. */
export function seededMask(
  width: number,
  height: number,
  seed: number,
): PixelImage & { data: Uint8Array<ArrayBuffer> } {
  const random = seeded(seed);
  const seeds = Array.from({ length: 9 }, () => ({
    x: random() * width,
    y: random() * height,
    id: Math.floor(random() * CLASS_COUNT),
  }));
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const near = seeds
        .map((s) => ({ id: s.id, distance: Math.hypot(s.x - x, s.y - y) }))
        .sort((a, b) => a.distance - b.distance);
      const [first, second] = [near[0]!, near[1]!];
      const sure = Math.min(1, 0.5 + (second.distance - first.distance) / 12);
      const drivable = isDrivable(first.id) ? sure : 1 - sure;
      const id = x < width / 6 && y > height * 0.8 ? VOID_CLASS : first.id;
      data.set([id, sure * 255, drivable * 255, 255], (y * width + x) * 4);
    }
  return { width, height, data };
}

/** A frame of these stored pixels; the test closes it. */
export function frameOf({ data, width, height }: PixelImage, init: { rotation?: number } = {}): VideoFrame {
  return new VideoFrame(new Uint8Array(data), {
    format: 'RGBX',
    codedWidth: width,
    codedHeight: height,
    timestamp: 0,
    ...init,
  });
}

/** Renders as soon as the gate opens. */
export async function untilDrawn(compositor: Compositor): Promise<void> {
  for (let tries = 0; tries < 10_000; tries++) {
    if (compositor.render()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('Nothing was drawn.');
}

/** RGBA bytes of an image, row-major from the top. */
export function pixelsOf(image: OffscreenCanvas | ImageBitmap): Uint8ClampedArray {
  const copy = new OffscreenCanvas(image.width, image.height);
  const context = copy.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height).data;
}

/** How two images differ. */
export interface Difference {
  readonly size: readonly [number, number];
  /** Largest difference of a channel. */
  readonly max: number;
  /** Share of pixels whose channels all differ by at most 3. */
  readonly close: number;
}

/** Compares RGB of two images of the same size. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): Difference {
  let max = 0;
  let close = 0;
  for (let i = 0; i < a.length; i += 4) {
    const worst = Math.max(...[0, 1, 2].map((c) => Math.abs(a[i + c]! - b[i + c]!)));
    max = Math.max(max, worst);
    if (worst <= 3) close++;
  }
  return { size: [a.length, b.length], max, close: close / (a.length / 4) };
}
