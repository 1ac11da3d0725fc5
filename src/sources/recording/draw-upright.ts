/** Frames on a 2D canvas. */
import type { Rect } from '../../media/size';
import type { FileFrame } from './recording';

/** Draws a frame upright into a place that has its proportions. */
export function drawUpright(
  context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D,
  { frame, rotation }: Pick<FileFrame, 'frame' | 'rotation'>,
  { x, y, width, height }: Rect,
): void {
  context.save();
  context.translate(x + width / 2, y + height / 2);
  context.rotate((rotation * Math.PI) / 180);
  const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width];
  context.drawImage(frame, -across / 2, -down / 2, across, down);
  context.restore();
}
