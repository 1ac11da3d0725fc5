/**
 * The network alone: one session of the runtime with its buffers in place, and nothing around it. What the product's
 * frames are measured against.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { ModelManifest } from '../../../src/model/manifest';
import { loadRuntime, ortLock } from '../../../src/perception/runtime';
import { inputShape } from '../../../src/perception/session-check';
import { shippedThreads } from './start-engine';

/** Runs of a captured session until it replays: a plain one, and the one that is recorded. */
const WARM_UP = 3;

/** A session on the processor, or on a device. */
export class BareSession implements AsyncDisposable {
  private constructor(
    private readonly session: InferenceSession,
    private readonly feeds: Readonly<Record<string, Tensor>>,
    private readonly output: string,
    private readonly device: GPUDevice | null,
    private readonly buffers: readonly GPUBuffer[],
    private readonly captured: boolean,
  ) {}

  /**
   * Starts and warms up a session.
   * @param device borrowed; null for WebAssembly, with as many threads as the product's engine
   * @param captured whether to use graph capture, as the product's engine does where it proves right
   */
  static async create(
    manifest: ModelManifest,
    bytes: ArrayBuffer,
    device: GPUDevice | null,
    captured: boolean,
  ): Promise<BareSession> {
    const threads = await shippedThreads();
    const ort = await loadRuntime(device ? 'webgpu' : 'wasm', threads);
    const buffers: GPUBuffer[] = [];
    const tensor = (values: Float32Array<ArrayBuffer>, dims: readonly number[]): Tensor => {
      if (!device) return new ort.Tensor('float32', values, dims);
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
      const buffer = device.createBuffer({ size: values.byteLength, usage });
      buffers.push(buffer);
      device.queue.writeBuffer(buffer, 0, values);
      return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims });
    };
    const { input, gate, output } = manifest;
    const pixels = new Float32Array(3 * input.width * input.height).map((_, i) => Math.sin(i * 0.013));
    const feeds = { [input.name]: tensor(pixels, inputShape(manifest)) };
    if (gate) feeds[gate.name] = tensor(new Float32Array(gate.levels.length).fill(1), [gate.levels.length]);
    const session = await ortLock.run(() =>
      ort.InferenceSession.create(
        new Uint8Array(bytes),
        device
          ? {
              executionProviders: [{ name: 'webgpu', device } as InferenceSession.ExecutionProviderConfig],
              preferredOutputLocation: 'gpu-buffer',
              enableGraphCapture: captured,
            }
          : { executionProviders: ['wasm'] },
      ),
    );
    const bare = new BareSession(session, feeds, output.name, device, buffers, captured);
    for (let i = 0; i < (captured ? WARM_UP : 1); i++) await bare.run();
    return bare;
  }

  /** One run, start to end, on the GPU as well. @returns milliseconds */
  async run(): Promise<number> {
    const began = performance.now();
    const results = await ortLock.run(() => this.session.run(this.feeds, [this.output]));
    await this.device?.queue.onSubmittedWorkDone();
    const took = performance.now() - began;
    // A captured run writes the same buffer again and again.
    if (!this.captured) results[this.output]?.dispose();
    return took;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await ortLock.run(() => this.session.release());
    } finally {
      for (const buffer of this.buffers) buffer.destroy();
    }
  }
}
