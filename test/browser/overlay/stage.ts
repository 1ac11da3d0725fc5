/** Compositors for the overlay's tests, on both backends. */
import { afterAll } from 'vitest';
import { createCompositor } from '../../../src/overlay/compositor';
import type { Compositor } from '../../../src/overlay/compositor-api';
import { pixelsOf, untilDrawn } from './scenes';

/** Both ways of drawing, and the one where the processor paints the masks. */
export const BACKENDS = ['webgpu', 'webgl2', 'painted'] as const;
export type Backend = (typeof BACKENDS)[number];

let device: Promise<GPUDevice> | null = null;

/** The file's one device. */
export function sharedDevice(): Promise<GPUDevice> {
  device ??= newDevice();
  return device;
}

/** A device of the test's own. */
export async function newDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('No WebGPU adapter: the flags of the browser are missing.');
  return adapter.requestDevice();
}

afterAll(async () => {
  (await device)?.destroy();
});

/** A compositor on a canvas of its own. */
export async function openStage(
  backend: Backend,
  width: number,
  height: number,
): Promise<{ canvas: OffscreenCanvas; compositor: Compositor; device: GPUDevice | null }> {
  const canvas = new OffscreenCanvas(width, height);
  const gpu = backend === 'webgpu' ? await sharedDevice() : null;
  const software = backend === 'painted';
  const compositor = await createCompositor({ canvas, device: gpu, width, height, software });
  return { canvas, device: gpu, compositor };
}

/** Waits until a change is drawn, and reads the canvas in the same task, before it is handed to the screen. */
export async function drawn(compositor: Compositor, canvas: OffscreenCanvas): Promise<Uint8ClampedArray> {
  await untilDrawn(compositor);
  return pixelsOf(canvas);
}
