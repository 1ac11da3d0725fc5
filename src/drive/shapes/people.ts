/** People and cyclists, facing −z: limbs as tapered tubes, posed by the phase of a stride or of the pedals. */

import { ownId } from '../../taxonomy/classes';
import { Random } from '../random';
import { MeshBuilder, type MeshData, type Vec3 } from './mesh-builder';
import { box, ellipsoid, tube } from './solids';

const PERSON = ownId('person');
const CYCLIST = ownId('cyclist');

const COATS: readonly Vec3[] = [
  [0.12, 0.13, 0.16],
  [0.2, 0.2, 0.21],
  [0.36, 0.1, 0.1],
  [0.14, 0.2, 0.34],
  [0.45, 0.42, 0.36],
  [0.16, 0.26, 0.2],
  [0.62, 0.6, 0.56],
  [0.3, 0.22, 0.16],
  [0.5, 0.3, 0.12],
  [0.24, 0.16, 0.26],
  [0.7, 0.7, 0.7],
  [0.08, 0.08, 0.09],
];
const TROUSERS: readonly Vec3[] = [
  [0.1, 0.11, 0.14],
  [0.17, 0.2, 0.28],
  [0.22, 0.2, 0.18],
  [0.36, 0.32, 0.26],
  [0.08, 0.08, 0.085],
  [0.24, 0.28, 0.36],
];
const SKINS: readonly Vec3[] = [
  [0.78, 0.6, 0.5],
  [0.62, 0.45, 0.34],
  [0.44, 0.3, 0.22],
  [0.7, 0.52, 0.42],
];
const HAIRS: readonly Vec3[] = [
  [0.08, 0.07, 0.06],
  [0.22, 0.15, 0.1],
  [0.4, 0.3, 0.18],
  [0.5, 0.48, 0.46],
];

/** Number of poses per stride or turn of the pedals. */
export const POSES = 8;

interface Look {
  readonly coat: Vec3;
  readonly trousers: Vec3;
  readonly skin: Vec3;
  readonly hair: Vec3;
  readonly scale: number;
  readonly long: boolean;
  readonly bag: boolean;
}

function lookOf(variant: number): Look {
  const random = new Random('person', variant);
  return {
    coat: random.pick(COATS),
    trousers: random.pick(TROUSERS),
    skin: random.pick(SKINS),
    hair: random.pick(HAIRS),
    scale: random.between(0.9, 1.07),
    long: random.chance(0.25),
    bag: random.chance(0.3),
  };
}

function limb(mesh: MeshBuilder, points: readonly Vec3[], radii: readonly number[]): void {
  for (let i = 0; i + 1 < points.length; i++)
    tube(mesh, points[i]!, points[i + 1]!, radii[i]!, radii[i + 1]!, 5);
}

function head(mesh: MeshBuilder, look: Look, classId: number, at: Vec3, helmet: boolean): void {
  mesh.paint({ layer: 'plain', classId, tint: look.skin });
  ellipsoid(mesh, at, [0.085, 0.12, 0.1], 7, 5);
  mesh.paint({
    layer: 'plain',
    classId,
    tint: helmet ? [0.75, 0.75, 0.72] : look.hair,
    gloss: helmet ? 0.4 : 0,
  });
  ellipsoid(mesh, [at[0], at[1] + 0.035, at[2] + 0.018], [0.098, 0.105, 0.11], 7, 4);
}

