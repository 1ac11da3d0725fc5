/**
 * Counts what a run of Vitest did, from its JSON report.
 */
import { z } from 'zod';

/** How many tests ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const reportSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** No test at all. */
export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** The sum of two tallies. */
export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/**
 * Counts a report. A file that failed without a failed test (it could not be loaded, a hook threw) counts as one
 * failure, and so does a run that failed for a reason no file shows (an error nobody caught).
 * @param report parsed JSON of Vitest's `json` reporter
 * @param exitCode how Vitest ended
 * @throws z.ZodError when it is not such a report
 */
export function tallyOf(report: unknown, exitCode: number): Tally {
  const { success, testResults } = reportSchema.parse(report);
  let tally = NOTHING;
  for (const file of testResults) {
    const count = (status: string) => file.assertionResults.filter((test) => test.status === status).length;
    const failed = count('failed');
    const passed = count('passed');
    tally = add(tally, {
      passed,
      failed: failed === 0 && file.status === 'failed' ? 1 : failed,
      skipped: file.assertionResults.length - failed - passed,
    });
  }
  const silent = tally.failed === 0 && (!success || exitCode !== 0);
  return silent ? add(tally, { passed: 0, failed: 1, skipped: 0 }) : tally;
}

/**
 * Names of what failed, for the end of a long output.
 * @param report parsed JSON of Vitest's `json` reporter
 * @returns a line for each failed test, and for each file that failed without one
 * @throws z.ZodError when it is not such a report
 */
export function failuresOf(report: unknown): string[] {
  return reportSchema.parse(report).testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [name] : [];
    return failed.map((test) => `${name}: ${test.fullName}`);
  });
}

/** The last line of a run. */
export function lineOf({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
