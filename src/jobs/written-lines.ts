/** Figures written into a picture. */
import type { Size } from '../media/size';

/** Rows of a picture to a line of text, and the least that can be read, in pixels. */
const ROWS = 28;
const LEAST = 10;

/** Lines take this much of their size, the plate's edge beside them half of it. */
const LEADING = 1.35;
const EDGE = 0.5;

/** What is drawn on. */
type Context = Pick<
  OffscreenCanvasRenderingContext2D,
  'font' | 'textBaseline' | 'measureText' | 'fillStyle' | 'fillRect' | 'fillText'
>;

/**
 * Writes lines into the upper left corner, on a dark plate so that they can be read over any picture: as large as the
 * picture allows, and never beyond its edge.
 */
export function writeLines(context: Context, { width, height }: Size, lines: readonly string[]): void {
  if (lines.length === 0) return;
  const widest = (size: number): number => {
    context.font = `${size}px system-ui, sans-serif`;
    return Math.max(...lines.map((line) => context.measureText(line).width));
  };
  const wished = Math.max(LEAST, Math.round(height / ROWS));
  // The plate has its edge on both sides, and as much lies between it and the picture's.
  const across = (width - 4 * EDGE * wished) / widest(wished);
  const down = (height - 2 * EDGE * wished) / (lines.length * LEADING + 2 * EDGE) / wished;
  const size = Math.max(1, Math.floor(wished * Math.min(1, across, down)));
  const edge = EDGE * size;
  const plate = widest(size) + 2 * edge;
  context.textBaseline = 'middle';
  context.fillStyle = 'rgb(11 13 16 / 0.7)';
  context.fillRect(edge, edge, plate, (lines.length * LEADING + 2 * EDGE) * size);
  context.fillStyle = '#e9eeef';
  for (const [i, line] of lines.entries())
    context.fillText(line, 2 * edge, 2 * edge + size * LEADING * (i + 0.5));
}
