/** How far a network and labels agree: on one frame, and over a whole recording. */

import type { LabelMap } from '../media/timed-frame';
import type { ClassMap } from '../perception/engine';
import { CLASS_COUNT, isDrivable } from '../taxonomy/classes';

/** Agreement on one frame. Cells that either side leaves void do not count. Shares are 0 to 1, null where nothing was labelled. */
export interface Agreement {
  /** Share of the cells on which both say the same. */
  readonly same: number | null;
  /** IoU of the drivable area, and the mean over the classes that occur. */
  readonly drivable: number | null;
  readonly mean: number | null;
  /** Cells of each class, by id, in both and in either; and of the drivable area: they add up over frames. */
  readonly overlap: number[];
  readonly union: number[];
  readonly road: [number, number];
}

/** Whatever carries the agreement of a frame; null without labels. */
interface Compared {
  readonly agreement: Agreement | null;
}

/** Compares each cell of a class map with the label under its centre. */
export function agreementOf(map: ClassMap, truth: LabelMap): Agreement {
  const overlap = new Array<number>(CLASS_COUNT).fill(0);
  const union = new Array<number>(CLASS_COUNT).fill(0);
  const road: [number, number] = [0, 0];
  let cells = 0;
  for (let y = 0; y < map.height; y++) {
    const row = Math.min(truth.height - 1, Math.floor(((y + 0.5) * truth.height) / map.height)) * truth.width;
    for (let x = 0; x < map.width; x++) {
      const column = Math.min(truth.width - 1, Math.floor(((x + 0.5) * truth.width) / map.width));
      const expected = truth.ids[row + column]!;
      const answer = map.classes[y * map.width + x]!;
      if (expected >= CLASS_COUNT || answer >= CLASS_COUNT) continue;
      cells++;
      union[expected]!++;
      if (expected === answer) overlap[expected]!++;
      else union[answer]!++;
      const [one, other] = [isDrivable(expected), isDrivable(answer)];
      if (one && other) road[0]++;
      if (one || other) road[1]++;
    }
  }
  return { ...scoreOf(overlap, union, road, cells), overlap, union, road };
}

/** Agreement over many frames. Shares are 0 to 1, null where nothing was labelled. */
export interface Review<Frame extends Compared> {
  /** Frames with labels. */
  readonly frames: number;
  /** Share of the cells on which both say the same. */
  readonly same: number | null;
  /** IoU of the drivable area, and the mean over the classes that occur: of all frames as one picture. */
  readonly drivable: number | null;
  readonly mean: number | null;
  /** The frames that agree least, worst first. */
  readonly worst: readonly Frame[];
}

/** @param worst how many of the worst frames are listed */
export function reviewOf<Frame extends Compared>(records: readonly Frame[], worst: number): Review<Frame> {
  const overlap = new Array<number>(CLASS_COUNT).fill(0);
  const union = new Array<number>(CLASS_COUNT).fill(0);
  const road: [number, number] = [0, 0];
  let frames = 0;
  for (const { agreement } of records) {
    if (!agreement) continue;
    frames++;
    agreement.overlap.forEach((count, id) => {
      overlap[id]! += count;
    });
    agreement.union.forEach((count, id) => {
      union[id]! += count;
    });
    road[0] += agreement.road[0];
    road[1] += agreement.road[1];
  }
  return {
    frames,
    ...scoreOf(overlap, union, road, cellsOf(overlap, union)),
    worst: worstOf(records, worst),
  };
}

/** The frames that agree least with their labels, worst first. */
export function worstOf<Frame extends Compared>(records: readonly Frame[], count: number): readonly Frame[] {
  const known = records.filter(({ agreement }) => agreement !== null && agreement.mean !== null);
  return known.toSorted((a, b) => a.agreement!.mean! - b.agreement!.mean!).slice(0, count);
}

function scoreOf(
  overlap: readonly number[],
  union: readonly number[],
  road: readonly [number, number],
  cells: number,
): Pick<Agreement, 'same' | 'drivable' | 'mean'> {
  const each = union.flatMap((count, id) => (count > 0 ? [overlap[id]! / count] : []));
  const mean = each.length > 0 ? each.reduce((a, b) => a + b) / each.length : null;
  const agreed = overlap.reduce((a, b) => a + b, 0);
  return {
    same: rounded(cells > 0 ? agreed / cells : null),
    drivable: rounded(road[1] > 0 ? road[0] / road[1] : null),
    mean: rounded(mean),
  };
}

/** A cell with one class on both sides is in one union, with two in two of them. */
function cellsOf(overlap: readonly number[], union: readonly number[]): number {
  const agreed = overlap.reduce((a, b) => a + b, 0);
  return agreed + (union.reduce((a, b) => a + b, 0) - agreed) / 2;
}

function rounded(share: number | null): number | null {
  return share === null ? null : Number(share.toFixed(4));
}
