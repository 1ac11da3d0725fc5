/** When each camera has something to show, and where it stands in the joint picture. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blanksOf, gridOf } from '../../../../src/sources/recording/camera-grid';
import { HOLD, scheduleOf, shownAt, shownIn } from '../../../../src/sources/recording/camera-schedule';

const clips = (...times: (readonly [clock: number | null, duration: number])[]) =>
  times.map(([clock, duration]) => ({ clock, duration }));
const startsOf = (placed: readonly { start: number }[]) => placed.map(({ start }) => start);

describe('cameras meet by clock', () => {
  test('a minute that the rear camera lost is a hole, and the next ones meet again', () => {
    const { cameras, duration, stretches } = scheduleOf([
      clips([0, 60], [60, 60], [120, 60]),
      clips([0, 60], [120, 60]),
    ]);
    expect(cameras.map(startsOf)).toEqual([
      [0, 60, 120],
      [0, 120],
    ]);
    expect(duration).toBe(180);
    expect(stretches.map(({ camera }) => camera)).toEqual([0, 0, 0]);
    expect([59, 60, 61, 119, 121].map((at) => shownAt(cameras[1]!, duration, at))).toEqual([
      0, -1, -1, -1, 1,
    ]);
  });

  test('short files do not add up to a drift', () => {
    const minutes = Array.from({ length: 30 }, (_, i) => i * 60);
    const { cameras } = scheduleOf([
      clips(...minutes.map((at) => [at, 60.03] as const)),
      clips(...minutes.map((at) => [at, 59.6] as const)),
    ]);
    for (const [n, start] of startsOf(cameras[1]!).entries()) {
      expect(start).toBe(cameras[0]![n]!.start);
      expect(Math.abs(start - n * 60)).toBeLessThanOrEqual(HOLD);
    }
  });

  test('without a clock clips of one moment begin together, and a lost one is a hole', () => {
    const { cameras, duration } = scheduleOf([
      [0, 1, 2].map((moment) => ({ clock: null, duration: 60, moment })),
      [0, 2].map((moment) => ({ clock: null, duration: 59, moment })),
    ]);
    expect(cameras.map(startsOf)).toEqual([
      [0, 60, 120],
      [0, 120],
    ]);
    expect(shownAt(cameras[1]!, duration, 90)).toBe(-1);
  });

  test('where the first camera lost a minute the next one is followed', () => {
    const { stretches, duration } = scheduleOf([
      clips([0, 60], [120, 60]),
      clips([0, 60], [60, 60], [120, 60]),
    ]);
    expect(stretches).toEqual([
      { camera: 0, clip: 0, from: 0, to: 60 },
      { camera: 1, clip: 1, from: 60, to: 120 },
      { camera: 0, clip: 1, from: 120, to: 180 },
    ]);
    expect(duration).toBe(180);
  });

  test('a time in which nothing was recorded is closed', () => {
    const schedule = scheduleOf([clips([1000, 60], [5000, 60]), clips([1000, 60], [5000, 60])]);
    expect(schedule.duration).toBe(120);
    expect(schedule.cameras.map(startsOf)).toEqual([
      [0, 60],
      [0, 60],
    ]);
    expect(schedule.mediaTime(5010)).toBe(70);
    expect(schedule.mediaTime(3000)).toBe(60);
  });

  test('whole seconds in names are no gap, and no overlap', () => {
    const { cameras } = scheduleOf([clips([0, 60.5], [60, 59.4], [120, 60]), clips([1, 60])]);
    expect(startsOf(cameras[0]!)).toEqual([0, 60.5, 119.9]);
    expect(startsOf(cameras[1]!)).toEqual([0]);
  });

  test('files that overlap are shown once', () => {
    const { stretches, duration } = scheduleOf([clips([0, 60], [50, 60])]);
    expect(duration).toBe(110);
    expect(stretches.map(({ from, to }) => to - from).reduce((a, b) => a + b)).toBe(110);
  });
});

test('in a hole from file to file the last picture stands, and at the very end', () => {
  const { cameras, duration } = scheduleOf([clips([0, 60], [60, 60]), clips([0, 59.5], [60, 59.5])]);
  expect([59.7, 119.8].map((at) => shownAt(cameras[1]!, duration, at))).toEqual([0, 1]);
});

test('without a clock the n-th files begin together', () => {
  const { cameras, mediaTime } = scheduleOf([
    clips([null, 2], [null, 2], [null, 2]),
    clips([null, 1.6], [null, 1.6], [null, 1.6]),
  ]);
  expect(cameras.map(startsOf)).toEqual([
    [0, 2, 4],
    [0, 2, 4],
  ]);
  expect(mediaTime(5)).toBeNull();
});

test('stretches follow each other without a hole, whatever was recorded', () => {
  const camera = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 90 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.array(camera, { minLength: 1, maxLength: 4 }), (cameras) => {
      const {
        stretches,
        duration,
        cameras: placed,
      } = scheduleOf(cameras.map((times) => clips(...times.toSorted((a, b) => a[0] - b[0]))));
      let at = 0;
      for (const { camera, clip, from, to } of stretches) {
        expect(from).toBeCloseTo(at, 5);
        expect(to).toBeGreaterThan(from);
        expect(placed[camera]![clip]!.start).toBeLessThanOrEqual(from + 1e-5);
        expect(placed[camera]![clip]!.end).toBeGreaterThanOrEqual(to - 1e-5);
        at = to;
      }
      expect(duration).toBeCloseTo(Math.max(...placed.flat().map(({ end }) => end)), 5);
    }),
  );
});

describe('places', () => {
  test('two stand side by side, equally high', () => {
    expect(
      gridOf([
        { width: 320, height: 180 },
        { width: 160, height: 90 },
      ]),
    ).toMatchObject({
      width: 640,
      height: 180,
    });
  });

  test('six in rows of three, four in rows of two, in the first one’s size', () => {
    const size = { width: 320, height: 240 };
    expect(gridOf(new Array(6).fill(size))).toMatchObject({ width: 960, height: 480, spare: [] });
    expect(gridOf(new Array(4).fill(size))).toMatchObject({ width: 640, height: 480, spare: [] });
    expect(gridOf(new Array(3).fill(size)).spare).toEqual([{ x: 320, y: 240, ...size }]);
  });

  test('pictures, bars and spare cells cover the whole, once', () => {
    const size = fc.record({
      width: fc.integer({ min: 8, max: 400 }),
      height: fc.integer({ min: 8, max: 400 }),
    });
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 2, maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        (sizes, missing) => {
          const grid = gridOf(sizes);
          const shown = grid.places.filter((_, n) => !missing[n]);
          const areas = [...shown, ...blanksOf(grid, missing)].map(({ width, height }) => width * height);
          expect(areas.reduce((a, b) => a + b, 0)).toBe(grid.width * grid.height);
        },
      ),
    );
  });
});

describe('where a camera has something to show', () => {
  const none = () => 0;

  test('a lost minute is left out, a moment between two files is not', () => {
    const schedule = scheduleOf([clips([0, 59.5], [60, 59.5], [120, 59.5]), clips([0, 59.5], [120, 59.5])]);
    expect(shownIn(schedule, 0, none)).toEqual([{ from: 0, to: schedule.duration }]);
    const [first, second, ...more] = shownIn(schedule, 1, none);
    expect(more).toEqual([]);
    expect(first).toEqual({ from: 0, to: 59.5 });
    expect(second).toEqual({ from: schedule.cameras[0]![2]!.start, to: schedule.duration });
  });

  test('is what its reader finds, at any moment and whatever the others are ahead', () => {
    const clipTimes = fc.array(
      fc.record({ clock: fc.integer({ min: 0, max: 200 }), duration: fc.integer({ min: 1, max: 40 }) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(clipTimes, clipTimes, fc.integer({ min: -5, max: 5 }), (one, other, offset) => {
        const rigClips = [one, other].map((each) => {
          // Files of a camera do not overlap.
          let end = 0;
          return each
            .toSorted((a, b) => a.clock - b.clock)
            .map(({ clock, duration }) => {
              const begins = Math.max(clock, end);
              end = begins + duration;
              return { clock: begins, duration };
            });
        });
        const schedule = scheduleOf(rigClips);
        const offsetOf = (camera: number) => (camera > 0 ? offset : 0);
        for (const camera of [0, 1]) {
          const shows = shownIn(schedule, camera, offsetOf);
          for (const stretch of schedule.stretches)
            for (let at = stretch.from + 0.25; at < stretch.to; at += 0.5) {
              const own = at - offsetOf(stretch.camera) + offsetOf(camera);
              const found = own >= 0 && shownAt(schedule.cameras[camera]!, schedule.duration, own) >= 0;
              const said = shows.some(({ from, to }) => at >= from && at < to);
              expect(said).toBe(stretch.camera === camera || found);
            }
        }
      }),
      { numRuns: 60 },
    );
  });
});
