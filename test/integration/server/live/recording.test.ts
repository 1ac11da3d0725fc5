/** Recordings on the server: how they lie on the disk, how they are written, and who gets at them. */
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Recorder } from '../../../../src/server/live/recording/recorder';
import { rangeOf } from '../../../../src/server/live/recording/recording-endpoint';
import { RecordingStore } from '../../../../src/server/live/recording/store';
import type { Tap } from '../../../../src/server/live/recording/tap';
import { NO_LOG } from '../../../../src/server/log';
import { readCameraFile } from '../../../../src/sources/recording/drive-files/camera-names';
import { FFMPEG, sendPattern } from '../../../harness/dashcam';
import { type LiveServer, NO_WORKER, SECRET, tokenFor, WORKER } from '../../../harness/live';
import { members } from '../../../harness/live-members';

if (!FFMPEG || !WORKER)
  console.warn(`Tests of recording vehicles are skipped: ${FFMPEG ? NO_WORKER : 'no ffmpeg'}`);

const { keep, serve, enter } = members();
const KEEP = { bytes: 1e9, age: 86_400_000 };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'carriageway-record-'));
  keep({ [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) });
  return path;
}

/** Puts a file there as if it had been recorded. @param end of its last picture, in seconds since 1970 */
function put(where: string, room: string, file: string, end: number, bytes = 2000): void {
  mkdirSync(join(where, room), { recursive: true });
  const path = join(where, room, file);
  writeFileSync(path, Buffer.alloc(bytes));
  utimesSync(path, end, end);
}

describe('recordings on the disk', () => {
  const START = Date.UTC(2026, 2, 1, 10, 15, 0, 123);

  test('say by their names when they begin and who is in them, to the player as well', () => {
    const where = folder();
    const store = new RecordingStore(where, KEEP);
    const pattern = store.pattern('a', 'Bus 7/рейс %d', '0123456789ab');
    const written = pattern.replaceAll('%%', '%').replace('%05d', '00000');
    writeFileSync(written, Buffer.alloc(2000));
    store.done('a', written.split('/').at(-1)!, START);
    const [file] = store.list('a');
    expect(file).toMatchObject({ file: '20260301_101500_123_Bus_7_рейс_d.mkv', start: START, gap: 0 });
    expect(readCameraFile(file!.file)).toMatchObject({
      maker: 'Carriageway',
      camera: 'Bus_7_рейс_d',
      clock: START,
    });
    expect(store.list('b')).toEqual([]);
  });

  test('have a gap marked where pictures are missing', () => {
    const where = folder();
    put(where, 'a', '20260301_101500_000_Van.mkv', START / 1000 + 60);
    put(where, 'a', '20260301_101600_200_Van.mkv', START / 1000 + 90);
    put(where, 'a', '20260301_102000_000_Van.mkv', START / 1000 + 400);
    put(where, 'a', '20260301_101700_000_Bus.mkv', START / 1000 + 400);
    const gaps = new RecordingStore(where, KEEP)
      .list(null)
      .map(({ vehicle, gap }) => [vehicle, Math.round(gap)]);
    expect(gaps).toEqual([
      ['Van', 0],
      ['Van', 0],
      ['Bus', 0],
      ['Van', 210],
    ]);
  });

  test('go when they are too old, and the oldest of what is too much', () => {
    const where = folder();
    const now = START + 1_000_000;
    put(where, 'a', '20260301_101500_000_Van.mkv', (now - 500_000) / 1000);
    put(where, 'a', '20260301_101600_000_Van.mkv', (now - 300_000) / 1000);
    put(where, 'b', '20260301_101700_000_Van.mkv', (now - 200_000) / 1000);
    put(where, 'b', '20260301_101800_000_Van.mkv', (now - 100_000) / 1000);
    const store = new RecordingStore(where, { bytes: 4500, age: 400_000 }, () => now);
    store.prune();
    expect(store.list(null).map(({ file }) => file)).toEqual([
      '20260301_101700_000_Van.mkv',
      '20260301_101800_000_Van.mkv',
    ]);
  });

  test('that a killed server left half written are taken up at the next start; what is empty goes', () => {
    const where = folder();
    put(where, 'a', '.writing-Van-0123456789ab-00003.mkv', 1_772_360_000);
    put(where, 'a', '.writing-Van-0123456789ab-00004.mkv', 1_772_360_000, 10);
    const store = new RecordingStore(where, KEEP);
    expect(store.list('a')).toMatchObject([{ vehicle: 'Van', bytes: 2000 }]);
    expect(readdirSync(join(where, 'a'))).toHaveLength(1);
  });

  test.each(['../../../etc/passwd', '..', '', 'wishes.json', '20260301_101500_000_Van.mkv/..'])(
    'nothing else is found: %s',
    (file) => {
      const where = folder();
      put(where, 'a', '20260301_101500_000_Van.mkv', 1_772_360_000);
      const store = new RecordingStore(where, KEEP);
      expect(store.find('a', '20260301_101500_000_Van.mkv')).not.toBeNull();
      expect(store.find('a', file)).toBeNull();
      expect(store.find('..', '20260301_101500_000_Van.mkv')).toBeNull();
    },
  );
});

