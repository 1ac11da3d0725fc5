/** Fills the land beside the pavement: terraces, houses with gardens, flats, parks, fields, yards. */
import type { Frontage } from '../course/style';
import type { Random } from '../random';
import type { BarrierKind, Building, Facade, Facing, Layout, Roof, TreeKind } from './items';

/**
 * A strip of land along a street. `along` runs beside the pavement, `away` from it; `place` turns the two into
 * (s, u), so that the same rules serve both sides of the main street and the side streets.
 */
export interface Plot {
  readonly from: number;
  readonly to: number;
  /** How deep the land is. */
  readonly depth: number;
  readonly place: (along: number, away: number) => readonly [number, number];
  /** Which way a house on this land looks. */
  readonly facing: Facing;
  /** Whether `along` runs with s (main street) or with u (side street). */
  readonly runsWithS: boolean;
}

/** Muted wall colours: multiplied with the texture, so near white. */
const WALL_TINTS: Readonly<Record<Facade, readonly (readonly [number, number, number])[]>> = {
  brick: [
    [1, 0.96, 0.92],
    [0.9, 0.8, 0.72],
    [1.05, 1, 0.86],
    [0.8, 0.72, 0.68],
  ],
  render: [
    [1, 0.98, 0.94],
    [0.94, 0.88, 0.76],
    [0.86, 0.8, 0.74],
    [0.82, 0.86, 0.88],
    [0.92, 0.82, 0.74],
    [0.98, 0.94, 0.8],
  ],
  stone: [
    [1, 0.96, 0.88],
    [0.88, 0.86, 0.82],
    [0.8, 0.76, 0.7],
  ],
  glass: [
    [0.9, 0.95, 1],
    [0.75, 0.8, 0.84],
  ],
  panel: [
    [0.95, 0.95, 0.93],
    [0.85, 0.83, 0.78],
    [0.72, 0.74, 0.76],
  ],
  metal: [
    [0.8, 0.84, 0.88],
    [0.86, 0.84, 0.78],
    [0.62, 0.7, 0.68],
  ],
};

function addBuilding(
  layout: Layout,
  plot: Plot,
  random: Random,
  along: number,
  away: number,
  width: number,
  depth: number,
  look: { floors: number; facade: Facade; roof: Roof; shop: boolean },
): void {
  const [s, u] = plot.place(along + width / 2, away + depth / 2);
  const building: Building = {
    s,
    u,
    alongS: plot.runsWithS ? width : depth,
    alongU: plot.runsWithS ? depth : width,
    facing: plot.facing,
    tint: random.pick(WALL_TINTS[look.facade]),
    variant: random.whole(0, 1000),
    ...look,
  };
  layout.buildings.push(building);
}

function addTree(
  layout: Layout,
  plot: Plot,
  random: Random,
  kind: TreeKind,
  along: number,
  away: number,
): void {
  const [s, u] = plot.place(along, away);
  const heights: Record<TreeKind, [number, number]> = {
    round: [6, 11],
    tall: [9, 15],
    conifer: [6, 13],
    young: [3.4, 5],
    bare: [6, 11],
    bush: [0.9, 2],
  };
  layout.trees.push({ kind, s, u, height: random.between(...heights[kind]), variant: random.whole(0, 1000) });
}

function addBarrier(
  layout: Layout,
  plot: Plot,
  kind: BarrierKind,
  from: number,
  to: number,
  away: number,
  height: number,
): void {
  if (to - from < 0.5) return;
  // A point every 4 m or less, so that the barrier follows the bend.
  const count = Math.ceil((to - from) / 4);
  const line = Array.from({ length: count + 1 }, (_, i) =>
    plot.place(from + ((to - from) * i) / count, away),
  );
  layout.barriers.push({ kind, line, height });
}

