/** Painters of what lies and grows on the ground, and of masonry. */
import { clamp } from '../random';
import { fractalNoise, type Rgb, Tile } from './tile';

const coarse = fractalNoise(11, 4, 5);
const fine = fractalNoise(12, 32, 4, 0.7);
const blotch = fractalNoise(13, 3, 3);

/** Rows of bricks or slabs: `mortar` lines over a ground that varies from block to block. */
function masonry(
  name: string,
  rows: number,
  perRow: number,
  colour: Rgb,
  mortar: Rgb,
  spread: number,
  joint: number,
): Tile {
  const tile = new Tile(name).fill(colour, 255, [fine, 9], [blotch, 8]);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < perRow; k++) {
      const shift = (row % 2) * 0.5;
      const d = (tile.random.next() - 0.5) * 2 * spread;
      const warm = tile.random.next() * spread * 0.4;
      const tone: Rgb = [colour[0] + d + warm, colour[1] + d, colour[2] + d - warm];
      const x0 = (k + shift) / perRow;
      tile.rect(x0 + joint, row / rows + joint, x0 + 1 / perRow, (row + 1) / rows, tone, 0.75);
    }
  for (let row = 0; row < rows; row++) {
    tile.rect(0, row / rows, 1, row / rows + joint, mortar, 0.7);
    for (let k = 0; k < perRow; k++) {
      const x0 = (k + (row % 2) * 0.5) / perRow;
      tile.rect(x0, row / rows, x0 + joint, (row + 1) / rows, mortar, 0.7);
    }
  }
  return tile;
}

function asphalt(): Tile {
  const tile = new Tile('asphalt').fill([112, 112, 114], 255, [coarse, 13], [fine, 11]);
  // Pale and dark stones of the aggregate.
  for (let i = 0; i < 2600; i++) {
    const light = tile.random.chance(0.55);
    const v = light ? tile.random.between(130, 175) : tile.random.between(58, 90);
    tile.rect(tile.random.next(), tile.random.next(), 0, 0, [v, v, v], 0);
    tile.disc(
      tile.random.next(),
      tile.random.next(),
      tile.random.between(0.0015, 0.0045),
      [v, v, v + 2],
      0.5,
    );
  }
  return tile.grain(9);
}

function grass(): Tile {
  const tile = new Tile('grass').fill([96, 104, 58], 255, [coarse, 26], [fine, 18]);
  for (let i = 0; i < 5200; i++) {
    const x = tile.random.next();
    const y = tile.random.next();
    const dry = tile.random.next();
    const v = tile.random.between(-26, 24);
    const colour: Rgb = [86 + 46 * dry * dry + v, 98 + 14 * dry + v, 50 + v * 0.6];
    tile.line(
      x,
      y,
      x + tile.random.between(-0.01, 0.01),
      y + tile.random.between(0.006, 0.02),
      0.004,
      colour,
      0.55,
    );
  }
  return tile;
}

/** A card of leaves: dabs of many greens inside a ragged round outline; alpha is coverage. */
function leafCard(name: string, dabs: number, size: number, ragged: number, greens: readonly Rgb[]): Tile {
  const tile = new Tile(name).fill([66, 78, 38], 0);
  const { random } = tile;
  for (let i = 0; i < dabs; i++) {
    const angle = random.next() * Math.PI * 2;
    const lobe = 1 - ragged * (0.5 + 0.5 * Math.sin(angle * 3 + 1) * Math.cos(angle * 5));
    const radius = 0.47 * Math.sqrt(random.next()) * lobe;
    const x = 0.5 + Math.cos(angle) * radius;
    const y = 0.5 + Math.sin(angle) * radius;
    const colour = random.pick(greens);
    // Dabs towards the top catch more light.
    const light = 0.72 + 0.5 * y + random.between(-0.22, 0.22);
    const [dx, dy] = [random.between(-size, size), random.between(-size, size)];
    tile.line(
      x,
      y,
      x + dx,
      y + dy,
      size * random.between(0.7, 1.2),
      [colour[0] * light, colour[1] * light, colour[2] * light],
      1,
      255,
    );
  }
  return tile;
}

function needles(): Tile {
  const tile = new Tile('needles').fill([44, 58, 40], 0);
  const { random } = tile;
  for (let i = 0; i < 420; i++) {
    const y = random.next() ** 0.8;
    const x = 0.5 + (random.next() - 0.5) * (1 - y) * 0.9;
    const v = random.between(0.6, 1.25);
    const lean = (x - 0.5) * 0.35;
    tile.line(
      x,
      y * 0.95,
      x + lean,
      y * 0.95 - random.between(0.02, 0.07),
      random.between(0.012, 0.022),
      [52 * v, 66 * v, 44 * v],
      1,
      255,
    );
  }
  return tile;
}

