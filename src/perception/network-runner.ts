/** A network in whichever runtime reads its file, and the tensors that go in and out of it. */
import { Mutex } from '../media/mutex';
import type { ModelManifest } from '../model/manifest';
import { codedFailure } from './failure';
import { fetchLiteRt } from './litert-files';
import type { NetworkRun, StartMessage, WarmMessage } from './network-protocol';
import type { ScoreRunner } from './score-runner';

/** Runs a network, one input at a time. Lives as long as its worker. */
export class NetworkRunner {
  readonly #runner: ScoreRunner;
  /** The next input may come while a run is on its way. */
  readonly #lock = new Mutex();

  constructor(runner: ScoreRunner) {
    this.#runner = runner;
  }

  /**
   * Starts the network. Each runtime's code is only loaded when it is asked for.
   * @throws CarriagewayError `model-load-failed`, `memory-short`
   */
  static async create({ manifest, bytes, threads, runtime }: StartMessage): Promise<NetworkRunner> {
    try {
      return new NetworkRunner(
        runtime === 'litert'
          ? await (await import('./litert-runner')).LiteRtRunner.create(manifest, bytes, threads)
          : await (await import('./ort-runner')).OrtRunner.create(manifest, bytes, threads),
      );
    } catch (error) {
      throw codedFailure(error, 'model-load-failed');
    }
  }

  /**
   * Loads what runs a runtime, and the runtime itself where it is known with how many threads, ahead of its network. What
   * fails now fails again, and is said, when the network starts.
   */
  static async warm({ runtime, threads }: WarmMessage): Promise<void> {
    try {
      if (runtime !== 'litert') await import('./ort-runner');
      else {
        const [{ loadLiteRt }] = await Promise.all([
          import('./litert-runtime'),
          import('./litert-runner'),
          threads === null ? null : fetchLiteRt(threads),
        ]);
        if (threads !== null) await loadLiteRt(threads);
      }
    } catch {}
  }

  /** What runs, for people. */
  get description(): string {
    return this.#runner.description;
  }

  /** The manifest as the file has it. */
  get manifest(): ModelManifest {
    return this.#runner.manifest;
  }

  /**
   * Runs the network, in the order of the calls.
   * @param image 3 · width · height floats; handed back with the scores
   * @throws CarriagewayError `inference-failed`, `memory-short`
   */
  async run(image: Float32Array<ArrayBuffer>, gate: readonly number[] | null): Promise<NetworkRun> {
    try {
      return await this.#lock.run(async () => {
        const runner = this.#runner;
        runner.image.set(image);
        for (let i = 0; i < runner.gate.length; i++) runner.gate[i] = gate?.[i] ?? 1;
        const began = performance.now();
        const scores = await runner.run();
        return { image, scores: ownMemory(scores), took: performance.now() - began };
      });
    } catch (error) {
      throw codedFailure(error, 'inference-failed');
    }
  }
}

/** Numbers that can be given away: a part of something larger, or of memory that is shared, is copied. */
function ownMemory(numbers: Float32Array): Float32Array<ArrayBuffer> {
  const { buffer } = numbers;
  return buffer instanceof ArrayBuffer && buffer.byteLength === numbers.byteLength
    ? (numbers as Float32Array<ArrayBuffer>)
    : new Float32Array(numbers);
}
