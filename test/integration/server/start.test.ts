/** `npm start` as a process: what it says before anything is there, and that it ends. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ROOT } from '../../../src/server/prepare.mjs';
import { isPinned } from '../../../src/server/sfu/worker-binary.mjs';
import { NO_WORKER, WORKER } from '../../harness/live';
import { SOON } from '../../harness/soon';

const folders: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A clone of which nothing is installed: what plain JavaScript there is, and a lock that asks for a package. */
function bareClone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-bare-'));
  folders.push(folder);
  mkdirSync(join(folder, 'src'));
  cpSync(join(ROOT, 'src', 'server'), join(folder, 'src', 'server'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'package-lock.json'),
    '{"lockfileVersion":3,"packages":{"node_modules/none":{"version":"1.0.0"}}}',
  );
  return folder;
}

test.each([
  ['npm start', 'src/server/launch.mjs', [], /^npm start .*--port/s],
  ['npm run dev', 'src/server/launch.mjs', ['--dev'], /^npm run dev .*--port/s],
  ['npm run publish', 'src/server/publish/launch.mjs', [], /^npm run publish .*--room/s],
] as const)('%s -- --help answers before anything is installed', (_, script, flags, text) => {
  const folder = bareClone();
  // A PATH without npm: whoever would install something fails.
  const result = spawnSync(process.execPath, [join(folder, script), ...flags, '--help'], {
    encoding: 'utf8',
    env: { PATH: '/nonexistent' },
  });
  expect(result.stdout).toMatch(text);
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

test('a worker that others built is taken only if it is the one that was named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-pin-'));
  folders.push(folder);
  const path = join(folder, 'mediasoup-worker');
  writeFileSync(path, 'not what was expected');
  const right = createHash('sha256').update('not what was expected').digest('hex');
  expect(isPinned(path, {})).toBe(false);
  expect(
    isPinned(path, { MEDIASOUP_WORKER_SHA256: right.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }),
  ).toBe(false);
  expect(isPinned(path, { MEDIASOUP_WORKER_SHA256: right.toUpperCase() })).toBe(true);
  expect(isPinned(join(folder, 'none'), { MEDIASOUP_WORKER_SHA256: right })).toBe(false);
});

test('only who asks for a worker has packages installed for it', () => {
  // Neither compilers nor a package manager are on this PATH; what would be called leaves a trace.
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-apt-'));
  folders.push(folder);
  for (const name of ['apt-get', 'sudo']) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho called >> ${join(folder, 'called')}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  symlinkSync('/bin/sh', join(folder, 'sh'));
  const prepare = (...flags: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'src/server/sfu/prepare-worker.mjs'), ...flags], {
      encoding: 'utf8',
      env: { PATH: folder, XDG_CACHE_HOME: folder, HOME: folder },
    });
  const result = prepare();
  expect(result.status).toBe(1);
  expect(result.stderr).toContain('`npm run worker` installs them');
  expect(existsSync(join(folder, 'called'))).toBe(false);
  prepare('--install');
  expect(existsSync(join(folder, 'called'))).toBe(process.platform === 'linux');
});

/** Name, state and parent of a process (proc(5)); null when it has gone. */
function processOf(pid: number): { name: string; state: string; parent: number } | null {
  try {
    const [, name = '', state = '', parent] =
      /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, state, parent: Number(parent) };
  } catch {
    return null;
  }
}

/** Media workers that a process began. */
function workersOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => {
      const found = processOf(each);
      return found?.parent === pid && found.name.startsWith('mediasoup');
    });
}

async function serveAsProcess(...flags: string[]) {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(ROOT, 'test/harness/serve-process.ts'),
      '--port',
      '0',
      '--workers',
      '1',
      ...flags,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  children.push(child);
  const said = { out: '', log: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.log += text;
  });
  await vi.waitFor(() => expect(said.out).toMatch(/Live rooms?: /), { timeout: 40_000 });
  return { child, said };
}

describe.skipIf(!WORKER || process.platform !== 'linux')('a server', () => {
  if (!WORKER) console.warn(`Tests of the whole server are skipped: ${NO_WORKER}`);

  test('prints links that open its room, by tokens of this run, and no stranger gets one', async () => {
    const { child, said } = await serveAsProcess();
    const [, page = ''] = /runs at (\S+)/.exec(said.out) ?? [];
    const [, token = ''] = /\?room=demo#token=(\S+)/.exec(said.out) ?? [];
    const ask = (bearer?: string) =>
      fetch(new URL('/live/tokens', page), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        },
        body: '{"room":"demo","role":"publish"}',
      });
    expect((await ask()).status).toBe(401);
    expect((await ask(token)).status).toBe(200);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(said.log).not.toContain(token);
  });

  test('ends at SIGTERM though its media worker hangs', async () => {
    const { child, said } = await serveAsProcess();
    const [, page = ''] = /runs at (\S+)/.exec(said.out) ?? [];
    await vi.waitFor(async () => expect((await fetch(new URL('/live/health', page))).status).toBe(200), {
      timeout: 20_000,
    });
    await vi.waitFor(() => expect(workersOf(child.pid!)).not.toEqual([]), { timeout: 20_000 });
    const workers = workersOf(child.pid!);
    for (const worker of workers) process.kill(worker, 'SIGSTOP');
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    await vi.waitFor(() => {
      // A zombie has ended, whoever should ask after it.
      for (const worker of workers) expect(processOf(worker)?.state ?? 'Z').toBe('Z');
    }, SOON);
  });
});
