/**
 * Everything that moves: vehicles in their lanes, cyclists at the kerb, people on the pavements and crossings.
 * Each lane is an endless row of slots that slides along the street at the lane's speed; a hash says which slots
 * are taken and by whom. So the traffic at any second follows from the second alone, and nobody overtakes
 * through anybody.
 */
import type { Course } from '../course/course';
import { laneCentre } from '../course/style';
import { clamp, hash, lerp, noise1, Random, smooth } from '../random';
import { kerbOf } from '../street/furniture';
import { VEHICLE_SIZE, type VehicleKind } from '../street/items';
import { EGO_LANE, egoDistance } from './ego';

/** What an actor is, for truth and for drawing. */
export type ActorKind = 'vehicle' | 'cyclist' | 'person';

/** Somebody or something that moves. */
export interface Actor {
  /** Stable while it exists. */
  readonly id: string;
  readonly kind: ActorKind;
  /** Which vehicle; absent for people and cyclists. */
  readonly vehicle?: VehicleKind;
  /** Picks colour and build. */
  readonly variant: number;
  readonly s: number;
  readonly u: number;
  /** Clockwise from the road's direction, radians. */
  readonly yaw: number;
  /** Phase of the stride or of the pedals, 0 to 1; still when constant. */
  readonly phase: number;
  /** Metres per second along its own direction. */
  readonly speed: number;
  readonly braking: boolean;
}

interface Lane {
  readonly name: string;
  readonly spacing: number;
  /** Signed: negative comes towards the camera. */
  readonly speed: number;
  readonly share: number;
}

const MOVING_MIX: Readonly<Record<VehicleKind, number>> = {
  saloon: 5,
  hatch: 5,
  suv: 3.5,
  van: 1.6,
  bus: 0.8,
  truck: 0.7,
};

/** Taken slots of a lane between `from` and `to` at `seconds`; positions never drift out of their slot. */
function* slots(
  seed: number,
  lane: Lane,
  seconds: number,
  from: number,
  to: number,
): Generator<[number, number]> {
  const slide = lane.speed * seconds;
  for (let k = Math.floor((from - slide) / lane.spacing); k <= Math.ceil((to - slide) / lane.spacing); k++) {
    const random = new Random(seed, lane.name, k);
    if (!random.chance(lane.share)) continue;
    const s = (k + random.between(-0.28, 0.28)) * lane.spacing + slide;
    if (s >= from && s <= to) yield [k, s];
  }
}

function vehicleActor(course: Course, lane: Lane, k: number, s: number, u: number): Actor {
  const id = `${lane.name}:${k}`;
  return {
    id,
    kind: 'vehicle',
    vehicle: new Random(course.seed, id, 'kind').weighted(MOVING_MIX),
    variant: hash(course.seed, id) % 1000,
    s,
    u,
    yaw: lane.speed < 0 ? Math.PI : 0,
    phase: 0,
    speed: Math.abs(lane.speed),
    braking: false,
  };
}

/** The vehicle in front: its gap breathes between a dozen metres and out of sight. */
function leaders(course: Course, seconds: number): Actor[] {
  const { seed, style } = course;
  const gapAt = (t: number): number => {
    const wave = 0.5 + 0.5 * Math.sin((2 * Math.PI * t) / 64 + (hash(seed, 'gap') % 628) / 100);
    return 11 + 95 * wave * wave * (1.3 - style.traffic);
  };
  const gap = gapAt(seconds);
  const closing = gapAt(seconds + 0.1) - gap < -0.25;
  const ego = egoDistance(course, seconds);
  const result: Actor[] = [];
  let at = ego + gap;
  for (let i = 0; i < 3; i++) {
    const id = `leader:${i}`;
    const random = new Random(seed, id);
    const kind = random.weighted(i === 0 ? { ...MOVING_MIX, bus: 0.3, truck: 0.4 } : MOVING_MIX);
    const half = VEHICLE_SIZE[kind][0] / 2;
    at += half;
    result.push({
      id,
      kind: 'vehicle',
      vehicle: kind,
      variant: hash(seed, id) % 1000,
      s: at,
      u: laneCentre(style, 1, EGO_LANE) - style.side * 0.1 + 0.12 * noise1(seconds / 6, seed, id),
      yaw: 0,
      phase: 0,
      speed: style.speed,
      braking: closing && i === 0,
    });
    at += half + random.between(9, 30) * (1.4 - style.traffic);
  }
  return result;
}

function traffic(course: Course, seconds: number, from: number, to: number): Actor[] {
  const { style, seed } = course;
  const result: Actor[] = [];
  for (let lane = 0; lane < style.lanesPerDirection; lane++)
    for (const direction of [-1, 1] as const) {
      if (direction === 1 && lane === EGO_LANE) continue;
      const row: Lane = {
        name: `lane${direction}:${lane}`,
        spacing: 34,
        speed: direction * style.speed * (lane === 1 ? 0.86 : 1.08),
        share: style.traffic * (lane === 1 ? 0.8 : 1),
      };
      for (const [k, s] of slots(seed, row, seconds, from, to))
        result.push(vehicleActor(course, row, k, s, laneCentre(style, direction, lane)));
    }
  return result;
}

