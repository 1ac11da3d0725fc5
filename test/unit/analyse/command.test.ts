import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchFile } from '../../../src/server/analyse/fetch-file';
import { findFiles } from '../../../src/server/analyse/find-files';
import { readAnalyseOptions } from '../../../src/server/analyse/options';
import { Report } from '../../../src/server/analyse/report';
import { isDone, Unfinished } from '../../../src/server/analyse/results';
import { type Task, taskOf, taskSchema } from '../../../src/server/analyse/task';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carriageway-analyse-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('arguments', () => {
  test('are read', () => {
    const options = readAnalyseOptions(
      '--out /tmp/x --csv --masks coco --video --jobs 3 --engine wasm --model own.onnx a.mp4 b'.split(' '),
    );
    expect(options).toMatchObject({
      kind: 'run',
      inputs: ['a.mp4', 'b'],
      out: '/tmp/x',
      jobs: 3,
      products: ['figures.json', 'figures.csv', 'coco.json', 'video.mp4'],
      queue: null,
    });
    expect(options.kind === 'run' && options.settings).toEqual({
      model: null,
      modelFiles: [join(process.cwd(), 'own.onnx'), join(process.cwd(), 'own.json')],
      engine: 'wasm',
    });
  });

  test.each([
    [[], /at least one recording/],
    [['--jobs', '0', 'a.mp4'], /--jobs must be a whole number from 1 to 8/],
    [['--jobs', 'many', 'a.mp4'], /--jobs/],
    [['--engine', 'quantum', 'a.mp4'], /--engine must be one of auto, webgpu/],
    [['--masks', 'gif', 'a.mp4'], /--masks must be png or coco/],
    [['--model', '../x', 'a.mp4'], /--model must be the name/],
    [['--queue', 'http://a', 'a.mp4'], /--queue must be an address such as redis/],
    [['--worker', 'redis://a', 'a.mp4'], /leave the recordings out/],
    [['--worker', 'redis://a', '--csv'], /leave --csv out/],
    [['--lease', '3', 'a.mp4'], /--lease goes with --worker/],
    [['--wrong', 'a.mp4'], /--wrong/],
  ])('%j are refused in one sentence', (argv, sentence) => {
    expect(() => readAnalyseOptions(argv)).toThrow(sentence);
  });

  test('of a worker', () => {
    expect(readAnalyseOptions(['--worker', 'redis://127.0.0.1:1', '--lease', '5'])).toEqual({
      kind: 'worker',
      queue: 'redis://127.0.0.1:1',
      jobs: 1,
      lease: 5,
    });
  });
});

describe('files', () => {
  test('a folder with all that lies in it, without hidden ones and links; single files together; each address by itself', () => {
    mkdirSync(join(folder, 'card', 'deep'), { recursive: true });
    mkdirSync(join(folder, 'card', '.trash'));
    for (const name of ['card/a.mp4', 'card/deep/b.mp4', 'card/.trash/c.mp4', 'one.mp4', 'two.mp4'])
      writeFileSync(join(folder, name), name);
    symlinkSync(join(folder, 'card'), join(folder, 'card', 'round'));
    const heaps = findFiles([
      join(folder, 'card'),
      join(folder, 'one.mp4'),
      'https://host.test/d/x%20y.mp4?k=1',
      join(folder, 'two.mp4'),
    ]);
    expect(heaps.map((heap) => heap.map(({ path }) => path).toSorted())).toEqual([
      ['card/a.mp4', 'card/deep/b.mp4'],
      ['x y.mp4'],
      ['one.mp4', 'two.mp4'],
    ]);
  });

  test('what is not there is said', () => {
    expect(() => findFiles([join(folder, 'nowhere')])).toThrow(/There is no file or folder/);
  });
});

const wish = (out: string) => ({
  out,
  products: ['figures.json'] as const,
  settings: { model: null, modelFiles: [], engine: 'wasm' as const },
});
const file = (stamp = '1-1') => [{ path: 'Drive 1/ä.mp4', at: '/drives/ä.mp4', stamp }];

