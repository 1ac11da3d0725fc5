/**
 * Cells of vehicles and of people, gathered into the regions obstacles are made of: connected cells of one group,
 * cut again where the contact line jumps, because cars parked behind each other touch in the picture.
 */
import { CLASSES, classIdOf } from '../taxonomy/classes';
import type { CameraModel } from './camera-model';
import { connectedRuns } from './components';
import { type EgoRegion, UNSEEN } from './ego-region';

/** Lowest cell of a region in one column. */
export interface ContactColumn {
  readonly column: number;
  /** Row of the lowest cell. */
  readonly row: number;
  /** Height of the contact with sub-cell accuracy, cells: where the road's probability crosses 0.5 below it. */
  readonly y: number;
}

/** A region of one obstacle, in cells. */
export interface ObstacleRegion {
  /** The class most of its cells have (a cyclist when a third of a living region is one). */
  readonly classId: number;
  readonly left: number;
  /** Exclusive. */
  readonly right: number;
  readonly top: number;
  /** Exclusive. */
  readonly bottom: number;
  readonly cells: number;
  /** One for each column that has cells of it, from left to right. */
  readonly contact: readonly ContactColumn[];
}

/** Smallest obstacle in cells: two are noise as often as not. */
const SMALLEST = 3;
/**
 * The contact line is cut between columns whose ground distances differ by this factor: more than a bumper's
 * overhang makes (a bumper at 0.25 m seen from 1.4 m looks 1.22 times as far), less than the next parked car's rear.
 */
const DEPTH_JUMP = 1.4;
/** Narrower pieces are mirrors and legs, not obstacles of their own. Columns. */
const NARROWEST = 2;
/** A cyclist is mostly a person to the network: this share of cycle cells makes one. */
const CYCLIST_SHARE = 1 / 3;

const CYCLIST = classIdOf('cyclist')!;
const PERSON = classIdOf('person')!;
const VEHICLE = classIdOf('vehicle')!;

/** Finds the regions of obstacles. The own bonnet and the ignore region are none. */
export function findObstacleRegions(region: EgoRegion, camera: CameraModel): ObstacleRegion[] {
  const found: ObstacleRegion[] = [];
  for (const group of ['vehicle', 'living'] as const) {
    const ids = CLASSES.filter((entry) => entry.group === group).map((entry) => entry.id as number);
    found.push(...regionsOf(region, camera, ids));
  }
  return found;
}

function regionsOf(region: EgoRegion, camera: CameraModel, ids: readonly number[]): ObstacleRegion[] {
  const { width, height, classes } = region.map;
  const wanted = new Uint8Array(256);
  for (const id of ids) wanted[id] = 1;
  const mask = new Uint8Array(width * height);
  let any = 0;
  for (let cell = 0; cell < mask.length; cell++) {
    if (wanted[classes[cell]!] === 0 || region.cells[cell] === UNSEEN) continue;
    mask[cell] = 1;
    any = 1;
  }
  if (any === 0) return [];
  const { runs, pieces } = connectedRuns(mask, width, height, 'corners');
  // For each piece and column: topmost and lowest row, and how many cells of what.
  const columns: Column[][] = Array.from({ length: pieces }, () => []);
  for (const { row, from, to, piece } of runs) {
    for (let cell = from; cell < to; cell++) {
      const column = cell - row * width;
      const own = columns[piece]!;
      own[column] ??= { column, top: row, row, cells: 0, cyclist: 0 };
      const entry = own[column]!;
      entry.row = row;
      entry.cells++;
      if (classes[cell] === CYCLIST) entry.cyclist++;
    }
  }
  return columns.flatMap((sparse) => {
    const list = sparse.filter((entry) => entry !== undefined);
    return cutAtJumps(list, region, camera)
      .map((part) => regionFrom(part, region, ids.includes(VEHICLE)))
      .filter((candidate) => candidate.cells >= SMALLEST);
  });
}

/** One column of a piece. */
interface Column {
  readonly column: number;
  readonly top: number;
  row: number;
  cells: number;
  cyclist: number;
}

/** Cuts a piece's columns where the distance of the contact line jumps; slivers stay with their left neighbours. */
function cutAtJumps(columns: readonly Column[], region: EgoRegion, camera: CameraModel): Column[][] {
  const distanceOf = ({ column, row }: Column) => {
    const x = ((column + 0.5) / region.map.width) * camera.width;
    const y = ((row + 1) / region.map.height) * camera.height;
    return camera.imageToGround({ x, y })?.z ?? Number.POSITIVE_INFINITY;
  };
  const parts: Column[][] = [];
  let part: Column[] = [];
  columns.forEach((entry, index) => {
    const next = columns[index + 1];
    part.push(entry);
    if (!next) return;
    const [here, there] = [distanceOf(entry), distanceOf(next)];
    const jump = Math.max(here, there) / Math.min(here, there) > DEPTH_JUMP;
    const rows = Math.abs(entry.row - next.row);
    if (jump && rows > 1 && part.length >= NARROWEST && columns.length - index - 1 >= NARROWEST) {
      parts.push(part);
      part = [];
    }
  });
  if (part.length > 0) parts.push(part);
  return parts;
}

function regionFrom(columns: readonly Column[], region: EgoRegion, vehicle: boolean): ObstacleRegion {
  const { width, height, drivable } = region.map;
  let [top, bottom, cells, cyclist] = [height, 0, 0, 0];
  const contact = columns.map(({ column, row }): ContactColumn => {
    const here = drivable[row * width + column]! / 255;
    const below = row + 1 < height ? drivable[(row + 1) * width + column]! / 255 : 0;
    const sharp = here < 0.5 && below >= 0.5;
    return { column, row, y: sharp ? row + 0.5 + (0.5 - here) / (below - here) : row + 1 };
  });
  for (const entry of columns) {
    top = Math.min(top, entry.top);
    bottom = Math.max(bottom, entry.row + 1);
    cells += entry.cells;
    cyclist += entry.cyclist;
  }
  return {
    classId: vehicle ? VEHICLE : cyclist >= CYCLIST_SHARE * cells ? CYCLIST : PERSON,
    left: columns[0]!.column,
    right: columns.at(-1)!.column + 1,
    top,
    bottom,
    cells,
    contact,
  };
}
