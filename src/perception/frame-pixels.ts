/**
 * The pixels of a video frame on the processor, as RGBA, in memory that is used again for the next frame.
 */
import type { StoredPixels } from './preprocess';
import { displaySize, visibleSize } from './stored-frame';

/** Reads frames one at a time. The pixels of a frame are overwritten by the next one. */
export class FramePixels {
  #bytes = new Uint8Array(0);
  #canvas: OffscreenCanvas | null = null;

  /**
   * @param stored frame without orientation metadata; stays with the caller
   * @throws whatever the browser throws for a closed or unreadable frame
   */
  async read(stored: VideoFrame): Promise<StoredPixels> {
    const { width, height } = visibleSize(stored);
    const display = displaySize(stored);
    const size = width * height * 4;
    if (this.#bytes.byteLength !== size) this.#bytes = new Uint8Array(size);
    try {
      await stored.copyTo(this.#bytes, { format: 'RGBA', layout: [{ offset: 0, stride: width * 4 }] });
      return { data: this.#bytes, width, height, display };
    } catch (error) {
      // Browsers without conversion in copyTo reject the format; a frame that is really unreadable fails again below.
      if (stored.format === null && stored.codedWidth === 0) throw error;
      return { data: this.#draw(stored, width, height), width, height, display };
    }
  }

  #draw(stored: VideoFrame, width: number, height: number): Uint8ClampedArray {
    this.#canvas ??= new OffscreenCanvas(width, height);
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    if (!context) throw new Error('no 2D canvas to read a frame with');
    context.drawImage(stored, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  }
}
