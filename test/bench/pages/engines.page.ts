/**
 * The page of the benchmark of engines: networks run by the product's engines on the processor, turn by turn, and the
 * whole stage on one of them.
 */
import { parseManifest, runtimeOf } from '../../../src/model/manifest';
import { createEngine, engineOf } from '../../../src/perception/create-engine';
import type { Engine, EngineStream } from '../../../src/perception/engine';
import { medianOf } from '../metrics';
import { Footage } from './footage';
import { StageRun } from './stage-run';

/** Size of the masks: the product's on a processor. */
const MASK = { maskWidth: 480, maskHeight: 270 };

/** Frames the stage's source gives a second. */
const SOURCE_RATE = 60;

interface Served {
  readonly manifest: ReturnType<typeof parseManifest>;
  readonly bytes: ArrayBuffer;
}

async function served(network: string): Promise<Served> {
  const manifest: unknown = await (await fetch(`/data/${network}/manifest`)).json();
  return {
    manifest: parseManifest(manifest),
    bytes: await (await fetch(`/data/${network}/file`)).arrayBuffer(),
  };
}

/** What the tool calls. Every method is one page evaluation; what they give is JSON. */
class EnginesPage {
  readonly #footage = new Footage();
  readonly #engines = new Map<string, { engine: Engine; stream: EngineStream }>();
  #stage: StageRun | null = null;

  /** Starts a network under a key of its own. @returns what runs */
  async open(key: string, network: string, threads: number): Promise<string> {
    const { manifest, bytes } = await served(network);
    const kind = engineOf(manifest.files[0]!, 'cpu') === 'cpu' ? 'cpu' : 'wasm';
    const engine = await createEngine({ kind, manifest, bytes, threads });
    this.#engines.set(key, { engine, stream: engine.openStream(MASK) });
    return `${manifest.title}: ${engine.description}`;
  }

  /** @returns milliseconds of the network itself in a few frames, their median */
  async run(key: string, frames: number): Promise<number> {
    const { stream } = this.#engines.get(key)!;
    const times: number[] = [];
    for (let i = 0; i < frames; i++) {
      const frame = this.#footage.frame();
      const inferring = stream.infer({ frame, rotation: 0, smoothing: 0.5, reset: false, ignore: null });
      frame.close();
      const result = await inferring;
      await result.classMap;
      times.push((await result.times).model);
    }
    return medianOf(times) ?? Number.NaN;
  }

  async close(key: string): Promise<void> {
    const opened = this.#engines.get(key);
    this.#engines.delete(key);
    opened?.stream[Symbol.dispose]();
    await opened?.engine[Symbol.asyncDispose]();
  }

  /** Starts the whole stage on a network. */
  async openStage(network: string): Promise<void> {
    const { manifest, bytes } = await served(network);
    const kind = runtimeOf(manifest.files[0]!) === 'litert' ? 'cpu' : 'wasm';
    this.#stage = await StageRun.create(kind, manifest, bytes, SOURCE_RATE);
  }

  /** @returns frames segmented and drawn a second over so many of them */
  async stageRate(frames: number): Promise<number> {
    return (await this.#stage!.stretch(frames)).fps;
  }

  async closeStage(): Promise<void> {
    await this.#stage?.[Symbol.asyncDispose]();
    this.#stage = null;
  }
}

export type { EnginesPage };

(globalThis as unknown as { engines: EnginesPage }).engines = new EnginesPage();
