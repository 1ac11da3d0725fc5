/**
 * Vehicles, facing −z, wheels on y = 0: a body lofted along its length, a glasshouse with pillars, wheels, lamps,
 * plates. A few hundred triangles each.
 */

import { ownId } from '../../taxonomy/classes';
import { VEHICLE_SIZE, type VehicleKind } from '../street/items';
import { CAR_PROFILES, type CarProfile } from './car-profiles';
import { MeshBuilder, type MeshData, type Vec3 } from './mesh-builder';
import { box, tube, wheelDisc } from './solids';

const VEHICLE = ownId('vehicle');
const GLASS_TINT: Vec3 = [0.1, 0.115, 0.13];

/** Paint shops' favourites: two of three cars are white, grey, silver or black. sRGB. */
const BODY_COLOURS: readonly Vec3[] = [
  [0.8, 0.8, 0.79],
  [0.55, 0.56, 0.57],
  [0.3, 0.31, 0.32],
  [0.1, 0.1, 0.11],
  [0.68, 0.69, 0.7],
  [0.12, 0.18, 0.32],
  [0.42, 0.08, 0.08],
  [0.22, 0.3, 0.36],
  [0.72, 0.7, 0.64],
  [0.14, 0.22, 0.18],
  [0.36, 0.26, 0.2],
  [0.78, 0.78, 0.8],
];

function carBody(mesh: MeshBuilder, profile: CarProfile, length: number, width: number, colour: Vec3): void {
  const half = width / 2;
  const z = (t: number): number => (t - 0.5) * length;
  // Cross-section from the sill outwards to the waist and in to the deck.
  const ring = ([t, top, w]: readonly [number, number, number]): Vec3[] => {
    const h = half * w;
    return [
      [h * 0.9, 0.24, z(t)],
      [h, 0.24 + (top - 0.24) * 0.45, z(t)],
      [h * 0.97, top - 0.05, z(t)],
      [h * profile.tuck, top, z(t)],
    ];
  };
  const rings = profile.deck.map(ring);
  const mirrored = (p: Vec3): Vec3 => [-p[0], p[1], p[2]];
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: colour, gloss: 0.75 });
  for (let i = 0; i + 1 < rings.length; i++) {
    const [a, b] = [rings[i]!, rings[i + 1]!];
    for (let k = 0; k < 3; k++) {
      const dark = k === 0 ? 0.8 : 1;
      mesh.quad(b[k]!, a[k]!, a[k + 1]!, b[k + 1]!, 1, 1, dark, 1);
      mesh.quad(mirrored(a[k]!), mirrored(b[k]!), mirrored(b[k + 1]!), mirrored(a[k + 1]!), 1, 1, dark, 1);
    }
    mesh.quad(b[3]!, a[3]!, mirrored(a[3]!), mirrored(b[3]!));
  }
  for (const [r, nose] of [
    [rings[0]!, true],
    [rings[rings.length - 1]!, false],
  ] as const) {
    const [p, q] = nose ? [r.map(mirrored), r] : [r, r.map(mirrored)];
    for (let k = 0; k < 3; k++) mesh.quad(q[k]!, p[k]!, p[k + 1]!, q[k + 1]!);
  }
}

