/**
 * Runs `postprocess.wgsl` and `class-map.wgsl`: scores to the mask that is drawn and to the small map that is read
 * back. The pipelines belong to a network, the state and the masks to a stream.
 */
import type { GpuLedger, OwnedBuffer, OwnedTexture } from '../gpu/resources';
import type { ModelManifest } from '../model/manifest';
import { DRIVABLE_CLASS_IDS } from '../taxonomy/classes';
import classMapShader from './class-map.wgsl?raw';
import { IGNORE_POINTS_MAX, type IgnoreRegion } from './engine';
import { classMapSize, type Size } from './geometry';
import { maskMap, type OutputSpec, outputSpec, scoreStrides } from './output-spec';
import { RELEASE_END, RELEASE_START, stateLength } from './postprocess';
import shader from './postprocess.wgsl?raw';

/** Bytes of the shader's `Params`: 80 of scalars, then 16 vectors of corners. */
const PARAMS_SIZE = 80 + (IGNORE_POINTS_MAX / 2) * 16;

/** Side of the mask pass's workgroups, and size of the class-map pass's. */
const WORKGROUP = 8;
const MAP_WORKGROUP = 64;

/** Masks of a stream: one is drawn while the next is painted. */
const MASKS = 2;

/** Bit mask of the drivable classes. */
const DRIVABLE_BITS = DRIVABLE_CLASS_IDS.reduce((bits, id) => bits | (1 << id), 0);

/** How one frame is to be painted. */
export interface PaintRequest {
  /** The network's output, floats in the manifest's layout. */
  readonly scores: GPUBuffer;
  /** Upright size of the picture. */
  readonly picture: Size;
  readonly smoothing: number;
  readonly reset: boolean;
  readonly ignore: IgnoreRegion | null;
}

/** The last stage of a network on one device: compiled shaders and the meaning of the channels. */
export class GpuPostprocess implements Disposable {
  readonly spec: OutputSpec;
  readonly channelTable: OwnedBuffer;

  private constructor(
    readonly device: GPUDevice,
    readonly ledger: GpuLedger,
    readonly manifest: ModelManifest,
    readonly paint: GPUComputePipeline,
    readonly reduce: GPUComputePipeline,
  ) {
    this.spec = outputSpec(manifest);
    const table = Uint32Array.from(this.spec.classOfChannel);
    this.channelTable = ledger.filled('class of channel', table, GPUBufferUsage.STORAGE);
  }

  /** Compiles the shaders. Rejects with the browser's error when the device cannot. */
  static async create(
    device: GPUDevice,
    ledger: GpuLedger,
    manifest: ModelManifest,
  ): Promise<GpuPostprocess> {
    const module = device.createShaderModule({
      label: 'postprocess',
      code: `${shader}\n${classMapShader}`,
    });
    const compile = (entryPoint: string) =>
      device.createComputePipelineAsync({
        label: entryPoint,
        layout: 'auto',
        compute: { module, entryPoint },
      });
    const [paint, reduce] = await Promise.all([compile('postprocess'), compile('reduce_classes')]);
    return new GpuPostprocess(device, ledger, manifest, paint, reduce);
  }

  [Symbol.dispose](): void {
    this.channelTable[Symbol.dispose]();
  }
}

/** The part of the last stage that belongs to one stream: smoothed probabilities, masks, class map. */
export class GpuMaskStream implements Disposable {
  readonly mask: Size;
  readonly cells: Size;
  /** The newest class map, two cells to a word. */
  readonly classMap: GPUBuffer;
  readonly #stage: GpuPostprocess;
  readonly #params: OwnedBuffer;
  readonly #state: OwnedBuffer;
  readonly #map: OwnedBuffer;
  readonly #masks: readonly OwnedTexture[];
  readonly #reduceBindings: GPUBindGroup;
  #next = 0;

  constructor(stage: GpuPostprocess, mask: Size) {
    const { device, ledger } = stage;
    this.#stage = stage;
    this.mask = mask;
    this.cells = classMapSize(mask.width / mask.height);
    this.#params = ledger.buffer(
      'postprocess params',
      PARAMS_SIZE,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    this.#state = ledger.buffer('smoothed probabilities', stateLength(mask) * 2, GPUBufferUsage.STORAGE);
    this.#map = ledger.buffer(
      'class map',
      Math.ceil((this.cells.width * this.cells.height) / 2) * 4,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    );
    this.classMap = this.#map.buffer;
    this.#masks = Array.from({ length: MASKS }, (_, i) =>
      ledger.texture({
        label: `mask ${i}`,
        size: [mask.width, mask.height],
        format: 'rgba8unorm',
        usage: GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_SRC,
      }),
    );
    this.#reduceBindings = device.createBindGroup({
      layout: stage.reduce.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.#params.buffer } },
        { binding: 3, resource: { buffer: this.#state.buffer } },
        { binding: 5, resource: { buffer: this.classMap } },
      ],
    });
  }

  /**
   * Encodes mask and class map of one frame.
   * @returns the texture the mask will be in
   */
  encode(
    encoder: GPUCommandEncoder,
    request: PaintRequest,
    times?: GPUComputePassTimestampWrites,
  ): GPUTexture {
    const { device, paint, reduce, channelTable } = this.#stage;
    this.#writeParams(request);
    const { texture } = this.#masks[this.#next]!;
    this.#next = (this.#next + 1) % MASKS;
    const bindings = device.createBindGroup({
      layout: paint.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.#params.buffer } },
        { binding: 1, resource: { buffer: channelTable.buffer } },
        { binding: 2, resource: { buffer: request.scores } },
        { binding: 3, resource: { buffer: this.#state.buffer } },
        { binding: 4, resource: texture.createView() },
      ],
    });
    const pass = encoder.beginComputePass({
      label: 'postprocess',
      ...(times ? { timestampWrites: times } : {}),
    });
    pass.setPipeline(paint);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(Math.ceil(this.mask.width / WORKGROUP), Math.ceil(this.mask.height / WORKGROUP));
    pass.setPipeline(reduce);
    pass.setBindGroup(0, this.#reduceBindings);
    pass.dispatchWorkgroups(Math.ceil(this.classMap.size / 4 / MAP_WORKGROUP));
    pass.end();
    return texture;
  }

  #writeParams({ picture, smoothing, reset, ignore }: PaintRequest): void {
    const { spec, manifest, device } = this.#stage;
    const map = maskMap(manifest, picture, this.mask);
    const strides = scoreStrides(spec);
    const corners = (ignore ?? []).slice(0, IGNORE_POINTS_MAX);
    const bytes = new ArrayBuffer(PARAMS_SIZE);
    const whole = new Uint32Array(bytes);
    const real = new Float32Array(bytes);
    whole.set([this.mask.width, this.mask.height, spec.width, spec.height], 0);
    real.set([map.x.offset, map.y.offset, map.x.step, map.y.step], 4);
    whole.set([strides.channel, strides.row, strides.column, spec.channels], 8);
    real.set([smoothing, RELEASE_START, RELEASE_END], 12);
    whole[15] = (reset ? 1 : 0) | (spec.activation === 'softmax' ? 2 : 0);
    whole.set([DRIVABLE_BITS, corners.length, this.cells.width, this.cells.height], 16);
    for (const [i, { x, y }] of corners.entries()) real.set([x, y], 20 + 2 * i);
    device.queue.writeBuffer(this.#params.buffer, 0, bytes);
  }

  [Symbol.dispose](): void {
    for (const owned of [this.#params, this.#state, this.#map, ...this.#masks]) owned[Symbol.dispose]();
  }
}
