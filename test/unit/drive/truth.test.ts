import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Course } from '../../../src/drive/course/course';
import { VEHICLE_SIZE } from '../../../src/drive/street/items';
import { actorsAt } from '../../../src/drive/traffic/actors';
import { egoAt } from '../../../src/drive/traffic/ego';
import { cameraTruth, obstacleTruth } from '../../../src/drive/truth';

const seeds = fc.integer({ min: 1, max: 100_000 });
const moments = fc.double({ min: 0, max: 300, noNaN: true });

describe('the camera’s truth', () => {
  test('the lane begins under the camera and leads ahead, between the kerbs', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const truth = cameraTruth(new Course(seed), seconds);
        expect(Math.abs(truth.egoPath[0]!.right)).toBeLessThan(0.6);
        expect(Math.abs(truth.egoPath[0]!.ahead)).toBeLessThan(0.1);
        for (const [i, point] of truth.egoPath.entries()) {
          expect(truth.leftKerb[i]!.right).toBeLessThan(point.right);
          expect(truth.rightKerb[i]!.right).toBeGreaterThan(point.right);
        }
        const last = truth.egoPath[truth.egoPath.length - 1]!;
        expect(Math.hypot(last.right, last.ahead)).toBeLessThan(81);
        expect(last.ahead).toBeGreaterThan(30);
      }),
      { numRuns: 60 },
    );
  });

  test('the middle of the lane keeps its distance to both kerbs', () => {
    const course = new Course(3);
    const truth = cameraTruth(course, 20);
    for (const [i, point] of truth.egoPath.entries()) {
      const kerb = truth.rightKerb[i]!;
      const lane = course.style.side * course.style.laneWidth * 0.5;
      expect(Math.hypot(kerb.right - point.right, kerb.ahead - point.ahead)).toBeCloseTo(
        course.style.kerbRight - lane,
        6,
      );
    }
  });
});

describe('obstacles', () => {
  test('are all that move and all that stand, nearest first, within range', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        const obstacles = obstacleTruth(course, seconds, 60);
        const ego = egoAt(course, seconds);
        const moving = actorsAt(course, seconds, ego.s, ego.s + 60);
        for (const actor of moving) expect(obstacles.some((o) => o.id === actor.id)).toBe(true);
        let before = 0;
        for (const { at, classId, length, width, height } of obstacles) {
          const distance = Math.hypot(at.right, at.ahead);
          expect(distance).toBeGreaterThanOrEqual(before);
          before = distance;
          expect([9, 10, 11]).toContain(classId);
          expect(Math.min(length, width, height)).toBeGreaterThan(0.3);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the vehicle in front is in front, and looks the same way', () => {
    fc.assert(
      fc.property(seeds, moments, (seed, seconds) => {
        const course = new Course(seed);
        const leader = obstacleTruth(course, seconds, 40).find((o) => o.id === 'leader:0');
        if (!leader) return;
        expect(leader.at.ahead).toBeGreaterThan(8);
        // Seen along a bend of 28 m radius at worst.
        expect(Math.abs(leader.at.right)).toBeLessThan(0.6 + leader.at.ahead ** 2 / 40);
        expect(Math.abs(leader.yawDeg)).toBeLessThan(60);
        expect(Object.values(VEHICLE_SIZE)).toContainEqual([leader.length, leader.width, leader.height]);
      }),
    );
  });
});
