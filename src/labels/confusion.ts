/**
 * A segmentation against labels: the confusion matrix and what follows from it. Pure arithmetic, the same as the
 * training's evaluator does.
 */

/** Label of a pixel that is not scored. */
export const IGNORED = 255;

/**
 * Counts of (truth, guess) pairs over any number of pictures. Guesses outside the classes (255, "nothing we have a name
 * for") go into a column of their own: they are misses of the true class and hits of none.
 */
export class Confusion {
  /** Rows are the truth; `size + 1` columns, the last for guesses without a class. */
  readonly #counts: Float64Array;

  /** @param size number of classes */
  constructor(readonly size: number) {
    this.#counts = new Float64Array(size * (size + 1));
  }

  /**
   * Adds one picture.
   * @param truth class ids; `IGNORED` is not counted
   * @param guess as many ids; anything not below `size` is a guess without a class
   * @throws RangeError when the lengths differ or the truth holds an id that is neither a class nor `IGNORED`
   */
  add(truth: Uint8Array, guess: Uint8Array): void {
    if (truth.length !== guess.length)
      throw new RangeError(`The truth has ${truth.length} pixels and the guess ${guess.length}.`);
    const { size } = this;
    for (let i = 0; i < truth.length; i++) {
      const t = truth[i]!;
      if (t === IGNORED) continue;
      if (t >= size) throw new RangeError(`The truth holds the unknown id ${t}.`);
      this.#counts[t * (size + 1) + Math.min(guess[i]!, size)]!++;
    }
  }

  /** Adds pixels that were counted elsewhere. @param guess anything not below `size` is a guess without a class */
  count(truth: number, guess: number, pixels: number): void {
    this.#counts[truth * (this.size + 1) + Math.min(guess, this.size)]! += pixels;
  }

  /** Of what was taken for each class the share that is one, 0 to 1; null where nothing was. */
  precision(): (number | null)[] {
    return Array.from({ length: this.size }, (_, k) => {
      let taken = 0;
      for (let t = 0; t < this.size; t++) taken += this.at(t, k);
      return taken === 0 ? null : this.at(k, k) / taken;
    });
  }

  /** Of each class the share that was taken for it, 0 to 1; null where it does not occur. */
  recall(): (number | null)[] {
    return Array.from({ length: this.size }, (_, k) => {
      let all = 0;
      for (let g = 0; g <= this.size; g++) all += this.at(k, g);
      return all === 0 ? null : this.at(k, k) / all;
    });
  }

  /** How often `truth` was taken for `guess`; `guess` may be `size`, the column without a class. */
  at(truth: number, guess: number): number {
    return this.#counts[truth * (this.size + 1) + guess] ?? 0;
  }

  /**
   * The matrix with classes added together.
   * @param groups for each new class the old ids it is made of; each old id in at most one group, and ids in no group
   * are dropped from the truth and count as a guess without a class
   */
  merged(groups: readonly (readonly number[])[]): Confusion {
    const result = new Confusion(groups.length);
    const target = new Array<number>(this.size + 1).fill(groups.length);
    for (const [to, members] of groups.entries()) for (const id of members) target[id] = to;
    for (let t = 0; t < this.size; t++) {
      const row = target[t]!;
      if (row === groups.length) continue;
      for (let g = 0; g <= this.size; g++)
        result.#counts[row * (groups.length + 1) + target[g]!]! += this.at(t, g);
    }
    return result;
  }

  /**
   * Intersection over union of each class, 0 to 1; null where a class occurs neither in the truth nor in the guess
   * (Everingham et al., The PASCAL Visual Object Classes Challenge, IJCV 2010).
   */
  iou(): (number | null)[] {
    return Array.from({ length: this.size }, (_, k) => {
      let union = 0;
      for (let g = 0; g <= this.size; g++) union += this.at(k, g);
      for (let t = 0; t < this.size; t++) if (t !== k) union += this.at(t, k);
      return union === 0 ? null : this.at(k, k) / union;
    });
  }

  /** Share of the scored pixels whose class is right, 0 to 1; null when none was scored. */
  accuracy(): number | null {
    let right = 0;
    let all = 0;
    for (let t = 0; t < this.size; t++) {
      right += this.at(t, t);
      for (let g = 0; g <= this.size; g++) all += this.at(t, g);
    }
    return all === 0 ? null : right / all;
  }
}

/** Mean of what is not null; null when nothing is left. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : present.reduce((a, b) => a + b, 0) / present.length;
}
