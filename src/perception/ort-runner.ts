/** A network in onnxruntime-web on WebAssembly: for files that only it can read, and where LiteRT cannot start. */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { CarriagewayError } from '../errors';
import type { ModelManifest } from '../model/manifest';
import { asFloats, resolveOutput } from './resolve-output';
import { loadRuntime, ortLock } from './runtime';
import type { ScoreRunner } from './score-runner';
import { checkSession, inputShape } from './session-check';

/** A session on the processor. */
export class OrtRunner implements ScoreRunner {
  readonly image: Float32Array;
  readonly gate: Float32Array;
  readonly description: string;
  #manifest: ModelManifest;
  readonly #feeds: Readonly<Record<string, Tensor>>;

  private constructor(
    manifest: ModelManifest,
    private readonly session: InferenceSession,
    threads: number,
    TensorType: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor,
  ) {
    this.#manifest = manifest;
    this.description = `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    const { width, height, batch } = manifest.input;
    const input = new Float32Array(3 * width * height * batch);
    this.image = input.subarray(0, 3 * width * height);
    this.gate = new Float32Array(manifest.gate?.levels.length ?? 0).fill(1);
    const { gateShape } = checkSession(session, manifest);
    const feeds: Record<string, Tensor> = {
      [manifest.input.name]: new TensorType('float32', input, inputShape(manifest)),
    };
    if (manifest.gate) feeds[manifest.gate.name] = new TensorType('float32', this.gate, gateShape);
    this.#feeds = feeds;
  }

  /**
   * Starts the network.
   * @param threads WebAssembly threads, at least 1; more than 1 only where the page is isolated
   * @throws whatever the runtime says, or CarriagewayError `model-load-failed`
   */
  static async create(manifest: ModelManifest, bytes: ArrayBuffer, threads: number): Promise<OrtRunner> {
    const ort = await loadRuntime('wasm', threads);
    const session = await ortLock.run(() =>
      ort.InferenceSession.create(new Uint8Array(bytes), { executionProviders: ['wasm'] }),
    );
    const runner = new OrtRunner(manifest, session, threads, ort.Tensor);
    // The first run allocates the arena; no frame should wait for that. It also says what the output is like.
    runner.#manifest = resolveOutput(manifest, (await runner.#output()).dims);
    return runner;
  }

  get manifest(): ModelManifest {
    return this.#manifest;
  }

  async run(): Promise<Float32Array> {
    const scores = await this.#output();
    const { output, channels, input } = this.#manifest;
    const planes = output.activation === 'ids' ? 1 : channels.length;
    const size = planes * output.width * output.height;
    if (scores.size !== size * input.batch)
      throw new CarriagewayError(
        'model-load-failed',
        `${output.name} has the shape ${scores.dims.join(' × ')}`,
      );
    return asFloats(scores.data as Float32Array | BigInt64Array).subarray(0, size);
  }

  async #output(): Promise<Tensor> {
    const { name } = this.#manifest.output;
    const results = await ortLock.run(() => this.session.run(this.#feeds, [name]));
    return results[name]!;
  }
}