/** Cyclists keep to the edge of the carriageway, clear of parked cars. */
function cyclists(course: Course, seconds: number, from: number, to: number): Actor[] {
  const { style, seed } = course;
  const result: Actor[] = [];
  for (const direction of [-1, 1] as const) {
    const edge = style.lanesPerDirection * style.laneWidth + style.gutter;
    const row: Lane = {
      name: `cycle${direction}`,
      spacing: 55,
      speed: direction * 4.6,
      share: clamp(style.crowd * 0.9, 0.12, 0.6),
    };
    for (const [k, s] of slots(seed, row, seconds, from, to)) {
      const id = `${row.name}:${k}`;
      result.push({
        id,
        kind: 'cyclist',
        variant: hash(seed, id) % 1000,
        s,
        u: style.side * direction * (edge - 0.42),
        yaw: direction < 0 ? Math.PI : 0,
        phase: (((seconds * 1.1 + k * 0.37) % 1) + 1) % 1,
        speed: 4.6,
        braking: false,
      });
    }
  }
  return result;
}

function walkers(course: Course, seconds: number, from: number, to: number): Actor[] {
  const { style, seed } = course;
  const result: Actor[] = [];
  for (const side of [-1, 1] as const)
    for (const direction of [-1, 1] as const) {
      const row: Lane = {
        name: `walk${side}${direction}`,
        spacing: 17,
        speed: direction * (1.3 + 0.12 * side),
        share: style.crowd,
      };
      for (const [k, s] of slots(seed, row, seconds, from, to)) {
        const id = `${row.name}:${k}`;
        const place = (hash(seed, id) % 100) / 100;
        const lane = lerp(direction > 0 ? 0.15 : 0.55, direction > 0 ? 0.5 : 0.9, place);
        result.push({
          id,
          kind: 'person',
          variant: hash(seed, id, 'who') % 1000,
          s,
          u: side * (kerbOf(style, side) + style.verge + 0.2 + lane * Math.max(0.4, style.pavement - 0.5)),
          yaw: direction < 0 ? Math.PI : 0,
          phase: (((seconds * 0.9 + k * 0.31) % 1) + 1) % 1,
          speed: Math.abs(row.speed),
          braking: false,
        });
      }
    }
  return result;
}

/** People on zebra crossings: they set out in time to be across before the camera car comes. */
function crossers(course: Course, seconds: number, from: number, to: number): Actor[] {
  const { style, seed } = course;
  const ego = egoDistance(course, seconds);
  const result: Actor[] = [];
  for (
    let section = course.sectionAt(from);
    section.start < to;
    section = course.section(section.index + 1)
  ) {
    if (section.zebra === null) continue;
    const at = section.start + section.zebra;
    const count = hash(seed, 'cross', section.index) % 4;
    for (let i = 0; i < count; i++) {
      const random = new Random(seed, 'cross', section.index, i);
      const side = random.chance(0.5) ? 1 : -1;
      // Distance of the camera car at which the walk ends and, at 1.4 to 1.9 m/s, must have begun.
      const end = random.between(24, 34);
      const walk = (style.kerbLeft + style.kerbRight + 2) / random.between(1.4, 1.9);
      const begin = end + style.speed * walk;
      const t = smooth((begin - (at - ego)) / (begin - end));
      const edge = (right: boolean): number => (right ? style.kerbRight + 1 : -style.kerbLeft - 1);
      result.push({
        id: `cross:${section.index}:${i}`,
        kind: 'person',
        variant: random.whole(0, 999),
        s: at + random.between(-1.1, 1.1),
        u: lerp(edge(side > 0), edge(side < 0), t),
        yaw: side > 0 ? -Math.PI / 2 : Math.PI / 2,
        phase: t > 0 && t < 1 ? (((seconds * 0.95 + i * 0.4) % 1) + 1) % 1 : 0,
        speed: t > 0 && t < 1 ? 1.4 : 0,
        braking: false,
      });
    }
  }
  return result;
}

/**
 * Everybody who moves between `from` and `to` (metres along the street) at `seconds`.
 */
export function actorsAt(course: Course, seconds: number, from: number, to: number): Actor[] {
  return [
    ...leaders(course, seconds).filter((a) => a.s >= from && a.s <= to),
    ...traffic(course, seconds, from, to),
    ...cyclists(course, seconds, from, to),
    ...walkers(course, seconds, from, to),
    ...crossers(course, seconds, from, to).filter((a) => a.s >= from && a.s <= to),
  ];
}