function glasshouse(
  mesh: MeshBuilder,
  kind: keyof typeof CAR_PROFILES,
  profile: CarProfile,
  size: readonly [number, number, number],
  colour: Vec3,
): void {
  const [length, width, height] = size;
  const z = (t: number): number => (t - 0.5) * length;
  const [a, b, c, d] = profile.house;
  const deckAt = (t: number): number => {
    const deck = profile.deck;
    for (let i = 0; i + 1 < deck.length; i++) {
      const [p, q] = [deck[i]!, deck[i + 1]!];
      if (t >= p[0] && t <= q[0]) return p[1] + ((q[1] - p[1]) * (t - p[0])) / (q[0] - p[0]);
    }
    return 0.9;
  };
  const low = (width / 2) * (profile.tuck + 0.01);
  const high = (width / 2) * (kind === 'van' ? 0.88 : 0.7);
  const foot = (t: number, x: number): Vec3 => [x, deckAt(t) - 0.02, z(t)];
  const roof = (t: number, x: number): Vec3 => [x, height - (t === b ? 0.03 : 0.05), z(t)];
  const [fa, fb, rc, rd] = [foot(a, low), roof(b, high), roof(c, high), foot(d, low)];
  const mirror = (p: Vec3): Vec3 => [-p[0], p[1], p[2]];
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: colour, gloss: 0.75 });
  // Roof with a slight crown, then the frame that shows between the panes.
  const crown: Vec3 = [0, height, z((b + c) / 2)];
  mesh.quad(rc, fb, [0, height - 0.01, z(b) + 0.05], crown);
  mesh.quad(crown, [0, height - 0.01, z(b) + 0.05], mirror(fb), mirror(rc));
  mesh.quad(rc, crown, mirror(rc), mirror(rc));
  mesh.quad(rd, fa, fb, rc);
  mesh.quad(mirror(fa), mirror(rd), mirror(rc), mirror(fb));
  mesh.quad(fa, mirror(fa), mirror(fb), fb);
  mesh.quad(mirror(rd), rd, rc, mirror(rc));
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: GLASS_TINT, gloss: 1 });
  pane(mesh, fa, mirror(fa), mirror(fb), fb, 0.05, 0.06);
  pane(mesh, mirror(rd), rd, rc, mirror(rc), 0.1, kind === 'van' ? 0.2 : 0.12);
  const splits =
    kind === 'van'
      ? [[0.02, 0.3]]
      : [
          [0.03, 0.47],
          [0.52, 0.93],
        ];
  for (const [from, to] of splits as [number, number][]) {
    const p = (bottom: boolean, t: number): Vec3 => (bottom ? mix(fa, rd, t) : mix(fb, rc, t));
    pane(mesh, p(true, to), p(true, from), p(false, from), p(false, to), 0.03, 0.1);
    pane(
      mesh,
      mirror(p(true, from)),
      mirror(p(true, to)),
      mirror(p(false, to)),
      mirror(p(false, from)),
      0.03,
      0.1,
    );
  }
}

function mix(a: Vec3, b: Vec3, t: number): Vec3 {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** A pane set into a frame of four corners (anticlockwise), inset by shares, a centimetre proud of it. */
function pane(mesh: MeshBuilder, a: Vec3, b: Vec3, c: Vec3, d: Vec3, insetX: number, insetY: number): void {
  const at = (x: number, y: number): Vec3 => mix(mix(a, b, x), mix(d, c, x), y);
  const corners = [
    at(insetX, insetY),
    at(1 - insetX, insetY),
    at(1 - insetX, 1 - insetY),
    at(insetX, 1 - insetY),
  ] as const;
  const [p, q, r] = [corners[0], corners[1], corners[3]];
  const n: Vec3 = [
    (q[1] - p[1]) * (r[2] - p[2]) - (q[2] - p[2]) * (r[1] - p[1]),
    (q[2] - p[2]) * (r[0] - p[0]) - (q[0] - p[0]) * (r[2] - p[2]),
    (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]),
  ];
  const k = 0.012 / (Math.hypot(...n) || 1);
  const [e, f, g, h] = corners.map((v): Vec3 => [v[0] + n[0] * k, v[1] + n[1] * k, v[2] + n[2] * k]);
  mesh.quad(e!, f!, g!, h!);
}

