/**
 * Runs `postprocess.wgsl` and `class-map.wgsl`: scores to the mask that is drawn and to the small map that is read
 * back. The pipelines belong to a network, the state and the masks to a stream.
 */
import type { GpuLedger, OwnedBuffer, OwnedTexture } from '../gpu/resources';
import type { Size } from '../media/size';
import type { ModelManifest } from '../model/manifest';
import classMapShader from './class-map.wgsl?raw';
import { IGNORE_POINTS_MAX, type IgnoreRegion } from './engine';
import { classMapSize } from './geometry';
import { GpuMotion, GpuMotionStream } from './gpu-motion';
import type { MotionGrid } from './motion-grid';
import { motionAxes } from './moved-state';
import { maskMap, type OutputSpec, outputSpec, scoreStrides, standsAlone } from './output-spec';
import { RELEASE_END, RELEASE_START, stateLength } from './postprocess';
import shader from './postprocess.wgsl?raw';

/** Bytes of the shader's `Params`: scalars, two vectors of drivable bits, then 16 vectors of corners. */
const SCALARS_SIZE = 144;
const PARAMS_SIZE = SCALARS_SIZE + (IGNORE_POINTS_MAX / 2) * 16;

/** Side of the mask pass's workgroups, and size of the class-map pass's. */
const WORKGROUP = 8;
const MAP_WORKGROUP = 64;

/** Masks and states of a stream: one is drawn or read while the other is painted. */
const PAIR = 2;

/** Words of 32 bits before the drivable bits in `Params`. */
const DRIVABLE_AT = 28;

/** How one frame is to be painted. */
export interface PaintRequest {
  /** The network's output, floats in the manifest's layout. */
  readonly scores: GPUBuffer;
  /** The network's input of the same frame. */
  readonly tensor: GPUBuffer;
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
    readonly motion: GpuMotion,
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
    const { classes, slots } = outputSpec(manifest);
    const module = device.createShaderModule({
      label: 'postprocess',
      code: `const CLASSES = ${classes}u;\nconst SLOTS = ${slots}u;\n${shader}\n${classMapShader}`,
    });
    const compile = (entryPoint: string) =>
      device.createComputePipelineAsync({
        label: entryPoint,
        layout: 'auto',
        compute: { module, entryPoint },
      });
    const [paint, reduce, motion] = await Promise.all([
      compile('postprocess'),
      compile('reduce_classes'),
      GpuMotion.create(device, ledger, manifest.input),
    ]);
    return new GpuPostprocess(device, ledger, manifest, paint, reduce, motion);
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
  readonly #states: readonly OwnedBuffer[];
  readonly #motion: GpuMotionStream;
  readonly #map: OwnedBuffer;
  readonly #masks: readonly OwnedTexture[];
  /** For each state, what reads it into the class map. */
  readonly #reduceBindings: readonly GPUBindGroup[];
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
    this.#states = Array.from({ length: PAIR }, (_, i) =>
      ledger.buffer(`smoothed probabilities ${i}`, stateLength(mask, stage.spec) * 2, GPUBufferUsage.STORAGE),
    );
    this.#motion = new GpuMotionStream(stage.motion);
    this.#map = ledger.buffer(
      'class map',
      Math.ceil((this.cells.width * this.cells.height) / 2) * 4,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    );
    this.classMap = this.#map.buffer;
    this.#masks = Array.from({ length: PAIR }, (_, i) =>
      ledger.texture({
        label: `mask ${i}`,
        size: [mask.width, mask.height],
        format: 'rgba8unorm',
        usage: GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_SRC,
      }),
    );
    this.#reduceBindings = this.#states.map(({ buffer }) =>
      device.createBindGroup({
        layout: stage.reduce.getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: { buffer: this.#params.buffer } },
          { binding: 3, resource: { buffer } },
          { binding: 5, resource: { buffer: this.classMap } },
        ],
      }),
    );
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
    const next = this.#next;
    const last = (next + 1) % PAIR;
    this.#next = last;
    const { texture } = this.#masks[next]!;
    const bindings = device.createBindGroup({
      layout: paint.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.#params.buffer } },
        { binding: 1, resource: { buffer: channelTable.buffer } },
        { binding: 2, resource: { buffer: request.scores } },
        { binding: 3, resource: { buffer: this.#states[next]!.buffer } },
        { binding: 4, resource: texture.createView() },
        { binding: 6, resource: { buffer: this.#states[last]!.buffer } },
        { binding: 7, resource: { buffer: this.#motion.field } },
      ],
    });
    const pass = encoder.beginComputePass({
      label: 'postprocess',
      ...(times ? { timestampWrites: times } : {}),
    });
    this.#writeParams(request, this.#motion.encode(pass, request));
    pass.setPipeline(paint);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(Math.ceil(this.mask.width / WORKGROUP), Math.ceil(this.mask.height / WORKGROUP));
    pass.setPipeline(reduce);
    pass.setBindGroup(0, this.#reduceBindings[next]!);
    pass.dispatchWorkgroups(Math.ceil(this.classMap.size / 4 / MAP_WORKGROUP));
    pass.end();
    return texture;
  }

  #writeParams({ picture, smoothing, reset, ignore }: PaintRequest, motion: MotionGrid | null): void {
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
    const { activation } = spec;
    const given = activation === 'softmax' || standsAlone(activation);
    const read = (given ? 2 : 0) | (activation === 'ids' ? 8 : 0) | (activation === 'logits' ? 16 : 0);
    whole[15] = (reset ? 1 : 0) | (motion ? 4 : 0) | read;
    real[16] = spec.floor;
    whole.set([corners.length, this.cells.width, this.cells.height], 17);
    spec.drivable.forEach((is, id) => {
      if (is) whole[DRIVABLE_AT + (id >> 5)]! |= 1 << (id & 31);
    });
    if (motion) {
      const { x, y } = motionAxes(motion, this.mask);
      const { width, height } = motion.blocks;
      whole.set([width, height, x.step, y.step, x.reach, y.reach], 20);
    }
    for (const [i, { x, y }] of corners.entries()) real.set([x, y], SCALARS_SIZE / 4 + 2 * i);
    device.queue.writeBuffer(this.#params.buffer, 0, bytes);
  }

  [Symbol.dispose](): void {
    const owned = [this.#params, this.#map, this.#motion, ...this.#states, ...this.#masks];
    for (const part of owned) part[Symbol.dispose]();
  }
}
