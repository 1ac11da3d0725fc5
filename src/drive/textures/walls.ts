/** Painters of façades (two bays by two floors), shop fronts, fences and sign faces. */
import { fractalNoise, type Rgb, Tile } from './tile';

const fine = fractalNoise(31, 24, 4, 0.7);
const stain = fractalNoise(32, 3, 4);

/** Polish of glass: low alpha reads as mirror in the street shader. */
const GLASS = 40;

interface WindowLook {
  readonly frame: Rgb;
  readonly sill: Rgb;
  /** Horizontal and vertical glazing bars. */
  readonly bars: readonly [number, number];
}

/** A window with its reveal, frame, panes, curtains and sill; all coordinates 0 to 1 of the tile, y up. */
function window(tile: Tile, x0: number, y0: number, x1: number, y1: number, look: WindowLook): void {
  const { random } = tile;
  tile.rect(x0 - 0.012, y0 - 0.012, x1 + 0.012, y1 + 0.012, [52, 48, 44], 0.55);
  tile.rect(x0, y0, x1, y1, look.frame, 1);
  const rim = 0.011;
  const glass: Rgb = [random.between(26, 46), random.between(30, 50), random.between(36, 56)];
  tile.rect(x0 + rim, y0 + rim, x1 - rim, y1 - rim, glass, 1, GLASS);
  if (random.chance(0.6)) {
    // Curtains or a blind, paler behind the pane.
    const tone = random.between(95, 150);
    if (random.chance(0.5)) {
      const w = (x1 - x0) * random.between(0.14, 0.28);
      tile.rect(x0 + rim, y0 + rim, x0 + rim + w, y1 - rim, [tone, tone * 0.97, tone * 0.9], 0.55);
      tile.rect(x1 - rim - w, y0 + rim, x1 - rim, y1 - rim, [tone, tone * 0.97, tone * 0.9], 0.55);
    } else
      tile.rect(
        x0 + rim,
        y1 - (y1 - y0) * random.between(0.3, 0.7),
        x1 - rim,
        y1 - rim,
        [tone, tone, tone * 0.93],
        0.6,
      );
  }
  const [h, v] = look.bars;
  for (let i = 1; i <= h; i++) {
    const y = y0 + ((y1 - y0) * i) / (h + 1);
    tile.rect(x0, y - 0.005, x1, y + 0.005, look.frame, 1, 255);
  }
  for (let i = 1; i <= v; i++) {
    const x = x0 + ((x1 - x0) * i) / (v + 1);
    tile.rect(x - 0.005, y0, x + 0.005, y1, look.frame, 1, 255);
  }
  tile.rect(x0 - 0.02, y0 - 0.022, x1 + 0.02, y0, look.sill, 1);
  tile.rect(x0 - 0.02, y0 - 0.034, x1 + 0.02, y0 - 0.022, [40, 36, 34], 0.5);
}

function bricks(tile: Tile): void {
  // 40 courses over 6 m: thicker than life, but finer ones vanish at this resolution.
  for (let row = 0; row < 40; row++) {
    tile.rect(0, row / 40, 1, row / 40 + 0.005, [150, 138, 122], 0.35);
    for (let k = 0; k < 14; k++) {
      const x = (k + (row % 2) * 0.5) / 14;
      const d = tile.random.between(-16, 16);
      tile.rect(x, row / 40 + 0.005, x + 1 / 14, (row + 1) / 40, [134 + d, 84 + d * 0.8, 64 + d * 0.7], 0.55);
    }
  }
}

function front(
  name: string,
  wall: Rgb,
  look: WindowLook,
  shape: readonly [number, number, number, number],
  finish?: (tile: Tile) => void,
): Tile {
  const tile = new Tile(name).fill(wall, 255, [fine, 7], [stain, 10]);
  finish?.(tile);
  const [left, bottom, width, height] = shape;
  for (const floor of [0, 0.5])
    for (const bay of [0, 0.5]) {
      const x = bay + left / 2;
      const y = floor + bottom / 2;
      window(tile, x, y, x + width / 2, y + height / 2, look);
    }
  return tile.grain(4);
}

