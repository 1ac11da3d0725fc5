/** What was drawn, as bytes. */
import type { WebGLRenderer, WebGLRenderTarget } from 'three';

/** All of a target's pixels, RGBA, in the order of its rows, without making the GPU wait. */
export async function readSoon(
  renderer: WebGLRenderer,
  target: WebGLRenderTarget,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = target;
  const rgba = new Uint8Array(width * height * 4);
  await renderer.readRenderTargetPixelsAsync(target, 0, 0, width, height, rgba);
  return rgba;
}

/** The red channel alone: class ids. */
export function firstChannel(rgba: Uint8Array): Uint8Array<ArrayBuffer> {
  const ids = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < ids.length; i++) ids[i] = rgba[i * 4]!;
  return ids;
}
