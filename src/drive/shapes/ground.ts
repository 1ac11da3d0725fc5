/** Asphalt, kerbs, pavements, verges and the land behind: everything one could walk on. */

import { ownId } from '../../taxonomy/classes';
import { type Arm, CORNER_RADIUS } from '../course/course';
import { type Frontage, laneCentre } from '../course/style';
import { kerbOf } from '../street/furniture';
import { LAND_EDGE, landStart } from '../street/layout';
import { LAYER_SIZE, type LayerName } from '../textures/layers';
import type { SectionFrame } from './frame';
import { faceNormal, type MeshBuilder, type Vec3 } from './mesh-builder';

const ROAD = ownId('road');
const SIDEWALK = ownId('sidewalk');
const VEGETATION = ownId('vegetation');
/** Length of the pieces a strip is cut into along a bend, metres: the chord of a 90 m radius errs by 2 cm. */
const STEP = 4;
/** Visible width of a kerbstone. */
const KERB_TOP = 0.16;

/** A quad whichever way round its corners come: it faces `towards`. */
function facing(
  mesh: MeshBuilder,
  corners: readonly [Vec3, Vec3, Vec3, Vec3],
  uvs: readonly (readonly [number, number])[],
  towards: Vec3,
  shades: readonly number[] = [1, 1, 1, 1],
): void {
  const n = faceNormal(corners[0], corners[1], corners[2]);
  const front = n[0] * towards[0] + n[1] * towards[1] + n[2] * towards[2] > 0;
  const normal: Vec3 = front ? n : [-n[0], -n[1], -n[2]];
  const first = mesh.vertexCount;
  for (const [i, corner] of corners.entries())
    mesh.vertex(corner, normal, uvs[i]![0], uvs[i]![1], shades[i]!);
  const order = front ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2];
  mesh.triangle(first + order[0]!, first + order[1]!, first + order[2]!);
  mesh.triangle(first + order[3]!, first + order[4]!, first + order[5]!);
}

/** A level strip between two values of u, cut along s. */
function strip(
  mesh: MeshBuilder,
  frame: SectionFrame,
  layer: LayerName,
  s0: number,
  s1: number,
  u0: number,
  u1: number,
  lift0: number,
  lift1 = lift0,
): void {
  if (s1 - s0 < 0.01 || Math.abs(u1 - u0) < 0.01) return;
  const count = Math.max(1, Math.ceil((s1 - s0) / STEP));
  const [tw, th] = LAYER_SIZE[layer];
  for (let i = 0; i < count; i++) {
    const [a, b] = [s0 + ((s1 - s0) * i) / count, s0 + ((s1 - s0) * (i + 1)) / count];
    facing(
      mesh,
      [frame.at(a, u0, lift0), frame.at(a, u1, lift1), frame.at(b, u1, lift1), frame.at(b, u0, lift0)],
      [
        [u0 / tw, a / th],
        [u1 / tw, a / th],
        [u1 / tw, b / th],
        [u0 / tw, b / th],
      ],
      [0, 1, 0],
    );
  }
}

/** The stone edge along a line of (s, u) points with the road on the side `towards` points to. */
function kerbLine(
  mesh: MeshBuilder,
  frame: SectionFrame,
  line: readonly (readonly [number, number])[],
  away: (point: readonly [number, number]) => readonly [number, number],
): void {
  const height = frame.course.style.kerbHeight;
  mesh.paint({ layer: 'kerb', classId: SIDEWALK });
  let run = 0;
  for (let i = 0; i + 1 < line.length; i++) {
    const [p, q] = [line[i]!, line[i + 1]!];
    const length = Math.hypot(q[0] - p[0], q[1] - p[1]);
    const [pb, qb] = [away(p), away(q)];
    const [a, b] = [frame.at(p[0], p[1], -0.02), frame.at(q[0], q[1], -0.02)];
    const [at, bt] = [frame.at(p[0], p[1], height), frame.at(q[0], q[1], height)];
    const [ai, bi] = [frame.at(pb[0], pb[1], height + 0.002), frame.at(qb[0], qb[1], height + 0.002)];
    const road: Vec3 = [at[0] - ai[0], 0, at[2] - ai[2]];
    const [u0, u1] = [run / 1.8, (run + length) / 1.8];
    facing(
      mesh,
      [a, b, bt, at],
      [
        [u0, 0],
        [u1, 0],
        [u1, 0.5],
        [u0, 0.5],
      ],
      road,
      [0.62, 0.62, 0.9, 0.9],
    );
    facing(
      mesh,
      [at, bt, bi, ai],
      [
        [u0, 0.5],
        [u1, 0.5],
        [u1, 1],
        [u0, 1],
      ],
      [0, 1, 0],
    );
    run += length;
  }
}