/** Somebody walking (`pose` 0 … POSES − 1) or standing (`pose` −1). */
export function personMesh(variant: number, pose: number): MeshData {
  const mesh = new MeshBuilder();
  const look = lookOf(variant);
  const k = look.scale;
  const swing = pose < 0 ? 0 : Math.sin((pose / POSES) * Math.PI * 2);
  const lift = pose < 0 ? 0 : Math.cos((pose / POSES) * Math.PI * 2);
  const p = (x: number, y: number, z: number): Vec3 => [x * k, y * k, z * k];
  for (const side of [-1, 1]) {
    const reach = swing * side * 0.3;
    const bend = Math.max(0, lift * side) * 0.14;
    mesh.paint({ layer: 'plain', classId: PERSON, tint: look.trousers });
    const hip = p(side * 0.085, 0.9, 0);
    const knee = p(side * 0.09, 0.49 + bend * 0.4, -reach * 0.55 - bend * 0.6);
    const ankle = p(side * 0.09, 0.09 + bend, -reach + bend * 0.8);
    limb(mesh, [hip, knee, ankle], [0.095 * k, 0.068 * k, 0.048 * k]);
    mesh.paint({ layer: 'plain', classId: PERSON, tint: [0.1, 0.09, 0.085] });
    box(mesh, p(side * 0.09, 0.0 + bend, -reach + bend * 0.8 - 0.06), [0.09 * k, 0.09 * k, 0.25 * k]);
    mesh.paint({ layer: 'plain', classId: PERSON, tint: look.coat });
    const shoulder = p(side * 0.19, 1.42, 0.01);
    const elbow = p(side * 0.245, 1.14, reach * 0.35 + 0.02);
    const hand = p(side * 0.235, 0.9, reach * 0.8 - 0.06);
    limb(mesh, [shoulder, elbow, hand], [0.062 * k, 0.05 * k, 0.04 * k]);
    mesh.paint({ layer: 'plain', classId: PERSON, tint: look.skin });
    ellipsoid(mesh, p(side * 0.235, 0.85, reach * 0.86 - 0.07), [0.036 * k, 0.05 * k, 0.04 * k], 5, 3);
  }
  mesh.paint({ layer: 'plain', classId: PERSON, tint: look.coat });
  ellipsoid(mesh, p(0, 1.22, 0), [0.2 * k, 0.29 * k, 0.125 * k], 8, 6);
  tube(mesh, p(0, look.long ? 0.6 : 0.84, 0), p(0, 1.2, 0), (look.long ? 0.2 : 0.165) * k, 0.17 * k, 8);
  mesh.paint({ layer: 'plain', classId: PERSON, tint: look.skin });
  tube(mesh, p(0, 1.44, 0), p(0, 1.56, 0), 0.055 * k, 0.05 * k, 6);
  head(mesh, look, PERSON, p(0, 1.64, -0.01), false);
  if (look.bag) {
    mesh.paint({ layer: 'plain', classId: PERSON, tint: [0.16, 0.15, 0.17] });
    ellipsoid(mesh, p(0, 1.2, 0.17), [0.15 * k, 0.22 * k, 0.1 * k], 7, 5);
  }
  return mesh.data();
}

function ring(mesh: MeshBuilder, at: Vec3, radius: number, thick: number): void {
  const parts = 14;
  for (let i = 0; i < parts; i++) {
    const [a, b] = [(i / parts) * Math.PI * 2, ((i + 1) / parts) * Math.PI * 2];
    tube(
      mesh,
      [at[0], at[1] + Math.sin(a) * radius, at[2] + Math.cos(a) * radius],
      [at[0], at[1] + Math.sin(b) * radius, at[2] + Math.cos(b) * radius],
      thick,
      thick,
      3,
    );
  }
}

