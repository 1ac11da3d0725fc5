/**
 * The pictures kept for drawing. A frame is copied the moment it is handed in, so the caller may close it at once, and
 * nothing here holds a `VideoFrame`. Two slots: the picture that waits for its mask, and the one on screen.
 */
import { ExternalTexture, LinearFilter } from 'three/webgpu';
import type { Rotation } from '../media/size';
import { type Size, uprightSize } from '../media/size';
import type { PictureMemory } from './picture-memory';
import { cappedSize, remainingTurn } from './placement';

/** One kept picture and its owner. */
export class PictureSlot {
  #texture: ExternalTexture | null = null;
  #stored: Size = { width: 0, height: 0 };
  #rotation: Rotation = 0;

  constructor(private readonly memory: PictureMemory) {}

  /** What three samples; null before the first frame. Replaced when the size changes. */
  get texture(): ExternalTexture | null {
    return this.#texture;
  }

  /** Size of the stored pixels. */
  get stored(): Size {
    return this.#stored;
  }

  /** Clockwise turn that brings the stored pixels upright. */
  get rotation(): Rotation {
    return this.#rotation;
  }

  /** Size of the picture as seen. */
  get upright(): Size {
    return uprightSize(this.#stored, this.#rotation);
  }

  /**
   * Copies a frame into the slot.
   * @param frame borrowed for the call
   * @param rotation clockwise turn that brings the frame's stored pixels upright, its own metadata included
   * @throws TypeError when the frame is closed; the slot keeps what it had
   */
  put(frame: VideoFrame, rotation: Rotation): void {
    if (frame.displayWidth === 0) throw new TypeError('The frame is closed already.');
    const size = cappedSize({ width: frame.displayWidth, height: frame.displayHeight });
    if (!this.#texture || size.width !== this.#stored.width || size.height !== this.#stored.height) {
      this.clear();
      const texture = new ExternalTexture(this.memory.allocate(size));
      // three reads the size from `image`, which an external texture has not.
      (texture as { image: unknown }).image = size;
      texture.minFilter = LinearFilter;
      texture.generateMipmaps = false;
      texture.needsUpdate = true;
      this.#texture = texture;
      this.#stored = size;
    }
    this.memory.write(this.#texture.sourceTexture, frame, size);
    this.#rotation = remainingTurn(frame, rotation);
  }

  /** Whether the picture can be drawn as it was put; asked right before it is. */
  get settled(): boolean {
    return this.#texture === null || this.memory.settle(this.#texture.sourceTexture);
  }

  /** Resolves when the picture can be drawn as it was put. */
  async arrived(): Promise<void> {
    while (!this.settled && this.#texture) await this.memory.arrival(this.#texture.sourceTexture);
  }

  /** Releases the kept picture. */
  clear(): void {
    if (!this.#texture) return;
    const source = this.#texture.sourceTexture;
    this.#texture.dispose();
    this.#texture = null;
    this.memory.release(source);
  }
}
