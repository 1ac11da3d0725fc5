/**
 * The ego road: the drivable cells one could reach from where the vehicle stands, without crossing anything that is
 * not drivable. Everything else in the room starts from here.
 */
import { CarriagewayError } from '../errors';
import type { ClassMap } from '../perception/engine';
import { classIdOf, VOID_CLASS } from '../taxonomy/classes';
import { connectedRuns, type Run } from './components';

/** What a cell is to the ego road. */
export const OUTSIDE = 0;
export const EGO = 1;
/** Not seen (ignore region, own bonnet), but enclosed with the road: neither road nor an end of it. */
export const UNSEEN = 2;

/** The ego road on the class map's grid. Valid until the map's buffers are reused. */
export interface EgoRegion {
  readonly map: ClassMap;
  /** `OUTSIDE`, `EGO` or `UNSEEN` for each cell. */
  readonly cells: Uint8Array;
  /** Drivable probability, 0 to 1; below 0.5 outside the region, 1 where unseen. Its 0.5 level is the road's edge. */
  readonly level: Float32Array;
  /** Cells of the road, without unseen ones. 0: there is no road here. */
  readonly count: number;
  /** First row from below that shows the ego road, or the map's height when there is none. */
  readonly lowestRow: number;
  /** For each piece of the region (several only behind wipers and the like), one of its topmost cells. */
  readonly pieces: readonly number[];
}

/** Probability from which a cell is road: the level that boundaries follow. Bytes never hit it exactly. */
const ROAD_BYTE = 128;
/** Share of the picture, from below, in which the ego road must show itself. Above that, it is somebody else's. */
const SEARCH_SHARE = 0.45;
/**
 * Half widths, as shares of the picture, of the zone around the middle in which it must do so: a lane nearby, or,
 * where a vehicle right ahead hides that, what shows beside it.
 */
const ZONES = [1 / 6, 1 / 3] as const;
/** A piece this much smaller than the largest one in the zone is a reflection or a mistake. */
const PIECE_RATIO = 0.35;
/** Smallest road, as a share of all cells (16 of 8064): below, a boundary would be made of noise. */
const SMALLEST = 0.002;
/** The own bonnet covers at least this share of the bottom row, and stays below this share of the height. */
const BONNET_WIDTH = 0.25;
const BONNET_HEIGHT = 0.4;
/** Highest level outside the region: a neighbouring road is not ours, so its cells count as just not drivable. */
const OUTSIDE_LEVEL = 0.49;

/** Probability of each byte. */
const PROBABILITY = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

const VEHICLE = classIdOf('vehicle')!;

/**
 * Checks a class map's shape.
 * @throws CarriagewayError `class-map-invalid`
 */
export function checkClassMap(map: ClassMap): void {
  const { width, height, classes, drivable } = map;
  const cells = width * height;
  if (!(width >= 4 && height >= 4 && Number.isInteger(width) && Number.isInteger(height)))
    throw new CarriagewayError('class-map-invalid', `size ${width}×${height}`);
  if (classes.length !== cells || drivable.length !== cells)
    throw new CarriagewayError(
      'class-map-invalid',
      `${classes.length} and ${drivable.length} values for ${width}×${height}`,
    );
}

