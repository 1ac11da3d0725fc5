/** Connected pieces of a mask, by runs: a row has a handful of them, so this beats a flood fill of cells. */

/** Cells `from` to `to` (exclusive; indices into the mask) of one row, all set. */
export interface Run {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  /** Number of the piece it belongs to, counted from 0 in reading order of the pieces' first cells. */
  piece: number;
}

/** What connects cells: sides only, or corners too. */
export type Connectivity = 'sides' | 'corners';

/**
 * Finds the connected pieces of the cells that are not 0.
 * @param mask `width * height` values, row-major
 * @returns all runs in reading order, and how many pieces they form
 */
export function connectedRuns(
  mask: Uint8Array,
  width: number,
  height: number,
  connectivity: Connectivity,
): { runs: Run[]; pieces: number } {
  const reach = connectivity === 'corners' ? 1 : 0;
  const runs: Run[] = [];
  const parent: number[] = [];
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  let aboveFirst = 0;
  for (let row = 0; row < height; row++) {
    const first = runs.length;
    let above = aboveFirst;
    const end = (row + 1) * width;
    for (let cell = row * width; cell < end; cell++) {
      if (mask[cell] === 0) continue;
      const from = cell;
      while (cell < end && mask[cell] !== 0) cell++;
      const index = runs.length;
      runs.push({ row, from, to: cell, piece: 0 });
      parent.push(index);
      while (above < first && runs[above]!.to + width + reach <= from) above++;
      for (let other = above; other < first && runs[other]!.from + width < cell + reach; other++) {
        const a = root(index);
        const b = root(other);
        // The earlier run stays the root: it holds the piece's first cell.
        if (a < b) parent[b] = a;
        else parent[a] = b;
      }
    }
    aboveFirst = first;
  }
  let pieces = 0;
  runs.forEach((run, index) => {
    const start = root(index);
    run.piece = start === index ? pieces++ : runs[start]!.piece;
  });
  return { runs, pieces };
}
