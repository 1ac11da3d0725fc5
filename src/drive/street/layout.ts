/** Puts one section's street together. A pure function of the seed and the section's index. */
import { type Arm, CORNER_RADIUS, type Course, type Section } from '../course/course';
import { Random } from '../random';
import { fillPlot, type Plot } from './frontage';
import { controlJunction, furnish, kerbOf, parkVehicles, waitAtJunction } from './furniture';
import { emptyLayout, type Layout } from './items';

/** How far from the centre line the street is built up, metres: what lies behind is hidden or hazy. */
export const LAND_EDGE = 78;

/** The layout of a section. */
export function layoutSection(course: Course, section: Section): Layout {
  const layout = emptyLayout();
  const random = new Random(course.seed, 'layout', section.index);
  for (const side of [-1, 1] as const) {
    const arm = side < 0 ? section.junction?.left : section.junction?.right;
    const frontage = side < 0 ? section.frontLeft : section.frontRight;
    for (const plot of arm ? cornerPlots(course, section, side, arm) : [streetPlot(course, section, side)])
      fillPlot(layout, plot, plot.runsWithS ? frontage : frontage === 'shops' ? 'houses' : frontage, random);
  }
  parkVehicles(course, section, layout, random);
  waitAtJunction(course, section, layout, random);
  furnish(course, section, layout, random);
  controlJunction(course, section, layout, random);
  standAround(course, section, layout, random);
  return layout;
}

/** Outer edge of the pavement on a side, metres from the centre line. */
export function landStart(course: Course, side: 1 | -1): number {
  return kerbOf(course.style, side) + course.style.verge + course.style.pavement;
}

/** The land along the main street. On the inside of a bend boxes swing inwards, so it starts a little further out. */
function streetPlot(course: Course, section: Section, side: 1 | -1): Plot {
  const bend = Math.abs(section.heading1 - section.heading0) * 1.2;
  const start = landStart(course, side) + bend;
  return {
    from: section.start + 0.2,
    to: section.start + section.length - 0.2,
    depth: LAND_EDGE - start,
    place: (along, away) => [along, side * (start + away)],
    facing: side > 0 ? 'left' : 'right',
    runsWithS: true,
  };
}

/** The four plots around a side street: before and after it on the main street, and along both its sides. */
function cornerPlots(course: Course, section: Section, side: 1 | -1, arm: Arm): Plot[] {
  const start = landStart(course, side);
  const middle = section.start + section.length / 2;
  const edge = arm.half + arm.pavement + 0.1;
  /** Depth of the corner building, beyond which the side street's own houses begin. */
  const corner = 12;
  const main = (from: number, to: number): Plot => ({
    from,
    to,
    depth: corner,
    place: (along, away) => [along, side * (start + away)],
    facing: side > 0 ? 'left' : 'right',
    runsWithS: true,
  });
  const sideStreet = (direction: 1 | -1): Plot => ({
    from: start + corner + 1,
    to: LAND_EDGE - 6,
    depth: section.length / 2 - edge,
    place: (along, away) => [middle + direction * (edge + away), side * along],
    facing: direction > 0 ? 'back' : 'ahead',
    runsWithS: false,
  });
  return [
    main(section.start + 0.2, middle - edge),
    main(middle + edge, section.start + section.length - 0.2),
    sideStreet(-1),
    sideStreet(1),
  ];
}

/** People who wait, talk or look at shop windows. */
function standAround(course: Course, section: Section, layout: Layout, random: Random): void {
  const { style } = course;
  const count = Math.round(style.crowd * random.between(0, 4));
  for (let i = 0; i < count; i++) {
    const side = random.chance(0.5) ? 1 : -1;
    const s = random.between(section.start + 1, section.start + section.length - 1);
    const middle = section.start + section.length / 2;
    if (section.junction && Math.abs(s - middle) < 8 + CORNER_RADIUS) continue;
    const u = side * (kerbOf(style, side) + style.verge + style.pavement * random.between(0.3, 0.85));
    layout.people.push({ s, u, yaw: random.between(0, Math.PI * 2), variant: random.whole(0, 1000) });
    if (random.chance(0.4))
      layout.people.push({
        s: s + 0.7,
        u,
        yaw: random.between(0, Math.PI * 2),
        variant: random.whole(0, 1000),
      });
  }
}
