/**
 * Runs `motion.wgsl`: how each stream's picture moved, found on the GPU and left there. The pipelines belong to a
 * network, the grey pictures and the field to a stream.
 */
import type { GpuLedger, OwnedBuffer } from '../gpu/resources';
import type { Size } from '../media/size';
import type { ModelManifest } from '../model/manifest';
import { CUT_LEVEL, LENGTH_COST, QUIET, STIFFNESS, SUBPIXELS } from './motion';
import shader from './motion.wgsl?raw';
import { GREY_MAX, greyScale, isSameGrid, type MotionGrid, motionGrid } from './motion-grid';
import { inputIndex } from './preprocess';

/** Bytes of the shader's `Params`, rounded up to its alignment. */
const PARAMS_SIZE = 80;

/** Side of the grey pass's workgroups. */
const WORKGROUP = 8;

/** Bytes of a block's motion. */
const BLOCK_SIZE = 16;

/** The compiled passes of a network. */
export class GpuMotion {
  private constructor(
    readonly device: GPUDevice,
    readonly ledger: GpuLedger,
    readonly input: ModelManifest['input'],
    readonly grey: GPUComputePipeline,
    readonly match: GPUComputePipeline,
    readonly settle: GPUComputePipeline,
  ) {}

  /** Compiles the shader. Rejects with the browser's error when the device cannot. */
  static async create(
    device: GPUDevice,
    ledger: GpuLedger,
    input: ModelManifest['input'],
  ): Promise<GpuMotion> {
    const module = device.createShaderModule({ label: 'motion', code: shader });
    const compile = (entryPoint: string) =>
      device.createComputePipelineAsync({
        label: entryPoint,
        layout: 'auto',
        compute: { module, entryPoint },
      });
    const [grey, match, settle] = await Promise.all([
      compile('grey_picture'),
      compile('match_blocks'),
      compile('settle'),
    ]);
    return new GpuMotion(device, ledger, input, grey, match, settle);
  }
}

/** What the passes of one frame need. */
export interface MotionRequest {
  /** The network's input of this frame. */
  readonly tensor: GPUBuffer;
  /** Upright size of the picture. */
  readonly picture: Size;
  readonly smoothing: number;
  readonly reset: boolean;
}

/** The motion of one stream: the same turns as `MotionFollower`. */
export class GpuMotionStream implements Disposable {
  /** Motion of the blocks, four whole numbers each: x and y first. */
  readonly field: GPUBuffer;
  readonly #stage: GpuMotion;
  readonly #params: OwnedBuffer;
  readonly #field: OwnedBuffer;
  /** The grey pictures of this frame and of the one before. */
  #greys: readonly [OwnedBuffer, OwnedBuffer];
  #grid: MotionGrid | null = null;

  constructor(stage: GpuMotion) {
    const { ledger, input } = stage;
    this.#stage = stage;
    this.#params = ledger.buffer(
      'motion params',
      PARAMS_SIZE,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    const { blocks, grey } = motionGrid({ ...input, fit: 'stretch' }, input);
    const bytes = blocks.width * blocks.height * BLOCK_SIZE;
    this.#field = ledger.buffer('motion', bytes, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC);
    this.field = this.#field.buffer;
    const picture = () => ledger.buffer('grey picture', grey.width * grey.height * 4, GPUBufferUsage.STORAGE);
    this.#greys = [picture(), picture()];
  }

  /**
   * Encodes the search for one frame's motion.
   * @returns how the blocks lie, or null where there is nothing to follow: `field` then says nothing
   */
  encode(
    pass: GPUComputePassEncoder,
    { tensor, picture, smoothing, reset }: MotionRequest,
  ): MotionGrid | null {
    const last = this.#grid;
    this.#grid = null;
    if (smoothing >= 1) return null;
    const { device, input, grey, match, settle } = this.#stage;
    const grid = motionGrid(input, picture);
    this.#grid = grid;
    if (!last || !isSameGrid(last, grid)) this.#writeParams(grid);
    const [before, now] = this.#greys;
    this.#greys = [now, before];
    const run = (pipeline: GPUComputePipeline, buffers: readonly (GPUBuffer | null)[], groups: Size) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: buffers.flatMap((buffer, binding) => (buffer ? [{ binding, resource: { buffer } }] : [])),
        }),
      );
      pass.dispatchWorkgroups(groups.width, groups.height);
    };
    const params = this.#params.buffer;
    run(grey, [params, tensor, now.buffer], {
      width: Math.ceil(grid.grey.width / WORKGROUP),
      height: Math.ceil(grid.grey.height / WORKGROUP),
    });
    if (reset || !last || !isSameGrid(last, grid)) return null;
    run(match, [params, null, now.buffer, before.buffer, this.field], grid.blocks);
    run(settle, [params, null, null, null, this.field], { width: 1, height: 1 });
    return grid;
  }

  #writeParams({ content, grey, blocks }: MotionGrid): void {
    const { device, input } = this.#stage;
    const bytes = new ArrayBuffer(PARAMS_SIZE);
    const whole = new Uint32Array(bytes);
    const { gain, bias } = greyScale(input);
    const base = inputIndex(input, 1, 0, 0);
    const [right, below] = [content.x + content.width - 1, content.y + content.height - 1];
    whole.set([content.x, content.y, right, below, grey.width, grey.height, blocks.width, blocks.height], 0);
    whole.set([base, inputIndex(input, 1, 0, 1) - base, inputIndex(input, 1, 1, 0) - base, GREY_MAX], 8);
    new Float32Array(bytes).set([gain, bias], 12);
    whole.set([LENGTH_COST, QUIET, STIFFNESS, SUBPIXELS, CUT_LEVEL], 14);
    device.queue.writeBuffer(this.#params.buffer, 0, bytes);
  }

  [Symbol.dispose](): void {
    for (const owned of [this.#params, this.#field, ...this.#greys]) owned[Symbol.dispose]();
  }
}
