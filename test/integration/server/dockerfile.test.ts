/**
 * The steps of the Dockerfile on this machine: what needs root, or would change it, is simulated; the rest is run. The
 * image itself is built by nobody here.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/server/config';
import { ROOT } from '../../../src/server/prepare.mjs';
import { BUILD_PACKAGES } from '../../../src/server/sfu/worker-binary.mjs';
import { NO_WORKER, WORKER } from '../../harness/live';

interface Step {
  /** Number of its stage, from 0. */
  readonly stage: number;
  readonly instruction: string;
  readonly rest: string;
}

/** Instructions in their order; lines that go on are joined. */
function stepsOf(text: string): readonly Step[] {
  let stage = -1;
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, instruction = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      if (instruction === 'FROM') stage++;
      return { stage, instruction, rest };
    });
}

const STEPS = stepsOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
const of = (instruction: string) => STEPS.filter((step) => step.instruction === instruction);

/** What a stage installs of Debian. */
function packagesOf(stage: number): readonly string[] {
  const lines = of('RUN').filter((step) => step.stage === stage && step.rest.includes('apt-get install'));
  return lines.flatMap(({ rest }) =>
    rest
      .slice(rest.indexOf('apt-get install') + 'apt-get install'.length)
      .split('&&')[0]!
      .split(' ')
      .filter((word) => word !== '' && !word.startsWith('-')),
  );
}

/** Programs that a step runs, one behind the other. */
const commandsOf = ({ rest }: Step) => rest.split('&&').map((command) => command.trim());

const DEBIAN = existsSync('/etc/debian_version');
/** Lists of packages may be missing: whoever prepares a machine deletes them often. */
const LISTED = DEBIAN && spawnSync('apt-cache', ['show', 'libsrtp2-dev']).status === 0;
if (!LISTED) console.warn('The packages of the Dockerfile are not looked up: no lists of Debian’s here');
if (!WORKER) console.warn(`The worker of the Dockerfile is not looked at: ${NO_WORKER}`);

test('has only steps that are known here', () => {
  expect(new Set(STEPS.map(({ instruction }) => instruction))).toEqual(
    new Set(['FROM', 'RUN', 'ENV', 'WORKDIR', 'COPY', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'CMD']),
  );
  const programs = of('RUN')
    .flatMap(commandsOf)
    .map((command) => command.split(' ').slice(0, 2).join(' '));
  expect(new Set(programs)).toEqual(
    new Set([
      'apt-get update',
      'apt-get install',
      'rm -rf',
      'npm install',
      'npm run',
      'node --input-type=module',
      'mkdir /recordings',
      'chown node:node',
    ]),
  );
});

test('its Node is one that the house takes', () => {
  for (const { rest } of of('FROM'))
    expect(Number(/^node:(\d+)-bookworm-slim/.exec(rest)?.[1])).toBeGreaterThanOrEqual(20);
});

test('builds the worker with the packages that the recipe names', () => {
  expect(packagesOf(0)).toEqual([...BUILD_PACKAGES]);
});

test.skipIf(!LISTED).each([0, 1])('Debian has the packages of stage %i, and they fit together', (stage) => {
  const packages = packagesOf(stage);
  expect(packages.length).toBeGreaterThan(4);
  // As if: nothing is installed.
  const tried = spawnSync('apt-get', ['install', '--simulate', '--no-install-recommends', ...packages], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  expect(tried.stderr).not.toContain('Unable to locate');
  expect(tried.status).toBe(0);
});

test.skipIf(!DEBIAN || !WORKER)('what the worker is linked with is in its image', () => {
  const linked = spawnSync('ldd', [WORKER!], { encoding: 'utf8' }).stdout.matchAll(/=> (\/\S+)/g);
  const owners = [...linked].map(([, path]) => {
    const owner = [path!, realpathSync(path!)]
      .map((each) => spawnSync('dpkg', ['-S', each], { encoding: 'utf8' }).stdout.split(':')[0])
      .find((name) => name !== '');
    return owner ?? path!;
  });
  // Those are in every image with a Node.
  const there = new Set([...packagesOf(1), 'libc6', 'libgcc-s1', 'libstdc++6']);
  expect([...new Set(owners)].filter((owner) => !there.has(owner))).toEqual([]);
});

describe('what is copied', () => {
  const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').trim().split('\n');
  const paths = of('COPY')
    .filter(({ rest }) => !rest.startsWith('--from'))
    .flatMap(({ rest }) => rest.split(' ').slice(0, -1));

  test.each(paths)('%s is there', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
    expect(ignored.some((each) => path === each || path.startsWith(`${each}/`))).toBe(false);
  });

  test('are all inputs of the page, and nothing that was built here', () => {
    for (const path of [
      'index.html',
      'src',
      'workers',
      'public',
      'models',
      'vite.config.ts',
      'tsconfig.json',
    ])
      expect(ignored).not.toContain(path);
    for (const path of ['dist', '**/node_modules', '.git']) expect(ignored).toContain(path);
  });
});

describe('what is run', () => {
  const run = (command: string) =>
    spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8', timeout: 300_000 });

  test('the packages of the lock can be installed so', () => {
    const [install] = of('RUN')
      .flatMap(commandsOf)
      .filter((command) => command.startsWith('npm install'));
    const tried = run(`${install} --dry-run`);
    expect(tried.stderr).not.toMatch(/npm error/);
    expect(tried.status).toBe(0);
  });

  test.skipIf(!WORKER)('the worker is had by its command', () => {
    const tried = run('npm run --silent worker');
    expect([tried.status, tried.stdout.trim().split('\n').at(-1)]).toEqual([0, WORKER]);
  });

  test('the page is built by its command, once', () => {
    const [build] = of('RUN')
      .flatMap(commandsOf)
      .filter((command) => command.startsWith('node '));
    expect(run(build!).status).toBe(0);
    expect(existsSync(join(ROOT, 'dist', 'index.html'))).toBe(true);
    // What the container starts finds it done.
    const again = run(build!);
    expect([again.status, again.stdout]).toEqual([0, '']);
  }, 320_000);

  test('the container starts a server with settings that are taken', () => {
    const [node, script, ...flags] = JSON.parse(of('CMD')[0]!.rest) as string[];
    expect([node, existsSync(join(ROOT, script!))]).toEqual(['node', true]);
    const env = { ANNOUNCE: '203.0.113.7', LIVE_SECRET: 'a7c1e5f09b3d2846a7c1e5f09b3d2846' };
    const config = readConfig(flags, env);
    if (config === 'help') throw new Error('It only asks for help.');
    expect(config).toMatchObject({ host: '0.0.0.0', port: 8080, live: { mediaPort: 44_400, workers: 4 } });
    const [ports] = of('EXPOSE');
    expect(ports!.rest).toBe('8080/tcp 44400-44403/tcp 44400-44403/udp');
    // Without an address to tell, it says so and ends.
    expect(() => readConfig(flags, { LIVE_SECRET: env.LIVE_SECRET })).toThrow(/--announce/);
  });

  test('its health is asked where it listens', () => {
    const [, script = ''] = /-e", "(.*)"\]$/.exec(of('HEALTHCHECK')[0]!.rest) ?? [];
    expect(script).toContain('http://127.0.0.1:8080/live/health');
    // Nobody listens at this port: it says no.
    const tried = spawnSync(process.execPath, ['-e', script.replace('8080', '9')], { timeout: 20_000 });
    expect(tried.status).toBe(1);
  });
});
