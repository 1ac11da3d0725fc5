import { expect, test } from 'vitest';
import { add, failuresOf, lineOf, NOTHING, tallyOf } from '../../harness/tally';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((outcome) => ({ status: outcome, fullName: `says ${outcome}` })),
});

test('tests are counted by how they ended', () => {
  const report = {
    success: false,
    testResults: [file('failed', 'passed', 'failed', 'pending'), file('passed', 'passed', 'todo', 'skipped')],
  };
  expect(tallyOf(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 3 });
});

test('a file that could not be loaded is a failure', () => {
  expect(tallyOf({ success: false, testResults: [file('failed')] }, 1)).toEqual({ ...NOTHING, failed: 1 });
});

test('a run that failed for a reason no file shows is a failure', () => {
  const report = { success: true, testResults: [file('passed', 'passed')] };
  expect(tallyOf(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(tallyOf({ ...report, success: false }, 0).failed).toBe(1);
  expect(tallyOf(report, 0).failed).toBe(0);
});

test('what failed is named, a file without tests as well', () => {
  const testResults = [file('failed', 'passed', 'failed'), file('passed', 'passed'), file('failed')];
  expect(failuresOf({ success: false, testResults })).toEqual(['a.test.ts: says failed', 'a.test.ts']);
});

test('what is not a report is refused', () => {
  expect(() => tallyOf({ tests: 3 }, 0)).toThrow();
});

test('the last line names skipped tests only when there are any', () => {
  const some = { passed: 3, failed: 0, skipped: 0 };
  expect(lineOf(some)).toBe('3 passed, 0 failed');
  expect(lineOf(add(some, { passed: 1, failed: 2, skipped: 4 }))).toBe('4 passed, 2 failed, 4 skipped');
});
