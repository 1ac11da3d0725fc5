/**
 * An onnxruntime session on a given device: persistent input buffers, scores that stay on the GPU, graph capture where
 * it proves right. All calls go through the one lock of the worker.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { CarriagewayError } from '../errors';
import type { GpuLedger, OwnedBuffer } from '../gpu/resources';
import type { ModelManifest } from '../model/manifest';
import { outputSpec } from './output-spec';
import { asFloats, resolveOutput } from './resolve-output';
import { type Ort, ortLock, withStartTimeout } from './runtime';
import { checkSession, inputShape } from './session-check';

/** Feeds: the same tensors, over the same buffers, for every run. */
type Feeds = Readonly<Record<string, Tensor>>;

/** What a session is made from. */
export interface WebGpuSessionOptions {
  readonly ort: Ort;
  readonly device: GPUDevice;
  readonly ledger: GpuLedger;
  readonly manifest: ModelManifest;
  readonly bytes: ArrayBuffer;
  /** The network's input, filled before each run. Owned by the caller. */
  readonly input: GPUBuffer;
  /** Whether to try graph capture. */
  readonly capture: boolean;
  /** Rejects when the device is lost: a run on a lost device may never come back by itself. */
  readonly lost: Promise<never>;
}

/**
 * Largest difference between a captured run and a plain one, as a share of the largest score. Both run the same
 * kernels on the same input, so they should not differ at all; a stale or foreign buffer differs by tens of per cent.
 */
const CAPTURE_TOLERANCE = 1e-3;

/** A running session. Disposing releases it, also after the device was lost. */
export class WebGpuSession implements AsyncDisposable {
  readonly #options: WebGpuSessionOptions;
  readonly #feeds: Feeds;
  readonly #gate: OwnedBuffer | null;
  readonly #session: InferenceSession;
  readonly #captured: boolean;
  #manifest: ModelManifest;
  #scoreCount = 0;
  #upload: OwnedBuffer | null = null;
  #gateWritten = '';

  private constructor(options: WebGpuSessionOptions, session: InferenceSession, captured: boolean) {
    const { ort, ledger, manifest, input } = options;
    this.#options = options;
    this.#manifest = manifest;
    this.#session = session;
    this.#captured = captured;
    const feeds: Record<string, Tensor> = {
      [manifest.input.name]: ort.Tensor.fromGpuBuffer(input, {
        dataType: 'float32',
        dims: inputShape(manifest),
      }),
    };
    this.#gate = null;
    if (manifest.gate) {
      const { name, levels } = manifest.gate;
      const shape = checkSession(session, manifest).gateShape;
      this.#gate = ledger.filled(
        'gate',
        new Float32Array(levels.length).fill(1),
        GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
      );
      feeds[name] = ort.Tensor.fromGpuBuffer(this.#gate.buffer, { dataType: 'float32', dims: shape });
    }
    this.#feeds = feeds;
  }

  /** The manifest, its output as it really is once the session has run. */
  get manifest(): ModelManifest {
    return this.#manifest;
  }

  /** Whether runs are replays of a captured one. */
  get captured(): boolean {
    return this.#captured;
  }

  /**
   * Starts a session. With graph capture, three runs are made at once: the plain one whose scores are kept, the
   * recorded one on another input, and a replay on the first input, which must give the kept scores again.
   * @throws CarriagewayError `model-load-failed`
   */
  static async create(options: WebGpuSessionOptions): Promise<WebGpuSession> {
    if (options.capture) {
      const captured = await WebGpuSession.#open(options, true).catch(() => null);
      if (captured) {
        if (await captured.#replaysFaithfully()) return captured;
        await captured[Symbol.asyncDispose]();
      }
    }
    const plain = await WebGpuSession.#open(options, false);
    try {
      // The first run compiles the kernels; nobody should wait for that with a frame in hand.
      await plain.#scoresOfPattern(1);
      return plain;
    } catch (error) {
      await plain[Symbol.asyncDispose]().catch(() => {});
      throw error;
    }
  }

  static async #open(options: WebGpuSessionOptions, captured: boolean): Promise<WebGpuSession> {
    const { ort, device, manifest, bytes, lost } = options;
    const session = await ortLock.run(() =>
      withStartTimeout(
        lost,
        ort.InferenceSession.create(new Uint8Array(bytes), {
          executionProviders: [{ name: 'webgpu', device } as InferenceSession.ExecutionProviderConfig],
          preferredOutputLocation: 'gpu-buffer',
          enableGraphCapture: captured,
        }),
      ),
    );
    try {
      checkSession(session, manifest);
      return new WebGpuSession(options, session, captured);
    } catch (error) {
      await ortLock.run(() => session.release());
      throw error;
    }
  }

