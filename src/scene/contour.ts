/**
 * Walks around a region of cells and says, crack by crack, where exactly the 0.5 level runs and what lies behind it.
 * The result is the marching-squares polygon of the level field, with diagonal neighbours kept apart, so it never
 * crosses itself.
 */
import { VOID_CLASS } from '../taxonomy/classes';
import { type EgoRegion, OUTSIDE, UNSEEN } from './ego-region';

/** What ends the road at a point of its boundary. */
export type BoundaryKind =
  | 'kerb'
  | 'building'
  | 'fence'
  | 'post'
  | 'vegetation'
  | 'sky'
  | 'person'
  | 'cyclist'
  | 'vehicle'
  | 'picture-edge'
  | 'unseen'
  | 'unclear';

/** One vertex of a contour. Coordinates in cells; the middle of cell (i, j) is (i + 0.5, j + 0.5). */
export interface ContourVertex {
  readonly x: number;
  readonly y: number;
  readonly kind: BoundaryKind;
  /** Fall of the drivable probability across three cells, 0 to 1; 0 at the picture's edge and where unseen. */
  readonly confidence: number;
}

/** By class id: what the class is to a boundary. Drivable classes are another road, or ours after a gap. */
const KIND_OF_CLASS: readonly BoundaryKind[] = [
  'unclear',
  'unclear',
  'kerb',
  'building',
  'fence',
  'post',
  'post',
  'vegetation',
  'sky',
  'person',
  'cyclist',
  'vehicle',
];

/** What a class is to a boundary; `unseen` for void. */
export function kindOfClass(id: number): BoundaryKind {
  return id === VOID_CLASS ? 'unseen' : (KIND_OF_CLASS[id] ?? 'unclear');
}

/** How far to look behind the edge for what bounds it: past blurred cells and past thin posts in front of it. */
const LOOK_BEHIND = 3;

// Directions: 0 up, 1 right, 2 down, 3 left.
const STEP_X = [0, 1, 0, -1] as const;
const STEP_Y = [-1, 0, 1, 0] as const;

/**
 * The outer contour of the piece that holds `topCell`, clockwise (up along the left side), closed: the last vertex
 * is followed by the first.
 * @param topCell a cell of the region with nothing of its piece above it
 */
export function traceContour(region: EgoRegion, topCell: number): ContourVertex[] {
  const { width, height } = region.map;
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && region.cells[y * width + x] !== OUTSIDE;
  const startX = topCell % width;
  const startY = (topCell - startX) / width;
  const vertices: ContourVertex[] = [];
  let x = startX;
  let y = startY;
  let outward = 0;
  do {
    vertices.push(vertexAt(region, x, y, outward));
    const heading = (outward + 1) % 4;
    const frontX = x + STEP_X[heading]!;
    const frontY = y + STEP_Y[heading]!;
    if (!inside(frontX, frontY)) outward = heading;
    else {
      x = frontX;
      y = frontY;
      const sideX = frontX + STEP_X[outward]!;
      const sideY = frontY + STEP_Y[outward]!;
      if (inside(sideX, sideY)) {
        x = sideX;
        y = sideY;
        outward = (outward + 3) % 4;
      }
    }
  } while (x !== startX || y !== startY || outward !== 0);
  return vertices;
}

function vertexAt(region: EgoRegion, x: number, y: number, outward: number): ContourVertex {
  const { map, level, cells } = region;
  const { width, height } = map;
  const dx = STEP_X[outward]!;
  const dy = STEP_Y[outward]!;
  const cell = y * width + x;
  const outX = x + dx;
  const outY = y + dy;
  if (outX < 0 || outY < 0 || outX >= width || outY >= height)
    return { x: x + 0.5 + dx / 2, y: y + 0.5 + dy / 2, kind: 'picture-edge', confidence: 0 };
  const behind = outY * width + outX;
  const here = level[cell]!;
  const there = level[behind]!;
  const share = (here - 0.5) / (here - there);
  const unseen = cells[cell] === UNSEEN || map.classes[behind] === VOID_CLASS;
  return {
    x: x + 0.5 + dx * share,
    y: y + 0.5 + dy * share,
    kind: unseen ? 'unseen' : kindBehind(region, outX, outY, dx, dy),
    confidence: unseen ? 0 : contrast(region, x, y, dx, dy),
  };
}

function kindBehind(region: EgoRegion, x: number, y: number, dx: number, dy: number): BoundaryKind {
  const { width, height, classes } = region.map;
  let found: BoundaryKind = 'unclear';
  for (let i = 0; i < LOOK_BEHIND; i++, x += dx, y += dy) {
    if (x < 0 || y < 0 || x >= width || y >= height) break;
    const kind = kindOfClass(classes[y * width + x]!);
    if (kind === 'unseen') break;
    if (kind === 'unclear') continue;
    if (kind !== 'post') return kind;
    found = kind;
  }
  return found;
}

/** Fall of the raw probability across the crack, from the cell before the inner one to the cell behind the outer one. */
function contrast(region: EgoRegion, x: number, y: number, dx: number, dy: number): number {
  const { width, height, drivable } = region.map;
  const beforeX = Math.min(width - 1, Math.max(0, x - dx));
  const beforeY = Math.min(height - 1, Math.max(0, y - dy));
  const behindX = Math.min(width - 1, Math.max(0, x + 2 * dx));
  const behindY = Math.min(height - 1, Math.max(0, y + 2 * dy));
  const fall = (drivable[beforeY * width + beforeX]! - drivable[behindY * width + behindX]!) / 255;
  return Math.min(1, Math.max(0, fall));
}