/** Finds the ego road of a checked class map. */
export function findEgoRegion(map: ClassMap): EgoRegion {
  const { width, height, classes, drivable } = map;
  const total = width * height;
  const own = ownBonnet(map);
  const kind = new Uint8Array(total);
  for (let cell = 0; cell < total; cell++) {
    if (classes[cell] === VOID_CLASS || own?.[cell] === 1) kind[cell] = UNSEEN;
    else if (drivable[cell]! >= ROAD_BYTE) kind[cell] = EGO;
  }
  // By sides only: roads that touch at a corner are two.
  const { runs } = connectedRuns(kind, width, height, 'sides');
  let pieces = measure(kind, runs, width, height, ZONES[0]);
  const plain = (piece: Piece) => piece.inZone && piece.size >= SMALLEST * total;
  if (!pieces.some(plain)) pieces = measure(kind, runs, width, height, ZONES[1]);
  let largest = 0;
  for (const piece of pieces) if (piece.inZone) largest = Math.max(largest, piece.size);
  const wanted = Math.max(largest * PIECE_RATIO, SMALLEST * total);
  const chosen = pieces.map((piece) => piece.inZone && piece.size >= wanted);
  const cells = new Uint8Array(total);
  const level = new Float32Array(total);
  for (let cell = 0; cell < total; cell++)
    level[cell] = Math.min(OUTSIDE_LEVEL, PROBABILITY[drivable[cell]!]!);
  let count = 0;
  let lowestRow = height;
  for (const run of runs) {
    if (!chosen[run.piece]) continue;
    for (let cell = run.from; cell < run.to; cell++) {
      const unseen = kind[cell] === UNSEEN;
      cells[cell] = unseen ? UNSEEN : EGO;
      level[cell] = unseen ? 1 : PROBABILITY[drivable[cell]!]!;
      if (!unseen) {
        count++;
        lowestRow = run.row;
      }
    }
  }
  const tops = pieces.flatMap((piece, id) => (chosen[id] ? [piece.top] : []));
  return { map, cells, level, count, lowestRow, pieces: tops };
}

/** A connected piece of road and unseen cells. */
interface Piece {
  /** Its first cell in reading order. */
  readonly top: number;
  /** Cells of road in it. */
  size: number;
  /** Whether road of it lies low and near the middle, where the ego road must be. */
  inZone: boolean;
}

function measure(
  kind: Uint8Array,
  runs: readonly Run[],
  width: number,
  height: number,
  zone: number,
): Piece[] {
  const zoneTop = Math.floor(height * (1 - SEARCH_SHARE));
  const middle = (width - 1) / 2;
  const pieces: Piece[] = [];
  for (const run of runs) {
    pieces[run.piece] ??= { top: run.from, size: 0, inZone: false };
    const piece = pieces[run.piece]!;
    for (let cell = run.from; cell < run.to; cell++) {
      if (kind[cell] !== EGO) continue;
      piece.size++;
      if (run.row >= zoneTop && Math.abs(cell - run.row * width - middle) <= zone * width)
        piece.inZone = true;
    }
  }
  return pieces;
}

/** Marks the vehicle that fills the bottom of the picture without rising: the one the camera sits in. */
function ownBonnet(map: ClassMap): Uint8Array | null {
  const { width, height, classes } = map;
  const bottom = (height - 1) * width;
  const middle = Math.floor(width / 2);
  const solid = (cell: number) => classes[cell] === VEHICLE || classes[cell] === VOID_CLASS;
  // Both cells of an even width's middle: a mirrored picture has the same bonnet.
  if (!solid(bottom + middle) || !solid(bottom + width - 1 - middle)) return null;
  let from = middle;
  let to = middle;
  while (from > 0 && solid(bottom + from - 1)) from--;
  while (to < width - 1 && solid(bottom + to + 1)) to++;
  if (to - from + 1 < BONNET_WIDTH * width) return null;
  const mark = new Uint8Array(width * height);
  const stack: number[] = [];
  const push = (cell: number) => {
    if (!solid(cell) || mark[cell] === 1) return;
    mark[cell] = 1;
    stack.push(cell);
  };
  for (let x = from; x <= to; x++) push(bottom + x);
  const ceiling = Math.floor(height * (1 - BONNET_HEIGHT)) * width;
  while (stack.length > 0) {
    const cell = stack.pop()!;
    if (cell < ceiling && classes[cell] === VEHICLE) return null;
    const x = cell % width;
    if (x > 0) push(cell - 1);
    if (x < width - 1) push(cell + 1);
    if (cell >= width) push(cell - width);
    if (cell < bottom) push(cell + width);
  }
  return mark;
}
