import { expect, test } from 'vitest';
import { StreamMeters } from '../../../src/stage/meters';

test('what was not measured yet is no figure, and is none again after another source', () => {
  const meters = new StreamMeters();
  const nothing = { latencyP50: null, latencyP95: null, maskAge: null, drivableShare: null };
  expect(meters.digest(0)).toMatchObject(nothing);
  expect(Object.values(meters.digest(0).stages)).toEqual([null, null, null, null, 'clock']);

  meters.masked(40, 12);
  meters.masked(60, 8);
  meters.timed({ preprocess: 1, model: 20, postprocess: 2, source: 'clock' });
  meters.drew(100, 0.5);
  expect(meters.digest(100)).toMatchObject({
    latencyP50: 60,
    latencyP95: 60,
    maskAge: 8,
    stages: { preprocess: 1, model: 20, postprocess: 2, draw: 0.5 },
  });

  meters.resetUnderstanding();
  expect(meters.digest(200)).toMatchObject(nothing);
});
