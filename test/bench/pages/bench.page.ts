/**
 * The benchmark's page: holds whatever is being measured and does one stretch of work when told to. The tool outside
 * decides on the order, so that contenders take turns.
 */
import { type Remote, transfer, wrap } from 'comlink';
import { carryErrors } from '../../../src/error-transfer';
import { parseManifest } from '../../../src/model/manifest';
import type { EngineKind } from '../../../src/perception/engine';
import type { MeasuredKind } from '../hot-path/options';
import type { BenchService, FrameTimes } from './bench.worker';
import { FOOTAGE } from './footage';
import { StageRun, type StageStretch } from './stage-run';
import { UsualPipeline } from './usual';

/** A network as the tool serves it. */
interface ServedNetwork {
  readonly manifest: unknown;
  readonly bytes: ArrayBuffer;
}

async function served(network: string): Promise<ServedNetwork> {
  const manifest: unknown = await (await fetch(`/data/${network}/manifest`)).json();
  return { manifest, bytes: await (await fetch(`/data/${network}/file`)).arrayBuffer() };
}

/** What the tool calls. Every method is one page evaluation; what they give is JSON. */
class BenchPage {
  #worker: Worker | null = null;
  #service: Remote<BenchService> | null = null;
  #stage: StageRun | null = null;
  #usual: UsualPipeline | null = null;
  #longTasks = 0;
  #counting = false;

  constructor() {
    new PerformanceObserver((list) => {
      if (this.#counting) this.#longTasks += list.getEntries().length;
    }).observe({ type: 'longtask' });
  }

  /** Brings up engine, compositor and bare session in the bench's worker. */
  async openRig(kind: EngineKind, network: string): Promise<string> {
    const { manifest, bytes } = await served(network);
    this.#worker = new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' });
    this.#service = wrap<BenchService>(this.#worker);
    const canvas = document.createElement('canvas');
    Object.assign(canvas, FOOTAGE);
    const offscreen = canvas.transferControlToOffscreen();
    return this.#service.open(transfer(offscreen, [offscreen]), kind, manifest, bytes);
  }

  endToEnd(frames: number): Promise<FrameTimes[]> {
    return this.#rig.endToEnd(frames);
  }

  bare(runs: number): Promise<number[]> {
    return this.#rig.bare(runs);
  }

  rigObjects(): Promise<number> {
    return this.#rig.liveObjects();
  }

  bytesReadBack(): Promise<number> {
    return this.#rig.bytesReadBack();
  }

  async closeRig(): Promise<void> {
    await this.#service?.close();
    this.#worker?.terminate();
    this.#service = null;
    this.#worker = null;
  }

  /** Brings up the product's stage and the usual pipeline, side by side; they take turns. */
  async openPipelines(kind: MeasuredKind, network: string, rate: number): Promise<void> {
    const { manifest, bytes } = await served(network);
    this.#stage = await StageRun.create(kind, manifest, bytes, rate);
    this.#usual = await UsualPipeline.create(parseManifest(manifest), bytes, kind);
  }

  /** A stretch of ours; long tasks are counted while it runs. */
  async ours(frames: number): Promise<StageStretch> {
    if (!this.#stage) throw new Error('not open');
    this.#counting = true;
    try {
      return await this.#stage.stretch(frames);
    } finally {
      // Observers are told a moment later.
      await new Promise((resolve) => setTimeout(resolve, 100));
      this.#counting = false;
    }
  }

  /** A stretch of the usual pipeline, with a chance to paint after every frame. */
  async usual(frames: number): Promise<FrameTimes[]> {
    if (!this.#usual) throw new Error('not open');
    const times: FrameTimes[] = [];
    for (let i = 0; i < frames; i++) {
      times.push(await this.#usual.frame());
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return times;
  }

  stageObjects(): number {
    return this.#stage?.liveObjects ?? 0;
  }

  longTasks(): number {
    return this.#longTasks;
  }

  async closePipelines(): Promise<void> {
    await this.#stage?.[Symbol.asyncDispose]();
    await this.#usual?.[Symbol.asyncDispose]();
    this.#stage = null;
    this.#usual = null;
  }

  get #rig(): Remote<BenchService> {
    if (!this.#service) throw new Error('not open');
    return this.#service;
  }
}

export type { BenchPage };

carryErrors();
Object.assign(globalThis, { bench: new BenchPage() });
