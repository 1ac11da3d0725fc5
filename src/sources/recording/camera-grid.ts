/** Where each camera stands in the joint picture of several. */
import type { Rect, Size } from '../../media/size';

/** Largest side of the joint picture in pixels: that of the videos. */
const SIDE_MAX = 8192;

/** The joint picture. Whole pixels. */
export interface CameraGrid extends Size {
  /** For each camera its place, in its own proportions. */
  readonly places: readonly Rect[];
  /** For each camera the cell it stands in; what of it the picture leaves free is empty. */
  readonly cells: readonly Rect[];
  /** Cells without a camera. */
  readonly spare: readonly Rect[];
}

/**
 * Two cameras stand side by side, equally high; more in rows of two, or three from five on, in cells of the first
 * one's proportions.
 * @param sizes upright sizes in pixels, at least one
 */
export function gridOf(sizes: readonly Size[]): CameraGrid {
  const [first, second] = sizes as [Size, ...Size[]];
  if (!second) {
    const place = { x: 0, y: 0, width: first.width, height: first.height };
    return { width: first.width, height: first.height, places: [place], cells: [place], spare: [] };
  }
  return sizes.length === 2 ? sideBySide(first, second) : cellsOf(sizes);
}

function sideBySide(one: Size, other: Size): CameraGrid {
  const across = one.width + (other.width * one.height) / other.height;
  const scale = Math.min(1, SIDE_MAX / Math.max(across, one.height));
  const height = Math.max(1, Math.round(one.height * scale));
  const left = Math.max(1, Math.round(one.width * scale));
  const right = Math.max(1, Math.floor(across * scale) - left);
  const places = [
    { x: 0, y: 0, width: left, height },
    { x: left, y: 0, width: right, height },
  ];
  return { width: left + right, height, places, cells: places, spare: [] };
}

function cellsOf(sizes: readonly Size[]): CameraGrid {
  const columns = sizes.length > 4 ? 3 : 2;
  const rows = Math.ceil(sizes.length / columns);
  const [first] = sizes as [Size];
  const scale = Math.min(1, SIDE_MAX / Math.max(first.width * columns, first.height * rows));
  const width = Math.max(1, Math.floor(first.width * scale));
  const height = Math.max(1, Math.floor(first.height * scale));
  const all = Array.from({ length: columns * rows }, (_, n) => ({
    x: (n % columns) * width,
    y: Math.floor(n / columns) * height,
    width,
    height,
  }));
  const cells = all.slice(0, sizes.length);
  return {
    width: width * columns,
    height: height * rows,
    places: cells.map((cell, n) => fitted(sizes[n]!, cell)),
    cells,
    spare: all.slice(sizes.length),
  };
}

/** The largest place in the middle of a cell that has a picture's proportions. */
function fitted(size: Size, cell: Rect): Rect {
  const scale = Math.min(cell.width / size.width, cell.height / size.height);
  // A pixel more or less is no bar.
  const near = (length: number, full: number): number => (full - length < 2 ? full : Math.round(length));
  const width = near(size.width * scale, cell.width);
  const height = near(size.height * scale, cell.height);
  return {
    x: cell.x + Math.floor((cell.width - width) / 2),
    y: cell.y + Math.floor((cell.height - height) / 2),
    width,
    height,
  };
}

/**
 * What of a joint picture shows nothing, as rectangles: bars beside pictures, spare cells, and the cells of cameras
 * that have nothing to show.
 * @param missing for each camera whether it has nothing to show
 */
export function blanksOf({ places, cells, spare }: CameraGrid, missing: readonly boolean[]): readonly Rect[] {
  const bars = cells.flatMap((cell, n) => {
    const place = places[n]!;
    if (missing[n]) return [cell];
    const [right, bottom] = [place.x + place.width, place.y + place.height];
    return [
      { ...cell, height: place.y - cell.y },
      { ...cell, y: bottom, height: cell.y + cell.height - bottom },
      { ...cell, width: place.x - cell.x },
      { ...cell, x: right, width: cell.x + cell.width - right },
    ].filter(({ width, height }) => width > 0 && height > 0);
  });
  return [...bars, ...spare];
}
