import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Course, type Section } from '../../../src/drive/course/course';
import { type Layout, VEHICLE_SIZE } from '../../../src/drive/street/items';
import { layoutSection } from '../../../src/drive/street/layout';
import { paintSection } from '../../../src/drive/street/markings';

/** Checks a property of many sections of many streets. */
function everySection(check: (course: Course, section: Section, layout: Layout) => void, numRuns = 80): void {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 40 }), (seed, index) => {
      const course = new Course(seed);
      const section = course.section(index);
      check(course, section, layoutSection(course, section));
    }),
    { numRuns, examples: NARROW },
  );
}

/** Sections in which something once stood where it must not: a farmhouse in a side street, paint on a kerb. */
const NARROW: [seed: number, index: number][] = [
  [1656, 0],
  [17544, 1],
  [671196, 27],
  [679589, 12],
];

/** Distance of a point of the ground from the centre line, by looking along it. */
function fromCentreLine(course: Course, x: number, z: number, around: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let s = Math.max(0, around - 40); s < around + 40; s += 0.5) {
    const pose = course.pose(s);
    nearest = Math.min(nearest, Math.hypot(pose.x - x, pose.z - z));
  }
  return nearest;
}

describe('buildings', () => {
  test('keep off the carriageway, bends included', () => {
    everySection((course, _section, layout) => {
      const { style } = course;
      for (const { s, u, alongS, alongU } of layout.buildings) {
        const kerb = u < 0 ? style.kerbLeft : style.kerbRight;
        const { heading } = course.pose(s);
        const [x, , z] = course.point(s, u);
        for (const [a, b] of [
          [-1, -1],
          [-1, 1],
          [1, -1],
          [1, 1],
        ] as const) {
          const [ds, du] = [(a * alongS) / 2, (b * alongU) / 2];
          const cornerX = x + Math.sin(heading) * ds + Math.cos(heading) * du;
          const cornerZ = z - Math.cos(heading) * ds + Math.sin(heading) * du;
          expect(fromCentreLine(course, cornerX, cornerZ, s)).toBeGreaterThan(kerb);
        }
      }
    }, 40);
  });

  test('keep off side streets', () => {
    everySection((_course, section, layout) => {
      const middle = section.start + section.length / 2;
      for (const { s, u, alongS } of layout.buildings) {
        const arm = u < 0 ? section.junction?.left : section.junction?.right;
        if (arm) expect(Math.abs(s - middle) - alongS / 2).toBeGreaterThan(arm.half);
      }
    });
  });
});

describe('what stands in the street', () => {
  test('parked vehicles stay wholly inside their strip, and do not touch', () => {
    everySection((course, section, layout) => {
      const { style } = course;
      for (const side of [-1, 1] as const) {
        const [kerb, strip] =
          side < 0 ? [style.kerbLeft, style.parkingLeft] : [style.kerbRight, style.parkingRight];
        // Those across the road's direction wait in side streets.
        const row = layout.vehicles.filter((v) => Math.sign(v.u) === side && Math.abs(Math.cos(v.yaw)) > 0.9);
        if (strip === 0) expect(row).toEqual([]);
        let end = Number.NEGATIVE_INFINITY;
        for (const vehicle of row.sort((a, b) => a.s - b.s)) {
          const [length, width] = VEHICLE_SIZE[vehicle.kind];
          expect(Math.abs(vehicle.u) + width / 2).toBeLessThanOrEqual(kerb);
          expect(Math.abs(vehicle.u) - width / 2).toBeGreaterThanOrEqual(kerb - strip);
          expect(vehicle.s - length / 2).toBeGreaterThan(Math.max(end, section.start));
          end = vehicle.s + length / 2;
        }
        expect(end).toBeLessThan(section.start + section.length);
      }
    });
  });

  test('vehicles that wait at a junction wait on asphalt, on their own side', () => {
    everySection((course, section, layout) => {
      for (const vehicle of layout.vehicles.filter((v) => Math.abs(Math.cos(v.yaw)) < 0.1)) {
        const middle = section.start + section.length / 2;
        const [length, width] = VEHICLE_SIZE[vehicle.kind];
        const kerb = vehicle.u < 0 ? course.style.kerbLeft : course.style.kerbRight;
        const arm = vehicle.u < 0 ? section.junction?.left : section.junction?.right;
        expect(Math.abs(vehicle.s - middle) + width / 2).toBeLessThan(arm?.half ?? 0);
        expect(Math.abs(vehicle.u) - length / 2).toBeGreaterThan(kerb);
        expect(Math.sign(vehicle.s - middle)).toBe(Math.sign(vehicle.u) * course.style.side);
      }
    });
  });

  test('posts, trees and people stand beside the road, not on it', () => {
    everySection((course, _section, layout) => {
      for (const { s, u } of [...layout.furniture, ...layout.trees, ...layout.people])
        expect(course.onRoad(s, u), `at ${s}, ${u}`).toBe(false);
    });
  });

  test('barriers keep off the road', () => {
    everySection((course, _section, layout) => {
      for (const { line } of layout.barriers)
        for (const [s, u] of line) expect(course.onRoad(s, u)).toBe(false);
    });
  });
});

describe('paint', () => {
  test('lies on asphalt', () => {
    everySection((course, section) => {
      const { strips, triangles } = paintSection(course, section);
      const corners = [
        ...strips.flatMap(({ s0, s1, u0, u1 }) =>
          [s0, s1].flatMap(
            (s) =>
              [
                [s, u0],
                [s, u1],
              ] as const,
          ),
        ),
        ...triangles.flat(),
      ];
      for (const [s, u] of corners) {
        const inner = section.start + 1e-6;
        const place = Math.min(Math.max(s, inner), section.start + section.length - 1e-6);
        // Mouths of side streets widen by the corners' radius.
        const middle = section.start + section.length / 2;
        const arm = u < 0 ? section.junction?.left : section.junction?.right;
        const mouth = arm && Math.abs(s - middle) <= arm.half + 4;
        expect(course.onRoad(place, u) || !!mouth, `at ${s - section.start}, ${u}`).toBe(true);
      }
    });
  });

  test('has width and length', () => {
    everySection((course, section) => {
      for (const { s0, s1, u0, u1 } of paintSection(course, section).strips) {
        expect(s1).toBeGreaterThan(s0);
        expect(u1).toBeGreaterThan(u0);
      }
    });
  });
});

test('a layout follows from the seed alone', () => {
  const [a, b] = [new Course(42), new Course(42)];
  b.section(30); // made far ahead first
  for (let i = 0; i < 8; i++) expect(layoutSection(b, b.section(i))).toEqual(layoutSection(a, a.section(i)));
});
