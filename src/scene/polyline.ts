/** The polylines boundaries are made of: resampling, smoothing, and a test for crossings. Units are cells. */
import type { ContourVertex } from './contour';

/** A point of a polyline: on, or smoothed between, the vertices of a contour. */
export type LinePoint = ContourVertex;

/**
 * The polyline with points `spacing` apart along its length (the last gap stretched to end on the last point).
 * End points stay. Fewer than two points are returned as they are.
 */
export function resample(points: readonly LinePoint[], spacing: number): LinePoint[] {
  let length = 0;
  for (let i = 1; i < points.length; i++) length += distance(points[i - 1]!, points[i]!);
  if (points.length < 2 || length === 0) return [...points];
  const count = Math.max(1, Math.round(length / spacing));
  const step = length / count;
  const out: LinePoint[] = [points[0]!];
  let walked = 0;
  let index = 1;
  let gap = distance(points[0]!, points[1]!);
  for (let k = 1; k < count; k++) {
    const target = k * step;
    while (walked + gap < target && index < points.length - 1) {
      walked += gap;
      index++;
      gap = distance(points[index - 1]!, points[index]!);
    }
    const share = gap > 0 ? (target - walked) / gap : 0;
    out.push(between(points[index - 1]!, points[index]!, share));
  }
  out.push(points.at(-1)!);
  return out;
}

/**
 * Gaussian smoothing along a uniformly spaced polyline. Near an end the window narrows symmetrically, so that ends
 * stay where they are. A curve of radius R moves inwards by σ²/2R, which for boundaries (R ≥ 30 cells, σ = 1.5) is
 * below 0.04 cells.
 * @param sigma standard deviation in points
 */
export function smooth(points: readonly LinePoint[], sigma: number): LinePoint[] {
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Array.from({ length: radius + 1 }, (_, k) => Math.exp((-k * k) / (2 * sigma * sigma)));
  return points.map((point, i) => {
    const reach = Math.min(radius, i, points.length - 1 - i);
    let [x, y, total] = [point.x, point.y, 1];
    for (let k = 1; k <= reach; k++) {
      const weight = kernel[k]!;
      const before = points[i - k]!;
      const after = points[i + k]!;
      x += weight * (before.x + after.x);
      y += weight * (before.y + after.y);
      total += 2 * weight;
    }
    return { x: x / total, y: y / total, kind: point.kind, confidence: point.confidence };
  });
}

/**
 * The polylines (by index) that cross themselves or one another; shared end points do not count. Segments are
 * bucketed by row, so the cost grows with the number of neighbours, not with its square.
 */
export function crossings(lines: readonly (readonly { x: number; y: number }[])[]): Set<number> {
  const buckets = new Map<number, [line: number, segment: number][]>();
  const found = new Set<number>();
  lines.forEach((line, l) => {
    for (let s = 1; s < line.length; s++) {
      const a = line[s - 1]!;
      const b = line[s]!;
      const from = Math.floor(Math.min(a.y, b.y));
      const to = Math.floor(Math.max(a.y, b.y));
      for (let row = from; row <= to; row++) {
        const bucket = buckets.get(row);
        if (!bucket) {
          buckets.set(row, [[l, s]]);
          continue;
        }
        for (const [otherLine, other] of bucket) {
          if (otherLine === l && other >= s - 1) continue;
          const points = lines[otherLine]!;
          if (!cross(a, b, points[other - 1]!, points[other]!)) continue;
          found.add(l);
          found.add(otherLine);
        }
        bucket.push([l, s]);
      }
    }
  });
  return found;
}

/** Whether two segments cross in their interiors. Touching ends and overlaps along a line do not count. */
function cross(
  a: { x: number; y: number },
  b: { x: number; y: number },
  c: { x: number; y: number },
  d: { x: number; y: number },
): boolean {
  // Boxes first: nearly all pairs end here.
  if (Math.max(a.x, b.x) < Math.min(c.x, d.x) || Math.max(c.x, d.x) < Math.min(a.x, b.x)) return false;
  if (Math.max(a.y, b.y) < Math.min(c.y, d.y) || Math.max(c.y, d.y) < Math.min(a.y, b.y)) return false;
  const side = (p: { x: number; y: number }, q: { x: number; y: number }, r: { x: number; y: number }) =>
    (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  // Rounding leaves touching segments on either side by about 1e-13; a crossing worth the name is far above.
  const apart = (s: number, t: number) => (s > 1e-9 && t < -1e-9) || (s < -1e-9 && t > 1e-9);
  return apart(side(a, b, c), side(a, b, d)) && apart(side(c, d, a), side(c, d, b));
}

function distance(a: LinePoint, b: LinePoint): number {
  // Not Math.hypot, whose care for overflow costs ten times as much.
  return Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2);
}

function between(a: LinePoint, b: LinePoint, share: number): LinePoint {
  return {
    x: a.x + (b.x - a.x) * share,
    y: a.y + (b.y - a.y) * share,
    kind: share < 0.5 ? a.kind : b.kind,
    confidence: a.confidence + (b.confidence - a.confidence) * share,
  };
}