  /** Numbers of the output for one picture. Known once the session has run. */
  get scoreCount(): number {
    return this.#scoreCount;
  }

  /** Sets the weight of each pyramid level for the runs to come; missing ones are 1. No effect without a gate. */
  setGate(weights: readonly number[] | undefined): void {
    const gate = this.#options.manifest.gate;
    if (!gate || !this.#gate) return;
    const values = Float32Array.from(gate.levels, (_, i) => weights?.[i] ?? 1);
    const key = values.join();
    if (key === this.#gateWritten) return;
    this.#gateWritten = key;
    this.#options.device.queue.writeBuffer(this.#gate.buffer, 0, values);
  }

  /**
   * Runs the network on what is in the input buffer.
   * @param use receives the scores, `scoreCount` of them; they are valid for work submitted before its promise resolves
   */
  run<T>(use: (scores: GPUBuffer) => T): Promise<T> {
    return ortLock.run(async () => {
      const { lost } = this.#options;
      const { output, input } = this.#manifest;
      const results = await Promise.race([this.#session.run(this.#feeds, [output.name]), lost]);
      const scores = results[output.name]!;
      if (this.#scoreCount === 0) {
        this.#manifest = resolveOutput(this.#manifest, scores.dims);
        const { channels, width, height } = outputSpec(this.#manifest);
        this.#scoreCount = channels * width * height;
      }
      if (scores.size !== this.scoreCount * input.batch)
        throw new CarriagewayError(
          'model-load-failed',
          `${output.name} has the shape ${scores.dims.join(' × ')}`,
        );
      try {
        const floats = scores.location === 'gpu-buffer' && scores.type === 'float32';
        return use(
          floats ? bufferOf(scores) : this.#uploaded(asFloats((await scores.getData()) as Float32Array)),
        );
      } finally {
        // A captured run writes the same buffer again and again; disposing would take it from under the replay.
        if (!this.#captured) scores.dispose();
      }
    });
  }

  /** Scores that ended on the processor, because a node of the graph did, or are whole numbers. */
  #uploaded(data: Float32Array<ArrayBuffer>): GPUBuffer {
    const { device, ledger } = this.#options;
    this.#upload ??= ledger.buffer(
      'uploaded scores',
      data.byteLength,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    );
    device.queue.writeBuffer(this.#upload.buffer, 0, data);
    return this.#upload.buffer;
  }

  async #replaysFaithfully(): Promise<boolean> {
    try {
      const plain = await this.#scoresOfPattern(1);
      const recorded = await this.#scoresOfPattern(2);
      const replayed = await this.#scoresOfPattern(1);
      const range = plain.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-6);
      const differs = (a: Float32Array, b: Float32Array) =>
        !a.every((v, i) => Math.abs(v - b[i]!) <= CAPTURE_TOLERANCE * range);
      // Only if the two patterns differ does the agreement show that the replay has read its input.
      return !differs(plain, replayed) && differs(plain, recorded);
    } catch {
      return false;
    }
  }

  /** Runs the network on a fixed pattern and reads the scores back: at start only. */
  async #scoresOfPattern(seed: number): Promise<Float32Array> {
    const { device, ledger, input } = this.#options;
    const pattern = new Float32Array(input.size / 4);
    // Smooth waves within the range of normalised pixels: any network answers them, each seed differently.
    for (let i = 0; i < pattern.length; i++) pattern[i] = Math.sin((i + 1) * 0.013 * seed) * 1.5;
    device.queue.writeBuffer(input, 0, pattern);
    let staging: OwnedBuffer | null = null;
    try {
      // How large the scores are is known with the first of them.
      staging = await this.run((scores) => {
        const size = this.scoreCount * 4;
        const copy = ledger.buffer(
          'scores at start',
          size,
          GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
        );
        const encoder = device.createCommandEncoder();
        encoder.copyBufferToBuffer(scores, 0, copy.buffer, 0, size);
        device.queue.submit([encoder.finish()]);
        return copy;
      });
      await staging.buffer.mapAsync(GPUMapMode.READ);
      return new Float32Array(staging.buffer.getMappedRange().slice(0));
    } finally {
      staging?.[Symbol.dispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await ortLock.run(() => this.#session.release());
    } finally {
      this.#gate?.[Symbol.dispose]();
      this.#upload?.[Symbol.dispose]();
    }
  }
}

/** The buffer behind a tensor on the GPU; the runtime's types know it only as "some GPU buffer". */
function bufferOf(tensor: Tensor): GPUBuffer {
  return tensor.gpuBuffer as unknown as GPUBuffer;
}