function wheels(
  mesh: MeshBuilder,
  length: number,
  width: number,
  radius: number,
  axles: readonly number[],
): void {
  for (const t of axles)
    for (const side of [-1, 1] as const) {
      const z = (t - 0.5) * length;
      const x = side * (width / 2 - 0.02);
      mesh.paint({ layer: 'plain', classId: VEHICLE, tint: [0.05, 0.05, 0.055] });
      wheelDisc(mesh, [x - side * 0.005, radius + 0.04, z], radius + 0.07, side);
      mesh.paint({ layer: 'plain', classId: VEHICLE, tint: [0.09, 0.09, 0.095] });
      wheelDisc(mesh, [x + side * 0.02, radius, z], radius, side);
      tube(mesh, [x + side * 0.02, radius, z], [x - side * 0.22, radius, z], radius, radius, 10);
      mesh.paint({ layer: 'plain', classId: VEHICLE, tint: [0.46, 0.47, 0.48], gloss: 0.4 });
      wheelDisc(mesh, [x + side * 0.03, radius, z], radius * 0.62, side, 10);
    }
}

/** Lamps, bumpers and plates at both ends. */
function fittings(
  mesh: MeshBuilder,
  length: number,
  width: number,
  y: number,
  lights: boolean,
  braking: boolean,
): void {
  const front = -length / 2 - 0.012;
  const rear = length / 2 + 0.012;
  const half = width / 2;
  const facing = (z: number, x0: number, x1: number, y0: number, y1: number): void => {
    if (z < 0) mesh.quad([x1, y0, z], [x0, y0, z], [x0, y1, z], [x1, y1, z]);
    else mesh.quad([x0, y0, z], [x1, y0, z], [x1, y1, z], [x0, y1, z]);
  };
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: [0.07, 0.07, 0.075] });
  box(mesh, [0, 0.2, 0], [width * 0.9, 0.12, length * 0.985]);
  facing(front, -half * 0.5, half * 0.5, y - 0.24, y - 0.06);
  facing(rear, -half * 0.8, half * 0.8, 0.26, 0.38);
  for (const side of [-1, 1]) {
    const [x0, x1] = side < 0 ? [-half * 0.86, -half * 0.54] : [half * 0.54, half * 0.86];
    mesh.paint({
      layer: 'plain',
      classId: VEHICLE,
      tint: [0.82, 0.83, 0.84],
      gloss: 0.9,
      glow: lights ? 0.5 : 0,
    });
    facing(front, x0, x1, y - 0.16, y - 0.03);
    mesh.paint({
      layer: 'plain',
      classId: VEHICLE,
      tint: [0.5, 0.04, 0.03],
      gloss: 0.6,
      glow: braking ? 0.75 : lights ? 0.16 : 0,
    });
    facing(rear, x0, x1, y - 0.02, y + 0.17);
    mesh.paint({ layer: 'plain', classId: VEHICLE, tint: [0.12, 0.12, 0.13], gloss: 0.5 });
    box(mesh, [side * (half + 0.06), y + 0.33, -length * 0.22], [0.17, 0.13, 0.09]);
  }
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: [0.8, 0.8, 0.76] });
  facing(front - 0.004, -0.26, 0.26, 0.38, 0.49);
  facing(rear + 0.004, -0.26, 0.26, y - 0.12, y - 0.01);
}

function coach(
  mesh: MeshBuilder,
  size: readonly [number, number, number],
  colour: Vec3,
  lights: boolean,
  braking: boolean,
): void {
  const [length, width, height] = size;
  const half = width / 2;
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: colour, gloss: 0.6 });
  box(mesh, [0, 0.34, 0], [width, height - 0.34, length], { shadeBase: 0.85 });
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: GLASS_TINT, gloss: 1 });
  const bays = 6;
  for (let i = 0; i < bays; i++) {
    const z0 = -length / 2 + 0.5 + (i * (length - 0.8)) / bays;
    const z1 = z0 + (length - 0.8) / bays - 0.09;
    mesh.quad(
      [half + 0.012, 1.35, z1],
      [half + 0.012, 1.35, z0],
      [half + 0.012, 2.45, z0],
      [half + 0.012, 2.45, z1],
    );
    mesh.quad(
      [-half - 0.012, 1.35, z0],
      [-half - 0.012, 1.35, z1],
      [-half - 0.012, 2.45, z1],
      [-half - 0.012, 2.45, z0],
    );
  }
  const f = -length / 2 - 0.012;
  const r = length / 2 + 0.012;
  mesh.quad([half * 0.92, 1.1, f], [-half * 0.92, 1.1, f], [-half * 0.92, 2.55, f], [half * 0.92, 2.55, f]);
  mesh.quad([-half * 0.85, 1.5, r], [half * 0.85, 1.5, r], [half * 0.85, 2.5, r], [-half * 0.85, 2.5, r]);
  mesh.paint({
    layer: 'plain',
    classId: VEHICLE,
    tint: [colour[0] * 0.45, colour[1] * 0.45, colour[2] * 0.5],
    gloss: 0.4,
  });
  box(mesh, [0, 0.34, 0], [width + 0.015, 0.35, length + 0.015]);
  wheels(mesh, length, width, 0.48, [0.2, 0.74]);
  fittings(mesh, length, width, 0.85, lights, braking);
}