function twigs(): Tile {
  const tile = new Tile('twigs').fill([88, 76, 64], 0);
  const branch = (x: number, y: number, angle: number, length: number, width: number): void => {
    const [ex, ey] = [x + Math.cos(angle) * length, y + Math.sin(angle) * length];
    if (ex < 0.02 || ex > 0.98 || ey > 0.98 || ey < 0) return;
    const v = tile.random.between(0.75, 1.2);
    tile.line(x, y, ex, ey, width, [92 * v, 80 * v, 68 * v], 1, 255);
    if (length < 0.035) return;
    for (let i = 0; i < 2; i++)
      branch(
        x + (ex - x) * tile.random.between(0.5, 1),
        y + (ey - y) * tile.random.between(0.5, 1),
        angle + tile.random.between(-0.75, 0.75),
        length * tile.random.between(0.55, 0.8),
        Math.max(0.0075, width * 0.7),
      );
  };
  for (const start of [-0.5, -0.2, 0, 0.25, 0.5])
    branch(0.5 + start * 0.2, 0, Math.PI / 2 + start * 1.2, 0.26, 0.016);
  return tile;
}

function cracks(): Tile {
  const tile = new Tile('cracks').fill([34, 34, 35], 0);
  for (let path = 0; path < 4; path++) {
    let x = tile.random.between(0.15, 0.85);
    let y = 0.04;
    let angle = Math.PI / 2 + tile.random.between(-0.6, 0.6);
    for (let i = 0; i < 46 && y < 0.95 && y > 0 && x > 0.04 && x < 0.96; i++) {
      angle += tile.random.between(-0.7, 0.7) - (angle - Math.PI / 2) * 0.12;
      const [nx, ny] = [x + Math.cos(angle) * 0.024, y + Math.sin(angle) * 0.024];
      tile.line(x, y, nx, ny, tile.random.between(0.004, 0.009), [34, 34, 35], 1, 190);
      [x, y] = [nx, ny];
    }
  }
  return tile;
}

/** Road paint: worn through where the noise is high; alpha is what is left of it. */
function paint(): Tile {
  const tile = new Tile('paint').fill([214, 213, 206], 255, [fine, 14], [coarse, 10]);
  return tile.each((_x, _y, i) => {
    const worn = coarse[i]! * 0.75 + fine[i]! * 0.85;
    tile.data[i * 4 + 3] = 255 * clamp(0.5 + worn * 1.6, 0, 1);
  });
}

/** Painters by layer. */
export const GROUND_PAINTERS = {
  noise: () =>
    new Tile('noise').each(() => {}).fill([128, 128, 128], 255, [fractalNoise(21, 4, 6, 0.55), 190]),
  plain: () => new Tile('plain').fill([240, 240, 240], 255, [fine, 5], [coarse, 6]),
  asphalt,
  paving: () => masonry('paving', 6, 4, [150, 145, 137], [104, 100, 94], 9, 0.012).grain(8),
  kerb: () => masonry('kerb', 1, 2, [158, 155, 149], [90, 88, 84], 8, 0.012).grain(9),
  grass,
  earth: () => new Tile('earth').fill([128, 112, 88], 255, [coarse, 26], [fine, 22]).grain(10),
  brick: () => masonry('brick', 24, 8, [136, 84, 64], [150, 138, 124], 20, 0.008).grain(6),
  render: () => new Tile('render').fill([206, 201, 190], 255, [coarse, 12], [blotch, 10], [fine, 5]).grain(4),
  stone: () => masonry('stone', 8, 4, [174, 162, 140], [130, 120, 104], 14, 0.01).grain(7),
  blocks: () => masonry('blocks', 8, 4, [150, 140, 124], [112, 105, 95], 14, 0.014).grain(9),
  roof: () => masonry('roof', 14, 10, [104, 78, 66], [62, 48, 42], 14, 0.014).grain(6),
  metal: () => {
    const tile = new Tile('metal').fill([176, 178, 178], 255, [blotch, 10], [fine, 4]);
    for (let i = 0; i < 16; i++) tile.rect(i / 16, 0, i / 16 + 0.018, 1, [116, 118, 120], 0.7);
    return tile;
  },
  leaves: () =>
    leafCard('leaves', 520, 0.018, 0.45, [
      [84, 98, 46],
      [96, 110, 54],
      [66, 82, 38],
      [112, 118, 62],
    ]),
  foliage: () =>
    leafCard('foliage', 900, 0.011, 0.6, [
      [78, 92, 50],
      [60, 76, 40],
      [96, 104, 60],
    ]),
  needles,
  twigs,
  hedge: () => {
    const tile = new Tile('hedge').fill([50, 60, 32], 255, [coarse, 22]);
    for (let i = 0; i < 3200; i++) {
      const v = tile.random.between(0.55, 1.45);
      tile.disc(
        tile.random.next(),
        tile.random.next(),
        tile.random.between(0.006, 0.013),
        [70 * v, 84 * v, 42 * v],
        0.85,
      );
    }
    return tile;
  },
  bark: () =>
    new Tile('bark')
      .fill([92, 80, 66], 255, [fine, 20])
      .each(() => {})
      .grain(12),
  cracks,
  patch: () =>
    new Tile('patch')
      .fill([84, 84, 86], 0, [fine, 8])
      .rect(0.03, 0.03, 0.97, 0.97, [70, 70, 72], 1, 205)
      .grain(9),
  blob: () => {
    const tile = new Tile('blob').fill([14, 14, 15], 0);
    return tile.each((x, y, i) => {
      const d = Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5)) * 2;
      tile.data[i * 4 + 3] = 200 * clamp((1 - d) * 3, 0, 1);
    });
  },
  paint,
} as const;
