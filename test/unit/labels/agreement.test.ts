/** Agreement of masks and labels, on a frame and over a recording. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FrameRecord } from '../../../src/jobs/frame-record';
import { agreementOf, reviewOf } from '../../../src/labels/agreement';
import type { LabelMap } from '../../../src/media/timed-frame';
import type { ClassMap } from '../../../src/perception/engine';
import { BROKEN_CLASS, parseClassList, UNDECIDED_CLASS } from '../../../src/taxonomy/class-list';
import { DRIVING } from '../../../src/taxonomy/classes';

const [ROAD, LANE, SKY, VEHICLE, VOID] = [0, 1, 8, 11, 255];

function mapOf(width: number, ...ids: number[]): ClassMap {
  return {
    width,
    height: ids.length / width,
    classes: Uint8Array.from(ids),
    drivable: new Uint8Array(ids.length),
  };
}

function labelsOf(width: number, ...ids: number[]): LabelMap {
  return { width, height: ids.length / width, ids: Uint8Array.from(ids) };
}

describe('a frame', () => {
  test('counts what both say, and leaves void out', () => {
    const made = agreementOf(
      mapOf(4, ROAD, ROAD, SKY, VOID, ROAD, LANE, SKY, SKY),
      labelsOf(4, ROAD, SKY, SKY, ROAD, LANE, ROAD, VOID, SKY),
    );
    // Of six cells that count: road and sky right, sky right; road for sky, road for lane, lane for road wrong.
    expect(made.same).toBe(0.5);
    // Road: right in 1 of {1, 2, 5, 6}; lane: in none of 2; sky: in 2 of 3.
    expect(made.mean).toBeCloseTo((1 / 4 + 0 + 2 / 3) / 3, 3);
    // Lane marking is road to drive on: 3 of 4.
    expect(made.drivable).toBe(0.75);
    expect(made.road).toEqual([3, 4]);
  });

  test('labels of another size are read under the centre of each cell', () => {
    const labels = labelsOf(4, ROAD, ROAD, SKY, SKY, ROAD, ROAD, SKY, SKY);
    expect(agreementOf(mapOf(2, ROAD, SKY), labels).same).toBe(1);
    expect(agreementOf(mapOf(2, SKY, ROAD), labels).same).toBe(0);
  });

  test('an answer that is none of the labels’ classes is wrong, not left out', () => {
    const peer = parseClassList([{ name: 'background', role: 'nothing' }, 'road'], DRIVING);
    // A network that calls only a little of the road a road.
    const made = agreementOf(mapOf(4, 1, 0, 0, 0), labelsOf(4, ROAD, ROAD, ROAD, SKY), peer);
    expect(made).toMatchObject({ same: 0.25, drivable: 0.3333, cells: 4 });
    const codes = agreementOf(
      mapOf(4, UNDECIDED_CLASS, BROKEN_CLASS, VOID, ROAD),
      labelsOf(4, ROAD, ROAD, ROAD, ROAD),
    );
    expect(codes).toMatchObject({ same: 0.3333, drivable: 0.3333, cells: 3 });
  });

  test('labels of another list are compared by what the names mean', () => {
    const cities = parseClassList(['street', 'car', 'heaven']);
    const labels = { ...labelsOf(4, 0, 1, 2, 2), list: cities };
    const made = agreementOf(mapOf(4, ROAD, VEHICLE, SKY, VEHICLE), labels);
    expect(made).toMatchObject({ same: 0.5, overlap: [1, 1, 0], union: [1, 2, 2], cells: 4 });
  });

  test('the own car is scored only with a network that knows it', () => {
    const labels = labelsOf(2, ROAD, 12);
    expect(agreementOf(mapOf(2, ROAD, VEHICLE), labels)).toMatchObject({ same: 0.5, cells: 2 });
    expect(agreementOf(mapOf(2, ROAD, VEHICLE), labels, DRIVING.slice(0, 12))).toMatchObject({
      same: 1,
      cells: 1,
    });
  });

  test('nothing labelled: nothing known', () => {
    expect(agreementOf(mapOf(2, ROAD, SKY), labelsOf(2, VOID, VOID))).toMatchObject({
      same: null,
      drivable: null,
      mean: null,
    });
  });
});

const record = (n: number, map: ClassMap, labels: LabelMap | null): FrameRecord =>
  ({ n, t: n / 10, agreement: labels && agreementOf(map, labels) }) as FrameRecord;

test('what was taken for what is known, of a frame and of a recording', () => {
  const frame = record(0, mapOf(4, ROAD, SKY, UNDECIDED_CLASS, SKY), labelsOf(4, ROAD, ROAD, ROAD, SKY));
  expect(frame.agreement?.mistaken).toEqual([
    [ROAD, SKY, 1],
    [ROAD, -1, 1],
  ]);
  const { confusion } = reviewOf([frame, frame], 1);
  expect(confusion.recall()[ROAD!]).toBeCloseTo(1 / 3, 10);
  expect(confusion.precision()[SKY!]).toBe(0.5);
  expect(confusion.at(ROAD!, confusion.size)).toBe(2);
});

test('along the edges of a large area the IoU tells what the area’s own hides', () => {
  const [width, height] = [120, 60];
  const half = (edge: number) =>
    Array.from({ length: width * height }, (_, i) => (i % width < edge ? ROAD! : SKY!));
  const made = agreementOf(mapOf(width, ...half(60)), labelsOf(width, ...half(63)));
  expect(made.drivable).toBeCloseTo(60 / 63, 3);
  // A band of three cells on either side of each edge: they meet nowhere.
  expect(made.edge).toEqual([0, 6 * height]);
  const same = agreementOf(mapOf(width, ...half(60)), labelsOf(width, ...half(60)));
  expect(same.edge).toEqual([3 * height, 3 * height]);
});

describe('a recording', () => {
  test('is scored as if its frames were one picture', () => {
    const ids = fc.array(fc.constantFrom(ROAD, LANE, SKY, VEHICLE, VOID), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, ids), { minLength: 1, maxLength: 5 }), (frames) => {
        const records = frames.map(([map, labels], n) =>
          record(n, mapOf(6, ...map!), labelsOf(6, ...labels!)),
        );
        const one = agreementOf(
          mapOf(6, ...frames.flatMap(([map]) => map!)),
          labelsOf(6, ...frames.flatMap(([, labels]) => labels!)),
        );
        const { same, drivable, mean } = reviewOf(records, 3);
        expect({ same, drivable, mean }).toEqual({ same: one.same, drivable: one.drivable, mean: one.mean });
      }),
    );
  });

  test('lists the worst frames first, and only those with labels', () => {
    const right = record(0, mapOf(2, ROAD, SKY), labelsOf(2, ROAD, SKY));
    const half = record(1, mapOf(2, ROAD, ROAD), labelsOf(2, ROAD, SKY));
    const wrong = record(2, mapOf(2, SKY, ROAD), labelsOf(2, ROAD, SKY));
    const unknown = record(3, mapOf(2, SKY, ROAD), null);
    const review = reviewOf([right, half, wrong, unknown], 2);
    expect(review.frames).toBe(3);
    expect(review.worst.map(({ n }) => n)).toEqual([2, 1]);
  });

  test('without labels has no score', () => {
    expect(reviewOf([record(0, mapOf(1, ROAD), null)], 5)).toMatchObject({
      frames: 0,
      same: null,
      drivable: null,
      mean: null,
      edge: null,
      worst: [],
    });
  });
});
