import { expect, test } from 'vitest';
import { longTasksAfter } from '../../bench/page/long-tasks';

const MAIN = { pid: 7, tid: 1, cat: 'toplevel', ph: 'X' };

function traceOf(...events: readonly object[]): string {
  return JSON.stringify({ traceEvents: [{ ...MAIN, name: 'usable', ts: 1000, ph: 'R' }, ...events] });
}

test('a task counts by the time that its thread worked, with what ran in it', () => {
  const task = { ...MAIN, name: 'ThreadControllerImpl::RunTask', ts: 31_000, dur: 90_000, tdur: 60_000 };
  const call = { ...MAIN, name: 'FunctionCall', ts: 32_000, dur: 80_000, tdur: 55_000 };
  const args = { data: { url: 'http://host/assets/main-a1.js?b' } };
  expect(longTasksAfter(traceOf(task, { ...call, args }), 'usable')).toEqual([
    { after: 30, worked: 60, what: 'FunctionCall (main-a1.js) 55 ms' },
  ]);
});

test('others that kept the thread from working, other threads and what was before do not count', () => {
  const task = { ...MAIN, name: 'RunTask', ts: 31_000, dur: 900_000, tdur: 49_000 };
  const before = { ...MAIN, name: 'RunTask', ts: 10, dur: 90_000, tdur: 90_000 };
  const elsewhere = { ...MAIN, tid: 2, name: 'RunTask', ts: 31_000, dur: 90_000, tdur: 90_000 };
  expect(longTasksAfter(traceOf(task, before, elsewhere, { ph: 'M', name: 'odd' }), 'usable')).toEqual([]);
});

test('a trace without the mark says nothing', () => {
  expect(() => longTasksAfter('{"traceEvents":[]}', 'usable')).toThrow(RangeError);
});