describe('results', () => {
  test('the same file and wish have the same place; another content or wish has another', () => {
    const task = taskOf('Drive 1/ä.mp4', file(), wish(folder));
    expect(task.id).toMatch(/^Drive-1-a-[0-9a-f]{8}$/);
    expect(taskSchema.parse(JSON.parse(JSON.stringify(task)))).toEqual(task);
    expect(taskOf('Drive 1/ä.mp4', file(), wish('/elsewhere')).id).toBe(task.id);
    expect(taskOf('Drive 1/ä.mp4', file('2-1'), wish(folder)).id).not.toBe(task.id);
    expect(taskOf('Drive 1/ä.mp4', file(), { ...wish(folder), products: ['video.mp4'] }).id).not.toBe(
      task.id,
    );
    expect(taskOf('…', file(), wish(folder)).id).toMatch(/^recording-/);
  });

  const note = { model: 'm', engine: 'wasm', frames: 3, note: '' };
  const begun = (task: Task, text: string) => {
    const unfinished = new Unfinished(task);
    writeFileSync(join(unfinished.folder, 'figures.json'), text);
    return unfinished;
  };

  test('are there whole or not at all, and once', () => {
    const task = taskOf('a', file(), wish(folder));
    begun(task, 'left by a worker that died');
    using first = begun(task, 'first');
    expect(isDone(task)).toBe(false);
    expect(first.finish(note)).toBe(true);
    expect(isDone(task)).toBe(true);
    using second = begun(task, 'second');
    expect(second.finish(note)).toBe(false);
    second[Symbol.dispose]();
    expect(readFileSync(join(folder, task.id, 'figures.json'), 'utf8')).toBe('first');
    expect(JSON.parse(readFileSync(join(folder, task.id, 'result.json'), 'utf8'))).toMatchObject({
      format: 'carriageway-result',
      frames: 3,
      files: [{ at: '/drives/ä.mp4' }],
    });
    // Nothing half written stays, the dead worker's included.
    expect(readdirSync(join(folder, '.unfinished'))).toEqual([]);
  });

  test('what failed leaves nothing', () => {
    const task = taskOf('a', file(), wish(folder));
    {
      using _left = begun(task, 'half');
    }
    expect(existsSync(join(folder, task.id))).toBe(false);
    expect(readdirSync(join(folder, '.unfinished'))).toEqual([]);
  });
});

test('a report counts, and says at the end what is left', () => {
  const said: string[] = [];
  const report = new Report(4, { live: false, write: (text) => void said.push(text) }, () => 0);
  report.over('a.mp4', { kind: 'done', frames: 45, note: 'The sound was left out.' });
  report.over('b.mp4', { kind: 'failed', why: 'This file is empty.' });
  report.over('c.mp4', { kind: 'there' });
  report.summary('/out', true);
  expect(said.join('')).toBe(
    [
      '[1/4] a.mp4: 45 frames. The sound was left out.',
      '[2/4] b.mp4: failed. This file is empty.',
      '[3/4] c.mp4: there already',
      '1 done, 1 there already, 1 failed, 1 not begun or unfinished. Results: /out',
      'Interrupted; the same command goes on from here.\n',
    ].join('\n'),
  );
});

describe('an address', () => {
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));
  const asked: (string | undefined)[] = [];

  async function served(ranges: boolean) {
    asked.length = 0;
    const server = createServer((request, response) => {
      asked.push(request.headers.range);
      if (request.url !== '/film.mp4') {
        response.writeHead(404).end();
        return;
      }
      const from = ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from });
      // The first connection breaks in the middle, once that much has been written.
      if (asked.length === 1) {
        const half = join(folder, '0', 'film.mp4');
        response.write(bytes.subarray(0, 2000));
        void vi
          .waitFor(() => expect(statSync(half).size).toBe(2000), { timeout: 20_000, interval: 10 })
          .finally(() => response.destroy());
      } else response.end(bytes.subarray(from));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
  }

  test.each([true, false])('that breaks is gone on with (ranges: %s)', async (ranges) => {
    using server = await served(ranges);
    const path = await fetchFile(`${server.url}/film.mp4`, join(folder, '0'), AbortSignal.timeout(30_000));
    expect(path.endsWith('film.mp4')).toBe(true);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(asked).toEqual([undefined, 'bytes=2000-']);
  });

  test('that knows nothing is refused at once', async () => {
    using server = await served(true);
    const asking = fetchFile(`${server.url}/none`, join(folder, '0'), AbortSignal.timeout(30_000));
    await expect(asking).rejects.toThrow(/HTTP 404/);
    expect(asked).toHaveLength(1);
  });
});