function shops(layout: Layout, plot: Plot, random: Random): void {
  let at = plot.from;
  const base = random.whole(2, 3);
  while (plot.to - at > 4.5) {
    let width = Math.min(random.between(5, 11), plot.to - at);
    if (plot.to - at - width < 4.5) width = plot.to - at;
    const floors = Math.max(2, base + random.whole(-1, 1));
    const facade = random.weighted({ brick: 5, render: 4, stone: 3, glass: 1, panel: 0.7, metal: 0 });
    addBuilding(layout, plot, random, at, random.chance(0.2) ? 0.5 : 0.05, width, Math.min(11, plot.depth), {
      floors,
      facade,
      roof: facade === 'glass' || facade === 'panel' || random.chance(0.45) ? 'flat' : 'gable',
      shop: random.chance(0.85),
    });
    at += width;
    if (random.chance(0.08)) at += random.between(2, 4); // an alley
  }
}

function houses(layout: Layout, plot: Plot, random: Random): void {
  const setback = random.between(3.5, 7.5);
  const facade = random.weighted({ brick: 5, render: 4, stone: 1.5, glass: 0, panel: 0, metal: 0 });
  let at = plot.from + random.between(0, 1);
  while (plot.to - at > 7) {
    const width = Math.min(random.between(7, 11.5), plot.to - at);
    const away = setback + random.between(-0.4, 0.8);
    addBuilding(layout, plot, random, at, away, width, Math.min(9, plot.depth - away), {
      floors: random.chance(0.8) ? 2 : 1,
      facade: random.chance(0.75) ? facade : 'render',
      roof: random.chance(0.65) ? 'gable' : 'hip',
      shop: false,
    });
    const gate = at + random.between(1, width - 2.4);
    const kind = random.weighted<BarrierKind>({ wall: 4, hedge: 4, wood: 2, iron: 2, mesh: 0.3, rail: 0 });
    const height =
      { wall: 1, hedge: 1.5, wood: 1.2, iron: 1.2, mesh: 1.4, rail: 0.7 }[kind] * random.between(0.8, 1.25);
    addBarrier(layout, plot, kind, at, gate, 0.15, height);
    addBarrier(layout, plot, kind, gate + 1.4, at + width, 0.15, height);
    for (let n = random.whole(0, 3); n > 0; n--)
      addTree(
        layout,
        plot,
        random,
        'bush',
        at + random.between(0.5, width - 0.5),
        random.between(0.9, setback - 1),
      );
    if (random.chance(0.4))
      addTree(
        layout,
        plot,
        random,
        random.pick(['young', 'round', 'conifer']),
        at + random.between(1, width - 1),
        2.2,
      );
    const gap = random.between(0.5, 3.5);
    if (gap > 2)
      addTree(
        layout,
        plot,
        random,
        random.pick(['round', 'conifer', 'tall']),
        at + width + gap / 2,
        setback + 9,
      );
    addBarrier(layout, plot, kind, at + width, Math.min(plot.to, at + width + gap), 0.15, height);
    at += width + gap;
  }
}

function flats(layout: Layout, plot: Plot, random: Random): void {
  const setback = random.between(3, 9);
  const facade = random.weighted({ brick: 2, render: 3, stone: 0.5, glass: 2, panel: 4, metal: 0 });
  let at = plot.from + random.between(0, 2);
  while (plot.to - at > 14) {
    const width = Math.min(random.between(14, 28), plot.to - at);
    addBuilding(layout, plot, random, at, setback, width, Math.min(14, plot.depth - setback), {
      floors: random.whole(3, 8),
      facade,
      roof: 'flat',
      shop: random.chance(0.3),
    });
    at += width + random.between(3, 8);
  }
  if (random.chance(0.6))
    addBarrier(
      layout,
      plot,
      random.pick(['iron', 'hedge', 'wall']),
      plot.from,
      plot.to,
      0.3,
      random.between(0.8, 1.5),
    );
  for (let along = plot.from + 2; along < plot.to - 2; along += random.between(5, 11))
    addTree(
      layout,
      plot,
      random,
      random.pick(['round', 'young', 'tall', 'bush', 'bare']),
      along,
      random.between(1.6, Math.max(2, setback - 1)),
    );
}

