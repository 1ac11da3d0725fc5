/**
 * Counts the bytes that leave the GPU, from outside the product: by what is copied into buffers that can be mapped for
 * reading, and by what is read from canvases and frames.
 */

/** Bytes read back since it was installed. */
export class ReadbackMeter {
  bytes = 0;

  /** Wraps the calls by which pixels can come back, in this worker, for good. Call before a device is used. */
  install(): void {
    const count = (bytes: number): void => {
      this.bytes += bytes;
    };
    const encoder = GPUCommandEncoder.prototype;
    const { copyBufferToBuffer, copyTextureToBuffer } = encoder;
    encoder.copyBufferToBuffer = function (this: GPUCommandEncoder, ...args: unknown[]) {
      // (source, destination, size?) or (source, offset, destination, offset, size?)
      const at = args.findIndex((arg, i) => i > 0 && arg instanceof GPUBuffer);
      const to = args[at] as GPUBuffer;
      const size = at === 1 ? args[2] : args[4];
      if (to.usage & GPUBufferUsage.MAP_READ) count(typeof size === 'number' ? size : to.size);
      return Reflect.apply(copyBufferToBuffer, this, args);
    } as typeof copyBufferToBuffer;
    encoder.copyTextureToBuffer = function (this: GPUCommandEncoder, ...args) {
      if (args[1].buffer.usage & GPUBufferUsage.MAP_READ) count(args[1].buffer.size);
      return Reflect.apply(copyTextureToBuffer, this, args);
    };
    const { copyTo } = VideoFrame.prototype;
    VideoFrame.prototype.copyTo = function (this: VideoFrame, ...args) {
      count(this.allocationSize(args[1]));
      return Reflect.apply(copyTo, this, args);
    };
    const { getImageData } = OffscreenCanvasRenderingContext2D.prototype;
    OffscreenCanvasRenderingContext2D.prototype.getImageData = function (
      this: OffscreenCanvasRenderingContext2D,
      ...args
    ) {
      const data = Reflect.apply(getImageData, this, args) as ImageData;
      count(data.data.byteLength);
      return data;
    };
  }
}
