/** `npm run analyse`: many recordings in one command, and on several machines. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { analyse } from '../../src/server/analyse/analyse';
import { ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { ensureFfmpeg } from '../harness/install';
import { REDIS, TestRedis } from '../harness/redis';

const FFMPEG = ensureFfmpeg();
if (!FFMPEG) console.warn('Skipped: there is no ffmpeg to make recordings with.');
if (!REDIS) console.warn('Skipped where a queue is needed: there is no redis-server.');

/** Recordings in the folder, by the names of their files. */
const CLIPS = ['bridge', 'field', 'harbour', 'hill', 'street', 'tunnel'];

/** Frames of each. */
const FRAMES = 20;

/** Waits as long as any step may take, in milliseconds. A limit, never a measurement. */
const WAIT = 200_000;

let root: string;
let model: string;

function clip(path: string): void {
  const source = `testsrc2=size=160x96:rate=10:duration=${FRAMES / 10}`;
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10'];
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', source, ...codec, path]);
}

beforeAll(() => {
  if (!FFMPEG) return;
  ensurePageBuilt();
  root = mkdtempSync(join(tmpdir(), 'carriageway-analyse-'));
  mkdirSync(join(root, 'drives'));
  for (const name of CLIPS) clip(join(root, 'drives', `${name}.mp4`));
  const { bytes, manifest } = tinyPspnet();
  const sha256 = createHash('sha256').update(Buffer.from(bytes)).digest('hex');
  const files = manifest.files.map((file) => ({
    ...file,
    path: 'tiny.onnx',
    bytes: bytes.byteLength,
    sha256,
  }));
  model = join(root, 'tiny.onnx');
  writeFileSync(model, Buffer.from(bytes));
  writeFileSync(join(root, 'tiny.json'), JSON.stringify({ ...manifest, files }));
});

afterAll(() => {
  if (root) rmSync(root, { recursive: true, force: true });
});

/** Runs the command in this process. */
async function run(argv: readonly string[], stop?: (said: string, abort: () => void) => void) {
  const stopped = new AbortController();
  const said: string[] = [];
  const write = (text: string): void => {
    said.push(text);
    stop?.(text, () => stopped.abort());
  };
  const common = ['--engine', 'wasm', '--model', model];
  const code = await analyse([...common, ...argv], () => {}, stopped.signal, { live: false, write });
  return { code, said: said.join('') };
}

/** The results in a folder: name of the recording, and its files. */
function resultsIn(out: string): Map<string, readonly string[]> {
  const folders = readdirSync(out).filter((name) => !name.startsWith('.'));
  return new Map(
    folders.map((name) => [name.replace(/-[0-9a-f]{8}$/, ''), readdirSync(join(out, name)).toSorted()]),
  );
}