function bicycle(mesh: MeshBuilder, colour: Vec3): void {
  mesh.paint({ layer: 'plain', classId: CYCLIST, tint: [0.07, 0.07, 0.075] });
  ring(mesh, [0, 0.34, -0.53], 0.325, 0.022);
  ring(mesh, [0, 0.34, 0.53], 0.325, 0.022);
  mesh.paint({ layer: 'plain', classId: CYCLIST, tint: colour, gloss: 0.4 });
  const [crank, seat, stem]: Vec3[] = [
    [0, 0.3, 0.08],
    [0, 0.82, 0.26],
    [0, 0.86, -0.38],
  ];
  for (const [a, b] of [
    [crank, seat],
    [crank, [0, 0.7, -0.42]],
    [[0, 0.78, 0.24], stem],
    [stem, [0, 0.34, -0.53]],
    [crank, [0, 0.34, 0.53]],
    [
      [0, 0.74, 0.23],
      [0, 0.34, 0.53],
    ],
  ] as [Vec3, Vec3][])
    tube(mesh, a, b, 0.02, 0.018, 4);
  mesh.paint({ layer: 'plain', classId: CYCLIST, tint: [0.09, 0.09, 0.1] });
  tube(mesh, stem!, [0, 1.02, -0.4], 0.018, 0.018, 4);
  tube(mesh, [-0.27, 1.02, -0.38], [0.27, 1.02, -0.38], 0.018, 0.018, 4);
  box(mesh, [0, 0.86, 0.3], [0.14, 0.06, 0.25]);
  mesh.paint({ layer: 'plain', classId: CYCLIST, tint: [0.5, 0.05, 0.04], glow: 0.12 });
  box(mesh, [0, 0.68, 0.36], [0.05, 0.06, 0.03]);
}

/** A cyclist with bicycle; `pose` 0 … POSES − 1 turns the pedals. */
export function cyclistMesh(variant: number, pose: number): MeshData {
  const mesh = new MeshBuilder();
  const look = lookOf(variant);
  const random = new Random('bicycle', variant);
  bicycle(
    mesh,
    random.pick([
      [0.1, 0.1, 0.11],
      [0.4, 0.08, 0.08],
      [0.12, 0.2, 0.36],
      [0.55, 0.55, 0.55],
    ] as const),
  );
  const turn = (pose / POSES) * Math.PI * 2;
  const hip: Vec3 = [0, 0.95, 0.26];
  const neck: Vec3 = [0, 1.44, -0.06];
  for (const side of [-1, 1]) {
    const angle = turn + (side > 0 ? Math.PI : 0);
    const foot: Vec3 = [side * 0.11, 0.31 + Math.sin(angle) * 0.16, 0.06 + Math.cos(angle) * 0.16];
    const knee: Vec3 = [side * 0.13, (hip[1] + foot[1]) / 2 + 0.06, Math.min(hip[2], foot[2]) - 0.24];
    mesh.paint({ layer: 'plain', classId: CYCLIST, tint: look.trousers });
    limb(mesh, [[side * 0.09, hip[1], hip[2]], knee, foot], [0.1, 0.07, 0.05]);
    mesh.paint({ layer: 'plain', classId: CYCLIST, tint: [0.12, 0.11, 0.1] });
    box(mesh, [foot[0], foot[1] - 0.07, foot[2] - 0.05], [0.09, 0.08, 0.25]);
    mesh.paint({ layer: 'plain', classId: CYCLIST, tint: look.coat });
    limb(
      mesh,
      [
        [side * 0.19, 1.4, -0.03],
        [side * 0.27, 1.17, -0.16],
        [side * 0.24, 1.04, -0.36],
      ],
      [0.062, 0.05, 0.04],
    );
  }
  mesh.paint({ layer: 'plain', classId: CYCLIST, tint: look.coat });
  tube(mesh, hip, [0, 1.22, 0.1], 0.17, 0.185, 8);
  tube(mesh, [0, 1.22, 0.1], neck, 0.185, 0.13, 8);
  ellipsoid(mesh, [0, 1.36, 0], [0.2, 0.14, 0.13], 7, 4);
  if (look.bag) {
    mesh.paint({ layer: 'plain', classId: CYCLIST, tint: [0.6, 0.55, 0.12] });
    ellipsoid(mesh, [0, 1.26, 0.2], [0.15, 0.2, 0.1], 7, 5);
  }
  head(mesh, look, CYCLIST, [0, 1.6, -0.12], random.chance(0.6));
  return mesh.data();
}
