/**
 * Copies pictures into textures. Browsers differ in what they take: Chromium takes video frames as they are, Firefox's
 * WebGPU canvases only, on which the frame is drawn first.
 */
import type { Size } from '../media/size';

/**
 * Whether a device takes video frames as they are, by import or by copy. Where it does not, every frame goes through a
 * canvas, and with that through the processor.
 */
export function takesFrames(device: GPUDevice): boolean {
  // Missing in browsers, whatever the types say.
  if (typeof (device as Partial<GPUDevice>).importExternalTexture === 'function') return true;
  const texture = device.createTexture({
    label: 'whether frames are taken',
    size: [2, 2],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const size = { codedWidth: 2, codedHeight: 2 };
  let frame: VideoFrame | undefined;
  try {
    frame = new VideoFrame(new Uint8Array(16), { format: 'RGBX', ...size, timestamp: 0 });
    device.queue.copyExternalImageToTexture({ source: frame }, { texture }, [2, 2]);
    return true;
  } catch {
    return false;
  } finally {
    frame?.close();
    texture.destroy();
  }
}

/** Copies one picture after the other; keeps what it found out, and one canvas where it needs that. */
export class FrameCopier {
  #canvas: OffscreenCanvas | null = null;
  /** Whether frames are taken as they are; not known before the first one. */
  #direct: boolean | null = null;

  constructor(private readonly device: GPUDevice) {}

  /**
   * Copies all of `source` into `texture`. Done, as far as `source` is concerned, when the call returns.
   * @param size of the picture and of the texture
   * @throws TypeError or DOMException when the picture cannot be read, a closed frame for one
   */
  copy(source: VideoFrame | OffscreenCanvas, texture: GPUTexture, size: Size): void {
    if (source instanceof OffscreenCanvas || this.#direct) {
      this.#copy(source, texture, size);
      return;
    }
    if (this.#direct === null)
      try {
        this.#copy(source, texture, size);
        this.#direct = true;
        return;
      } catch (thrown) {
        // A frame that is no source at all; whether it was merely closed shows when it is drawn.
        if (!(thrown instanceof TypeError)) throw thrown;
      }
    this.#copy(this.#drawn(source, size), texture, size);
    this.#direct = false;
  }

  #copy(source: VideoFrame | OffscreenCanvas, texture: GPUTexture, { width, height }: Size): void {
    this.device.queue.copyExternalImageToTexture(
      { source },
      // Frames without alpha (RGBX) carry anything in its place; undoing a premultiplication would divide by that.
      { texture, premultipliedAlpha: true },
      [width, height],
    );
  }

  #drawn(frame: VideoFrame, { width, height }: Size): OffscreenCanvas {
    this.#canvas ??= new OffscreenCanvas(width, height);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const context = this.#canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('no 2D canvas to copy a frame with');
    context.drawImage(frame, 0, 0, width, height);
    return this.#canvas;
  }
}