/** How light the asphalt is across the carriageway: polished wheel tracks, an oily middle, dirt in the gutter. */
function wear(frame: SectionFrame, u: number, base: number): number {
  const { style } = frame.course;
  let shade = base;
  for (let lane = 0; lane < style.lanesPerDirection; lane++)
    for (const direction of [-1, 1] as const) {
      const d = Math.abs(u - laneCentre(style, direction, lane));
      shade += 0.06 * Math.exp(-(((d - 0.78) / 0.3) ** 2)) - 0.05 * Math.exp(-((d / 0.35) ** 2));
    }
  const edge = Math.min(u + style.kerbLeft, style.kerbRight - u);
  return shade - 0.16 * Math.exp(-edge / 0.35);
}

function carriageway(mesh: MeshBuilder, frame: SectionFrame, base: number): void {
  const { style } = frame.course;
  const { start, length } = frame.section;
  const columns = Math.round((style.kerbLeft + style.kerbRight) / 0.5);
  const rows = Math.ceil(length / STEP);
  mesh.paint({ layer: 'asphalt', classId: ROAD });
  const first = mesh.vertexCount;
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++) {
      const s = start + (length * row) / rows;
      const u = -style.kerbLeft + ((style.kerbLeft + style.kerbRight) * column) / columns;
      mesh.vertex(frame.at(s, u), [0, 1, 0], u / 5, s / 5, wear(frame, u, base));
    }
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const a = first + row * (columns + 1) + column;
      const b = a + columns + 1;
      mesh.triangle(a, a + 1, b + 1);
      mesh.triangle(a, b + 1, b);
    }
}

/** What covers the land behind the pavement. */
const LAND: Readonly<Record<Frontage, readonly [LayerName, number]>> = {
  shops: ['paving', SIDEWALK],
  houses: ['grass', VEGETATION],
  flats: ['grass', VEGETATION],
  park: ['grass', VEGETATION],
  open: ['grass', VEGETATION],
  yard: ['earth', SIDEWALK],
};

/** Verge, pavement and land of a side between two places, without kerb. */
function banks(
  mesh: MeshBuilder,
  frame: SectionFrame,
  side: 1 | -1,
  s0: number,
  s1: number,
  landEnd: number,
): void {
  const { style } = frame.course;
  const kerb = kerbOf(style, side) + KERB_TOP;
  const edge = landStart(frame.course, side);
  const h = style.kerbHeight;
  if (style.verge > 0) {
    mesh.paint({ layer: 'grass', classId: VEGETATION });
    strip(mesh, frame, 'grass', s0, s1, side * kerb, side * (kerb + style.verge - KERB_TOP), h);
  }
  mesh.paint({
    layer: 'paving',
    classId: SIDEWALK,
    tint: style.surroundings === 'country' ? [0.85, 0.83, 0.78] : [1, 1, 1],
  });
  strip(mesh, frame, 'paving', s0, s1, side * (kerb + Math.max(0, style.verge - KERB_TOP)), side * edge, h);
  const [layer, classId] = LAND[side < 0 ? frame.section.frontLeft : frame.section.frontRight];
  mesh.paint({ layer, classId });
  strip(
    mesh,
    frame,
    layer,
    frame.section.start === s0 ? s0 : s0,
    landEnd,
    side * edge,
    side * LAND_EDGE,
    h - 0.01,
  );
}

