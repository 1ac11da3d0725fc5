/** The paint of a mask as a texture of the picture's size on the canvas, painted by the processor when something changed. */
import { DataTexture, NearestFilter, type Texture, type WebGPURenderer } from 'three/webgpu';
import type { Size } from '../media/size';
import { MaskPaint } from './mask-paint';
import type { BoundMask } from './mask-texture';
import type { Paint } from './paint';

/** What was painted last. */
interface Painted {
  readonly mask: BoundMask;
  readonly paint: Paint;
}

/** Owns the texture. */
export class PaintedMask {
  #painter: MaskPaint | null = null;
  #masked: Size | null = null;
  #texture: DataTexture | null = null;
  #words = new Uint32Array(0);
  #painted: Painted | null = null;

  constructor(private readonly renderer: WebGPURenderer) {}

  /**
   * The texture of a mask's paint: premultiplied colour, and coverage in its alpha.
   * @param pixels the mask's bytes
   * @param size of the picture on the canvas, pixels
   */
  texture(mask: BoundMask, pixels: Uint8Array, paint: Paint, size: Size): Texture {
    const texture = this.#fit(mask.size, size);
    if (this.#painted?.mask === mask && this.#painted.paint === paint) return texture;
    this.#painted = { mask, paint };
    this.#painter!.run(pixels, paint, this.#words);
    texture.needsUpdate = true;
    this.renderer.initTexture(texture);
    return texture;
  }

  dispose(): void {
    this.#texture?.dispose();
    this.#texture = null;
  }

  #fit(mask: Size, size: Size): DataTexture {
    const image = this.#texture?.image;
    const same = image?.width === size.width && image.height === size.height;
    if (!same || this.#masked?.width !== mask.width || this.#masked.height !== mask.height) {
      this.#painter = new MaskPaint(mask, size);
      this.#masked = mask;
      this.#painted = null;
    }
    if (this.#texture && same) return this.#texture;
    // Sizes of textures are fixed on both backends.
    this.#texture?.dispose();
    this.#words = new Uint32Array(size.width * size.height);
    const bytes = new Uint8Array(this.#words.buffer);
    this.#texture = new DataTexture(bytes, size.width, size.height);
    this.#texture.minFilter = NearestFilter;
    this.#texture.magFilter = NearestFilter;
    return this.#texture;
  }
}
