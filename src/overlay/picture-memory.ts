/**
 * Where pictures live on the graphics card: one way of allocating, filling and releasing for each backend. The textures
 * are ours and not three's, since a frame has to be copied when it is handed in and not when it is drawn.
 */
import { FrameCopier } from '../gpu/frame-copy';
import type { Size } from '../media/size';

/** A texture of either backend. three's own declaration of `GPUTexture` is empty, hence the loose type. */
export type PictureTexture = WebGLTexture | GPUTexture | object | null;

/** Textures for pictures: rgba8, one level, linear filter, clamped. */
export interface PictureMemory {
  allocate(size: Size): PictureTexture & object;
  /**
   * Copies all of `frame`, scaled to `size`, with its own rotation metadata applied. The frame is done with when the call
   * returns, the texture when it is settled.
   */
  write(texture: PictureTexture, frame: VideoFrame, size: Size): void;
  /** Whether what was written last is in the texture now; asked right before it is drawn. */
  settle(texture: PictureTexture): boolean;
  /** Resolves when `settle` is worth asking again. */
  arrival(texture: PictureTexture): Promise<void>;
  release(texture: PictureTexture): void;
  /** Textures alive now. */
  readonly count: number;
}

/** Scales frames that are larger than a slot; holds one canvas, made when first needed. */
class Shrinker {
  #canvas: OffscreenCanvas | null = null;

  /** The frame itself when it has the size already, else a canvas with its scaled picture, valid until the next call. */
  fit(frame: VideoFrame, size: Size): VideoFrame | OffscreenCanvas {
    if (frame.displayWidth === size.width && frame.displayHeight === size.height) return frame;
    this.#canvas ??= new OffscreenCanvas(size.width, size.height);
    if (this.#canvas.width !== size.width) this.#canvas.width = size.width;
    if (this.#canvas.height !== size.height) this.#canvas.height = size.height;
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('No 2D canvas to scale the frame on.');
    context.imageSmoothingQuality = 'medium';
    context.drawImage(frame, 0, 0, size.width, size.height);
    return this.#canvas;
  }
}

/** Textures on a WebGPU device, which the caller owns. */
export class GpuPictureMemory implements PictureMemory {
  readonly #shrinker = new Shrinker();
  readonly #copier: FrameCopier;
  #count = 0;

  constructor(private readonly device: GPUDevice) {
    this.#copier = new FrameCopier(device);
  }

  get count(): number {
    return this.#count;
  }

  allocate(size: Size): GPUTexture {
    this.#count++;
    return this.device.createTexture({
      label: 'picture',
      size: [size.width, size.height],
      format: 'rgba8unorm',
      // The copy of an external image is a draw, hence the attachment.
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
    });
  }

  write(texture: PictureTexture, frame: VideoFrame, size: Size): void {
    this.#copier.copy(this.#shrinker.fit(frame, size), texture as GPUTexture, size);
  }

  settle(): boolean {
    return true;
  }

  async arrival(): Promise<void> {}

  release(texture: PictureTexture): void {
    this.#count--;
    (texture as GPUTexture).destroy();
  }
}

/** Textures in the WebGL2 context that three draws with. */
export class GlPictureMemory implements PictureMemory {
  readonly #shrinker = new Shrinker();
  #count = 0;

  /**
   * @param gl the context
   * @param resetState makes three forget what it believes of the context's state, which the copies change
   */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly resetState: () => void,
  ) {}

  get count(): number {
    return this.#count;
  }

  allocate(_size: Size): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture();
    this.#count++;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    this.resetState();
    return texture;
  }

  write(texture: PictureTexture, frame: VideoFrame, size: Size): void {
    const { gl } = this;
    const source = this.#shrinker.fit(frame, size);
    this.#bind(texture);
    // texImage2D and not texSubImage2D: it is the call for which browsers copy a frame without leaving the card.
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, source);
    this.resetState();
  }

  settle(_texture: PictureTexture): boolean {
    return true;
  }

  async arrival(_texture: PictureTexture): Promise<void> {}

  /** Fills a texture with bytes, four a pixel. */
  protected fill(texture: PictureTexture, bytes: Uint8Array, { width, height }: Size): void {
    const { gl } = this;
    this.#bind(texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    this.resetState();
  }

  #bind(texture: PictureTexture): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, texture as WebGLTexture);
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.BROWSER_DEFAULT_WEBGL);
  }

  release(texture: PictureTexture): void {
    this.#count--;
    this.gl.deleteTexture(texture as WebGLTexture);
  }
}
