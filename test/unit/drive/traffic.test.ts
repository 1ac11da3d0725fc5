import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Course } from '../../../src/drive/course/course';
import { VEHICLE_SIZE } from '../../../src/drive/street/items';
import { type Actor, actorsAt } from '../../../src/drive/traffic/actors';
import { egoAt, egoDistance } from '../../../src/drive/traffic/ego';

const seeds = fc.integer({ min: 1, max: 100_000 });
const moments = fc.double({ min: 0, max: 900, noNaN: true });

function around(course: Course, seconds: number): Actor[] {
  const s = egoDistance(course, seconds);
  return actorsAt(course, seconds, s - 30, s + 220);
}

function halfLength(actor: Actor): number {
  return actor.kind === 'vehicle' ? VEHICLE_SIZE[actor.vehicle ?? 'saloon'][0] / 2 : 0.9;
}

describe('traffic', () => {
  test('nobody drives into or through anybody of the same lane, nor into the camera', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        const vehicles = around(course, seconds).filter((a) => a.kind === 'vehicle');
        for (const [i, a] of vehicles.entries())
          for (const b of vehicles.slice(i + 1))
            if (Math.abs(a.u - b.u) < 1.2)
              expect(Math.abs(a.s - b.s), `${a.id} and ${b.id}`).toBeGreaterThan(
                halfLength(a) + halfLength(b),
              );
        const ego = egoAt(course, seconds);
        for (const a of vehicles)
          if (Math.abs(a.u - ego.u) < 1.2) expect(Math.abs(a.s - ego.s)).toBeGreaterThan(halfLength(a) + 2);
      }),
      { numRuns: 120 },
    );
  });

  test('vehicles keep to their half of the carriageway, and drive the way that half goes', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        const { style } = course;
        for (const actor of around(course, seconds).filter((a) => a.kind === 'vehicle')) {
          const [, width] = VEHICLE_SIZE[actor.vehicle ?? 'saloon'];
          const own = actor.u * style.side * (actor.yaw === 0 ? 1 : -1);
          expect(own - width / 2).toBeGreaterThan(0);
          expect(own + width / 2).toBeLessThan(style.lanesPerDirection * style.laneWidth + style.gutter);
        }
      }),
      { numRuns: 80 },
    );
  });

  test('cyclists ride on the carriageway, people walk beside it or cross on a zebra', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        for (const actor of around(course, seconds)) {
          const between = actor.u > -course.style.kerbLeft && actor.u < course.style.kerbRight;
          if (actor.kind === 'cyclist') expect(between).toBe(true);
          if (actor.kind !== 'person' || !between) continue;
          const section = course.sectionAt(actor.s);
          expect(section.zebra).not.toBeNull();
          expect(Math.abs(actor.s - section.start - (section.zebra ?? 0))).toBeLessThan(1.6);
        }
      }),
      { numRuns: 80 },
    );
  });

  test('whoever crosses is over before the camera comes', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        const ego = egoAt(course, seconds);
        for (const actor of around(course, seconds))
          if (actor.kind === 'person' && actor.s > ego.s - 2 && actor.s < ego.s + 18)
            expect(actor.u < -course.style.kerbLeft || actor.u > course.style.kerbRight).toBe(true);
      }),
      { numRuns: 120 },
    );
  });

  test('moves smoothly and at its speed', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        const later = new Map(around(course, seconds + 0.04).map((a) => [a.id, a]));
        for (const actor of around(course, seconds)) {
          const then = later.get(actor.id);
          if (!then) continue;
          expect(Math.abs(then.s - actor.s)).toBeLessThan(1.2);
          expect(Math.abs(then.u - actor.u)).toBeLessThan(0.25);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is a function of the moment, not of what was asked before', () => {
    const [a, b] = [new Course(5), new Course(5)];
    around(b, 300);
    expect(around(b, 12.5)).toEqual(around(a, 12.5));
  });
});

describe('the camera car', () => {
  test('only ever goes forward, at a speed of its street', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        const { speed } = egoAt(course, seconds);
        expect(speed).toBeGreaterThan(course.style.speed * 0.7);
        expect(speed).toBeLessThan(course.style.speed * 1.3);
      }),
    );
  });

  test('holds its camera like a dashcam: at 1.3 to 1.5 m, in its lane, slightly down, hardly turned', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        const ego = egoAt(course, seconds);
        expect(ego.height).toBeGreaterThan(1.25);
        expect(ego.height).toBeLessThan(1.55);
        const own = ego.u * course.style.side;
        expect(own).toBeGreaterThan(0.9);
        expect(own).toBeLessThan(course.style.laneWidth - 0.9);
        expect(ego.pitch).toBeGreaterThan(0);
        expect(ego.pitch).toBeLessThan(0.1);
        expect(Math.abs(ego.yaw)).toBeLessThan(0.06);
        expect(Math.abs(ego.roll)).toBeLessThan(0.03);
      }),
    );
  });
});
