/**
 * Numbers read off a class map: shares of the picture, decidedness, and true IoU where ground truth came along.
 */

import type { LabelMap } from '../media/timed-frame';
import type { ClassMap } from '../perception/engine';
import { CLASS_COUNT, isDrivable, VOID_CLASS } from '../taxonomy/classes';

/** Share of the labelled cells that are drivable, 0 to 1; null when every cell is void. */
export function drivableShare(map: ClassMap): number | null {
  let drivable = 0;
  let labelled = 0;
  for (const id of map.classes) {
    if (id === VOID_CLASS) continue;
    labelled++;
    if (isDrivable(id)) drivable++;
  }
  return labelled === 0 ? null : drivable / labelled;
}

/**
 * How decided the network is about what can be driven on: the mean over labelled cells of the larger of p and
 * 1 − p, with p the drivable probability. 0.5 (no idea) to 1 (certain); null when every cell is void.
 */
export function decidedness(map: ClassMap): number | null {
  let sum = 0;
  let labelled = 0;
  for (let i = 0; i < map.classes.length; i++) {
    if (map.classes[i] === VOID_CLASS) continue;
    const p = map.drivable[i]! / 255;
    sum += Math.max(p, 1 - p);
    labelled++;
  }
  return labelled === 0 ? null : sum / labelled;
}

/** IoU (0 to 1) of each class, null where neither truth nor answer has it; and of the drivable area as one. */
export interface TruthScore {
  readonly perClass: readonly (number | null)[];
  readonly drivable: number | null;
}

/** Intersection over union against ground truth, over a sliding number of frames. */
export class TruthMeter {
  readonly #frames: { readonly confusion: Uint32Array }[] = [];

  /** @param window how many of the latest frames count */
  constructor(private readonly window = 30) {}

  /** Adds a frame: each cell of the class map against the truth under the cell's centre. */
  add(map: ClassMap, truth: LabelMap): void {
    const confusion = new Uint32Array(CLASS_COUNT * CLASS_COUNT);
    for (let y = 0; y < map.height; y++) {
      const ty = Math.min(truth.height - 1, Math.floor(((y + 0.5) * truth.height) / map.height));
      for (let x = 0; x < map.width; x++) {
        const tx = Math.min(truth.width - 1, Math.floor(((x + 0.5) * truth.width) / map.width));
        const expected = truth.ids[ty * truth.width + tx]!;
        const answer = map.classes[y * map.width + x]!;
        if (expected >= CLASS_COUNT || answer >= CLASS_COUNT) continue;
        const cell = expected * CLASS_COUNT + answer;
        confusion[cell] = confusion[cell]! + 1;
      }
    }
    this.#frames.push({ confusion });
    if (this.#frames.length > this.window) this.#frames.shift();
  }

  /** The score over the window; null before the first frame. */
  score(): TruthScore | null {
    if (this.#frames.length === 0) return null;
    const sum = new Float64Array(CLASS_COUNT * CLASS_COUNT);
    for (const { confusion } of this.#frames)
      confusion.forEach((n, i) => {
        sum[i] = sum[i]! + n;
      });
    const perClass = Array.from({ length: CLASS_COUNT }, (_, id) => iou(sum, (c) => c === id));
    return { perClass, drivable: iou(sum, isDrivable) };
  }

  /** Starts afresh (another source, another model). */
  clear(): void {
    this.#frames.length = 0;
  }
}

/** IoU of the set of classes that `member` accepts, from a confusion matrix (rows: truth, columns: answer). */
function iou(confusion: Float64Array, member: (id: number) => boolean): number | null {
  let both = 0;
  let either = 0;
  for (let truth = 0; truth < CLASS_COUNT; truth++)
    for (let answer = 0; answer < CLASS_COUNT; answer++) {
      const n = confusion[truth * CLASS_COUNT + answer]!;
      if (member(truth) && member(answer)) both += n;
      if (member(truth) || member(answer)) either += n;
    }
  return either === 0 ? null : both / either;
}
