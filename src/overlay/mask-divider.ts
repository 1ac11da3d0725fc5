/** The divider between picture and paint, laid by the processor over what it painted. */
import type { Size } from '../media/size';
import { DIVIDER_COLOUR, DIVIDER_HEM, DIVIDER_WIDTH, strokeScale } from './paint';
import { packed, strokeAt } from './pixel-math';

/**
 * Lays it.
 * @param at as a fraction of the picture's width
 * @param out premultiplied colours and coverage of a picture of this size
 */
export function layDivider(at: number, { width, height }: Size, out: Uint32Array): void {
  const scale = strokeScale(width);
  const wide = (DIVIDER_WIDTH + DIVIDER_HEM.width) * scale;
  const reach = wide / 2 + 1;
  const from = Math.max(0, Math.floor(at * width - reach));
  const to = Math.min(width, Math.ceil(at * width + reach));
  for (let x = from; x < to; x++) {
    const distance = Math.abs((x + 0.5) / width - at) * width;
    const line = strokeAt(distance, DIVIDER_WIDTH * scale);
    const kept = (1 - strokeAt(distance, wide) * DIVIDER_HEM.shade) * (1 - line);
    for (let y = 0, i = x; y < height; y++, i += width) {
      const under = out[i]!;
      out[i] = packed(
        ((under & 255) / 255) * kept + DIVIDER_COLOUR[0] * line,
        (((under >>> 8) & 255) / 255) * kept + DIVIDER_COLOUR[1] * line,
        (((under >>> 16) & 255) / 255) * kept + DIVIDER_COLOUR[2] * line,
        1 - (1 - (under >>> 24) / 255) * kept,
      );
    }
  }
}
