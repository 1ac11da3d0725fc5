import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DistanceFilter } from '../../../src/scene/distance-filter';
import { placeObstacle, USUAL_HEIGHT } from '../../../src/scene/obstacle-distance';
import { ID, random, testCamera } from './synthetic';

const camera = testCamera();
const SURE = { pitch: 0.003, height: 0.05 };

/** How a person of usual height looks at a place, with its foot seen some pixels too low. */
function personAt(x: number, z: number, low = 0) {
  const foot = camera.groundToImage({ x, z })!;
  const head = camera.groundToImage({ x, z }, USUAL_HEIGHT.person.metres)!;
  const tall = { pixels: foot.y - head.y, sigma: 3 };
  return { classId: ID.person, contact: { x: foot.x, y: foot.y + low }, contactSigma: 2, tall };
}

describe('a place', () => {
  test('is where the person stands', () => {
    const spot = fc.record({
      x: fc.double({ min: -6, max: 6, noNaN: true }),
      z: fc.double({ min: 5, max: 40, noNaN: true }),
    });
    fc.assert(
      fc.property(spot, ({ x, z }) => {
        const place = placeObstacle(personAt(x, z), camera, SURE)!;
        expect(Math.abs(place.distance / Math.hypot(x, z) - 1)).toBeLessThan(0.04);
        expect(place.ground.x / place.ground.z).toBeCloseTo(x / z, 6);
      }),
    );
  });

  test('of a foot that a hill lifts to the horizon comes from the height, with its uncertainty', () => {
    const look = { ...personAt(0, 30), contactSigma: 25 };
    const { b, c } = camera.horizon();
    const lifted = { ...look, contact: { x: camera.width / 2, y: -c / b } };
    const place = placeObstacle(lifted, camera, SURE)!;
    expect(place.distance).toBeGreaterThan(28);
    expect(place.distance).toBeLessThan(40);
    expect(place.sigma).toBeGreaterThan(2);
    expect(placeObstacle({ ...lifted, tall: null }, camera, SURE)).toBeNull();
  });

  test('is surer with both looks than with the contact alone', () => {
    const look = personAt(2, 25);
    const both = placeObstacle(look, camera, SURE)!;
    const contact = placeObstacle({ ...look, tall: null }, camera, SURE)!;
    expect(both.sigma).toBeLessThan(contact.sigma);
    expect(contact.sigma).toBeCloseTo(camera.distanceUncertainty(contact.distance, 2, SURE), 1);
  });

  test('is finite and in front of the camera, whatever was seen', () => {
    const any = fc.record({
      contact: fc.record({
        x: fc.double({ min: 0, max: camera.width, noNaN: true }),
        y: fc.double({ min: 0, max: camera.height, noNaN: true }),
      }),
      pixels: fc.double({ min: 1, max: camera.height, noNaN: true }),
      classId: fc.constantFrom(ID.person, ID.cyclist, ID.vehicle),
    });
    fc.assert(
      fc.property(any, ({ contact, pixels, classId }) => {
        const place = placeObstacle(
          { classId, contact, contactSigma: 3, tall: { pixels, sigma: 3 } },
          camera,
          SURE,
        )!;
        expect(place.distance).toBeGreaterThan(0);
        expect(place.distance).toBeLessThanOrEqual(150);
        expect(Number.isFinite(place.sigma)).toBe(true);
      }),
    );
  });
});

describe('a distance over time', () => {
  test('closes in at the true speed', () => {
    const next = random(3);
    const filter = new DistanceFilter(30, 1);
    for (let i = 1; i <= 45; i++) filter.look(30 - (6 * i) / 15 + 0.4 * (next() - 0.5), 0.5, 1 / 15);
    expect(filter.distance).toBeCloseTo(12, 0);
    expect(filter.speed).toBeLessThan(-5);
    expect(filter.speed).toBeGreaterThan(-7);
  });

  test('is not moved by a look that knows nothing', () => {
    const filter = new DistanceFilter(20, 0.5);
    for (let i = 0; i < 5; i++) filter.look(20, 0.5, 0.1);
    filter.look(120, 80, 0.1);
    expect(Math.abs(filter.distance - 20)).toBeLessThan(0.5);
  });

  test('never falls to the camera or behind it, whatever the looks', () => {
    const looks = fc.array(
      fc.record({
        d: fc.double({ min: 0.5, max: 150, noNaN: true }),
        s: fc.double({ min: 0.05, max: 60, noNaN: true }),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(looks, (list) => {
        const filter = new DistanceFilter(list[0]!.d, list[0]!.s);
        for (const { d, s } of list) {
          filter.look(d, s, 0.1);
          expect(filter.distance).toBeGreaterThan(0);
          expect(Number.isFinite(filter.speed)).toBe(true);
        }
      }),
    );
  });
});
