/** Lamps, poles, signs, signals, bollards, shelters. */

import { ownId } from '../../taxonomy/classes';
import type { Facing, Furniture, SignFace } from '../street/items';
import type { SectionFrame } from './frame';
import { MeshBuilder, type MeshData, type Vec3 } from './mesh-builder';
import { box, tube } from './solids';

const BUILDING = ownId('building');
const POLE = ownId('pole');
const SIGN = ownId('sign');

const TURNS: Readonly<Record<Facing, number>> = {
  ahead: 0,
  right: Math.PI / 2,
  back: Math.PI,
  left: -Math.PI / 2,
};
const STEEL: Vec3 = [0.42, 0.43, 0.43];
const FACES: readonly SignFace[] = [
  'speed',
  'warning',
  'stop',
  'yield',
  'mandatory',
  'noparking',
  'info',
  'direction',
];

/** Adds a piece of street furniture: opaque parts to `solid`, sign faces to `cutout`. */
export function buildFurniture(
  solid: MeshBuilder,
  cutout: MeshBuilder,
  frame: SectionFrame,
  item: Furniture,
): void {
  const at = frame.at(item.s, item.u, frame.course.lift(item.s, item.u));
  const heading = frame.heading(item.s) + TURNS[item.facing];
  solid.append(body(item), { at, heading });
  if (item.kind === 'sign') cutout.append(signFace(item), { at, heading });
}

/** In its own axes: facing −z. */
function body(item: Furniture): MeshData {
  const mesh = new MeshBuilder();
  const h = item.height;
  switch (item.kind) {
    case 'lamp':
      mesh.paint({ layer: 'plain', classId: POLE, tint: STEEL });
      tube(mesh, [0, 0, 0], [0, h, 0], 0.085, 0.05, 7);
      tube(mesh, [0, h - 0.05, 0], [0, h + 0.25, -1.5], 0.04, 0.035, 5);
      // By day the glow is too weak to be seen; in the dark it is a lamp.
      mesh.paint({ layer: 'plain', classId: POLE, tint: STEEL, glow: 0.2 });
      box(mesh, [0, h + 0.17, -1.75], [0.24, 0.11, 0.6], { bottom: true });
      break;
    case 'utility':
      mesh.paint({ layer: 'bark', classId: POLE, tint: [0.9, 0.86, 0.8] });
      tube(mesh, [0, 0, 0], [0, h, 0], 0.14, 0.1, 7);
      mesh.paint({ layer: 'plain', classId: POLE, tint: [0.36, 0.32, 0.28] });
      box(mesh, [0, h - 0.7, 0], [0.1, 0.12, 1.8], { turn: Math.PI / 2, bottom: true });
      break;
    case 'sign':
      mesh.paint({ layer: 'plain', classId: POLE, tint: STEEL });
      tube(mesh, [0, 0, 0], [0, h + 0.3, 0], 0.038, 0.038, 6);
      break;
    case 'signal':
      signal(mesh, h);
      break;
    case 'bollard':
      mesh.paint({ layer: 'plain', classId: POLE, tint: [0.14, 0.14, 0.15] });
      tube(mesh, [0, 0, 0], [0, h, 0], 0.075, 0.06, 7);
      mesh.paint({ layer: 'plain', classId: POLE, tint: [0.75, 0.75, 0.72] });
      tube(mesh, [0, h * 0.8, 0], [0, h * 0.9, 0], 0.068, 0.066, 7);
      break;
    case 'nameboard':
      mesh.paint({ layer: 'plain', classId: SIGN, tint: [0.85, 0.85, 0.82] });
      box(mesh, [0, h - 0.35, 0], [0.9, 0.3, 0.03], { bottom: true });
      mesh.paint({ layer: 'plain', classId: POLE, tint: STEEL });
      tube(mesh, [-0.35, 0, 0.03], [-0.35, h, 0.03], 0.025, 0.025, 4);
      tube(mesh, [0.35, 0, 0.03], [0.35, h, 0.03], 0.025, 0.025, 4);
      break;
    case 'shelter':
      mesh.paint({ layer: 'plain', classId: BUILDING, tint: [0.24, 0.25, 0.26] });
      box(mesh, [0, h, 0], [3.6, 0.1, 1.4], { bottom: true });
      for (const x of [-1.7, 1.7]) tube(mesh, [x, 0, 0.6], [x, h, 0.6], 0.05, 0.05, 5);
      mesh.paint({ layer: 'plain', classId: BUILDING, tint: [0.36, 0.42, 0.44], gloss: 0.9 });
      box(mesh, [0, 0.3, 0.62], [3.4, 1.9, 0.03]);
      mesh.paint({ layer: 'shop-b', classId: BUILDING });
      box(mesh, [1.7, 0.35, 0], [0.12, 1.8, 1.1]);
      break;
  }
  return mesh.data();
}

