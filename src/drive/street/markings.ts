/** What is painted on a section of road, as flat shapes in (s, u). */
import type { Course, Section } from '../course/course';
import { laneCentre } from '../course/style';
import { Random } from '../random';

/** A rectangle of paint between two places along, and two across, the street. */
export interface PaintedStrip {
  readonly s0: number;
  readonly s1: number;
  readonly u0: number;
  readonly u1: number;
  readonly colour: 'white' | 'yellow';
}

/** A painted triangle. */
export type PaintedTriangle = readonly [
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
];

/** All paint of a section. */
export interface Markings {
  readonly strips: PaintedStrip[];
  readonly triangles: PaintedTriangle[];
}

/** Width of a line, metres. */
const LINE = 0.12;
/** A dash and the gap after it, metres: town values. */
const DASH = 2;
const GAP = 3.4;

/** The paint of a section. */
export function paintSection(course: Course, section: Section): Markings {
  const marks: Markings = { strips: [], triangles: [] };
  const random = new Random(course.seed, 'paint', section.index);
  const mouth = mouthOf(section);
  longitudinal(course, section, marks, mouth);
  if (section.junction && mouth) atJunction(course, section, marks, mouth);
  if (section.zebra !== null) zebra(course, section.start + section.zebra, marks);
  if (!section.junction && random.chance(0.28))
    arrow(course, section.start + section.length * random.between(0.2, 0.8), marks, random.chance(0.5));
  if (section.junction?.signals && mouth) arrow(course, mouth[0] - 9, marks, false);
  return marks;
}

/** Stretch of a junction kept free of lines, or null for a block. */
function mouthOf(section: Section): [number, number] | null {
  if (!section.junction) return null;
  const half = Math.max(section.junction.left?.half ?? 0, section.junction.right?.half ?? 0) + 3.4;
  const middle = section.start + section.length / 2;
  return [middle - half, middle + half];
}

/** Runs of line along the section, leaving out the mouth of a junction and a zebra crossing. */
function* runs(section: Section, mouth: [number, number] | null): Generator<[number, number]> {
  const end = section.start + section.length;
  const holes = [...(mouth ? [mouth] : [])];
  if (section.zebra !== null)
    holes.push([section.start + section.zebra - 4, section.start + section.zebra + 4]);
  let from = section.start;
  for (const [a, b] of holes.sort((p, q) => p[0] - q[0])) {
    if (a > from) yield [from, a];
    from = Math.max(from, b);
  }
  if (end > from) yield [from, end];
}

function longitudinal(
  course: Course,
  section: Section,
  marks: Markings,
  mouth: [number, number] | null,
): void {
  const { style } = course;
  const line = (
    s0: number,
    s1: number,
    u: number,
    colour: 'white' | 'yellow' = 'white',
    width = LINE,
  ): void => {
    marks.strips.push({ s0, s1, u0: u - width / 2, u1: u + width / 2, colour });
  };
  const dashes = (from: number, to: number, u: number, dash = DASH, gap = GAP): void => {
    // Dashes keep their rhythm across sections: they lie on a grid of the whole street.
    for (let k = Math.floor(from / (dash + gap)); k * (dash + gap) < to; k++) {
      const [a, b] = [Math.max(from, k * (dash + gap)), Math.min(to, k * (dash + gap) + dash)];
      if (b - a > 0.3) line(a, b, u);
    }
  };
  for (const [from, to] of runs(section, mouth)) {
    if (style.centreLine === 'dashed') dashes(from, to, 0);
    else if (style.centreLine === 'solid') line(from, to, 0);
    else {
      line(from, to, -0.13);
      line(from, to, 0.13);
    }
    for (let lane = 1; lane < style.lanesPerDirection; lane++)
      for (const direction of [-1, 1] as const)
        dashes(from, to, style.side * direction * style.laneWidth * lane, 2, 4);
    for (const side of [-1, 1] as const) {
      const parking = side < 0 ? style.parkingLeft : style.parkingRight;
      const kerb = side < 0 ? style.kerbLeft : style.kerbRight;
      const edge = side * (kerb - parking);
      if (parking > 0) {
        if (style.edgeLine === 'white') dashes(from, to, edge, 1, 1);
      } else if (style.edgeLine === 'white') line(from, to, edge - side * 0.3);
      else if (style.edgeLine !== 'none') {
        line(from, to, edge - side * 0.22, 'yellow', 0.09);
        if (style.edgeLine === 'double-yellow') line(from, to, edge - side * 0.42, 'yellow', 0.09);
      }
    }
  }
}

