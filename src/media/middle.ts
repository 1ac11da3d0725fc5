/** The middle of numbers by their size, of an even count the upper of the two; undefined of nothing. */
export function middleOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