function park(layout: Layout, plot: Plot, random: Random): void {
  const kind = random.pick<BarrierKind>(['iron', 'iron', 'mesh', 'hedge', 'wall']);
  addBarrier(layout, plot, kind, plot.from, plot.to, 0.2, random.between(1.1, 1.9));
  for (let along = plot.from + 1; along < plot.to; along += random.between(4, 8)) {
    addTree(
      layout,
      plot,
      random,
      random.pick(['round', 'tall', 'tall', 'bare', 'conifer']),
      along,
      random.between(3, 8),
    );
    if (random.chance(0.7))
      addTree(layout, plot, random, random.pick(['round', 'tall']), along, random.between(10, 22));
    if (random.chance(0.5)) addTree(layout, plot, random, 'bush', along + 2, random.between(1.4, 5));
  }
}

/** A house in open land: how far in it stands, and its size, metres. Plots beside a side street may be too small. */
const FARMHOUSE = { before: 4, setback: 22, width: 14, depth: 9 } as const;

function open(layout: Layout, plot: Plot, random: Random): void {
  const kind = random.weighted<BarrierKind | 'none'>({
    rail: 2,
    hedge: 2.5,
    mesh: 1,
    wood: 1.5,
    wall: 0.7,
    iron: 0,
    none: 2,
  });
  if (kind !== 'none')
    addBarrier(
      layout,
      plot,
      kind,
      plot.from,
      plot.to,
      kind === 'rail' ? 0.25 : random.between(1.5, 3),
      kind === 'rail' ? 0.75 : random.between(0.9, 1.8),
    );
  for (let along = plot.from; along < plot.to; along += random.between(5, 14)) {
    if (random.chance(0.55))
      addTree(
        layout,
        plot,
        random,
        random.pick(['round', 'tall', 'conifer', 'bare', 'bush']),
        along,
        random.between(4, 10),
      );
    if (random.chance(0.75))
      addTree(layout, plot, random, random.pick(['round', 'tall']), along, random.between(14, 45));
    if (random.chance(0.4)) addTree(layout, plot, random, 'bush', along, random.between(3.4, 8));
  }
  const { before, setback, width, depth } = FARMHOUSE;
  const fits = plot.to - plot.from >= before + width && plot.depth >= setback + depth;
  if (random.chance(0.12) && fits)
    addBuilding(layout, plot, random, plot.from + before, setback, width, depth, {
      floors: 2,
      facade: 'brick',
      roof: 'gable',
      shop: false,
    });
}

function yard(layout: Layout, plot: Plot, random: Random): void {
  addBarrier(
    layout,
    plot,
    random.pick(['mesh', 'mesh', 'wall']),
    plot.from,
    plot.to,
    0.25,
    random.between(1.6, 2.4),
  );
  if (plot.to - plot.from > 16)
    addBuilding(
      layout,
      plot,
      random,
      plot.from + 2,
      9,
      Math.min(32, plot.to - plot.from - 4),
      Math.min(18, plot.depth - 9),
      {
        floors: 2,
        facade: 'metal',
        roof: random.pick(['gable', 'flat']),
        shop: false,
      },
    );
  for (let along = plot.from + 2; along < plot.to; along += random.between(7, 14))
    addTree(layout, plot, random, random.pick(['bush', 'young', 'conifer']), along, random.between(1.5, 6));
}

const FILLERS: Readonly<Record<Frontage, (layout: Layout, plot: Plot, random: Random) => void>> = {
  shops,
  houses,
  flats,
  park,
  open,
  yard,
};

/** Fills a plot as its frontage says. Nothing leaves the plot, except the crowns of trees. */
export function fillPlot(layout: Layout, plot: Plot, frontage: Frontage, random: Random): void {
  FILLERS[frontage](layout, plot, random);
}
