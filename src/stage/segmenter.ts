/**
 * The inference loop: gives the views whose frames wait their turns at the model, one at a time, by weight. That one
 * inference is in flight and no more is the engine's own lock; the loop waits until the engine is done, or takes another
 * frame already (`Engine.vacant`), so that the newest frame is taken when its turn comes and no earlier.
 */
import { Scheduler } from '../media/scheduler';
import type { Engine } from '../perception/engine';
import type { EngineHost } from './engine-host';
import type { View } from './view';

/** What the loop asks and tells its stage. */
export interface SegmenterHost {
  /** Whether masks may be computed now. */
  readonly open: boolean;
  /** An inference took this long, in milliseconds. */
  took(milliseconds: number): void;
  failed(thrown: unknown): void;
}

/** Runs the loop over views. */
export class Segmenter {
  readonly #scheduler = new Scheduler<View>();
  /** Identity of the running loop; a failed engine may never answer, so it can be disowned rather than waited for. */
  #loop: object | null = null;

  constructor(
    private readonly engines: EngineHost,
    private readonly host: SegmenterHost,
    private readonly now: () => number,
  ) {}

  /** Adds a view, or changes its weight: its share of turns against the others. */
  set(view: View, weight: number): void {
    this.#scheduler.set(view, weight);
  }

  /** Forgets a view. */
  remove(view: View): void {
    this.#scheduler.remove(view);
  }

  /** Gives the running loop up: whatever its engine still answers is ignored. */
  disown(): void {
    this.#loop = null;
  }

  /** Segments what waits until nothing does; returns at once when a loop is running. */
  async drain(): Promise<void> {
    if (this.#loop) return;
    const self = {};
    this.#loop = self;
    try {
      while (this.#loop === self && this.host.open) {
        const { engine } = this.engines;
        const view = engine && this.#scheduler.next((candidate) => candidate.ready);
        if (!view) break;
        const done = this.#segment(view, engine);
        await (engine.vacant ? Promise.race([done, engine.vacant()]) : done);
      }
    } finally {
      if (this.#loop === self) this.#loop = null;
    }
  }

  /** Never rejects. */
  async #segment(view: View, engine: Engine): Promise<void> {
    const began = this.now();
    try {
      await view.segment(engine, this.engines.tier.maskWidth);
    } catch (thrown) {
      if (engine === this.engines.engine) this.host.failed(thrown);
      return;
    }
    this.host.took(this.now() - began);
    // The loop may have ended meanwhile, where all that waited was to wait for this one.
    void this.drain();
  }
}