function lorry(
  mesh: MeshBuilder,
  size: readonly [number, number, number],
  colour: Vec3,
  lights: boolean,
  braking: boolean,
): void {
  const [length, width, height] = size;
  const cab = 1.75;
  const front = -length / 2;
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: colour, gloss: 0.6 });
  box(mesh, [0, 0.45, front + cab / 2], [width * 0.92, 1.95, cab], { shadeBase: 0.85 });
  mesh.paint({ layer: 'metal', classId: VEHICLE, tint: [1.15, 1.13, 1.08], gloss: 0.15 });
  box(
    mesh,
    [0, 0.75, front + cab + 0.1 + (length - cab - 0.1) / 2],
    [width, height - 0.75, length - cab - 0.1],
    { tile: 3, shadeBase: 0.85 },
  );
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: [0.08, 0.08, 0.085] });
  box(mesh, [0, 0.42, 0.3], [width * 0.7, 0.34, length * 0.9]);
  mesh.paint({ layer: 'plain', classId: VEHICLE, tint: GLASS_TINT, gloss: 1 });
  const h = width * 0.46 + 0.012;
  const f = front - 0.012;
  mesh.quad([h * 0.9, 1.3, f], [-h * 0.9, 1.3, f], [-h * 0.9, 2.15, f], [h * 0.9, 2.15, f]);
  mesh.quad([h, 1.35, front + 1.2], [h, 1.35, front + 0.25], [h, 2.1, front + 0.35], [h, 2.1, front + 1.2]);
  mesh.quad(
    [-h, 1.35, front + 0.25],
    [-h, 1.35, front + 1.2],
    [-h, 2.1, front + 1.2],
    [-h, 2.1, front + 0.35],
  );
  wheels(mesh, length, width, 0.44, [0.15, 0.72, 0.86]);
  fittings(mesh, length, width, 0.85, lights, braking);
}

/** A vehicle of this kind and colour. */
export function vehicleMesh(kind: VehicleKind, variant: number, lights: boolean, braking: boolean): MeshData {
  const mesh = new MeshBuilder();
  const size = VEHICLE_SIZE[kind];
  const white: Vec3 = [0.8, 0.8, 0.78];
  const colour = kind === 'van' && variant % 3 > 0 ? white : BODY_COLOURS[variant % BODY_COLOURS.length]!;
  if (kind === 'bus')
    coach(
      mesh,
      size,
      (
        [
          [0.55, 0.1, 0.09],
          [0.75, 0.74, 0.7],
          [0.16, 0.3, 0.42],
        ] as const
      )[variant % 3]!,
      lights,
      braking,
    );
  else if (kind === 'truck') lorry(mesh, size, colour, lights, braking);
  else {
    const profile = CAR_PROFILES[kind];
    carBody(mesh, profile, size[0], size[1], colour);
    glasshouse(mesh, kind, profile, size, colour);
    wheels(mesh, size[0], size[1], profile.wheel, profile.axles);
    fittings(mesh, size[0], size[1], profile.deck[1]![1] + 0.03, lights, braking);
  }
  return mesh.data();
}
