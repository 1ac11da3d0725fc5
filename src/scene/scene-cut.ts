/**
 * Notices that the picture shows another place: the share of cells whose class changed since the last map. On real
 * drives it is 0.03 to 0.12 between frames at 15 per second, up to 0.4 over a whole second, and hardly ever below
 * 0.37 between different places.
 */
import type { ClassMap } from '../perception/engine';
import { VOID_CLASS } from '../taxonomy/classes';

/** What a map is to the one before it. */
export interface SceneChange {
  /** Share of cells with another class, 0 to 1; 0 for the first map. */
  readonly change: number;
  /** Whether it shows another place. */
  readonly cut: boolean;
}

/** Change from which neighbouring frames are a cut, and what each second between them adds. */
const CUT = 0.32;
const CUT_PER_SECOND = 0.2;
/** A cut also stands out from what is usual here by this factor: a sharp turn changes much for many frames. */
const OUTSTANDING = 2.5;
/** Weight of a new frame in what is usual: some ten frames. */
const USUAL_GAIN = 0.1;

/** Compares each class map of a stream with the one before. */
export class SceneCut {
  #classes: Uint8Array | null = null;
  #usual = 0;

  /** Forgets the last map: the next one is no cut. */
  reset(): void {
    this.#classes = null;
    this.#usual = 0;
  }

  /**
   * Takes a map; copies what it needs.
   * @param seconds time since the last one
   */
  update(map: ClassMap, seconds: number): SceneChange {
    const before = this.#classes;
    if (before?.length !== map.classes.length) {
      this.#classes = Uint8Array.from(map.classes);
      return { change: 0, cut: false };
    }
    let known = 0;
    let changed = 0;
    // Every cell of every frame: no pair is made of the two.
    for (let i = 0; i < before.length; i++) {
      const a = before[i]!;
      const b = map.classes[i]!;
      if (a === VOID_CLASS || b === VOID_CLASS) continue;
      known++;
      if (a !== b) changed++;
    }
    before.set(map.classes);
    const change = known > 0 ? changed / known : 0;
    const cut = change > CUT + CUT_PER_SECOND * Math.min(1, seconds) && change > OUTSTANDING * this.#usual;
    this.#usual = cut ? 0 : this.#usual + USUAL_GAIN * (change - this.#usual);
    return { change, cut };
  }
}
