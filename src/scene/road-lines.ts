/**
 * Straight lines in the picture that say how the camera stands: stretches of the road's edges and lane markings,
 * which run to the vanishing point of the road, and poles, which are upright. A bend is taken out first: every point
 * is put on the ground, moved sideways by what the bend moves it (curvature · z² / 2), and put back; a line tangent to
 * a bend of 125 m radius would else miss the true vanishing point by 4 degrees.
 */
import { classIdOf } from '../taxonomy/classes';
import { type BoundaryLine, isRoadEdge } from './boundary';
import type { CameraModel, PixelPoint } from './camera-model';
import { connectedRuns } from './components';
import type { EgoRegion } from './ego-region';

/** A straight line seen in the picture, pixels. */
export interface SeenLine {
  readonly middle: PixelPoint;
  /** Unit vector along it; y ≥ 0. */
  readonly direction: PixelPoint;
  readonly length: number;
  /** Standard deviation of its direction, radians. */
  readonly sigma: number;
}

/** The lines of a frame. */
export interface RoadLines {
  /** Edges and markings. */
  readonly along: readonly SeenLine[];
  readonly upright: readonly SeenLine[];
}

/** Shortest stretch of edge, and shortest marking, in cells: below, the direction is a guess. */
const SHORTEST_EDGE = 8;
const SHORTEST_MARKING = 5;
/** Shortest pole in cells: poles are a cell wide, so shorter ones lean by chance. */
const SHORTEST_POLE = 8;
/** How much longer than wide a blob of marking or pole cells must be. */
const ELONGATION = 4;
/** A stretch of edge bends when its points stray from their line by more than this, cells (root mean square). */
const STRAIGHT = 0.25;
/** Edge points less certain than this are left out. */
const LEAST_CONFIDENCE = 0.25;
/** Cells over which the errors of neighbouring points are alike (smoothing, and the network's stride). */
const CORRELATED = 4;
/** The best any direction is known, radians: kerbs and paint are not perfectly straight. */
const SIGMA_FLOOR = 0.004;

const MARKING = classIdOf('lane marking')!;
const POLE = classIdOf('pole')!;

/** Ground farther than this is not straightened but left out: there a row spans metres, and a bend moves it far. */
const STRAIGHTENED = 50;

/**
 * Collects the lines of a frame.
 * @param camera what is believed of the camera so far
 * @param curvature the road's, 1/m, positive to the right
 */
export function findRoadLines(
  lines: readonly BoundaryLine[],
  region: EgoRegion,
  camera: CameraModel,
  curvature: number,
): RoadLines {
  const scale = { x: camera.width / region.map.width, y: camera.height / region.map.height };
  const cell = (scale.x + scale.y) / 2;
  const along: SeenLine[] = [];
  for (const line of lines) {
    if (!isRoadEdge(line.kind)) continue;
    const points: PixelPoint[] = [];
    for (const { x, y, confidence } of line.points) {
      if (confidence < LEAST_CONFIDENCE) continue;
      const point = straightened({ x: x * scale.x, y: y * scale.y }, camera, curvature);
      if (point) points.push(point);
    }
    straightPieces(points, cell, along);
  }
  for (const blob of blobsOf(region, MARKING, scale)) {
    const points = blob.flatMap((point) => straightened(point, camera, curvature) ?? []);
    const line = lineThrough(points, SHORTEST_MARKING, cell);
    if (line) along.push(line);
  }
  const upright = blobsOf(region, POLE, scale).flatMap(
    (blob) => lineThrough(blob, SHORTEST_POLE, cell) ?? [],
  );
  return { along, upright };
}

/** Where a point of the road would be seen if the road did not bend; null too far away to say. */
function straightened(point: PixelPoint, camera: CameraModel, curvature: number): PixelPoint | null {
  const ground = camera.imageToGround(point);
  if (!ground || ground.z > STRAIGHTENED) return null;
  return camera.groundToImage({ x: ground.x - (curvature * ground.z * ground.z) / 2, z: ground.z });
}

