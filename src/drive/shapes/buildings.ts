/** Buildings: walls with rows of windows, shop fronts, parapets, pitched roofs, chimneys, balconies, bays. */

import { ownId } from '../../taxonomy/classes';
import { Random } from '../random';
import type { Building, Facade, Facing } from '../street/items';
import type { LayerName } from '../textures/layers';
import type { SectionFrame } from './frame';
import type { MeshBuilder, Vec3 } from './mesh-builder';

const BUILDING = ownId('building');
const FLOOR = 3;
const SHOP_HEIGHT = 3.4;

const FRONT: Readonly<Record<Facade, LayerName>> = {
  brick: 'front-brick',
  render: 'front-render',
  stone: 'front-stone',
  glass: 'front-glass',
  panel: 'front-panel',
  metal: 'metal',
};
const SIDE: Readonly<Record<Facade, LayerName>> = {
  brick: 'brick',
  render: 'render',
  stone: 'stone',
  glass: 'front-glass',
  panel: 'render',
  metal: 'metal',
};
const SHOPS = ['shop-a', 'shop-b', 'shop-c'] as const;

/** Quarter turns clockwise from facing ahead. */
const TURNS: Readonly<Record<Facing, number>> = { ahead: 0, right: 1, back: 2, left: 3 };

/** Height of the walls. */
function wallHeight(building: Building): number {
  return building.floors * FLOOR + (building.shop ? SHOP_HEIGHT - FLOOR : 0);
}

/** Draws one building in its own axes: front towards −z, width along x, middle of the base at the origin. */
class Mason {
  readonly #origin: Vec3;
  readonly #cos: number;
  readonly #sin: number;

  constructor(
    readonly mesh: MeshBuilder,
    origin: Vec3,
    heading: number,
  ) {
    this.#origin = origin;
    this.#cos = Math.cos(heading);
    this.#sin = Math.sin(heading);
  }