describe.skipIf(!FFMPEG)('one command', () => {
  test('does each recording of a folder; one that is damaged stops no other, and what is there is not done again', async () => {
    const out = join(root, 'out');
    const some = join(root, 'some');
    mkdirSync(some);
    for (const name of ['bridge', 'field']) clip(join(some, `${name}.mp4`));
    writeFileSync(join(some, 'cut.mp4'), readFileSync(join(some, 'field.mp4')).subarray(0, 600));
    const wish = ['--out', out, '--csv', '--masks', 'png', '--video', '--jobs', '2', some];
    const first = await run(wish);
    expect(first.said).toMatch(/cut\.mp4: failed\. figures\.json: This video is cut off/);
    expect(first.said).toMatch(/2 done, 1 failed/);
    expect(first.code).toBe(2);
    const files = ['figures.csv', 'figures.json', 'masks.zip', 'result.json', 'video.mp4'];
    expect(resultsIn(out)).toEqual(
      new Map([
        ['some-bridge', files],
        ['some-field', files],
      ]),
    );
    expect(readdirSync(join(out, '.unfinished'))).toEqual([]);
    const folder = join(out, readdirSync(out).find((name) => name.startsWith('some-bridge'))!);
    expect(readFileSync(join(folder, 'figures.csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(
      1 + FRAMES,
    );
    expect(JSON.parse(readFileSync(join(folder, 'figures.json'), 'utf8')).frames).toHaveLength(FRAMES);
    expect(readFileSync(join(folder, 'masks.zip')).subarray(0, 2).toString()).toBe('PK');
    expect(readFileSync(join(folder, 'video.mp4')).subarray(4, 8).toString()).toBe('ftyp');

    rmSync(join(some, 'cut.mp4'));
    const second = await run(wish);
    expect(second.said).toMatch(/0 done, 2 there already/);
    expect(second.code).toBe(0);
  });

  test('goes on where it was interrupted', async () => {
    const out = join(root, 'interrupted');
    const wish = ['--out', out, join(root, 'drives')];
    const first = await run(wish, (said, abort) => {
      if (said.includes('[2/6]')) abort();
    });
    expect(first.code).toBe(130);
    expect(first.said).toMatch(/Interrupted; the same command goes on from here/);
    const before = resultsIn(out).size;
    expect(before).toBeGreaterThanOrEqual(2);
    expect(before).toBeLessThan(6);
    const second = await run(wish);
    expect(second.code).toBe(0);
    expect(second.said).toMatch(new RegExp(`${6 - before} done, ${before} there already`));
    expect(resultsIn(out).size).toBe(6);
  });

  test('what cannot be done is said in one sentence', async () => {
    expect(await run([join(root, 'nowhere')])).toMatchObject({ code: 1, said: /There is no file or folder/ });
    mkdirSync(join(root, 'empty'));
    const { code, said } = await run(['--out', join(root, 'none'), join(root, 'empty')]);
    expect(code).toBe(1);
    expect(said).toMatch(/There is no recording among these files/);
    const away = await run([
      '--out',
      join(root, 'none'),
      '--queue',
      'redis://127.0.0.1:1',
      join(root, 'drives'),
    ]);
    expect(away.code).toBe(1);
    expect(away.said).toMatch(/The queue at 127\.0\.0\.1:1 cannot be reached/);
  });
});

/** A worker in a process of its own, as on another machine. */
class Machine implements AsyncDisposable {
  said = '';
  readonly #child: ChildProcess;

  constructor(queue: string) {
    const launch = join(ROOT, 'src', 'server', 'analyse', 'launch.mjs');
    this.#child = spawn(process.execPath, [launch, '--worker', queue, '--lease', '5'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.said += text;
      });
  }

  async says(text: RegExp): Promise<void> {
    await vi.waitFor(() => expect(this.said).toMatch(text), { timeout: WAIT, interval: 50 });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end('SIGKILL');
  }
}

describe.skipIf(!FFMPEG || !REDIS)('a queue', () => {
  test('of three workers, one of which is killed over its work: every recording once', async () => {
    await using redis = await TestRedis.place();
    await redis.start();
    const out = join(root, 'queued');
    await using doomed = new Machine(redis.url);
    await doomed.says(/Waiting for recordings/);
    const filing = run(['--out', out, '--queue', redis.url, join(root, 'drives')]);
    // Alone, so that it is this one that has a recording.
    await doomed.says(/begun/);
    await doomed.end('SIGKILL');
    const lost = /(\S+): begun/.exec(doomed.said)![1]!;
    await using second = new Machine(redis.url);
    await using third = new Machine(redis.url);
    const { code, said } = await filing;
    expect(said).toMatch(/6 done\. Results/);
    expect(code).toBe(0);
    expect([...resultsIn(out).keys()].toSorted()).toEqual(CLIPS.map((name) => `drives-${name}`));
    for (const files of resultsIn(out).values()) expect(files).toEqual(['figures.json', 'result.json']);
    // The killed one's recording was taken by another, and none was done twice.
    const done = [...`${doomed.said}${second.said}${third.said}`.matchAll(/^(\S+): \d+ frames$/gm)];
    expect(done.map(([, title]) => title).toSorted()).toEqual(CLIPS.map((name) => `drives/${name}.mp4`));
    expect(`${second.said}${third.said}`).toContain(`${lost}: ${FRAMES} frames`);
    expect(existsSync(join(out, '.unfinished')) ? readdirSync(join(out, '.unfinished')) : []).toEqual([]);
    await second.end('SIGTERM');
  });
});
