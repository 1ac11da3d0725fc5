/** Where the pictures of several cameras stand. Pure arithmetic. */
import type { Rect, Size } from '../../media/size';

/** One large with the others small, all alike, or two side by side. */
export const CAMERA_LAYOUTS = ['large', 'grid', 'pair'] as const;

/** See `CAMERA_LAYOUTS`. */
export type CameraLayout = (typeof CAMERA_LAYOUTS)[number];

/** Who stands out. */
export interface CameraChoice {
  readonly layout: CameraLayout;
  /** Places of the camera that is looked at, and of the one beside it where two stand. */
  readonly chosen: number;
  readonly beside: number;
}

/** Pixels between two pictures. */
const GAP = 2;

/** The small ones take at most this share of the box's height, or width. */
const SMALL_MAX = 0.3;

/** The layout that fits a number of cameras, where nobody chose one. */
export function usualLayout(cameras: number): CameraLayout {
  return cameras === 2 ? 'pair' : 'large';
}

/**
 * The place of each camera in a box, in whole pixels; null for one that is not shown. One alone has the whole box.
 * @param sizes of the cameras' pictures, upright; only their aspects matter
 */
export function cameraPlaces(
  sizes: readonly Size[],
  { layout, chosen, beside }: CameraChoice,
  box: Size,
): readonly (Rect | null)[] {
  if (sizes.length < 2) return sizes.map(() => ({ x: 0, y: 0, ...box }));
  if (layout === 'large') return largePlaces(sizes, chosen, box);
  const shown = sizes.flatMap((_, n) => (layout === 'grid' || n === chosen || n === beside ? [n] : []));
  const cells = gridCells(shown.length, aspectOf(sizes[chosen]!), box);
  return sizes.map((_, n) => cells[shown.indexOf(n)] ?? null);
}

/** The small ones in a row below or in a column to the right: whichever leaves the large one more room. */
function largePlaces(sizes: readonly Size[], chosen: number, box: Size): readonly (Rect | null)[] {
  const aspect = aspectOf(sizes[chosen]!);
  const small = sizes.length - 1;
  const down = Math.round(Math.min(box.height * SMALL_MAX, (box.width - GAP * (small - 1)) / small / aspect));
  const across = Math.round(
    Math.min(box.width * SMALL_MAX, ((box.height - GAP * (small - 1)) / small) * aspect),
  );
  const above = { width: box.width, height: Math.max(1, box.height - down - GAP) };
  const left = { width: Math.max(1, box.width - across - GAP), height: box.height };
  const below = pictureWidth(above, aspect) >= pictureWidth(left, aspect);
  const large = { x: 0, y: 0, ...(below ? above : left) };
  const each = below
    ? { width: Math.floor(Math.min(down * aspect, (box.width - GAP * (small - 1)) / small)), height: down }
    : {
        width: across,
        height: Math.floor(Math.min(across / aspect, (box.height - GAP * (small - 1)) / small)),
      };
  const length = (below ? each.width : each.height) * small + GAP * (small - 1);
  const first = Math.max(0, Math.floor(((below ? box.width : box.height) - length) / 2));
  let at = first;
  return sizes.map((_, n) => {
    if (n === chosen) return large;
    const place = below
      ? { x: at, y: box.height - each.height, ...each }
      : { x: box.width - each.width, y: at, ...each };
    at += (below ? each.width : each.height) + GAP;
    return place;
  });
}

/** Equal cells, in as many columns as make the pictures largest. */
function gridCells(count: number, aspect: number, box: Size): readonly Rect[] {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const width = pictureWidth(cellOf(columns, count, box), aspect);
    if (width > best.width) best = { columns, width };
  }
  const cell = cellOf(best.columns, count, box);
  return Array.from({ length: count }, (_, n) => ({
    x: (n % best.columns) * (cell.width + GAP),
    y: Math.floor(n / best.columns) * (cell.height + GAP),
    ...cell,
  }));
}

function cellOf(columns: number, count: number, { width, height }: Size): Size {
  const rows = Math.ceil(count / columns);
  return {
    width: Math.max(1, Math.floor((width - GAP * (columns - 1)) / columns)),
    height: Math.max(1, Math.floor((height - GAP * (rows - 1)) / rows)),
  };
}

/** Width of the largest picture of an aspect that fits. */
function pictureWidth({ width, height }: Size, aspect: number): number {
  return Math.min(width, height * aspect);
}

function aspectOf({ width, height }: Size): number {
  return width / height;
}