/** Splits a polyline where it strays farthest from its chord, until what is left is straight or too short. */
function straightPieces(points: readonly PixelPoint[], cell: number, out: SeenLine[]): void {
  if (points.length < SHORTEST_EDGE) return;
  const fit = fitLine(points);
  if (fit.length >= SHORTEST_EDGE * cell && fit.across <= STRAIGHT * cell) {
    out.push(seen(fit, Math.max(fit.across, 0.08 * cell), fit.length / cell / CORRELATED));
    return;
  }
  const [first, last] = [points[0]!, points.at(-1)!];
  const [dx, dy] = [last.x - first.x, last.y - first.y];
  let farthest = Math.floor(points.length / 2);
  let most = 0;
  points.forEach((point, index) => {
    const off = Math.abs((point.x - first.x) * dy - (point.y - first.y) * dx);
    if (off > most) [most, farthest] = [off, index];
  });
  // A split next to an end would go on for ever without getting anywhere.
  const at = Math.min(points.length - 3, Math.max(3, farthest));
  straightPieces(points.slice(0, at), cell, out);
  straightPieces(points.slice(at), cell, out);
}

/** The connected blobs of one class, as the middles of their cells in pixels. */
function blobsOf(region: EgoRegion, classId: number, scale: PixelPoint): PixelPoint[][] {
  const { width, height, classes } = region.map;
  if (!classes.includes(classId)) return [];
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) mask[i] = classes[i] === classId ? 1 : 0;
  const { runs, pieces } = connectedRuns(mask, width, height, 'corners');
  const blobs: PixelPoint[][] = Array.from({ length: pieces }, () => []);
  for (const { row, from, to, piece } of runs)
    for (let i = from; i < to; i++)
      blobs[piece]!.push({ x: (i - row * width + 0.5) * scale.x, y: (row + 0.5) * scale.y });
  return blobs;
}

/** The line through a blob that is long and thin; null for others. */
function lineThrough(blob: readonly PixelPoint[], shortest: number, cell: number): SeenLine | null {
  if (blob.length < shortest) return null;
  const fit = fitLine(blob);
  // A blob is as wide as a cell at least, however few cells it has.
  const across = Math.max(fit.across, 0.29 * cell);
  if (fit.length < shortest * cell || fit.length < ELONGATION * across * Math.sqrt(12)) return null;
  return seen(fit, across, fit.length / cell / 2);
}

interface Fit {
  readonly middle: PixelPoint;
  readonly direction: PixelPoint;
  /** Extent along the line. */
  readonly length: number;
  /** Root mean square distance from the line. */
  readonly across: number;
}

/** Total least squares: the line through the points' mean along the larger axis of their spread. */
function fitLine(points: readonly PixelPoint[]): Fit {
  let [mx, my] = [0, 0];
  for (const { x, y } of points) {
    mx += x;
    my += y;
  }
  mx /= points.length;
  my /= points.length;
  let [xx, xy, yy] = [0, 0, 0];
  for (const { x, y } of points) {
    xx += (x - mx) ** 2;
    xy += (x - mx) * (y - my);
    yy += (y - my) ** 2;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  let direction = { x: Math.cos(angle), y: Math.sin(angle) };
  if (direction.y < 0) direction = { x: -direction.x, y: -direction.y };
  let [low, high, squares] = [0, 0, 0];
  for (const { x, y } of points) {
    const t = (x - mx) * direction.x + (y - my) * direction.y;
    low = Math.min(low, t);
    high = Math.max(high, t);
    squares += ((x - mx) * direction.y - (y - my) * direction.x) ** 2;
  }
  return {
    middle: { x: mx, y: my },
    direction,
    length: high - low,
    across: Math.sqrt(squares / points.length),
  };
}

/** A line's direction is as uncertain as its points across it, over its length: σ·√12 / (L·√n). */
function seen(fit: Fit, across: number, independent: number): SeenLine {
  const sigma = (across * Math.sqrt(12)) / (fit.length * Math.sqrt(Math.max(1, independent)));
  return {
    middle: fit.middle,
    direction: fit.direction,
    length: fit.length,
    sigma: Math.hypot(sigma, SIGMA_FLOOR),
  };
}
