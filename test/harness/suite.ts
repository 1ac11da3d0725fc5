/**
 * Runs the test projects one after the other and adds up what happened.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../src/server/prepare.mjs';
import { ensureWorker } from '../../src/server/sfu/worker-binary.mjs';
import { runChild } from './child.ts';
import { ensureChromium, ensureFfmpeg } from './install.ts';
import { add, failuresOf, lineOf, NOTHING, type Tally, tallyOf } from './tally.ts';

/**
 * The projects of `vitest.config.ts` and how long each may take: several times what they need on two busy cores, and
 * together less than the 90 minutes a CI run has.
 */
const PROJECTS = [
  { name: 'unit', limitMinutes: 6, needsBrowser: false, needsWorker: false, coverable: true },
  { name: 'integration', limitMinutes: 8, needsBrowser: false, needsWorker: true, coverable: true },
  { name: 'browser', limitMinutes: 32, needsBrowser: true, needsWorker: false, coverable: true },
  // What runs there is the built page and the started program, not the sources.
  { name: 'e2e', limitMinutes: 32, needsBrowser: true, needsWorker: true, coverable: false },
  { name: 'firefox', limitMinutes: 10, needsBrowser: false, needsWorker: false, coverable: false },
] as const;

type Project = (typeof PROJECTS)[number];

/** Types, lint and dead code take a minute or two; this is for a machine that hangs. */
const CHECK_LIMIT_MINUTES = 10;

/**
 * Runs the tests and prints the tally as the last line.
 * @param argv `--check` (run `npm run check` first and count it as one test), `--project NAME` (repeatable), `--coverage`
 *   (what of the sources a project's tests ran, into `test/output/coverage-PROJECT`), path filters
 * @returns exit code: 0 only when something ran and nothing failed
 * @throws PrepareError when a browser is needed and cannot be had
 */
export async function runSuite(argv: readonly string[]): Promise<number> {
  const request = readRequest(argv);
  if (typeof request === 'string') {
    console.error(request);
    return 1;
  }
  if (request.projects.some((project) => project.needsBrowser)) {
    console.log(`Browser: ${ensureChromium()}`);
    if (!ensureFfmpeg()) console.log('ffmpeg: not found; the tests that need it are skipped.');
  }
  // Built where it cannot be downloaded, which takes minutes the first time; one for all projects.
  if (request.projects.some((project) => project.needsWorker && touchesLive(request.filters))) {
    // Packages of the system are installed on machines that are there for tests alone.
    const worker = ensureWorker({ build: true, install: Boolean(process.env.CI) });
    console.log(
      worker ? `Media worker: ${worker}` : 'Media worker: none; the tests that need it are skipped.',
    );
  }
  const failures: string[] = [];
  let tally = request.check ? await runCheck(failures) : NOTHING;
  for (const project of request.projects) {
    tally = add(tally, await runProject(project, request, failures));
    // Interrupted by the person at the terminal: what follows is not wanted either.
    if (process.exitCode === 130) return 130;
  }
  if (tally.passed + tally.failed === 0) console.error('No test ran.');
  // Said again at the end: what failed first is thousands of lines further up.
  for (const failure of failures) console.error(`Failed: ${failure}`);
  console.log(lineOf(tally));
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

/** Whether path filters, if there are any, leave tests of live rooms in. */
function touchesLive(filters: readonly string[]): boolean {
  return filters.length === 0 || filters.some((filter) => /live|e2e/.test(filter));
}

interface Request {
  readonly check: boolean;
  readonly coverage: boolean;
  readonly projects: readonly Project[];
  readonly filters: readonly string[];
}

function readRequest(argv: readonly string[]): Request | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: {
        check: { type: 'boolean' },
        coverage: { type: 'boolean' },
        project: { type: 'string', multiple: true },
      },
      allowPositionals: true,
    });
    const unknown = values.project?.find((name) => !PROJECTS.some((project) => project.name === name));
    if (unknown !== undefined)
      return `There is no test project "${unknown}"; there are ${PROJECTS.map((p) => p.name).join(', ')}.`;
    return {
      check: values.check ?? false,
      coverage: values.coverage ?? false,
      projects: PROJECTS.filter((project) => values.project?.includes(project.name) ?? true),
      filters: positionals,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** `npm run check`, counted as one test. */
async function runCheck(failures: string[]): Promise<Tally> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const ending = await runChild(npm, ['run', '--silent', 'check'], {
    cwd: ROOT,
    limitMs: CHECK_LIMIT_MINUTES * 60_000,
  });
  if (ending.timedOut) failures.push(`npm run check, which took longer than ${CHECK_LIMIT_MINUTES} minutes`);
  else if (ending.code !== 0) failures.push(`npm run check (code ${ending.code})`);
  return ending.code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

async function runProject(
  project: Project,
  { filters, coverage }: Request,
  failures: string[],
): Promise<Tally> {
  const output = join(ROOT, 'test', 'output');
  const report = join(output, `vitest-${project.name}.json`);
  mkdirSync(output, { recursive: true });
  rmSync(report, { force: true });
  const ending = await runChild(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      ...['--project', project.name, '--reporter=default', '--reporter=json'],
      ...[`--outputFile.json=${report}`, '--passWithNoTests'],
      ...(coverage && project.coverable ? coverageTo(join(output, `coverage-${project.name}`)) : []),
      ...filters,
    ],
    { cwd: ROOT, limitMs: project.limitMinutes * 60_000 },
  );
  if (ending.timedOut)
    failures.push(`the ${project.name} tests, ended after ${project.limitMinutes} minutes`);
  // Nothing in this project fits the filters: Vitest says so and writes no report.
  if (ending.code === 0 && !existsSync(report)) return NOTHING;
  try {
    const told: unknown = JSON.parse(readFileSync(report, 'utf8'));
    const tally = tallyOf(told, ending.timedOut ? 1 : ending.code);
    const named = failuresOf(told);
    failures.push(...named);
    if (named.length === 0 && ending.code !== 0)
      failures.push(`the ${project.name} tests ended with code ${ending.code} and no failed test`);
    return tally;
  } catch {
    if (!ending.timedOut)
      failures.push(`the ${project.name} tests, which ended (code ${ending.code}) without a report`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Measures what the tests ran of all that ships: a table at the end, and pages to look at in `folder`. */
function coverageTo(folder: string): string[] {
  const reporters = ['text-summary', 'html', 'json-summary'].map((name) => `--coverage.reporter=${name}`);
  return [
    ...['--coverage.enabled', '--coverage.provider=v8', `--coverage.reportsDirectory=${folder}`],
    ...['--coverage.include=src/**/*.ts', '--coverage.include=workers/**/*.ts', ...reporters],
  ];
}