/** A three-lamp signal on a post, green for whoever sees its front. */
function signal(mesh: MeshBuilder, h: number): void {
  mesh.paint({ layer: 'plain', classId: POLE, tint: [0.3, 0.31, 0.31] });
  tube(mesh, [0, 0, 0], [0, h, 0], 0.065, 0.06, 7);
  mesh.paint({ layer: 'plain', classId: SIGN, tint: [0.06, 0.065, 0.07] });
  box(mesh, [0, h - 0.35, -0.12], [0.34, 1.05, 0.24], { bottom: true });
  box(mesh, [0, h - 0.48, -0.01], [0.56, 1.3, 0.02], { bottom: true });
  const lamps: readonly (readonly [number, Vec3, number])[] = [
    [h + 0.5, [0.24, 0.05, 0.04], 0],
    [h + 0.18, [0.26, 0.17, 0.04], 0],
    [h - 0.14, [0.2, 0.95, 0.55], 0.85],
  ];
  for (const [y, tint, glow] of lamps) {
    mesh.paint({ layer: 'plain', classId: SIGN, tint, glow });
    mesh.quad(
      [0.1, y - 0.1, -0.245],
      [-0.1, y - 0.1, -0.245],
      [-0.1, y + 0.1, -0.245],
      [0.1, y + 0.1, -0.245],
    );
  }
}

function signFace(item: Furniture): MeshData {
  const mesh = new MeshBuilder();
  const cell = FACES.indexOf(item.face ?? 'info');
  const [u0, v0] = [(cell % 4) / 4, cell < 4 ? 0.5 : 0];
  const half = item.face === 'direction' ? 0.6 : item.face === 'info' ? 0.4 : 0.36;
  const y = item.height;
  mesh.paint({ layer: 'signs', classId: SIGN });
  mesh.quad(
    [half, y - half, -0.05],
    [-half, y - half, -0.05],
    [-half, y + half, -0.05],
    [half, y + half, -0.05],
    0.25,
    0.5,
    1,
    1,
    u0,
    v0,
  );
  return mesh.data();
}

/** Cables between consecutive poles of two sections; drawn, but left out of the id map. */
export function buildWires(mesh: MeshBuilder, from: Vec3, to: Vec3, across: Vec3): void {
  mesh.paint({ layer: 'plain', classId: 255, tint: [0.1, 0.1, 0.1] });
  for (const k of [-0.8, 0, 0.8]) {
    let before: Vec3 | null = null;
    for (let i = 0; i <= 6; i++) {
      const t = i / 6;
      const sag = 4 * t * (1 - t) * 0.9;
      const p: Vec3 = [
        from[0] + (to[0] - from[0]) * t + across[0] * k,
        from[1] + (to[1] - from[1]) * t - sag,
        from[2] + (to[2] - from[2]) * t + across[2] * k,
      ];
      if (before) tube(mesh, before, p, 0.016, 0.016, 3);
      before = p;
    }
  }
}
