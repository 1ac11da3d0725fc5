/**
 * The mask as three sees it. A mask on the GPU is wrapped, never copied; a mask of bytes goes into one texture that is
 * updated in place.
 */
import { DataTexture, ExternalTexture, NearestFilter, type Texture, type WebGPURenderer } from 'three/webgpu';
import type { Size } from '../media/size';
import type { MaskImage } from '../perception/engine';
import { VOID_CLASS } from '../taxonomy/classes';

/**
 * Wrapped textures kept at a time: engines alternate between two for each stream, and a change of model or size brings
 * two more while the old ones are still drawn.
 */
const WRAPPED_MAX = 4;

/** A mask that can be drawn. */
export interface BoundMask {
  /** To be bound; what is painted by the processor gets one when it is first asked for. */
  readonly texture: Texture;
  readonly size: Size;
  /** The mask's bytes, where the processor paints. */
  readonly pixels: Uint8Array | null;
}

function dataTexture(data: Uint8Array<ArrayBuffer>, width: number, height: number): DataTexture {
  const texture = new DataTexture(data, width, height);
  texture.minFilter = NearestFilter;
  texture.magFilter = NearestFilter;
  texture.needsUpdate = true;
  return texture;
}

/** Owns the wrappers and the texture for bytes; the engine owns its GPU textures. */
export class MaskTextures {
  /** One void pixel, for a shader that must have something bound. */
  readonly blank: Texture = dataTexture(new Uint8Array([VOID_CLASS, 0, 0, 255]), 1, 1);
  /** In order of use, oldest first. */
  readonly #wrapped = new Map<GPUTexture, ExternalTexture>();
  #bytes: DataTexture | null = null;
  /** The mask's bytes where the processor paints: those of the engine are painted over by and by. */
  #kept: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /**
   * @param renderer the one that draws, initialised
   * @param webgpu whether it draws with WebGPU
   * @param painted whether the processor paints masks of bytes, so that textures of them are seldom needed
   */
  constructor(
    private readonly renderer: WebGPURenderer,
    private readonly webgpu: boolean,
    private readonly painted: boolean,
  ) {}

  /**
   * The texture of a mask. Bytes are uploaded before the call returns.
   * @throws TypeError for a GPU texture where the renderer has no WebGPU, or for bytes of the wrong length
   */
  bind(mask: MaskImage): BoundMask {
    const size = { width: mask.width, height: mask.height };
    if (mask.kind === 'texture') return { texture: this.#wrap(mask.texture, size), size, pixels: null };
    if (mask.data.length !== mask.width * mask.height * 4)
      throw new TypeError(`A mask of ${mask.width}×${mask.height} has not ${mask.data.length} bytes.`);
    return this.painted
      ? this.#keep(mask.data, size)
      : { texture: this.#upload(mask.data, size), size, pixels: null };
  }

  dispose(): void {
    this.blank.dispose();
    this.#bytes?.dispose();
    this.#bytes = null;
    for (const texture of this.#wrapped.values()) texture.dispose();
    this.#wrapped.clear();
  }

  #keep(data: Uint8Array, size: Size): BoundMask {
    if (this.#kept.length !== data.length) this.#kept = new Uint8Array(data.length);
    const pixels = this.#kept;
    pixels.set(data);
    let texture: Texture | null = null;
    const upload = () => {
      texture ??= this.#upload(pixels, size);
      return texture;
    };
    return {
      get texture() {
        return upload();
      },
      size,
      pixels,
    };
  }

  #wrap(source: GPUTexture, size: Size): ExternalTexture {
    if (!this.webgpu) throw new TypeError('A mask on a GPU device cannot be drawn with WebGL.');
    let texture = this.#wrapped.get(source);
    if (texture) this.#wrapped.delete(source);
    else {
      texture = new ExternalTexture(source);
      texture.minFilter = NearestFilter;
      texture.magFilter = NearestFilter;
      texture.generateMipmaps = false;
      // three reads the size from `image`, which an external texture has not.
      (texture as { image: unknown }).image = size;
      texture.needsUpdate = true;
    }
    this.#wrapped.set(source, texture);
    for (const [oldest, wrapper] of this.#wrapped) {
      if (this.#wrapped.size <= WRAPPED_MAX) break;
      this.#wrapped.delete(oldest);
      wrapper.dispose();
    }
    return texture;
  }

  #upload(data: Uint8Array<ArrayBuffer>, size: Size): DataTexture {
    const { image } = this.#bytes ?? {};
    if (!this.#bytes || image?.width !== size.width || image.height !== size.height) {
      // Sizes of textures are fixed on both backends.
      this.#bytes?.dispose();
      this.#bytes = dataTexture(data, size.width, size.height);
    } else {
      this.#bytes.image.data = data;
      this.#bytes.needsUpdate = true;
    }
    this.renderer.initTexture(this.#bytes);
    return this.#bytes;
  }
}
