/** `npm run analyse` as a program that is timed: by itself, and with workers of a queue. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../../src/server/prepare.mjs';
import { ToolError } from '../tool-error.ts';

const COMMAND = join(ROOT, 'src', 'server', 'analyse', 'launch.mjs');

/** Recordings that workers share. */
const RECORDINGS = 4;

/** A folder for results and recordings; gone when it is disposed of. */
export class Workplace implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'carriageway-bench-'));

  /** A folder with one recording, a clip over and over: start and end weigh the less the longer it is. */
  repeated(clip: string, times: number): string {
    const drive = join(this.folder, 'drive');
    mkdirSync(drive, { recursive: true });
    for (let n = 0; n < times; n++) copyFileSync(clip, join(drive, `part${n}.mp4`));
    return drive;
  }

  /** Recordings of some seconds each, all different: copies of one recording wait for each other. */
  pieces(clip: string, seconds: number): readonly string[] {
    return Array.from({ length: RECORDINGS }, (_, n) => {
      const folder = join(this.folder, `piece${n}`);
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `piece${n}.mp4`);
      // Written anew, so that each begins where it should.
      const codec = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p'];
      const cut = ['-ss', String(n * seconds), '-t', String(seconds), '-i', clip];
      execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...cut, ...codec, path]);
      return path;
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Seconds that the command takes, from its start to its end. @throws ToolError when it fails */
export async function commandSeconds(args: readonly string[]): Promise<number> {
  const began = performance.now();
  await ended(spawn(process.execPath, [COMMAND, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }));
  return (performance.now() - began) / 1000;
}

/**
 * Seconds from the first recording that a worker takes until all are done.
 * @param workers how many, each on a core of its own
 * @param args of the command that files the work
 */
export async function queueSeconds(workers: number, args: readonly string[]): Promise<number> {
  const port = await freePort();
  const redis = spawn('redis-server', ['--port', String(port), '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  const queue = `redis://127.0.0.1:${port}`;
  const running: ChildProcess[] = [redis];
  let began = Number.NaN;
  try {
    await listening(port);
    const ready = Array.from({ length: workers }, (_, core) => {
      const pinned = ['-c', String(core), process.execPath, COMMAND, '--worker', queue];
      const worker = spawn('taskset', pinned, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
      running.push(worker);
      return new Promise<void>((resolve, reject) => {
        worker.once('exit', () => reject(new ToolError('A worker ended by itself.')));
        worker.stderr?.on('data', (said: Buffer) => {
          if (/Waiting for recordings/.test(said.toString())) resolve();
          if (/: begun/.test(said.toString()) && Number.isNaN(began)) began = performance.now();
        });
      });
    });
    await Promise.all(ready);
    await commandSeconds([...args, '--queue', queue]);
    return (performance.now() - began) / 1000;
  } finally {
    for (const child of running.reverse()) {
      child.removeAllListeners('exit');
      child.kill('SIGTERM');
      await Promise.race([once(child, 'exit'), new Promise((resolve) => setTimeout(resolve, 10_000))]);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
  }
}

/** Why a queue cannot be measured here; null when it can. */
export function queueMissing(): string | null {
  const lacks = ['redis-server', 'taskset', 'ffmpeg'].filter(
    (program) => spawnSync(program, [program === 'ffmpeg' ? '-version' : '--version']).error,
  );
  return lacks.length === 0 ? null : `There is no ${lacks.join(' and no ')}.`;
}

async function ended(child: ChildProcess): Promise<void> {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => {
      said = (said + part.toString()).slice(-2000);
    });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new ToolError(`npm run analyse ended with ${code}:\n${said}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const up = spawnSync('redis-cli', ['-p', String(port), 'ping'])
      .stdout?.toString()
      .startsWith('PONG');
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new ToolError('redis-server did not start.');
}