function glassFront(): Tile {
  const tile = new Tile('front-glass').fill([70, 78, 86], 60, [stain, 8]);
  for (let row = 0; row < 4; row++)
    for (let k = 0; k < 6; k++) {
      const d = tile.random.between(-14, 14);
      const spandrel = row % 2 === 0;
      const tone: Rgb = spandrel ? [104 + d, 108 + d, 112 + d] : [44 + d, 52 + d, 60 + d];
      tile.rect(
        k / 6,
        row / 4,
        (k + 1) / 6,
        (row + (spandrel ? 0.55 : 1)) / 4,
        tone,
        0.9,
        spandrel ? 150 : GLASS,
      );
    }
  for (let k = 0; k < 6; k++) tile.rect(k / 6 - 0.006, 0, k / 6 + 0.006, 1, [150, 152, 154], 0.9, 220);
  for (let row = 0; row < 4; row++)
    tile.rect(0, row / 4 - 0.006, 1, row / 4 + 0.006, [138, 140, 142], 0.9, 220);
  return tile;
}

/** A shop: stall riser, display windows with things in them, door, fascia with unreadable letters. */
function shop(name: string, frame: Rgb, fascia: Rgb, letters: Rgb): Tile {
  const tile = new Tile(name).fill(frame, 255, [fine, 6]);
  const { random } = tile;
  tile.rect(0, 0, 1, 0.13, [frame[0] * 0.7, frame[1] * 0.7, frame[2] * 0.7], 1);
  const panes = [
    [0.04, 0.36],
    [0.4, 0.58],
    [0.62, 0.96],
  ] as const;
  for (const [i, [x0, x1]] of panes.entries()) {
    const door = i === 1;
    tile.rect(x0, door ? 0.01 : 0.14, x1, 0.74, [30, 32, 34], 1, GLASS);
    for (let k = 0; k < (door ? 2 : 9); k++) {
      const gx = random.between(x0, x1 - 0.05);
      const gy = random.between(0.15, 0.5);
      const tone = random.between(60, 170);
      const colour: Rgb = [tone, tone * random.between(0.6, 1), tone * random.between(0.5, 1)];
      tile.rect(gx, gy, gx + random.between(0.02, 0.06), gy + random.between(0.05, 0.2), colour, 0.6);
    }
    tile.rect(x0, 0.6, x1, 0.74, [150, 146, 132], 0.16);
    if (door) {
      tile.rect(x0, 0.01, x0 + 0.02, 0.74, frame, 1, 255);
      tile.rect(x1 - 0.02, 0.01, x1, 0.74, frame, 1, 255);
    }
  }
  tile.rect(0, 0.76, 1, 0.95, fascia, 1, 230);
  for (let x = random.between(0.12, 0.25); x < 0.8; x += random.between(0.028, 0.045)) {
    if (random.chance(0.14)) continue;
    const w = random.between(0.012, 0.026);
    tile.rect(x, 0.81, x + w * 0.4, 0.9, letters, 0.9);
    if (random.chance(0.7))
      tile.rect(x, random.pick([0.81, 0.85, 0.885]), x + w, random.pick([0.83, 0.87, 0.9]), letters, 0.9);
  }
  tile.rect(0, 0.95, 1, 1, [120, 116, 108], 1);
  tile.rect(0, 0.745, 1, 0.765, [30, 28, 26], 0.7);
  return tile.grain(4);
}

function iron(): Tile {
  const tile = new Tile('iron').fill([36, 38, 38], 0);
  for (let k = 0; k < 14; k++) tile.rect((k + 0.34) / 14, 0, (k + 0.66) / 14, 0.97, [36, 38, 38], 1, 255);
  for (const y of [0.1, 0.86]) tile.rect(0, y, 1, y + 0.045, [40, 42, 42], 1, 255);
  return tile;
}

function meshFence(): Tile {
  const tile = new Tile('mesh').fill([128, 132, 130], 0);
  for (let k = -8; k < 8; k++) {
    tile.line(k / 8, 0, k / 8 + 1, 1, 0.022, [128, 132, 130], 1, 255);
    tile.line(k / 8 + 1, 0, k / 8, 1, 0.022, [118, 122, 120], 1, 255);
  }
  return tile;
}

function wood(): Tile {
  const tile = new Tile('wood').fill([122, 98, 72], 255, [fine, 14], [stain, 14]);
  for (let k = 0; k < 16; k++) {
    const d = tile.random.between(-16, 14);
    tile.rect(k / 16, 0, (k + 1) / 16, 1, [122 + d, 98 + d, 72 + d], 0.5);
    tile.rect(k / 16, 0, k / 16 + 0.008, 1, [46, 36, 28], 0.9);
  }
  return tile.grain(6);
}

