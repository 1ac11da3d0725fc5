/** Posts, signs, signals, street trees and the vehicles parked in a section. */
import type { Course, Section } from '../course/course';
import type { StreetStyle } from '../course/style';
import type { Random } from '../random';
import {
  type Facing,
  type Layout,
  type ParkedVehicle,
  type SignFace,
  VEHICLE_SIZE,
  type VehicleKind,
} from './items';

/** Parked vehicles keep this far from junctions and crossings, metres. */
const CLEARANCE = 9;

/** Kerb of a side: `side` −1 left, +1 right. */
export function kerbOf(style: StreetStyle, side: 1 | -1): number {
  return side < 0 ? style.kerbLeft : style.kerbRight;
}

/** Whether a stretch of kerb is free of junctions and crossings. */
function kerbFree(section: Section, from: number, to: number, margin: number): boolean {
  const middle = section.start + section.length / 2;
  if (section.junction) {
    const reach = 10 + margin;
    if (to > middle - reach && from < middle + reach) return false;
  }
  if (section.zebra !== null) {
    const at = section.start + section.zebra;
    if (to > at - margin && from < at + margin) return false;
  }
  return true;
}

/** How common each kind is among parked vehicles. */
const PARKED_MIX: Readonly<Record<VehicleKind, number>> = {
  saloon: 4,
  hatch: 5,
  suv: 3,
  van: 1.4,
  bus: 0,
  truck: 0.2,
};

/** Rows of parked vehicles, each wholly inside the parking strip. */
export function parkVehicles(course: Course, section: Section, layout: Layout, random: Random): void {
  const { style } = course;
  for (const side of [-1, 1] as const) {
    const strip = side < 0 ? style.parkingLeft : style.parkingRight;
    if (strip === 0) continue;
    const density = random.between(0.3, 0.95);
    let at = section.start + 1;
    while (at < section.start + section.length - 6) {
      const kind = random.weighted(PARKED_MIX);
      const [length, width] = VEHICLE_SIZE[kind];
      const end = at + length;
      if (end > section.start + section.length - 0.5) break;
      if (width + 0.25 < strip && random.chance(density) && kerbFree(section, at, end, CLEARANCE)) {
        const slack = (strip - width) / 2 - 0.06;
        const withTraffic = side === style.side || random.chance(0.25) ? 0 : Math.PI;
        layout.vehicles.push({
          kind,
          s: at + length / 2,
          u: side * (kerbOf(style, side) - strip / 2 + random.between(-slack, slack)),
          yaw: withTraffic + random.between(-0.015, 0.015),
          colour: random.whole(0, 1000),
          lights: false,
        });
      }
      at = end + random.between(0.7, 1.6);
    }
  }
}

/** Vehicles that wait at the mouths of side streets. */
export function waitAtJunction(course: Course, section: Section, layout: Layout, random: Random): void {
  const { junction } = section;
  if (!junction) return;
  const { style } = course;
  for (const side of [-1, 1] as const) {
    const arm = side < 0 ? junction.left : junction.right;
    if (!arm || !random.chance(0.45)) continue;
    const kind = random.weighted(PARKED_MIX);
    const [length] = VEHICLE_SIZE[kind];
    // Facing the main street, on the traffic's own side of the side street.
    const vehicle: ParkedVehicle = {
      kind,
      s: section.start + section.length / 2 + side * style.side * arm.half * 0.5,
      u: side * (kerbOf(style, side) + 2.2 + length / 2),
      yaw: side > 0 ? -Math.PI / 2 : Math.PI / 2,
      colour: random.whole(0, 1000),
      lights: true,
    };
    layout.vehicles.push(vehicle);
  }
}

