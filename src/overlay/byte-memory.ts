/**
 * Pictures on their way through the processor, for machines on which a program draws in place of a GPU. Handed a video
 * frame, that program converts and copies it pixel by pixel (19 ms of processor time for 960 × 540, 50 ms where the frame
 * has planes); the browser's own conversion to bytes takes one or two, and bytes become a texture in less than one.
 */
import type { Size } from '../media/size';
import { copyPixels } from '../perception/copy-pixels';
import { visibleSize } from '../perception/stored-frame';
import { GlPictureMemory, type PictureTexture } from './picture-memory';

/** A frame that is being read, or was. */
interface Reading {
  readonly size: Size;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Resolves when the texture can be filled, or was filled in another way. Never rejects. */
  readonly done: Promise<void>;
  state: 'reading' | 'read' | 'drawn';
}

/** Memories of frames that are kept for the next ones: one is shown, one waits, one is read. */
const BYTES_KEPT = 3;

/** Fills textures with bytes. A frame it cannot read is handed to the program after all. */
export class BytePictureMemory extends GlPictureMemory {
  readonly #readings = new Map<PictureTexture, Reading>();
  readonly #bytes: Uint8Array<ArrayBuffer>[] = [];

  override write(texture: PictureTexture, frame: VideoFrame, size: Size): void {
    const turned = ((frame as { readonly rotation?: number }).rotation ?? 0) !== 0;
    const stored = visibleSize(frame);
    // Whatever is too large, or turned in its metadata, is scaled or turned by the browser.
    if (turned || stored.width > size.width || stored.height > size.height) {
      this.#forget(texture);
      super.write(texture, frame, size);
      return;
    }
    const clone = frame.clone();
    const bytes = this.#memoryOf(stored.width * stored.height * 4);
    const done = copyPixels(clone, bytes, stored.width)
      .then(
        () => {
          reading.state = 'read';
        },
        () => {
          // Browsers without conversion in `copyTo`, or a picture that has been replaced meanwhile.
          if (this.#readings.get(texture) === reading) super.write(texture, clone, size);
          reading.state = 'drawn';
        },
      )
      .catch(() => {
        reading.state = 'drawn';
      })
      .finally(() => clone.close());
    const reading: Reading = { size: stored, bytes, done, state: 'reading' };
    this.#forget(texture);
    this.#readings.set(texture, reading);
  }

  override settle(texture: PictureTexture): boolean {
    const reading = this.#readings.get(texture);
    if (!reading) return true;
    if (reading.state === 'reading') return false;
    if (reading.state === 'read') this.fill(texture, reading.bytes, reading.size);
    this.#forget(texture);
    return true;
  }

  override arrival(texture: PictureTexture): Promise<void> {
    return this.#readings.get(texture)?.done ?? Promise.resolve();
  }

  override release(texture: PictureTexture): void {
    this.#forget(texture);
    super.release(texture);
  }

  #memoryOf(size: number): Uint8Array<ArrayBuffer> {
    const index = this.#bytes.findIndex(({ byteLength }) => byteLength === size);
    const [kept] = index < 0 ? [] : this.#bytes.splice(index, 1);
    return kept ?? new Uint8Array(size);
  }

  /** Nothing of a texture is read any more; bytes that nobody writes into are kept. */
  #forget(texture: PictureTexture): void {
    const reading = this.#readings.get(texture);
    this.#readings.delete(texture);
    if (!reading || reading.state === 'reading') return;
    if (this.#bytes.some(({ byteLength }) => byteLength !== reading.bytes.byteLength)) this.#bytes.length = 0;
    if (this.#bytes.length < BYTES_KEPT) this.#bytes.push(reading.bytes);
  }
}
