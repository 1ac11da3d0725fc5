/**
 * Holds the boundary still in time. Each point is compared with the nearest point of the last frame's boundary on
 * the same side, and moved towards it along its normal: strongly when the two are close (noise), not at all when they
 * are far apart (motion, or another edge). What is no longer seen is dropped at once: nothing is invented.
 */
import { type BoundaryLine, isRoadEdge } from './boundary';
import { crossings, type LinePoint } from './polyline';

/** Time constant of the smoothing where nothing moves, seconds: two to three frames of video. */
const TIME_CONSTANT = 0.08;
/** Distance from which a point is another edge, or moves: not smoothed. Cells; three of them are a wheel's width. */
const GATE = 1.5;
/** Edges this uncertain (confidence 0) are smoothed over this many times the time constant. */
const UNCERTAIN_FACTOR = 3;

/** The last frame's points by row, for neighbours in constant time. */
type Rows = Map<number, { readonly line: BoundaryLine; readonly index: number }[]>;

/** One stream's boundary over time. */
export class BoundaryTracker {
  #rows: Rows = new Map();

  /** Forgets everything: the next boundary is taken as it comes. */
  reset(): void {
    this.#rows = new Map();
  }

  /**
   * Takes the lines of a frame, gives the stable ones; they cross neither themselves nor each other.
   * @param seconds time since the frame before, > 0
   */
  update(lines: readonly BoundaryLine[], seconds: number): BoundaryLine[] {
    let stable = this.#rows.size === 0 ? [...lines] : lines.map((line) => this.#steadied(line, seconds));
    const tangled = crossings(stable.map((line) => line.points));
    for (const index of tangled) stable[index] = lines[index]!;
    if (tangled.size > 0 && crossings(stable.map((line) => line.points)).size > 0) stable = [...lines];
    this.#rows = rowsOf(stable);
    return stable;
  }

  #steadied(line: BoundaryLine, seconds: number): BoundaryLine {
    // Nothing can be said of where the picture ends.
    if (line.kind === 'picture-edge') return line;
    const { points } = line;
    const normals = points.map((_, i) => normalAt(points, i));
    const shift = points.map((point, i) => {
      const offset = this.#offsetAt(line, point, normals[i]!);
      if (offset === null) return 0;
      const constant = TIME_CONSTANT * (UNCERTAIN_FACTOR + (1 - UNCERTAIN_FACTOR) * point.confidence);
      const still = Math.exp(-seconds / constant);
      // Squared: an edge on the move is let go early, so that it lags by a fraction of a cell only.
      return offset * still * (1 - Math.abs(offset) / GATE) ** 2;
    });
    return {
      ...line,
      points: points.map((point, i) => {
        // A little smoothing along the line, so that no step shows where the last frame's line ended.
        const along = (shift[i - 1] ?? shift[i]!) / 4 + shift[i]! / 2 + (shift[i + 1] ?? shift[i]!) / 4;
        const normal = normals[i]!;
        return {
          x: point.x + normal.x * along,
          y: point.y + normal.y * along,
          kind: point.kind,
          confidence: point.confidence,
        };
      }),
    };
  }

  /** How far along the normal the last frame's edge lies, cells; null when none is within the gate. */
  #offsetAt(line: BoundaryLine, point: LinePoint, normal: { x: number; y: number }): number | null {
    let nearest = GATE * GATE;
    let offset: number | null = null;
    const row = Math.floor(point.y);
    for (let y = row - 2; y <= row + 2; y++) {
      for (const { line: other, index } of this.#rows.get(y) ?? []) {
        if (other.side !== line.side) continue;
        if (other.kind !== line.kind && !(isRoadEdge(other.kind) && isRoadEdge(line.kind))) continue;
        const a = other.points[index]!;
        const b = other.points[index + 1] ?? a;
        const dx = b.x - a.x;
        const dy = b.y - a.y;
        const length = dx * dx + dy * dy;
        const along = length > 0 ? ((point.x - a.x) * dx + (point.y - a.y) * dy) / length : 0;
        const share = Math.min(1, Math.max(0, along));
        const offX = a.x + share * dx - point.x;
        const offY = a.y + share * dy - point.y;
        const distance = offX * offX + offY * offY;
        if (distance >= nearest) continue;
        nearest = distance;
        offset = offX * normal.x + offY * normal.y;
      }
    }
    return offset;
  }
}

function rowsOf(lines: readonly BoundaryLine[]): Rows {
  const rows: Rows = new Map();
  for (const line of lines) {
    if (line.kind === 'picture-edge') continue;
    line.points.forEach((point, index) => {
      const row = Math.floor(point.y);
      const bucket = rows.get(row);
      if (bucket) bucket.push({ line, index });
      else rows.set(row, [{ line, index }]);
    });
  }
  return rows;
}

function normalAt(points: readonly LinePoint[], index: number): { x: number; y: number } {
  const before = points[Math.max(0, index - 1)]!;
  const after = points[Math.min(points.length - 1, index + 1)]!;
  const [dx, dy] = [after.x - before.x, after.y - before.y];
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  return { x: -dy / length, y: dx / length };
}
