/** What stands in place of a picture that is not there: dark and in words, so that nobody takes it for one. */
import { CarriagewayError } from '../../errors';
import type { Rect, Size } from '../../media/size';

/** All of a picture, as a share of itself: it has no mask. */
export const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };

/** A frame that only says something; the taker closes it. @param timestamp microseconds */
export function emptyPicture({ width, height }: Size, said: string, timestamp: number): VideoFrame {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new CarriagewayError('source-failed', 'no 2D canvas for an empty picture');
  drawEmpty(context, said, { x: 0, y: 0, width, height });
  return new VideoFrame(canvas, { timestamp, alpha: 'discard' });
}

/** Says something in place of a picture. @param place in pixels of the canvas */
export function drawEmpty(
  context: OffscreenCanvasRenderingContext2D,
  said: string,
  { x, y, width, height }: Rect,
): void {
  context.save();
  context.fillStyle = '#16181d';
  context.fillRect(x, y, width, height);
  context.fillStyle = '#c9ced8';
  context.font = `${Math.max(8, Math.round(Math.min(height / 12, width / 16)))}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const lines = said.split('\n');
  const leading = 1.4 * Number.parseFloat(context.font);
  for (const [i, line] of lines.entries())
    context.fillText(
      line,
      x + width / 2,
      y + height / 2 + (i - (lines.length - 1) / 2) * leading,
      width * 0.9,
    );
  context.restore();
}
