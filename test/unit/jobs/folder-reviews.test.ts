import { expect, test } from 'vitest';
import { reviewsByFolder } from '../../../src/jobs/folder-reviews';
import type { FrameRecord } from '../../../src/jobs/frame-record';

/** A record whose drivable area agrees on some of a hundred cells; null without labels. */
function record(n: number, both: number | null): FrameRecord {
  return {
    n,
    t: n,
    areas: [1, 0],
    own: null,
    undecided: 0,
    broken: 0,
    drivable: 1,
    decided: 1,
    confidence: 1,
    free: null,
    boundary: [],
    obstacles: [],
    events: [],
    agreement:
      both === null
        ? null
        : {
            same: both / 100,
            drivable: both / 100,
            mean: both / 100,
            overlap: [both, 0],
            union: [100, 0],
            cells: 100,
            road: [both, 100],
            mistaken: [],
            edge: [0, 0],
          },
    map: { width: 1, height: 1, runs: 'A' },
  };
}

test('each folder has its own figures, the worst first; frames without labels count nowhere', () => {
  const records = [record(0, 90), record(1, 20), record(2, 40), record(3, null)];
  const names = ['day/a.png', 'night/a.png', 'night/b.png', 'rain/a.png'];
  const reviews = reviewsByFolder(records, names);
  expect(reviews.map(({ folder, review }) => [folder, review.frames, review.drivable])).toEqual([
    ['night', 2, 0.3],
    ['day', 1, 0.9],
  ]);
});

test('pictures of one folder need no table', () => {
  expect(reviewsByFolder([record(0, 90), record(1, 20)], ['a.png', 'b.png'])).toEqual([]);
});
