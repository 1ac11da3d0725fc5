import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Course } from '../../../src/drive/course/course';

const seeds = fc.integer({ min: 1, max: 100_000 });

describe('the centre line', () => {
  test('goes where its heading points, without a jump at any joint', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 2500, noNaN: true }), (seed, s) => {
        const course = new Course(seed);
        const step = 0.5;
        const [a, b] = [course.pose(s), course.pose(s + step)];
        const middle = course.pose(s + step / 2).heading;
        expect(b.x - a.x).toBeCloseTo(Math.sin(middle) * step, 2);
        expect(b.z - a.z).toBeCloseTo(-Math.cos(middle) * step, 2);
        expect(b.y - a.y).toBeCloseTo(course.pose(s + step / 2).slope * step, 2);
        expect(b.heading - a.heading).toBeCloseTo(course.pose(s + step / 2).curvature * step, 2);
      }),
      { numRuns: 60 },
    );
  });

  test('never turns back on itself, and bends no tighter than a street', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 3000, noNaN: true }), (seed, s) => {
        const { heading, curvature, slope } = new Course(seed).pose(s);
        expect(Math.abs(heading)).toBeLessThanOrEqual(0.7501);
        expect(Math.abs(curvature)).toBeLessThan(1 / 28);
        expect(Math.abs(slope)).toBeLessThan(0.15);
      }),
      { numRuns: 60 },
    );
  });

  test('does not depend on the order in which it is asked', () => {
    const [forth, back] = [new Course(7), new Course(7)];
    const places = Array.from({ length: 40 }, (_, i) => i * 37.3);
    const there = places.map((s) => forth.pose(s));
    const here = [...places].reverse().map((s) => back.pose(s));
    expect(here.reverse()).toEqual(there);
  });

  test('differs between seeds', () => {
    expect(new Course(1).pose(600)).not.toEqual(new Course(2).pose(600));
  });
});

describe('sections', () => {
  test('follow each other without a gap; junctions are straight and level', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const course = new Course(seed);
        for (let i = 1; i < 40; i++) {
          const [before, section] = [course.section(i - 1), course.section(i)];
          expect(section.start).toBeCloseTo(before.start + before.length, 9);
          expect(section.heading0).toBe(before.heading1);
          expect(section.height0).toBe(before.height1);
          if (!section.junction) continue;
          expect(section.heading1).toBe(section.heading0);
          expect(section.height1).toBe(section.height0);
          expect(section.junction.left ?? section.junction.right).not.toBeNull();
          expect(before.junction).toBeNull();
        }
      }),
      { numRuns: 30 },
    );
  });

  test('are found by any of their places', () => {
    const course = new Course(11);
    for (let i = 0; i < 30; i++) {
      const { start, length } = course.section(i);
      for (const share of [0, 0.3, 0.999]) expect(course.sectionAt(start + length * share).index).toBe(i);
    }
  });
});

describe('what one stands on', () => {
  test('is asphalt between the kerbs and in side streets, and a kerb higher elsewhere', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 30 }), (seed, index) => {
        const course = new Course(seed);
        const { style } = course;
        const section = course.section(index);
        const middle = section.start + section.length / 2;
        expect(course.lift(middle, 0)).toBe(0);
        for (const side of [-1, 1] as const) {
          const arm = side < 0 ? section.junction?.left : section.junction?.right;
          const kerb = side < 0 ? style.kerbLeft : style.kerbRight;
          expect(course.lift(middle, side * (kerb + 1))).toBe(arm ? 0 : style.kerbHeight);
          expect(course.lift(section.start + 1, side * (kerb + 1))).toBe(style.kerbHeight);
        }
      }),
      { numRuns: 60 },
    );
  });
});
