/**
 * Runs `preprocess.wgsl`: a video frame into the network's persistent input buffer, without its pixels leaving the
 * GPU.
 */
import type { GpuLedger, OwnedBuffer } from '../gpu/resources';
import type { Rotation } from '../media/size';
import { uprightSize } from '../media/size';
import type { ModelManifest } from '../model/manifest';
import { contentRect, tapCount } from './geometry';
import shader from './preprocess.wgsl?raw';
import { displaySize, visibleSize } from './stored-frame';

/** Bytes of the shader's `Params`. */
const PARAMS_SIZE = 64;

/** Side of the shader's workgroups. */
const WORKGROUP = 8;

/** The first stage of a network on one device. Owns the input buffer. */
export class GpuPreprocess implements Disposable {
  /** The network's input: 3 · width · height floats. Always the same buffer, as graph capture demands. */
  readonly tensor: GPUBuffer;
  readonly #device: GPUDevice;
  readonly #input: ModelManifest['input'];
  readonly #pipeline: GPUComputePipeline;
  readonly #sampler: GPUSampler;
  readonly #params: OwnedBuffer;
  readonly #owned: OwnedBuffer;
  #written = '';

  private constructor(
    device: GPUDevice,
    ledger: GpuLedger,
    input: ModelManifest['input'],
    pipeline: GPUComputePipeline,
  ) {
    this.#device = device;
    this.#input = input;
    this.#pipeline = pipeline;
    this.#sampler = device.createSampler({ magFilter: 'linear', minFilter: 'linear' });
    this.#params = ledger.buffer(
      'preprocess params',
      PARAMS_SIZE,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    this.#owned = ledger.buffer(
      'network input',
      3 * input.width * input.height * input.batch * 4,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    );
    this.tensor = this.#owned.buffer;
  }

  /** Compiles the shader and allocates the input. Rejects with the browser's error when the device cannot. */
  static async create(
    device: GPUDevice,
    ledger: GpuLedger,
    input: ModelManifest['input'],
  ): Promise<GpuPreprocess> {
    const module = device.createShaderModule({ label: 'preprocess', code: shader });
    const pipeline = await device.createComputePipelineAsync({
      label: 'preprocess',
      layout: 'auto',
      compute: { module, entryPoint: 'preprocess' },
    });
    return new GpuPreprocess(device, ledger, input, pipeline);
  }

  /**
   * Encodes the work for one frame. The frame's import lasts until the end of the task, so the commands are to be
   * submitted in the same task; the frame may be closed right after.
   * @param stored frame without orientation metadata
   */
  encode(
    encoder: GPUCommandEncoder,
    stored: VideoFrame,
    rotation: Rotation,
    times?: GPUComputePassTimestampWrites,
  ) {
    this.#writeParams(stored, rotation);
    const bindings = this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.#params.buffer } },
        { binding: 1, resource: this.#sampler },
        { binding: 2, resource: { buffer: this.tensor } },
        { binding: 3, resource: this.#device.importExternalTexture({ source: stored }) },
      ],
    });
    const pass = encoder.beginComputePass({
      label: 'preprocess',
      ...(times ? { timestampWrites: times } : {}),
    });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(
      Math.ceil(this.#input.width / WORKGROUP),
      Math.ceil(this.#input.height / WORKGROUP),
    );
    pass.end();
  }

  #writeParams(stored: VideoFrame, rotation: Rotation): void {
    const pixels = uprightSize(visibleSize(stored), rotation);
    const seen = uprightSize(displaySize(stored), rotation);
    const key = [pixels.width, pixels.height, seen.width, seen.height, rotation].join();
    if (key === this.#written) return;
    this.#written = key;
    const { width, height, scale, mean, std, layout, channels } = this.#input;
    const content = contentRect(this.#input, seen);
    const bytes = new ArrayBuffer(PARAMS_SIZE);
    const whole = new Uint32Array(bytes);
    const real = new Float32Array(bytes);
    whole.set([width, height, content.x, content.y, content.width, content.height], 0);
    whole.set([tapCount(pixels.width, content.width), tapCount(pixels.height, content.height)], 6);
    for (let c = 0; c < 3; c++) {
      real[8 + c] = (255 * scale) / (std[c] ?? 1);
      real[12 + c] = -(mean[c] ?? 0) / (std[c] ?? 1);
    }
    whole[11] = rotation / 90;
    whole[15] = (layout === 'NHWC' ? 1 : 0) | (channels === 'BGR' ? 2 : 0);
    this.#device.queue.writeBuffer(this.#params.buffer, 0, bytes);
  }

  [Symbol.dispose](): void {
    this.#params[Symbol.dispose]();
    this.#owned[Symbol.dispose]();
  }
}