function atJunction(course: Course, section: Section, marks: Markings, mouth: [number, number]): void {
  const { style } = course;
  const lanes = style.lanesPerDirection * style.laneWidth;
  const span = (a: number, b: number): { u0: number; u1: number } => ({
    u0: Math.min(a, b),
    u1: Math.max(a, b),
  });
  if (section.junction!.signals) {
    marks.strips.push({
      s0: mouth[0] - 0.4,
      s1: mouth[0],
      ...span(style.side * 0.1, style.side * lanes),
      colour: 'white',
    });
    marks.strips.push({
      s0: mouth[1],
      s1: mouth[1] + 0.4,
      ...span(-style.side * 0.1, -style.side * lanes),
      colour: 'white',
    });
    for (const s of [mouth[0] + 0.9, mouth[1] - 0.9 - 2])
      for (let u = -style.kerbLeft + 0.5; u < style.kerbRight - 0.5; u += 1)
        marks.strips.push({ s0: s, s1: s + 2, u0: u, u1: u + 0.5, colour: 'white' });
  }
  const middle = section.start + section.length / 2;
  for (const side of [-1, 1] as const) {
    const arm = side < 0 ? section.junction!.left : section.junction!.right;
    if (!arm) continue;
    const kerb = side < 0 ? style.kerbLeft : style.kerbRight;
    const at = side * (kerb + 0.5);
    const waiting = side * style.side;
    // Give-way line across the half of the side street that meets the main one, and its own centre line.
    for (let k = 0; k < arm.half - 0.4; k += 0.9) {
      const a = middle + waiting * (0.15 + k);
      const b = a + waiting * 0.55;
      marks.strips.push({
        s0: Math.min(a, b),
        s1: Math.max(a, b),
        ...span(at, at + side * 0.25),
        colour: 'white',
      });
    }
    for (let u = kerb + 2; u < kerb + 46; u += 5)
      marks.strips.push({
        s0: middle - 0.06,
        s1: middle + 0.06,
        ...span(side * u, side * (u + 2.2)),
        colour: 'white',
      });
  }
}

/** Width of a zebra crossing's stripe, metres. */
const STRIPE = 0.52;

function zebra(course: Course, at: number, marks: Markings): void {
  const { style } = course;
  for (let u = -style.kerbLeft + 0.35; u + STRIPE <= style.kerbRight; u += 1)
    marks.strips.push({ s0: at - 1.5, s1: at + 1.5, u0: u, u1: u + STRIPE, colour: 'white' });
  for (const [s, way] of [
    [at - 3, 1],
    [at + 3, -1],
  ] as const) {
    const lanes = style.lanesPerDirection * style.laneWidth * style.side * way;
    marks.strips.push({
      s0: s - 0.12,
      s1: s + 0.12,
      u0: Math.min(0, lanes),
      u1: Math.max(0, lanes),
      colour: 'white',
    });
  }
}

/** An arrow in the camera car's lane or the oncoming one, pointing the way one drives. */
function arrow(course: Course, at: number, marks: Markings, oncoming: boolean): void {
  const u = laneCentre(course.style, oncoming ? -1 : 1, 0);
  const way = oncoming ? -1 : 1;
  const [a, b] = [at - way * 2.2, at + way * 0.6];
  marks.strips.push({ s0: Math.min(a, b), s1: Math.max(a, b), u0: u - 0.08, u1: u + 0.08, colour: 'white' });
  marks.triangles.push([
    [at + way * 0.6, u - 0.38],
    [at + way * 0.6, u + 0.38],
    [at + way * 2.2, u],
  ]);
}
