/**
 * The centre line of the street: an endless chain of sections, each a block or a junction, with heading and
 * height eased from one end to the other. Junctions are straight and level, so that a point of theirs is simply
 * a point of a rectangle.
 *
 * World axes are three's: x right, y up, −z ahead at heading 0; headings turn clockwise seen from above.
 */
import type { DriveLens } from '../options';
import { clamp, lerp, Random, smooth } from '../random';
import { type Frontage, type StreetStyle, streetStyle } from './style';

/** A point of the centre line. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Radians, clockwise from −z. */
  readonly heading: number;
  /** Rise per metre. */
  readonly slope: number;
  /** Turn per metre, positive to the right. */
  readonly curvature: number;
}

/** A side street of a junction. */
export interface Arm {
  /** Half the width of its carriageway. */
  readonly half: number;
  readonly pavement: number;
}

/** What makes a section a junction. */
export interface Junction {
  readonly left: Arm | null;
  readonly right: Arm | null;
  readonly signals: boolean;
}

/** One link of the chain. */
export interface Section {
  readonly index: number;
  /** Metres from the street's beginning to this section's. */
  readonly start: number;
  readonly length: number;
  readonly junction: Junction | null;
  readonly frontLeft: Frontage;
  readonly frontRight: Frontage;
  /** Where in the section a zebra crossing lies (metres from its start), or null. */
  readonly zebra: number | null;
  readonly heading0: number;
  readonly heading1: number;
  readonly height0: number;
  readonly height1: number;
  /** x and z at equal steps along the section. */
  readonly knots: Float64Array;
}

/** Steps of a section's table of positions: 2 m each, so that the cubic between them errs by well under a millimetre. */
const STEPS = 32;
/** The heading never leaves ± this, so the street cannot run into itself. */
const HEADING_LIMIT = 0.75;
/** Corner radius of kerbs at junctions, metres. */
export const CORNER_RADIUS = 4;
/** Long enough for a side street, its pavements and a building on each corner. */
const JUNCTION_LENGTH = 46;

/** The street of one seed. Sections are made on demand and kept: they are small. */
export class Course {
  readonly style: StreetStyle;
  readonly #sections: Section[] = [];

  /**
   * @param seed which street
   * @param lens through which it is seen
   */
  constructor(
    readonly seed: number,
    readonly lens: DriveLens = 'own',
  ) {
    this.style = streetStyle(seed, lens);
  }

