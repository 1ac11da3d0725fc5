/** Small linear least squares by normal equations. */

/** Accumulates weighted observations `row · unknowns = value`, and solves for the unknowns. */
export class LeastSquares {
  readonly #matrix: Float64Array;
  readonly #vector: Float64Array;

  /** @param unknowns how many, a handful */
  constructor(readonly unknowns: number) {
    this.#matrix = new Float64Array(unknowns * unknowns);
    this.#vector = new Float64Array(unknowns);
  }

  /**
   * Adds an observation.
   * @param row coefficients, one for each unknown
   * @param weight inverse variance
   */
  add(row: readonly number[], value: number, weight: number): void {
    const n = this.unknowns;
    for (let i = 0; i < n; i++) {
      const scaled = weight * row[i]!;
      this.#vector[i]! += scaled * value;
      for (let j = 0; j < n; j++) this.#matrix[i * n + j]! += scaled * row[j]!;
    }
  }

  /** The unknowns; null when the observations do not fix them. */
  solve(): Float64Array | null {
    return this.#solveFor(this.#vector);
  }

  /** Variance of one unknown, if weights were inverse variances; null when the observations do not fix it. */
  variance(index: number): number | null {
    const unit = new Float64Array(this.unknowns);
    unit[index] = 1;
    return this.#solveFor(unit)?.[index] ?? null;
  }

  /** Gaussian elimination with pivots. */
  #solveFor(vector: Float64Array): Float64Array | null {
    const n = this.unknowns;
    const a = Float64Array.from(this.#matrix);
    const x = Float64Array.from(vector);
    const swap = (values: Float64Array, i: number, j: number) => {
      [values[i], values[j]] = [values[j]!, values[i]!];
    };
    for (let k = 0; k < n; k++) {
      let pivot = k;
      for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
      if (!(Math.abs(a[pivot * n + k]!) > 1e-12)) return null;
      if (pivot !== k) {
        for (let j = 0; j < n; j++) swap(a, k * n + j, pivot * n + j);
        swap(x, k, pivot);
      }
      for (let i = k + 1; i < n; i++) {
        const factor = a[i * n + k]! / a[k * n + k]!;
        for (let j = k; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
        x[i]! -= factor * x[k]!;
      }
    }
    for (let k = n - 1; k >= 0; k--) {
      for (let j = k + 1; j < n; j++) x[k]! -= a[k * n + j]! * x[j]!;
      x[k]! /= a[k * n + k]!;
    }
    return x;
  }
}
