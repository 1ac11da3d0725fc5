/**
 * PNG of a scene at a size of its own, off screen. The one place of this room where pixels are read back.
 */
import { type Camera, RenderTarget, type Scene, type WebGPURenderer } from 'three/webgpu';
import type { Size } from '../media/size';

/**
 * Draws the scene into a target of its own and encodes it. The drawing is done before the first wait, so the caller may
 * change scene and camera back as soon as the call has returned its promise.
 * @param bottomUp whether rows are read from the bottom (WebGL)
 * @throws Error when the pixels cannot be read (device lost) or encoded
 */
export async function renderPng(
  renderer: WebGPURenderer,
  scene: Scene,
  camera: Camera,
  size: Size,
  bottomUp: boolean,
): Promise<Blob> {
  const { width, height } = size;
  const target = new RenderTarget(width, height, { depthBuffer: true, generateMipmaps: false });
  try {
    renderer.setRenderTarget(target);
    try {
      renderer.render(scene, camera);
    } finally {
      renderer.setRenderTarget(null);
    }
    const pixels = await renderer.readRenderTargetPixelsAsync(target, 0, 0, width, height);
    const image = new ImageData(width, height);
    const row = width * 4;
    const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, row * height);
    for (let y = 0; y < height; y++) {
      const from = (bottomUp ? height - 1 - y : y) * row;
      image.data.set(bytes.subarray(from, from + row), y * row);
    }
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('No 2D canvas to encode the picture on.');
    context.putImageData(image, 0, 0);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    target.dispose();
  }
}
