/** The pixels of a video frame on the processor, as RGBA. */
import { copyPixels } from './copy-pixels';
import type { StoredPixels } from './preprocess';
import { displaySize, visibleSize } from './stored-frame';

/** Reads frames. */
export class FramePixels {
  #canvas: OffscreenCanvas | null = null;

  /**
   * @param stored frame without orientation metadata; stays with the caller
   * @param memoryFor gives the memory to read a frame of a size into: width · height · 4 bytes
   * @throws whatever the browser throws for a closed or unreadable frame
   */
  async read(
    stored: VideoFrame,
    memoryFor: (size: Omit<StoredPixels, 'data'>) => Uint8Array<ArrayBuffer>,
  ): Promise<StoredPixels> {
    const { width, height } = visibleSize(stored);
    const size = { width, height, display: displaySize(stored) };
    const data = memoryFor(size);
    try {
      await copyPixels(stored, data, width);
      return { data, ...size };
    } catch {
      // Browsers without conversion in copyTo reject the format. A frame that is really unreadable fails again here.
      return { data: this.#draw(stored, width, height), ...size };
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
