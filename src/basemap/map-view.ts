/**
 * Where a map is looked at, and the cells of it that are drawn there. Places are those of web maps: the square of
 * EPSG:3857 from its upper left corner, one unit a side, so that `x` and `y` of a tile at zoom `z` are `2^z` times those.
 */

/** A part of the world, north up. */
export interface MapView {
  /** Place at the drawing's upper left corner. */
  readonly corner: { readonly x: number; readonly y: number };
  /** Units of the world for each unit of the drawing. */
  readonly scale: number;
  /** Size of the drawing in its units. */
  readonly width: number;
  readonly height: number;
  /** Pixels for each unit of the drawing. */
  readonly density: number;
}

/** A tile's address. */
export interface TileAddress {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** A cell of the drawing in whole pixels, so that neighbours meet without a seam. */
export interface Cell {
  readonly tile: TileAddress;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Cells that are drawn at once. */
export const CELLS_MAX = 64;

/** Nothing on earth is drawn nearer: a cell of it is ten metres wide. */
const ZOOM_MAX = 22;

/** Zooms that a file has. */
export interface Zooms {
  readonly min: number;
  readonly max: number;
}

/**
 * The cells that cover a view, of the zoom whose tiles are drawn at about `side` units, or the nearest that the file has.
 * @returns null where even the farthest zoom has more than `CELLS_MAX` of them there
 */
export function cellsOf(view: MapView, zooms: Zooms, side: number): readonly Cell[] | null {
  const wished = Math.round(-Math.log2(view.scale * side));
  const most = Math.min(zooms.max, ZOOM_MAX);
  for (let z = Math.max(zooms.min, Math.min(most, wished)); z >= zooms.min; z--) {
    const range = rangeAt(view, z);
    if ((range.x1 - range.x0) * (range.y1 - range.y0) <= CELLS_MAX) return cellsIn(view, z, range);
  }
  return null;
}

interface Range {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

function rangeAt({ corner, scale, width, height }: MapView, z: number): Range {
  const n = 2 ** z;
  return {
    x0: Math.floor(corner.x * n),
    x1: Math.ceil((corner.x + scale * width) * n),
    y0: Math.max(0, Math.floor(corner.y * n)),
    y1: Math.min(n, Math.ceil((corner.y + scale * height) * n)),
  };
}

function cellsIn(view: MapView, z: number, { x0, x1, y0, y1 }: Range): readonly Cell[] {
  const n = 2 ** z;
  const across = (x: number): number => Math.round(((x / n - view.corner.x) / view.scale) * view.density);
  const down = (y: number): number => Math.round(((y / n - view.corner.y) / view.scale) * view.density);
  const cells: Cell[] = [];
  for (let y = y0; y < y1; y++)
    for (let x = x0; x < x1; x++)
      cells.push({
        // Across the date line the world goes on.
        tile: { z, x: ((x % n) + n) % n, y },
        ...{ left: across(x), top: down(y), right: across(x + 1), bottom: down(y + 1) },
      });
  return cells;
}

/** Where a coarser tile is drawn so that the part of it that a cell shows lies in that cell, in pixels. */
export function placedIn(
  cell: Cell,
  tile: TileAddress,
): { readonly left: number; readonly top: number; readonly width: number; readonly height: number } {
  const times = 2 ** (cell.tile.z - tile.z);
  const [width, height] = [(cell.right - cell.left) * times, (cell.bottom - cell.top) * times];
  return {
    left: cell.left - ((cell.tile.x - tile.x * times) * width) / times,
    top: cell.top - ((cell.tile.y - tile.y * times) * height) / times,
    width,
    height,
  };
}
