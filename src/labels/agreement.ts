/** How far a network and labels agree: on one frame, and over a whole recording. */

import type { LabelMap } from '../media/timed-frame';
import type { ClassMap } from '../perception/engine';
import { type ClassList, isDrivableRole, VOID_CLASS } from '../taxonomy/class-list';
import { DRIVING } from '../taxonomy/classes';
import { translation } from '../taxonomy/meanings';
import { boundaryOverlap } from './boundary-iou';
import { Confusion } from './confusion';

/** Agreement on one frame. Cells that are not labelled, or masked by hand, do not count. Shares are 0 to 1, null where nothing was labelled. */
export interface Agreement {
  /** Share of the cells on which both say the same. */
  readonly same: number | null;
  /** IoU of the drivable area, and the mean over the classes that occur. */
  readonly drivable: number | null;
  readonly mean: number | null;
  /** Cells of each class, by id, in both and in either; and of the drivable area: they add up over frames. */
  readonly overlap: number[];
  readonly union: number[];
  /** Cells that were compared; the classes' own counts do not tell those whose answer is none of them. */
  readonly cells: number;
  readonly road: [number, number];
  /** What was taken for something else: class of the labels, answer (-1 for none of them), cells. */
  readonly mistaken: [expected: number, answer: number, cells: number][];
  /** Cells along the edges of the drivable area, in both and in either: see `boundaryOverlap`. */
  readonly edge: [number, number];
}

/** Whatever carries the agreement of a frame; null without labels. */
interface Compared {
  readonly agreement: Agreement | null;
}

/** Translations by pair of lists: the same two meet on every frame. */
const tables = new WeakMap<ClassList, WeakMap<ClassList, Uint8Array>>();

function tableOf(from: ClassList, to: ClassList): Uint8Array {
  let of = tables.get(from);
  if (!of) {
    of = new WeakMap();
    tables.set(from, of);
  }
  let table = of.get(to);
  if (!table) {
    table = translation(from, to);
    of.set(to, table);
  }
  return table;
}

/**
 * Compares each cell of a class map with the label under its centre, in the labels' classes. An answer that is none of
 * them (a class the labels do not have, undecided, no numbers) is wrong: labels name a class there. The own car is not
 * scored with a network that does not know it.
 * @param list the classes of the map
 */
export function agreementOf(map: ClassMap, truth: LabelMap, list: ClassList = DRIVING): Agreement {
  const labels = truth.list ?? DRIVING;
  const meaning = tableOf(list, labels);
  const isRoad = (of: ClassList, id: number) => isDrivableRole(of[id]?.role ?? null);
  const knowsOwnCar = list.some(({ role }) => role === 'own car');
  const overlap = new Array<number>(labels.length).fill(0);
  const union = new Array<number>(labels.length).fill(0);
  const road: [number, number] = [0, 0];
  const mistaken = new Map<number, number>();
  const size = map.width * map.height;
  const [roadThere, roadSaid, compared] = [new Uint8Array(size), new Uint8Array(size), new Uint8Array(size)];
  let cells = 0;
  for (let y = 0; y < map.height; y++) {
    const row = Math.min(truth.height - 1, Math.floor(((y + 0.5) * truth.height) / map.height)) * truth.width;
    for (let x = 0; x < map.width; x++) {
      const column = Math.min(truth.width - 1, Math.floor(((x + 0.5) * truth.width) / map.width));
      const expected = truth.ids[row + column]!;
      const given = map.classes[y * map.width + x]!;
      if (expected >= labels.length || given === VOID_CLASS) continue;
      if (!knowsOwnCar && labels[expected]!.role === 'own car') continue;
      const answer = meaning[given]!;
      cells++;
      union[expected]!++;
      if (expected === answer) overlap[expected]!++;
      else {
        if (answer < labels.length) union[answer]!++;
        const key = expected * 256 + answer;
        mistaken.set(key, (mistaken.get(key) ?? 0) + 1);
      }
      const [one, other] = [isRoad(labels, expected), isRoad(list, given)];
      const cell = y * map.width + x;
      compared[cell] = 1;
      roadThere[cell] = one ? 1 : 0;
      roadSaid[cell] = other ? 1 : 0;
      if (one && other) road[0]++;
      if (one || other) road[1]++;
    }
  }
  return {
    ...scoreOf(overlap, union, road, cells),
    ...{ overlap, union, road, cells },
    mistaken: [...mistaken].map(([key, count]) => {
      const answer = key & 255;
      return [key >> 8, answer < labels.length ? answer : -1, count];
    }),
    edge: boundaryOverlap(roadThere, roadSaid, map, (cell) => compared[cell] === 1),
  };
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
  /** IoU along the edges of the drivable area. */
  readonly edge: number | null;
  /** What was taken for what, by the labels' classes. */
  readonly confusion: Confusion;
  /** The frames that agree least, worst first. */
  readonly worst: readonly Frame[];
}

/** @param worst how many of the worst frames are listed */
export function reviewOf<Frame extends Compared>(records: readonly Frame[], worst: number): Review<Frame> {
  const overlap: number[] = [];
  const union: number[] = [];
  const road: [number, number] = [0, 0];
  const edge: [number, number] = [0, 0];
  const confusion = new Confusion(
    records.reduce((most, { agreement }) => Math.max(most, agreement?.overlap.length ?? 0), 0),
  );
  let frames = 0;
  let cells = 0;
  for (const { agreement } of records) {
    if (!agreement) continue;
    frames++;
    agreement.overlap.forEach((count, id) => {
      overlap[id] = (overlap[id] ?? 0) + count;
      confusion.count(id, id, count);
    });
    agreement.union.forEach((count, id) => {
      union[id] = (union[id] ?? 0) + count;
    });
    for (const [expected, answer, count] of agreement.mistaken)
      confusion.count(expected, answer < 0 ? confusion.size : answer, count);
    edge[0] += agreement.edge[0];
    edge[1] += agreement.edge[1];
    cells += agreement.cells;
    road[0] += agreement.road[0];
    road[1] += agreement.road[1];
  }
  return {
    frames,
    ...scoreOf(overlap, union, road, cells),
    edge: rounded(edge[1] > 0 ? edge[0] / edge[1] : null),
    confusion,
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

function rounded(share: number | null): number | null {
  return share === null ? null : Number(share.toFixed(4));
}