/** The two corners and the mouth of a side street. */
function sideStreet(mesh: MeshBuilder, frame: SectionFrame, side: 1 | -1, arm: Arm, base: number): void {
  const { section, course } = frame;
  const h = course.style.kerbHeight;
  const kerb = kerbOf(course.style, side);
  const edge = landStart(course, side);
  const middle = section.start + section.length / 2;
  const reach = arm.half + CORNER_RADIUS;
  const round = kerb + CORNER_RADIUS;
  mesh.paint({ layer: 'asphalt', classId: ROAD, tint: [base, base, base] });
  strip(mesh, frame, 'asphalt', middle - reach, middle + reach, side * (kerb - 0.02), side * round, 0);
  strip(mesh, frame, 'asphalt', middle - arm.half, middle + arm.half, side * round, side * LAND_EDGE, 0);
  for (const way of [-1, 1] as const) {
    const s = (distance: number): number => middle + way * distance;
    const between = (a: number, b: number): [number, number] => (way < 0 ? [s(b), s(a)] : [s(a), s(b)]);
    const far = way < 0 ? section.start : section.start + section.length;
    const [from, to] = way < 0 ? [far, s(reach)] : [s(reach), far];
    banksAtCorner(mesh, frame, side, from, to, way, arm);
    mesh.paint({ layer: 'paving', classId: SIDEWALK });
    strip(
      mesh,
      frame,
      'paving',
      ...between(arm.half + KERB_TOP, reach),
      side * round,
      side * Math.max(round, edge),
      h,
    );
    strip(
      mesh,
      frame,
      'paving',
      ...between(arm.half + KERB_TOP, arm.half + arm.pavement),
      side * Math.max(round, edge),
      side * LAND_EDGE,
      h,
    );
    // The corner: a fan about the middle of the kerb's quarter circle.
    const arc: [number, number][] = [];
    for (let i = 0; i <= 6; i++) {
      const angle = (i / 6) * (Math.PI / 2);
      arc.push([
        s(reach - Math.sin(angle) * CORNER_RADIUS),
        side * (round - Math.cos(angle) * CORNER_RADIUS),
      ]);
    }
    for (let i = 0; i < 6; i++) {
      const [p, q] = [arc[i]!, arc[i + 1]!];
      const c: [number, number] = [s(reach), side * round];
      const uv = (k: readonly [number, number]): [number, number] => [k[1] / 2.4, k[0] / 2.4];
      facing(
        mesh,
        [frame.at(c[0], c[1], h), frame.at(p[0], p[1], h), frame.at(q[0], q[1], h), frame.at(q[0], q[1], h)],
        [uv(c), uv(p), uv(q), uv(q)],
        [0, 1, 0],
      );
    }
    const inward = (p: readonly [number, number]): readonly [number, number] => {
      const [ds, du] = [s(reach) - p[0], side * round - p[1]];
      const d = Math.hypot(ds, du) || 1;
      return [p[0] + (ds / d) * KERB_TOP, p[1] + (du / d) * KERB_TOP];
    };
    kerbLine(mesh, frame, arc, inward);
    kerbLine(
      mesh,
      frame,
      [
        [far, side * kerb],
        [s(reach), side * kerb],
      ],
      ([a, u]) => [a, u + side * KERB_TOP],
    );
    kerbLine(
      mesh,
      frame,
      [
        [s(arm.half), side * round],
        [s(arm.half), side * LAND_EDGE],
      ],
      ([a, u]) => [a + way * KERB_TOP, u],
    );
  }
}

/** As `banks`, with the land reaching to the side street's pavement. */
function banksAtCorner(
  mesh: MeshBuilder,
  frame: SectionFrame,
  side: 1 | -1,
  from: number,
  to: number,
  way: 1 | -1,
  arm: Arm,
): void {
  const middle = frame.section.start + frame.section.length / 2;
  banks(mesh, frame, side, from, to, from);
  const [layer, classId] = LAND[side < 0 ? frame.section.frontLeft : frame.section.frontRight];
  mesh.paint({ layer, classId });
  const limit = middle + way * (arm.half + arm.pavement);
  const [a, b] = way < 0 ? [from, limit] : [limit, to];
  strip(
    mesh,
    frame,
    layer,
    a,
    b,
    side * landStart(frame.course, side),
    side * LAND_EDGE,
    frame.course.style.kerbHeight - 0.012,
  );
}

/** Adds all ground of a section. `base` is the asphalt's lightness, about 1. */
export function buildGround(mesh: MeshBuilder, frame: SectionFrame, base: number): void {
  const { section, course } = frame;
  const end = section.start + section.length;
  carriageway(mesh, frame, base);
  for (const side of [-1, 1] as const) {
    const arm = side < 0 ? section.junction?.left : section.junction?.right;
    if (arm) {
      sideStreet(mesh, frame, side, arm, base);
      continue;
    }
    banks(mesh, frame, side, section.start, end, end);
    const kerb = side * kerbOf(course.style, side);
    const count = Math.ceil(section.length / STEP);
    const line = Array.from({ length: count + 1 }, (_, i): [number, number] => [
      section.start + (section.length * i) / count,
      kerb,
    ]);
    kerbLine(mesh, frame, line, ([s, u]) => [s, u + side * KERB_TOP]);
  }
}
