/**
 * The product's stage worker, fed by a source of its own, watched through its reports: the whole pipeline at its own
 * pace, as a page runs it.
 */

import { DEFAULT_VIEW } from '../../../src/overlay/view';
import type { EngineKind } from '../../../src/perception/engine';
import type { LiveObjects, ViewReport } from '../../../src/stage/stage-api';
import { linkStage, type StageLink } from '../../../src/stage/stage-link';
import { FOOTAGE } from './footage';
import type { FramesStart } from './frames.worker';

/** The one view. */
const VIEW = 'bench';

/** What is known of the view and of the whole stage. */
type Report = ViewReport & { readonly liveObjects: LiveObjects };

/** What was seen of a stretch of frames. */
export interface StageStretch {
  /** Frames segmented and drawn per second. */
  readonly fps: number;
  /** All frames segmented from being let run to being at rest: more than were timed, since reports come by the second. */
  readonly frames: number;
}

/** Frames a resting stage holds at most: one that waits for its turn, and the last one the network saw. */
const FRAMES_AT_REST = 2;

/** A running stage. */
export class StageRun implements AsyncDisposable {
  #last: Report | null = null;
  #heard: (() => void) | null = null;

  private constructor(
    private readonly link: StageLink,
    private readonly source: Worker,
    private readonly canvas: HTMLCanvasElement,
  ) {}

  /**
   * Starts stage and source and waits for the first mask; pauses then.
   * @param rate frames the source gives a second
   */
  static async create(
    kind: EngineKind,
    manifest: unknown,
    bytes: ArrayBuffer,
    rate: number,
  ): Promise<StageRun> {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, FOOTAGE);
    document.body.append(canvas);
    const source = new Worker(new URL('./frames.worker.ts', import.meta.url), { type: 'module' });
    const run = new StageRun(linkStage(), source, canvas);
    const { api } = run.link;
    await api.listen((event) => {
      const view = event.type === 'report' ? event.views[0] : undefined;
      if (event.type === 'report' && view) run.#hear({ ...view, liveObjects: event.liveObjects });
    });
    await api.start({ engine: kind, manyViews: false });
    const { width, height } = FOOTAGE;
    const options = { size: { width, height }, overlay: DEFAULT_VIEW, governed: true };
    await api.addView(VIEW, canvas.transferControlToOffscreen(), options);
    // The bytes are given away; the caller keeps its own.
    await api.loadModel({ kind: 'file', bytes: bytes.slice(0), manifest });
    const { port1, port2 } = new MessageChannel();
    source.postMessage({ port: port1, rate } satisfies FramesStart, [port1]);
    await api.attach(VIEW, { kind: 'port', port: port2 }, 'bench');
    await run.#until((report) => processed(report) >= 2);
    await run.#rest();
    return run;
  }

  /** Lets it run until so many more frames were segmented, then pauses it again and waits until it rests. */
  async stretch(frames: number): Promise<StageStretch> {
    const before = this.#last ? processed(this.#last) : 0;
    await this.link.api.setPaused(false);
    // The first report after a pause may speak of the time before it.
    await this.#until(() => true);
    const first = await this.#until(() => true);
    const began = performance.now();
    const last = await this.#until((report) => processed(report) - processed(first) >= frames);
    const seconds = (performance.now() - began) / 1000;
    await this.#rest();
    return {
      fps: (processed(last) - processed(first)) / seconds,
      frames: processed(this.#last ?? last) - before,
    };
  }

  /** Pauses, and waits until no frame is on its way through the network any more. */
  async #rest(): Promise<void> {
    await this.link.api.setPaused(true);
    await this.#until(({ liveObjects }) => liveObjects.frames <= FRAMES_AT_REST);
  }

  /** Buffers, textures and frames alive, all together, as the stage last said. */
  get liveObjects(): number {
    const objects = this.#last?.liveObjects;
    return objects ? objects.buffers + objects.textures + objects.frames : 0;
  }

  #hear(report: Report): void {
    this.#last = report;
    this.#heard?.();
  }

  async #until(enough: (report: Report) => boolean): Promise<Report> {
    for (;;) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
      if (this.#last && enough(this.#last)) return this.#last;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.link.api.dispose();
    this.link.terminate();
    this.source.terminate();
    this.canvas.remove();
  }
}

/** Frames that went all the way through the network. */
function processed({ frames, dropped }: Report): number {
  return frames - dropped;
}
