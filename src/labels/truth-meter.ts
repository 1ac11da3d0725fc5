/** True intersection over union where labels come along with the frames, over a sliding number of them. */

import type { LabelMap } from '../media/timed-frame';
import type { ClassMap } from '../perception/engine';
import type { ClassList } from '../taxonomy/class-list';
import { type Agreement, agreementOf } from './agreement';

/** IoU (0 to 1) of each class of the labels, null where neither truth nor answer has it; and of the drivable area as one. */
export interface TruthScore {
  readonly perClass: readonly (number | null)[];
  readonly drivable: number | null;
}

/** Intersection over union against labels. */
export class TruthMeter {
  readonly #frames: Agreement[] = [];

  /** @param window how many of the latest frames count */
  constructor(private readonly window = 30) {}

  /** Adds a frame: each cell of the class map, whose classes are those of `list`, against the label under its centre. */
  add(map: ClassMap, truth: LabelMap, list: ClassList): void {
    this.#frames.push(agreementOf(map, truth, list));
    if (this.#frames.length > this.window) this.#frames.shift();
  }

  /** The score over the window; null before the first frame. */
  score(): TruthScore | null {
    if (this.#frames.length === 0) return null;
    const share = (cells: (frame: Agreement) => readonly (number | undefined)[]): number | null => {
      const [both, either] = [0, 1].map((i) =>
        this.#frames.reduce((sum, frame) => sum + (cells(frame)[i] ?? 0), 0),
      );
      return either ? (both ?? 0) / either : null;
    };
    return {
      perClass: this.#frames[0]!.overlap.map((_, id) =>
        share(({ overlap, union }) => [overlap[id], union[id]]),
      ),
      drivable: share(({ road }) => road),
    };
  }

  /** Starts afresh (another source, another model). */
  clear(): void {
    this.#frames.length = 0;
  }
}
