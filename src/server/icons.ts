/** The page's icons for home screens and menus, drawn: a road that runs to the horizon, as in `public/favicon.svg`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';

type Colour = readonly [number, number, number];

const GROUND: Colour = [0x0b, 0x0d, 0x10];
const ROAD: Colour = [0x2b, 0xc4, 0xb6];

/** The drawing's square has this many units, like the favicon's. */
const UNITS = 24;
const CORNER = 5;

/** Dashes of the middle line: from, to. */
const DASHES = [
  [6, 8],
  [11, 13.5],
  [16.5, 20],
] as const;
const DASH_HALF = 0.8;

/** Samples of a pixel along either side. */
const SAMPLES = 4;

/** A mask may cut all but the middle circle of four fifths of the side (W3C, Web App Manifest): the road lies within. */
const SAFE = 0.66;

/** Whether a point of the unit square is on the road, its middle line left out. */
function onRoad(x: number, y: number): boolean {
  if (y < 4 || y > 20) return false;
  const down = (y - 4) / 16;
  if (x < 9.5 - 6.5 * down || x > 14.5 + 6.5 * down) return false;
  return !(Math.abs(x - UNITS / 2) <= DASH_HALF && DASHES.some(([from, to]) => y >= from && y <= to));
}

/** Whether a point is inside of the square with round corners. */
function onPlate(x: number, y: number): boolean {
  const dx = Math.max(CORNER - x, x - (UNITS - CORNER), 0);
  const dy = Math.max(CORNER - y, y - (UNITS - CORNER), 0);
  return Math.hypot(dx, dy) <= CORNER;
}

/**
 * Draws the icon.
 * @param size pixels of a side
 * @param maskable the ground fills the square, and the road keeps clear of its border
 * @returns a PNG with transparency
 */
export function drawIcon(size: number, maskable: boolean): Uint8Array {
  const data = new Uint8Array(size * size * 4);
  const scale = UNITS / size;
  for (let i = 0; i < size * size; i++) {
    const sum = [0, 0, 0, 0];
    for (let s = 0; s < SAMPLES * SAMPLES; s++) {
      const x = ((i % size) + ((s % SAMPLES) + 0.5) / SAMPLES) * scale;
      const y = (Math.floor(i / size) + (Math.floor(s / SAMPLES) + 0.5) / SAMPLES) * scale;
      if (!maskable && !onPlate(x, y)) continue;
      const inward = maskable ? SAFE : 1;
      const centred = (at: number): number => UNITS / 2 + (at - UNITS / 2) / inward;
      const colour = onRoad(centred(x), centred(y)) ? ROAD : GROUND;
      for (const [channel, value] of colour.entries()) sum[channel]! += value;
      sum[3]!++;
    }
    const covered = sum[3]!;
    for (let channel = 0; channel < 3; channel++)
      data[i * 4 + channel] = covered > 0 ? Math.round(sum[channel]! / covered) : 0;
    data[i * 4 + 3] = Math.round((covered / (SAMPLES * SAMPLES)) * 255);
  }
  return encode({ width: size, height: size, data, channels: 4, depth: 8 });
}

/** Writes the icons that the web manifest names into a build. */
export async function layIcons(folder: string): Promise<void> {
  const icons = join(folder, 'icons');
  await mkdir(icons, { recursive: true });
  for (const size of [192, 512]) await writeFile(join(icons, `icon-${size}.png`), drawIcon(size, false));
  await writeFile(join(icons, 'maskable-512.png'), drawIcon(512, true));
  await writeFile(join(icons, 'touch-180.png'), drawIcon(180, true));
}
