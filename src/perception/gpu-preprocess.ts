/**
 * Runs `preprocess.wgsl`: a video frame into the network's persistent input buffer, without its pixels leaving the
 * GPU. Frames are imported where the browser can do that, else copied into a texture first: wgpu, Firefox's WebGPU,
 * knows no `texture_external`.
 */
import { FrameCopier } from '../gpu/frame-copy';
import type { GpuLedger, OwnedBuffer, OwnedTexture } from '../gpu/resources';
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

/** How frames reach the shader. */
export type FrameEntry = 'imported' | 'copied';

/** What differs in the shader where frames are copied: a plain texture, and a function that knows it. */
const COPIED: readonly (readonly [string, string])[] = [
  ['texture_external', 'texture_2d<f32>'],
  // The sampler clamps to the edge, as the other function does by itself.
  [
    'textureSampleBaseClampToEdge(picture, bilinear, point)',
    'textureSampleLevel(picture, bilinear, point, 0.0)',
  ],
];

/** The shader for a way in. @throws Error when the shader was changed and this was not */
function shaderFor(entry: FrameEntry): string {
  if (entry === 'imported') return shader;
  return COPIED.reduce((code, [from, to]) => {
    if (!code.includes(from)) throw new Error(`preprocess.wgsl has no ${from}`);
    return code.replace(from, to);
  }, shader);
}

/** The ways in to try on a device, the cheaper one first. */
function entriesOf(device: GPUDevice): readonly FrameEntry[] {
  // Missing in browsers, whatever the types say.
  const known = typeof (device as Partial<GPUDevice>).importExternalTexture === 'function';
  return known ? ['imported', 'copied'] : ['copied'];
}

/**
 * Compiles the shader for a way in; what is wrong with it is thrown and not told to the device's listeners.
 * @throws whatever the browser says
 */
async function compile(device: GPUDevice, entry: FrameEntry): Promise<GPUComputePipeline> {
  device.pushErrorScope('validation');
  let failure: GPUError | null;
  let made: PromiseSettledResult<GPUComputePipeline>;
  try {
    const module = device.createShaderModule({ label: `preprocess, ${entry}`, code: shaderFor(entry) });
    const making = device.createComputePipelineAsync({
      label: 'preprocess',
      layout: 'auto',
      compute: { module, entryPoint: 'preprocess' },
    });
    [made] = await Promise.allSettled([making]);
  } finally {
    failure = await device.popErrorScope();
  }
  if (made.status === 'rejected') throw made.reason;
  if (failure) throw new Error(failure.message);
  return made.value;
}

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
  readonly #ledger: GpuLedger;
  readonly #copier: FrameCopier;
  /** Where frames are copied to; made with the first one. */
  #copy: OwnedTexture | null = null;

  private constructor(
    device: GPUDevice,
    ledger: GpuLedger,
    input: ModelManifest['input'],
    pipeline: GPUComputePipeline,
    /** How frames reach the shader. */
    readonly entry: FrameEntry,
  ) {
    this.#ledger = ledger;
    this.#device = device;
    this.#copier = new FrameCopier(device);
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

  /**
   * Compiles the shader and allocates the input. Rejects with the browser's error when the device cannot.
   * @param entries ways in to try, in order; what the device offers unless told otherwise
   */
  static async create(
    device: GPUDevice,
    ledger: GpuLedger,
    input: ModelManifest['input'],
    entries: readonly FrameEntry[] = entriesOf(device),
  ): Promise<GpuPreprocess> {
    let failure: unknown;
    for (const entry of entries)
      try {
        return new GpuPreprocess(device, ledger, input, await compile(device, entry), entry);
      } catch (thrown) {
        failure = thrown;
      }
    throw failure;
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
        { binding: 3, resource: this.#enter(stored) },
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

  /** The frame as the shader can read it, until the end of the task. */
  #enter(stored: VideoFrame): GPUBindingResource {
    if (this.entry === 'imported') return this.#device.importExternalTexture({ source: stored });
    const { width, height } = displaySize(stored);
    if (this.#copy?.texture.width !== width || this.#copy.texture.height !== height) {
      this.#copy?.[Symbol.dispose]();
      this.#copy = this.#ledger.texture({
        label: 'frame',
        size: [width, height],
        format: 'rgba8unorm',
        // The copy of an external image is a draw, hence the attachment.
        usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
      });
    }
    const { texture } = this.#copy;
    this.#copier.copy(stored, texture, { width, height });
    return texture.createView();
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
    this.#copy?.[Symbol.dispose]();
    this.#params[Symbol.dispose]();
    this.#owned[Symbol.dispose]();
  }
}