  p(x: number, y: number, z: number): Vec3 {
    const o = this.#origin;
    return [o[0] + x * this.#cos - z * this.#sin, o[1] + y, o[2] + x * this.#sin + z * this.#cos];
  }

  /** An upright wall from (x0, z0) to (x1, z1), its front on the left hand of that way. */
  wall(
    x0: number,
    z0: number,
    x1: number,
    z1: number,
    y0: number,
    y1: number,
    u: number,
    v: number,
    u0 = 0,
    v0 = 0,
    shade = 1,
  ): void {
    this.mesh.quad(
      this.p(x1, y0, z1),
      this.p(x0, y0, z0),
      this.p(x0, y1, z0),
      this.p(x1, y1, z1),
      u,
      v,
      shade,
      1,
      u0,
      v0,
    );
  }

  /** A box resting on y0. */
  block(x0: number, x1: number, y0: number, y1: number, z0: number, z1: number, tile = 2): void {
    const [w, d, h] = [(x1 - x0) / tile, (z1 - z0) / tile, (y1 - y0) / tile];
    this.wall(x0, z0, x1, z0, y0, y1, w, h);
    this.wall(x1, z1, x0, z1, y0, y1, w, h);
    this.wall(x1, z0, x1, z1, y0, y1, d, h);
    this.wall(x0, z1, x0, z0, y0, y1, d, h);
    this.mesh.quad(this.p(x0, y1, z1), this.p(x1, y1, z1), this.p(x1, y1, z0), this.p(x0, y1, z0), w, d);
    this.mesh.quad(
      this.p(x0, y0, z0),
      this.p(x1, y0, z0),
      this.p(x1, y0, z1),
      this.p(x0, y0, z1),
      w,
      d,
      0.6,
      0.6,
    );
  }
}

/** Adds a building. */
export function buildBuilding(mesh: MeshBuilder, frame: SectionFrame, building: Building): void {
  const random = new Random('building', building.variant, Math.round(building.s * 10));
  const base = frame.at(building.s, building.u, frame.course.style.kerbHeight - 0.3);
  const turned = TURNS[building.facing];
  const mason = new Mason(mesh, base, frame.heading(building.s) + (turned * Math.PI) / 2);
  const acrossFront = turned % 2 === 1 ? building.alongS : building.alongU;
  const deep = turned % 2 === 1 ? building.alongU : building.alongS;
  const [hw, hd] = [acrossFront / 2, deep / 2];
  const top = wallHeight(building) + 0.3;
  walls(mason, building, hw, hd, top);
  if (building.roof === 'flat') parapet(mason, building, hw, hd, top, random);
  else pitched(mason, building, hw, hd, top, random);
  if (building.facade === 'metal') return;
  if (!building.shop && building.floors <= 2) porch(mason, building, hw, hd, random);
  if (building.floors >= 4 && building.facade !== 'glass' && building.variant % 3 > 0)
    balconies(mason, building, hw, hd);
}

function walls(mason: Mason, building: Building, hw: number, hd: number, top: number): void {
  const { mesh } = mason;
  const { facade, tint, shop, variant } = building;
  const ground = shop ? SHOP_HEIGHT + 0.3 : 0.3;
  const bays = Math.max(1, Math.round((hw * 2) / 3));
  const floors = building.floors - (shop ? 1 : 0);
  const shift = (variant % 2) * 0.5;
  const metal = facade === 'metal';
  mesh.paint({ layer: FRONT[facade], classId: BUILDING, tint, gloss: facade === 'glass' ? 0.9 : 0.6 });
  const [u, v] = metal ? [(hw * 2) / 3, top / 3] : [bays / 2, floors / 2];
  mason.wall(-hw, -hd, hw, -hd, ground, top, u, v, shift, 0);
  mason.wall(hw, hd, -hw, hd, ground, top, u, v, shift, 0);
  const windowed = facade === 'glass' || facade === 'panel' || building.floors >= 4;
  const depthBays = Math.max(1, Math.round((hd * 2) / 3));
  mesh.paint({
    layer: windowed ? FRONT[facade] : SIDE[facade],
    classId: BUILDING,
    tint,
    gloss: windowed ? 0.7 : 0,
  });
  const [su, sv] = windowed ? [depthBays / 2, floors / 2] : [(hd * 2) / 2, (top - ground) / 2];
  mason.wall(hw, -hd, hw, hd, ground, top, su, sv);
  mason.wall(-hw, hd, -hw, -hd, ground, top, su, sv);
  // Plinth or shop floor.
  mesh.paint({ layer: SIDE[facade], classId: BUILDING, tint: [tint[0] * 0.8, tint[1] * 0.8, tint[2] * 0.8] });
  mason.wall(hw, -hd, hw, hd, 0, ground, hd, ground / 2, 0, 0, 0.7);
  mason.wall(-hw, hd, -hw, -hd, 0, ground, hd, ground / 2, 0, 0, 0.7);
  mason.wall(hw, hd, -hw, hd, 0, ground, hw, ground / 2, 0, 0, 0.7);
  if (shop) {
    const fronts = Math.max(1, Math.round((hw * 2) / 6));
    mesh.paint({
      layer: SHOPS[variant % 3]!,
      classId: BUILDING,
      tint: variant % 2 ? [1, 1, 1] : [0.85, 0.88, 0.92],
      gloss: 0.8,
    });
    mason.wall(-hw, -hd, hw, -hd, 0.3, ground, fronts, 1, 0, 0, 0.9);
    mesh.paint({ layer: 'plain', classId: BUILDING, tint: [0.42, 0.4, 0.38] });
    mason.block(-hw, hw, ground - 0.12, ground + 0.05, -hd - 0.18, -hd);
    mason.wall(-hw, -hd, hw, -hd, 0, 0.3, hw, 0.2);
    if (variant % 5 === 0) awning(mason, hw, hd, variant);
  } else mason.wall(-hw, -hd, hw, -hd, 0, ground, hw, ground / 2, 0, 0, 0.7);
}

function awning(mason: Mason, hw: number, hd: number, variant: number): void {
  const tint = (
    [
      [0.45, 0.12, 0.1],
      [0.14, 0.3, 0.22],
      [0.7, 0.66, 0.56],
    ] as const
  )[variant % 3]!;
  mason.mesh.paint({ layer: 'plain', classId: BUILDING, tint });
  const { p } = { p: mason.p.bind(mason) };
  mason.mesh.quad(
    p(hw * 0.9, 2.55, -hd - 1.1),
    p(-hw * 0.9, 2.55, -hd - 1.1),
    p(-hw * 0.9, 3.15, -hd),
    p(hw * 0.9, 3.15, -hd),
  );
  mason.mesh.quad(
    p(hw * 0.9, 2.4, -hd - 1.1),
    p(-hw * 0.9, 2.4, -hd - 1.1),
    p(-hw * 0.9, 2.55, -hd - 1.1),
    p(hw * 0.9, 2.55, -hd - 1.1),
  );
}

function parapet(
  mason: Mason,
  building: Building,
  hw: number,
  hd: number,
  top: number,
  random: Random,
): void {
  const { mesh } = mason;
  const dark = 0.75;
  mesh.paint({
    layer: 'plain',
    classId: BUILDING,
    tint: [building.tint[0] * dark, building.tint[1] * dark, building.tint[2] * dark],
  });
  mason.block(-hw - 0.12, hw + 0.12, top, top + random.between(0.25, 0.7), -hd - 0.14, hd + 0.12);
  if (random.chance(0.6)) {
    mesh.paint({ layer: 'metal', classId: BUILDING, tint: [0.8, 0.8, 0.8] });
    const x = random.between(-hw * 0.6, hw * 0.2);
    mason.block(x, x + random.between(1.2, 3), top, top + random.between(1.2, 2.2), -hd * 0.3, hd * 0.4);
  }
}

function pitched(
  mason: Mason,
  building: Building,
  hw: number,
  hd: number,
  top: number,
  random: Random,
): void {
  const { mesh } = mason;
  const rise = Math.min(hd, 4.4) * random.between(0.6, 0.85);
  const [ew, ed] = [hw + (building.roof === 'hip' ? 0.35 : 0.06), hd + 0.35];
  const inset = building.roof === 'hip' ? Math.min(hd, hw * 0.8) : 0;
  const eaves = top - 0.12;
  const tone = random.pick([
    [1, 0.96, 0.94],
    [0.72, 0.74, 0.78],
    [0.85, 0.7, 0.62],
    [0.6, 0.6, 0.62],
  ] as const);
  const p = mason.p.bind(mason);
  mesh.paint({ layer: 'roof', classId: BUILDING, tint: tone });
  const [ridgeA, ridgeB] = [p(-ew + inset, top + rise, 0), p(ew - inset, top + rise, 0)];
  mesh.quad(p(ew, eaves, -ed), p(-ew, eaves, -ed), ridgeA, ridgeB, ew, ed * 0.6);
  mesh.quad(p(-ew, eaves, ed), p(ew, eaves, ed), ridgeB, ridgeA, ew, ed * 0.6);
  if (inset > 0) {
    mesh.quad(p(-ew, eaves, -ed), p(-ew, eaves, ed), ridgeA, ridgeA, ed, ed * 0.6);
    mesh.quad(p(ew, eaves, ed), p(ew, eaves, -ed), ridgeB, ridgeB, ed, ed * 0.6);
  } else {
    mesh.paint({ layer: SIDE[building.facade], classId: BUILDING, tint: building.tint });
    mesh.quad(
      p(-hw, top, -hd),
      p(-hw, top, hd),
      p(-hw, top + rise - 0.05, 0),
      p(-hw, top + rise - 0.05, 0),
      hd,
      rise / 2,
    );
    mesh.quad(
      p(hw, top, hd),
      p(hw, top, -hd),
      p(hw, top + rise - 0.05, 0),
      p(hw, top + rise - 0.05, 0),
      hd,
      rise / 2,
    );
  }
  // Gutter board, which draws a shadow line under the roof.
  mesh.paint({ layer: 'plain', classId: BUILDING, tint: [0.5, 0.48, 0.45] });
  mesh.quad(p(ew, eaves - 0.16, -ed), p(-ew, eaves - 0.16, -ed), p(-ew, eaves, -ed), p(ew, eaves, -ed));
  mesh.quad(
    p(-ew, eaves - 0.16, -ed),
    p(ew, eaves - 0.16, -ed),
    p(ew, eaves - 0.16, -hd),
    p(-ew, eaves - 0.16, -hd),
    1,
    1,
    0.5,
    0.5,
  );
  for (let i = random.whole(0, 2); i > 0; i--) {
    mesh.paint({ layer: 'brick', classId: BUILDING, tint: [0.85, 0.82, 0.8] });
    const x = random.pick([-hw + 0.5, hw - 1.1, 0]);
    mason.block(x, x + 0.6, top + rise * 0.5, top + rise + random.between(0.6, 1.3), -0.35, 0.45, 1.8);
  }
}

/** Door, hood and, on some houses, a bay window. */
function porch(mason: Mason, building: Building, hw: number, hd: number, random: Random): void {
  const { mesh } = mason;
  const door = random.chance(0.5) ? -hw + 1.2 : hw - 2.1;
  mesh.paint({
    layer: 'plain',
    classId: BUILDING,
    tint: random.pick([
      [0.16, 0.2, 0.3],
      [0.34, 0.1, 0.1],
      [0.12, 0.22, 0.16],
      [0.7, 0.7, 0.68],
      [0.25, 0.18, 0.12],
    ] as const),
    gloss: 0.3,
  });
  mason.wall(door, -hd - 0.02, door + 0.95, -hd - 0.02, 0.3, 2.4, 1, 1);
  mesh.paint({ layer: 'plain', classId: BUILDING, tint: [0.6, 0.58, 0.54] });
  mason.block(door - 0.25, door + 1.2, 2.5, 2.65, -hd - 0.8, -hd);
  if (!random.chance(0.5)) return;
  const x0 = door < 0 ? Math.max(0.3, hw - 3.2) : -hw + 0.5;
  mesh.paint({ layer: FRONT[building.facade], classId: BUILDING, tint: building.tint, gloss: 0.6 });
  mason.wall(x0, -hd - 0.7, x0 + 2.6, -hd - 0.7, 0.3, 3.1, 0.5, 0.5, 0, 0);
  mason.wall(x0 + 2.6, -hd - 0.7, x0 + 2.6, -hd, 0.3, 3.1, 0.12, 0.5, 0.3, 0);
  mason.wall(x0, -hd, x0, -hd - 0.7, 0.3, 3.1, 0.12, 0.5, 0.3, 0);
  mesh.paint({ layer: 'roof', classId: BUILDING, tint: [0.8, 0.8, 0.8] });
  const p = mason.p.bind(mason);
  mesh.quad(
    p(x0 + 2.8, 3.1, -hd - 0.9),
    p(x0 - 0.2, 3.1, -hd - 0.9),
    p(x0 - 0.2, 3.7, -hd),
    p(x0 + 2.8, 3.7, -hd),
    1.2,
    0.4,
  );
}

function balconies(mason: Mason, building: Building, hw: number, hd: number): void {
  const bays = Math.max(1, Math.round((hw * 2) / 3));
  const bay = (hw * 2) / bays;
  const step = building.variant % 2 ? 2 : 1;
  for (let floor = building.shop ? 2 : 1; floor < building.floors; floor++)
    for (let i = building.variant % 2; i < bays; i += step) {
      if ((i + building.variant) % 4 === 3) continue;
      const x0 = -hw + i * bay + 0.25;
      const y = 0.3 + floor * FLOOR + (building.shop ? 0.4 : 0);
      mason.mesh.paint({
        layer: 'plain',
        classId: BUILDING,
        tint: [building.tint[0] * 0.82, building.tint[1] * 0.82, building.tint[2] * 0.82],
      });
      mason.block(x0, x0 + bay - 0.5, y - 0.15, y, -hd - 1, -hd);
      mason.block(x0, x0 + bay - 0.5, y, y + 0.95, -hd - 1.02, -hd - 0.96);
    }
}