/** Lamps, poles, signs, bollards and street trees along both pavements. */
export function furnish(course: Course, section: Section, layout: Layout, random: Random): void {
  const { style } = course;
  const end = section.start + section.length;
  for (const side of [-1, 1] as const) {
    const kerb = kerbOf(style, side);
    const outward: Facing = side > 0 ? 'left' : 'right';
    const nearKerb = side * (kerb + Math.max(0.45, style.verge * 0.5));
    const seen: Facing = side === style.side ? 'back' : 'ahead';
    // Lamps every 30 m or so, the sides staggered; the first free place from the section's start.
    const lampAt = section.start + (side > 0 ? 6 : 21) + random.between(0, 4);
    for (let s = lampAt; s < end - 1; s += 30)
      if (kerbFree(section, s, s, 2))
        layout.furniture.push({
          kind: 'lamp',
          s,
          u: nearKerb,
          facing: outward,
          height: random.between(6.5, 8),
        });
    if (style.overheadWires && side === style.side)
      layout.furniture.push({
        kind: 'utility',
        s: section.start + 2,
        u: side * (kerb + style.verge + style.pavement - 0.3),
        facing: outward,
        height: 8.6,
      });
    if (random.chance(0.75)) {
      const s = random.between(section.start + 3, end - 3);
      const face = random.pick<SignFace>([
        'speed',
        'warning',
        'mandatory',
        'noparking',
        'info',
        'speed',
        'direction',
      ]);
      if (kerbFree(section, s, s, 1))
        layout.furniture.push({
          kind: 'sign',
          s,
          u: nearKerb,
          facing: seen,
          face,
          height: random.between(2.3, 2.9),
        });
    }
    if (style.surroundings === 'centre' && random.chance(0.3)) {
      const from = random.between(section.start + 3, end - 14);
      for (let s = from; s < from + 10; s += 1.8)
        if (kerbFree(section, s, s, 1))
          layout.furniture.push({ kind: 'bollard', s, u: side * (kerb + 0.35), facing: outward, height: 1 });
    }
    if (style.surroundings !== 'country' && style.pavement > 2.2 && random.chance(0.1) && !section.junction)
      layout.furniture.push({
        kind: 'shelter',
        s: section.start + section.length * 0.3,
        u: side * (kerb + style.verge + style.pavement - 0.8),
        facing: outward,
        height: 2.4,
      });
    if (style.streetTrees)
      for (let s = section.start + 4; s < end - 2; s += random.between(8, 13))
        if (kerbFree(section, s, s, 4) && random.chance(0.75))
          layout.trees.push({
            kind: random.pick(['young', 'round', 'bare']),
            s,
            u: side * (kerb + Math.max(0.7, style.verge * 0.5)),
            height: random.between(4.2, 7.5),
            variant: random.whole(0, 1000),
          });
  }
}

/** Signals, or signs that settle who goes first. */
export function controlJunction(course: Course, section: Section, layout: Layout, random: Random): void {
  const { junction } = section;
  if (!junction) return;
  const { style } = course;
  const middle = section.start + section.length / 2;
  const half = Math.max(junction.left?.half ?? 0, junction.right?.half ?? 0);
  const near = style.side * (kerbOf(style, style.side) + 0.5);
  const far = -style.side * (kerbOf(style, -style.side as 1 | -1) + 0.5);
  if (junction.signals) {
    layout.furniture.push({ kind: 'signal', s: middle - half - 5.2, u: near, facing: 'back', height: 3 });
    layout.furniture.push({ kind: 'signal', s: middle + half + 5.2, u: near, facing: 'back', height: 3 });
    layout.furniture.push({ kind: 'signal', s: middle + half + 5.2, u: far, facing: 'ahead', height: 3 });
    layout.furniture.push({ kind: 'signal', s: middle - half - 5.2, u: far, facing: 'back', height: 3 });
  }
  for (const side of [-1, 1] as const) {
    const arm = side < 0 ? junction.left : junction.right;
    if (!arm) continue;
    const corner = side * (kerbOf(style, side) + style.verge + 1.2);
    if (!junction.signals)
      layout.furniture.push({
        kind: 'sign',
        s: middle + side * style.side * (arm.half + 0.6),
        u: corner,
        facing: side > 0 ? 'right' : 'left',
        face: random.pick<SignFace>(['stop', 'yield']),
        height: 2.4,
      });
    if (random.chance(0.6))
      layout.furniture.push({
        kind: 'nameboard',
        s: middle + arm.half + arm.pavement,
        u: corner,
        facing: 'back',
        height: 1.2,
      });
  }
}