/** Eight faces, four by two cells: speed, warning, stop, yield / mandatory, no parking, info, direction. */
function signs(): Tile {
  const tile = new Tile('signs').fill([120, 122, 122], 0);
  const white: Rgb = [222, 222, 218];
  const red: Rgb = [176, 34, 34];
  const blue: Rgb = [34, 76, 150];
  const black: Rgb = [28, 28, 30];
  const at = (cell: number): readonly [number, number] => [((cell % 4) + 0.5) / 4, cell < 4 ? 0.75 : 0.25];
  const [sx, sy] = at(0);
  tile.disc(sx, sy, 0.115, red, 1, 255).disc(sx, sy, 0.085, white);
  tile
    .rect(sx - 0.045, sy - 0.04, sx - 0.01, sy + 0.04, black)
    .rect(sx + 0.012, sy - 0.04, sx + 0.045, sy + 0.04, black);
  tile.rect(sx + 0.022, sy - 0.025, sx + 0.035, sy + 0.025, white);
  const [wx, wy] = at(1);
  tile.triangle([wx - 0.12, wy - 0.1], [wx + 0.12, wy - 0.1], [wx, wy + 0.115], red, 255);
  tile.triangle([wx - 0.08, wy - 0.078], [wx + 0.08, wy - 0.078], [wx, wy + 0.07], white);
  tile.rect(wx - 0.01, wy - 0.03, wx + 0.01, wy + 0.03, black).disc(wx, wy - 0.055, 0.012, black);
  const [ox, oy] = at(2);
  tile.disc(ox, oy, 0.118, red, 1, 255).rect(ox - 0.085, oy - 0.022, ox + 0.085, oy + 0.024, white);
  const [yx, yy] = at(3);
  tile.triangle([yx - 0.12, yy + 0.1], [yx + 0.12, yy + 0.1], [yx, yy - 0.115], red, 255);
  tile.triangle([yx - 0.075, yy + 0.075], [yx + 0.075, yy + 0.075], [yx, yy - 0.065], white);
  const [mx, my] = at(4);
  tile.disc(mx, my, 0.115, blue, 1, 255).line(mx, my - 0.06, mx, my + 0.05, 0.024, white);
  tile.triangle([mx - 0.045, my + 0.02], [mx + 0.045, my + 0.02], [mx, my + 0.08], white);
  const [px, py] = at(5);
  tile
    .disc(px, py, 0.115, red, 1, 255)
    .disc(px, py, 0.085, blue)
    .line(px - 0.065, py + 0.065, px + 0.065, py - 0.065, 0.028, red);
  const [ix, iy] = at(6);
  tile
    .rect(ix - 0.11, iy - 0.115, ix + 0.11, iy + 0.115, blue, 1, 255)
    .rect(ix - 0.07, iy - 0.08, ix + 0.07, iy + 0.05, white);
  tile.rect(ix - 0.03, iy - 0.05, ix + 0.03, iy + 0.03, blue);
  const [dx, dy] = at(7);
  tile.rect(dx - 0.12, dy - 0.12, dx + 0.12, dy + 0.12, [34, 92, 66], 1, 255);
  for (const y of [0.06, 0, -0.06])
    tile.rect(dx - 0.09, dy + y - 0.014, dx + 0.04 + y * 0.4, dy + y + 0.014, white);
  tile.triangle([dx + 0.06, dy - 0.02], [dx + 0.105, dy - 0.02], [dx + 0.082, dy + 0.05], white);
  return tile;
}

const SASH: WindowLook = { frame: [206, 203, 194], sill: [176, 168, 154], bars: [1, 1] };
const DARK: WindowLook = { frame: [70, 70, 72], sill: [150, 148, 142], bars: [0, 1] };

/** Painters by layer. */
export const WALL_PAINTERS = {
  'front-brick': () => front('front-brick', [134, 86, 66], SASH, [0.28, 0.28, 0.44, 0.54], bricks),
  'front-render': () =>
    front('front-render', [204, 198, 186], { ...SASH, bars: [0, 1] }, [0.24, 0.28, 0.5, 0.5]),
  'front-stone': () => front('front-stone', [176, 164, 142], SASH, [0.3, 0.24, 0.4, 0.6]),
  'front-glass': glassFront,
  'front-panel': () => front('front-panel', [178, 176, 170], DARK, [0.1, 0.3, 0.8, 0.48]),
  'shop-a': () => shop('shop-a', [64, 40, 34], [92, 28, 30], [208, 190, 140]),
  'shop-b': () => shop('shop-b', [196, 192, 182], [40, 62, 78], [220, 220, 212]),
  'shop-c': () => shop('shop-c', [38, 46, 42], [184, 178, 160], [50, 52, 54]),
  iron,
  mesh: meshFence,
  wood,
  signs,
} as const;
