/**
 * The pictures kept for drawing. A frame is copied the moment it is handed in, so the caller may close it at once, and
 * nothing here holds a `VideoFrame`. Two slots: the picture that waits for its mask, and the one on screen.
 */
import { ExternalTexture } from 'three/webgpu';
import type { Rotation } from '../sources/source';
import type { PictureMemory } from './picture-memory';
import { type Size, uprightSize } from './placement';

/**
 * Longest side of a kept picture in pixels. Larger frames are scaled down on the way in: four megabytes of 4K or eight
 * of 8K per frame buy nothing on a canvas of usual size, and cost the upload of every frame.
 */
export const PICTURE_SIDE_MAX = 1920;

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
   * @throws DOMException when the frame is closed
   */
  put(frame: VideoFrame, rotation: Rotation): void {
    const size = cappedSize({ width: frame.displayWidth, height: frame.displayHeight });
    if (!this.#texture || size.width !== this.#stored.width || size.height !== this.#stored.height) {
      this.clear();
      const texture = new ExternalTexture(this.memory.allocate(size));
      // three reads the size from `image`, which an external texture has not.
      (texture as { image: unknown }).image = size;
      texture.needsUpdate = true;
      this.#texture = texture;
      this.#stored = size;
    }
    this.memory.write(this.#texture.sourceTexture, frame, size);
    this.#rotation = remainingTurn(frame, rotation);
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

/** Size of a frame after the cap, aspect kept; at least one pixel a side. */
export function cappedSize({ width, height }: Size): Size {
  const scale = Math.min(1, PICTURE_SIDE_MAX / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * The turn left to do. Browsers that know a frame's rotation metadata apply it in every copy (WebGPU, WebGL and 2D
 * canvas alike, and their display size is the turned one); the source counted it in, so it must be taken out here.
 */
export function remainingTurn(frame: { readonly rotation?: number }, rotation: Rotation): Rotation {
  return ((rotation - (frame.rotation ?? 0) + 360) % 360) as Rotation;
}
