import { describe, expect, test } from 'vitest';
import { litertBuild } from '../../../src/perception/litert-build';
import { findThreads } from '../../../src/perception/thread-search';

/** A machine on which a run takes `times[threads]` milliseconds; notes what was tried. */
function machine(times: Readonly<Record<number, number>>) {
  const tried: number[] = [];
  const time = async (threads: number) => {
    tried.push(threads);
    const known = times[threads];
    if (known === undefined) throw new Error(`${threads} threads were not to be tried`);
    return known;
  };
  return { tried, time };
}

describe('findThreads', () => {
  test.each<[string, number, Record<number, number>, number]>([
    ['one core: nothing to measure', 1, {}, 1],
    ['two threads that pay', 2, { 2: 50, 1: 87 }, 2],
    ['a second core that others use', 2, { 2: 120, 1: 87 }, 1],
    ['hardly faster with two: one is left to others', 2, { 2: 86, 1: 87 }, 1],
    ['four of eight are enough', 8, { 4: 30, 2: 45, 8: 31 }, 4],
    ['eight pay', 8, { 4: 40, 2: 60, 8: 25 }, 8],
    ['six cores: what there is', 6, { 4: 40, 2: 60, 6: 30 }, 6],
    ['down to one', 8, { 4: 100, 2: 60, 1: 40 }, 1],
  ])('%s', async (_name, most, times, expected) => {
    expect(await findThreads(most, machine(times).time)).toBe(expected);
  });

  test('what is slower already is not looked behind', async () => {
    const { tried, time } = machine({ 4: 30, 2: 60, 8: 40 });
    await findThreads(8, time);
    expect(tried).toEqual([4, 2, 8]);
  });
});

test.each([
  [true, true, 2, 'threaded'],
  [true, true, 1, 'relaxed'],
  [false, true, 4, 'relaxed'],
  [true, false, 4, 'compat'],
  [false, false, 1, 'compat'],
] as const)(
  'isolated %s, relaxed SIMD %s, threads %i: the %s build of LiteRT',
  (isolated, relaxed, threads, build) => {
    expect(litertBuild(isolated, relaxed, threads)).toBe(build);
  },
);
