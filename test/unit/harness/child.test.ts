import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runChild } from '../../harness/child';

const node = (script: string, limitMs: number, env: NodeJS.ProcessEnv = {}) =>
  runChild(process.execPath, ['-e', script], { cwd: tmpdir(), limitMs, env });

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie answers signals until its parent looks at it; it runs no more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('the exit code is handed on', async () => {
  expect(await node('process.exit(7)', 60_000)).toEqual({ code: 7, timedOut: false });
});

test('a program that hangs is ended', async () => {
  const ending = await node('setInterval(() => {}, 1000)', 300);
  expect(ending.timedOut).toBe(true);
  expect(ending.code).not.toBe(0);
});

test.runIf(process.platform === 'linux')('what a program started and left behind is ended too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-child-'));
  try {
    const file = join(folder, 'pid');
    const stray = 'setInterval(() => {}, 1000)';
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stray)}], { detached: true, stdio: 'ignore' });
      require('node:fs').writeFileSync(process.env.PID_FILE, String(child.pid));
      child.unref();`;
    expect(await node(script, 60_000, { PID_FILE: file })).toEqual({ code: 0, timedOut: false });
    const pid = Number(readFileSync(file, 'utf8'));
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => alive(pid)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
