/**
 * Turns labels and guesses of any of the three formats into the figures that are reported.
 */
import { Confusion, IGNORED, meanOf } from '../../../src/labels/confusion.ts';
import { CLASSES, COARSE_GROUPS, isDrivable } from '../../../src/taxonomy/classes.ts';
import type { LabelFormat } from './options.ts';

/** What the network says of one picture, at the label's size. */
export interface Guess {
  /** The winning class of the twelve, as the product paints it; 255 for none. */
  readonly classes: Uint8Array;
  /** The group with the largest sum of its members' probabilities; needed for the coarse format only. */
  readonly groups?: Uint8Array;
}

/** The figures, in per cent; null where nothing could be scored or the format does not say it. */
export interface Figures {
  readonly miou: number | null;
  /** CamVid's eleven classes of the literature: lane marking counts as road. */
  readonly miou11: number | null;
  readonly drivable_iou: number | null;
  readonly pixel_accuracy: number | null;
  readonly per_class: Readonly<Record<string, number | null>>;
}

/** Names of the ids of each format. */
const NAMES: Readonly<Record<LabelFormat, readonly string[]>> = {
  classes: CLASSES.map((c) => c.name),
  coarse: COARSE_GROUPS.map((group) => group.name),
  drivable: ['not drivable', 'drivable'],
};

/** Which ids of each format are drivable. */
const DRIVABLE: Readonly<Record<LabelFormat, (id: number) => boolean>> = {
  classes: isDrivable,
  coarse: (id) => id === 0,
  drivable: (id) => id === 1,
};

/** Rows and columns of the eleven classes: road with lane marking, then the rest one by one. */
const ELEVEN = [[0, 1], ...Array.from({ length: 10 }, (_, i) => [i + 2])];

/**
 * An id that the format does not know, or undefined when all are known.
 * @param ids of a label
 */
export function unknownId(format: LabelFormat, ids: Uint8Array): number | undefined {
  const count = NAMES[format].length;
  return ids.find((id) => id >= count && id !== IGNORED);
}

/** Collects the pictures of one run. */
export class Score {
  readonly #own: Confusion;
  readonly #drivable = new Confusion(2);

  constructor(private readonly format: LabelFormat) {
    this.#own = new Confusion(NAMES[format].length);
  }

  /**
   * Adds one picture. What is drivable is judged by the winning class of the twelve in every format. The eleven-class
   * figures merge ids after that decision, too, as the training's evaluator does.
   * @param truth ids in the format, at the size of the guess
   * @throws RangeError when sizes differ, ids are unknown or the guess lacks its groups
   */
  add(truth: Uint8Array, guess: Guess): void {
    const drives = guess.classes.map((id) => (isDrivable(id) ? 1 : 0));
    const isTrue = DRIVABLE[this.format];
    this.#drivable.add(
      truth.map((id) => (id === IGNORED ? IGNORED : isTrue(id) ? 1 : 0)),
      drives,
    );
    if (this.format === 'classes') this.#own.add(truth, guess.classes);
    else if (this.format === 'drivable') this.#own.add(truth, drives);
    else if (guess.groups) this.#own.add(truth, guess.groups);
    else throw new RangeError('Coarse labels need a guess of groups.');
  }

  /** The figures so far. */
  figures(): Figures {
    const iou = this.#own.iou();
    const eleven = this.format === 'classes' ? meanOf(this.#own.merged(ELEVEN).iou()) : null;
    return {
      miou: percent(meanOf(iou)),
      miou11: percent(eleven),
      drivable_iou: percent(this.#drivable.iou()[1] ?? null),
      pixel_accuracy: percent(this.#own.accuracy()),
      per_class: Object.fromEntries(NAMES[this.format].map((name, id) => [name, percent(iou[id] ?? null)])),
    };
  }
}

/** A share as per cent, to a hundredth. */
function percent(share: number | null): number | null {
  return share === null ? null : Math.round(share * 10_000) / 100;
}