  /** The section with this index, 0 or more. */
  section(index: number): Section {
    while (this.#sections.length <= index) this.#sections.push(this.#make(this.#sections.length));
    return this.#sections[index]!;
  }

  /** The section that contains `s` (metres from the beginning; before it, the first). */
  sectionAt(s: number): Section {
    let last = this.section(Math.max(0, this.#sections.length - 1));
    while (last.start + last.length <= s) last = this.section(last.index + 1);
    let low = 0;
    let high = last.index;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.section(middle).start <= s) low = middle;
      else high = middle - 1;
    }
    return this.section(low);
  }

  /** Position and direction of the centre line at `s`. */
  pose(s: number): Pose {
    const section = this.sectionAt(s);
    const t = clamp((s - section.start) / section.length, 0, 1);
    const bend = section.heading1 - section.heading0;
    const rise = section.height1 - section.height0;
    const ease = 6 * t * (1 - t);
    const at = clamp(Math.floor(t * STEPS), 0, STEPS - 1);
    const f = t * STEPS - at;
    const step = section.length / STEPS;
    const h0 = section.heading0 + bend * smooth(at / STEPS);
    const h1 = section.heading0 + bend * smooth((at + 1) / STEPS);
    const k = section.knots;
    return {
      x: hermite(k[at * 2]!, k[at * 2 + 2]!, Math.sin(h0) * step, Math.sin(h1) * step, f),
      z: hermite(k[at * 2 + 1]!, k[at * 2 + 3]!, -Math.cos(h0) * step, -Math.cos(h1) * step, f),
      y: lerp(section.height0, section.height1, smooth(t)),
      heading: section.heading0 + bend * smooth(t),
      slope: (rise * ease) / section.length,
      curvature: (bend * ease) / section.length,
    };
  }

  /** World position of the point `u` metres right of the centre line at `s`, `lift` above the road. */
  point(s: number, u: number, lift = 0): [number, number, number] {
    const p = this.pose(s);
    return [p.x + u * Math.cos(p.heading), p.y + lift, p.z + u * Math.sin(p.heading)];
  }

  /** Whether `u` lies on asphalt at `s`: the carriageway, or a side street. */
  onRoad(s: number, u: number): boolean {
    if (u > -this.style.kerbLeft && u < this.style.kerbRight) return true;
    const section = this.sectionAt(s);
    const arm = u < 0 ? section.junction?.left : section.junction?.right;
    return !!arm && Math.abs(s - section.start - section.length / 2) < arm.half;
  }

  /** Height of what one stands on at (s, u), above the road: 0 on asphalt, the kerb's height elsewhere. */
  lift(s: number, u: number): number {
    return this.onRoad(s, u) ? 0 : this.style.kerbHeight;
  }

  #make(index: number): Section {
    const { style, seed } = this;
    const random = new Random(seed, 'section', index);
    const before = this.#sections[index - 1];
    const sinceJunction = this.#sinceJunction(index);
    const isJunction = index >= 2 && sinceJunction >= 2 && (sinceJunction >= 5 || random.chance(0.4));
    const length = isJunction ? JUNCTION_LENGTH : random.between(42, 62);
    const heading0 = before?.heading1 ?? 0;
    const height0 = before?.height1 ?? 0;
    const turn = random.chance(0.65) ? random.between(-0.36, 0.36) : 0;
    const climb = random.between(-0.05, 0.05) * style.hilliness * length;
    const heading1 = isJunction ? heading0 : clamp(heading0 * 0.85 + turn, -HEADING_LIMIT, HEADING_LIMIT);
    const height1 = isJunction ? height0 : height0 * 0.9 + climb;
    const keeps = before !== undefined && random.chance(0.55);
    return {
      index,
      start: before ? before.start + before.length : 0,
      length,
      junction: isJunction ? junctionOf(style, random) : null,
      frontLeft: keeps ? before.frontLeft : random.weighted(style.frontages),
      frontRight: keeps && random.chance(0.8) ? before.frontRight : random.weighted(style.frontages),
      zebra:
        !isJunction && style.surroundings !== 'country' && random.chance(0.22)
          ? length * random.between(0.35, 0.65)
          : null,
      heading0,
      heading1,
      height0,
      height1,
      knots: walk(before, heading0, heading1, length),
    };
  }

  #sinceJunction(index: number): number {
    for (let i = index - 1; i >= 0; i--) if (this.#sections[i]?.junction) return index - 1 - i;
    return index;
  }
}

function junctionOf(style: StreetStyle, random: Random): Junction {
  const arm = (): Arm => ({
    half: random.between(2.7, style.lanesPerDirection === 2 ? 5 : 3.8),
    pavement: random.between(1.6, 2.6),
  });
  const shape = random.weighted({ cross: 3, left: 2, right: 2 });
  return {
    left: shape === 'right' ? null : arm(),
    right: shape === 'left' ? null : arm(),
    signals: style.surroundings !== 'country' && random.chance(0.55),
  };
}

/** Adds up the steps of a section by Simpson's rule from where the section before ended. */
function walk(before: Section | undefined, h0: number, h1: number, length: number): Float64Array {
  const knots = new Float64Array((STEPS + 1) * 2);
  let x = before ? before.knots[STEPS * 2]! : 0;
  let z = before ? before.knots[STEPS * 2 + 1]! : 0;
  const step = length / STEPS;
  const heading = (t: number): number => h0 + (h1 - h0) * smooth(t);
  knots[0] = x;
  knots[1] = z;
  for (let i = 0; i < STEPS; i++) {
    const a = heading(i / STEPS);
    const b = heading((i + 0.5) / STEPS);
    const c = heading((i + 1) / STEPS);
    x += (step / 6) * (Math.sin(a) + 4 * Math.sin(b) + Math.sin(c));
    z -= (step / 6) * (Math.cos(a) + 4 * Math.cos(b) + Math.cos(c));
    knots[i * 2 + 2] = x;
    knots[i * 2 + 3] = z;
  }
  return knots;
}

/** Cubic between two values with given slopes per unit. */
function hermite(a: number, b: number, slopeA: number, slopeB: number, t: number): number {
  const t2 = t * t;
  const t3 = t2 * t;
  return a * (2 * t3 - 3 * t2 + 1) + slopeA * (t3 - 2 * t2 + t) + b * (3 * t2 - 2 * t3) + slopeB * (t3 - t2);
}
