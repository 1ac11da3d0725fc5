/** What a page sees, judged by the rules of its room. */
import { expect, test } from 'vitest';
import { AlarmJudge } from '../../../src/live/alarm-judge';
import type { AlarmRule } from '../../../src/live/alarms';

const RULES: AlarmRule[] = [
  { kind: 'free', level: 'alarm', bound: 8, after: 2, holdOff: 60 },
  { kind: 'late', level: 'notice', bound: 500, after: 0, holdOff: 60 },
  { kind: 'path', level: 'warning', bound: 1, after: 0, holdOff: 60 },
];

const NOTHING = { drivable: null, path: null, free: null, frozen: null, late: null };

test('is told once when it has been so for long enough, and again after it was not', () => {
  const judge = new AlarmJudge(RULES);
  const free = (metres: number | null, now: number) => judge.judge('v', { ...NOTHING, free: metres }, now);
  expect(free(5, 0)).toEqual([]);
  expect(free(5, 1900)).toEqual([]);
  expect(free(4, 2000)).toEqual([{ kind: 'free', value: 4 }]);
  expect(free(3, 9000)).toEqual([]);
  // What is not known for a moment changes nothing; what is not so any more does.
  expect(free(null, 9500)).toEqual([]);
  expect(free(3, 9600)).toEqual([]);
  expect(free(8, 10_000)).toEqual([]);
  expect(free(7, 11_000)).toEqual([]);
  expect(free(7, 13_000)).toEqual([{ kind: 'free', value: 7 }]);
});

test('lies above a bound or below it, by its kind, for each vehicle by itself', () => {
  const judge = new AlarmJudge(RULES);
  expect(judge.judge('v', { ...NOTHING, late: 500, path: 1 }, 0)).toEqual([
    { kind: 'late', value: 500 },
    { kind: 'path', value: 1 },
  ]);
  expect(judge.judge('w', { ...NOTHING, late: 499, path: 0 }, 0)).toEqual([]);
  expect(judge.judge('w', { ...NOTHING, late: 900 }, 1)).toEqual([{ kind: 'late', value: 900 }]);
  expect(judge.judge('v', { ...NOTHING, late: 900 }, 1)).toEqual([]);
  judge.forget('v');
  expect(judge.judge('v', { ...NOTHING, late: 900 }, 2)).toEqual([{ kind: 'late', value: 900 }]);
});

test('without a rule for it, nothing is told', () => {
  expect(new AlarmJudge([]).judge('v', { ...NOTHING, free: 0, frozen: 1 }, 0)).toEqual([]);
});