test.each([
  [undefined, 'none'],
  ['bytes=0-9', { start: 0, end: 9 }],
  ['bytes=90-', { start: 90, end: 99 }],
  ['bytes=90-500', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-500', { start: 0, end: 99 }],
  ['bytes=100-', 'outside'],
  ['bytes=-0', 'outside'],
  ['bytes=9-3', 'none'],
  ['bytes=0-1,5-6', 'none'],
  ['lines=1-2', 'none'],
])('of 100 bytes, %s is %j', (header, expected) => expect(rangeOf(header, 100)).toEqual(expected));

/** Two neighbouring free ports. */
async function ports(): Promise<number> {
  for (;;) {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    if (port % 2 === 0) return port;
  }
}

/** What a cluster of Matroska begins with (RFC 9559, 5.1.3). */
const CLUSTER = '\x1f\x43\xb6\x75';

/** Seconds that a file holds, counted in pictures; this reads what a killed writer left as well. */
function pictures(path: string): number {
  const args = ['-v', 'error', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0'];
  return Number(execFileSync('ffprobe', [...args, path], { encoding: 'utf8' }).trim());
}

/** The number of the program that was started with the pattern of this file. */
function processWith(file: string): number {
  const run = file.replace(/-\d{5}\.mkv$/, '');
  const found = readdirSync('/proc').find((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(`${run}-%05d`);
    } catch {
      // It ended meanwhile.
      return false;
    }
  });
  return Number(found);
}

describe.skipIf(!FFMPEG)('a picture', () => {
  const codec = { mimeType: 'video/VP8', payloadType: 100, clockRate: 90_000 } as const;

  /** A tap whose picture ffmpeg makes. */
  function pattern(port: number): Tap {
    let sender: Disposable | null = null;
    return {
      port,
      codec,
      async open() {
        sender = sendPattern({ address: '127.0.0.1', port, payloadType: 100, ssrc: 7 });
      },
      async askForKeyFrame() {},
      onEnd() {},
      [Symbol.dispose]: () => sender?.[Symbol.dispose](),
    };
  }

  test('is written as it comes into files that follow each other, and closed at the end', async () => {
    const where = folder();
    const store = new RecordingStore(where, KEEP);
    const began = Date.now();
    const port = await ports();
    const of = { room: 'a', vehicle: 'Van', seconds: 2, tap: async () => pattern(port) };
    const recorder = new Recorder(of, store, NO_LOG);
    await vi.waitFor(() => expect(store.list('a').length).toBeGreaterThanOrEqual(2), { timeout: 40_000 });
    await recorder[Symbol.asyncDispose]();
    const files = store.list('a');
    expect(files.length).toBeGreaterThanOrEqual(3);
    expect(readdirSync(join(where, 'a')).filter((name) => name.startsWith('.'))).toEqual([]);
    for (const { file, start, gap } of files) {
      // Not a frame of it stays behind between two files.
      expect(gap).toBe(0);
      expect(start).toBeGreaterThan(began - 1000);
      expect(start).toBeLessThan(Date.now());
      expect(pictures(join(where, 'a', file))).toBeGreaterThan(0);
    }
    const starts = files.map(({ start }) => start);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test('whose ffmpeg is killed is kept as far as it was written, and written on', async () => {
    const where = folder();
    const store = new RecordingStore(where, KEEP);
    const port = await ports();
    const of = { room: 'a', vehicle: 'Van', seconds: 600, tap: async () => pattern(port) };
    await using _ = new Recorder(of, store, NO_LOG);
    const writing = () => readdirSync(where).flatMap((room) => readdirSync(join(where, room)));
    const held = () => writing().filter((name) => name.startsWith('.writing-'));
    await vi.waitFor(() => expect(pictures(join(where, 'a', held()[0]!))).toBeGreaterThan(20), {
      timeout: 40_000,
      interval: 300,
    });
    const [first] = held();
    const before = pictures(join(where, 'a', first!));
    process.kill(processWith(first!), 'SIGKILL');
    await vi.waitFor(() => expect(store.list('a')).toHaveLength(1), { timeout: 20_000 });
    expect(pictures(join(where, 'a', store.list('a')[0]!.file))).toBeGreaterThanOrEqual(before);
    // The same vehicle, under another name of the run.
    await vi.waitFor(() => expect(held().some((name) => name !== first)).toBe(true), { timeout: 40_000 });
  });

  test('that is being written when everything is killed loses two seconds at most', async () => {
    const where = folder();
    const store = new RecordingStore(where, KEEP);
    const port = await ports();
    // A process of its own, which is killed with its ffmpeg.
    const code = `
      const { RecordingStore } = await import('./src/server/live/recording/store.ts');
      const { Writer } = await import('./src/server/live/recording/writer.ts');
      const store = new RecordingStore(${JSON.stringify(where)}, { bytes: 1e9, age: 1e9 });
      const codec = { mimeType: 'video/VP8', payloadType: 100, clockRate: 90000 };
      new Writer({ port: ${port}, codec, pattern: store.pattern('a', 'Van', '0123456789ab') }, () => {});
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      stdio: 'inherit',
      detached: true,
    });
    keep({
      [Symbol.dispose]() {
        try {
          process.kill(-child.pid!, 'SIGKILL');
        } catch {
          // It was killed already.
        }
      },
    });
    // A picture that stands by itself begins a cluster anyway: those are rare.
    using _ = sendPattern({ address: '127.0.0.1', port, payloadType: 100, ssrc: 7 }, 40);
    const path = join(where, 'a', '.writing-Van-0123456789ab-00000.mkv');
    await vi.waitFor(() => expect(existsSync(path)).toBe(true), { timeout: 40_000 });
    await vi.waitFor(() => expect(pictures(path)).toBeGreaterThan(20), { timeout: 20_000, interval: 300 });
    const before = pictures(path);
    // Ten pictures a second: two seconds later, at least what was there now is kept.
    await vi.waitFor(() => expect(pictures(path)).toBeGreaterThan(before), {
      timeout: 10_000,
      interval: 100,
    });
    process.kill(-child.pid!, 'SIGKILL');
    await once(child, 'exit');
    const [kept] = new RecordingStore(where, KEEP).list('a');
    expect(pictures(join(where, 'a', kept!.file))).toBeGreaterThan(before);
    // Ten pictures a second are written by clusters: none holds more than two seconds of them.
    const clusters =
      readFileSync(join(where, 'a', kept!.file))
        .toString('latin1')
        .split(CLUSTER).length - 1;
    expect(pictures(join(where, 'a', kept!.file)) / clusters).toBeLessThanOrEqual(20);
    expect(store.list('a')).toHaveLength(1);
  });
});

function ask(server: LiveServer, method: string, path = '', bearer = SECRET, body?: object, range?: string) {
  return fetch(new URL(`/live/recordings${path}`, server.url), {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(range ? { range } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

describe('recordings of rooms', () => {
  test('are looked at and made by who may, in their own room', async () => {
    const where = folder();
    put(where, 'a', '20260301_101500_000_Van.mkv', Date.now() / 1000);
    put(where, 'b', '20260301_101500_000_Van.mkv', Date.now() / 1000);
    const recording = { folder: where, keep: KEEP };
    const server = await serve({ bare: true, recording });
    const token = (may: ('admin' | 'replay' | 'invite')[]) =>
      tokenFor(server.url, { room: 'a', role: 'view', may });
    const [admin, replay, guest] = [await token(['admin']), await token(['replay']), await token(['invite'])];
    const status = async (...of: Parameters<typeof ask>) => (await ask(...of)).status;
    const file = '/20260301_101500_000_Van.mkv';

    expect(await status(server, 'GET', '', 'nonsense')).toBe(401);
    expect(await status(server, 'GET', '', guest)).toBe(403);
    expect(await status(server, 'GET', `/a${file}`, guest)).toBe(403);
    expect((await (await ask(server, 'GET')).json()).files).toHaveLength(2);
    const seen = await (await ask(server, 'GET', '', replay)).json();
    expect(seen.files).toMatchObject([{ room: 'a', vehicle: 'Van' }]);

    const whole = await ask(server, 'GET', `/a${file}`, replay);
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'video/x-matroska']);
    expect((await whole.arrayBuffer()).byteLength).toBe(2000);
    const part = await ask(server, 'GET', `/a${file}`, replay, undefined, 'bytes=10-19');
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 10-19/2000']);
    expect((await part.arrayBuffer()).byteLength).toBe(10);
    expect(await status(server, 'GET', `/a${file}`, replay, undefined, 'bytes=2000-')).toBe(416);
    expect(await status(server, 'GET', `/b${file}`, replay)).toBe(404);
    expect(await status(server, 'GET', '/a/..%2f..%2fetc%2fpasswd', replay)).toBe(404);

    expect(await status(server, 'POST', '', replay, { room: 'a' })).toBe(403);
    expect(await status(server, 'POST', '', admin, { room: 'b' })).toBe(403);
    expect(await status(server, 'POST', '', admin, { room: '../x' })).toBe(400);
    const begun = await ask(server, 'POST', '', admin, { room: 'a' });
    expect(begun.status).toBe(201);
    const { id } = await begun.json();
    // The same wish twice is one.
    expect(await (await ask(server, 'POST', '', admin, { room: 'a' })).json()).toEqual({ id });
    expect(await status(server, 'DELETE', `/a${file}`, replay)).toBe(403);
    expect(await status(server, 'DELETE', `/a${file}`, admin)).toBe(204);
    await server[Symbol.asyncDispose]();
    // What is wished outlives the process.
    const next = await serve({ bare: true, recording });
    expect((await (await ask(next, 'GET')).json()).wishes).toEqual([{ id, room: 'a', vehicle: null }]);
    expect(await status(next, 'DELETE', `/${id}`, admin)).toBe(204);
    expect(await status(next, 'DELETE', `/${id}`, admin)).toBe(404);
  });

  test('are none where the owner named no folder, which is no failure', async () => {
    const server = await serve({ bare: true });
    expect((await ask(server, 'GET')).status).toBe(204);
    expect((await ask(server, 'GET', '/a/file.mkv')).status).toBe(404);
  });
});

describe.skipIf(!FFMPEG || !WORKER)('a vehicle', () => {
  test('is recorded from its coming to its leaving', async () => {
    const where = folder();
    const server = await serve({ recording: { folder: where, keep: KEEP, seconds: 2 } });
    expect((await ask(server, 'POST', '', SECRET, { room: 'a', vehicle: 'Van' })).status).toBe(201);
    const van = await enter(server, 'publish', { name: 'Van' });
    const bus = await enter(server, 'publish', { name: 'Bus' });
    for (const member of [van, bus]) {
      const to = await member.signalling.request('ingest', { codec: 'vp8' });
      keep(sendPattern(to));
    }
    const list = async () => (await (await ask(server, 'GET')).json()).files as { file: string }[];
    await vi.waitFor(async () => expect((await list()).length).toBeGreaterThanOrEqual(2), {
      timeout: 50_000,
    });
    await van.signalling.request('leave', {});
    await vi.waitFor(
      () => expect(readdirSync(join(where, 'a')).filter((name) => name.startsWith('.'))).toEqual([]),
      { timeout: 20_000 },
    );
    const files = await list();
    expect(files.every(({ file }) => file.endsWith('_Van.mkv'))).toBe(true);
    for (const { file } of files) expect(pictures(join(where, 'a', file))).toBeGreaterThan(0);
  });
});
