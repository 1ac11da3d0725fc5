/** Several cameras of one vehicle: beside each other by the clock, with empty cells where one recorded nothing. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { TimedFrame } from '../../../src/media/timed-frame';
import { FramePortReader } from '../../../src/sources/frame-port';
import { openRecording } from '../../../src/sources/recording/open-recording';
import { ALL_BLANK, type Recording, type RecordingParts } from '../../../src/sources/recording/recording';
import { openRecordingSource } from '../../../src/sources/recording/recording-source';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { gather } from '../../../src/studio/session/gather';
import { clip } from '../sources/clips';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The clips with a code: size of the picture, bits in each half, frames, frames a second, seconds. */
const [WIDTH, HEIGHT, BITS, FRAMES, RATE, SECONDS] = [320, 64, 8, 120, 24, 5];

/** The code of the picture whose upper left corner is at `left`, `top`. */
function codeAt(frame: VideoFrame, left: number, top: number): number {
  const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(frame, 0, 0);
  const { data } = context.getImageData(0, top + HEIGHT / 2, frame.displayWidth, 1);
  let code = 0;
  for (let k = 0; k < BITS; k++) {
    const at = 4 * Math.round(left + (k + 0.5) * (WIDTH / 2 / BITS));
    if (data[at]! > data[at + 2]!) code |= 1 << k;
  }
  return code;
}

/** What the page would make of files with these names, all of the same five seconds. */
function partsOf(blob: Blob, ...names: string[]): RecordingParts {
  const gathered = gather(names.map((name) => ({ path: name, file: new File([blob], name) })));
  if (gathered?.kind !== 'recording') throw new Error('no recording');
  return gathered.request.parts;
}

/** Opens it. */
function opened(blob: Blob, ...names: string[]): Promise<Recording> {
  return openRecording(partsOf(blob, ...names));
}

interface Seen {
  readonly seconds: number;
  readonly codes: readonly (number | null)[];
}

/** Time of each frame, and the code in each cell; null where the cell is blank. */
async function seen(
  recording: Recording,
  seconds: number,
  cells: readonly [number, number][],
): Promise<Seen[]> {
  const { width, height } = recording.info;
  const all: Seen[] = [];
  for await (const frame of recording.frames(seconds)) {
    const blank = (left: number, top: number): boolean =>
      frame.blanks?.some((b) => Math.abs(b.x * width - left) < 1 && Math.abs(b.y * height - top) < 1) ??
      false;
    all.push({
      seconds: frame.seconds,
      codes: cells.map(([left, top]) => (blank(left, top) ? null : codeAt(frame.frame, left, top))),
    });
    frame.close();
  }
  return all;
}

const PAIR: [number, number][] = [
  [0, 0],
  [WIDTH, 0],
];

describe('a rear camera that lost its second file', () => {
  const NAMES = [
    '2026_0301_101500_0001F.MP4',
    '2026_0301_101500_0002R.MP4',
    '2026_0301_101505_0003F.MP4',
    '2026_0301_101510_0005F.MP4',
    '2026_0301_101510_0006R.MP4',
  ];

  test('is empty for that time, and meets the front one again', async (context) => {
    using drive = await opened(await clip(context, 'code.mp4'), ...NAMES);
    expect(drive.info).toMatchObject({
      width: 2 * WIDTH,
      height: HEIGHT,
      duration: 3 * SECONDS,
      frameRate: RATE,
    });
    const frames = await seen(drive, 0, PAIR);
    expect(frames).toHaveLength(3 * FRAMES);
    for (const [n, { seconds, codes }] of frames.entries()) {
      expect(Math.abs(seconds - n / RATE)).toBeLessThan(1e-4);
      expect(codes[0]).toBe(n % FRAMES);
      expect(codes[1]).toBe(n >= FRAMES && n < 2 * FRAMES ? null : n % FRAMES);
    }
  });

  test('is the same from any point on, and step by step', async (context) => {
    using drive = await opened(await clip(context, 'code.mp4'), ...NAMES);
    for (const at of [4.9, 6, 8, 10, 12]) {
      const [first] = await seen(drive, at, PAIR);
      const n = Math.floor(at * RATE + 1e-6);
      expect(first!.codes[0]).toBe(n % FRAMES);
      expect(first!.codes[1]).toBe(n >= FRAMES && n < 2 * FRAMES ? null : n % FRAMES);
    }
    let time = await drive.neighbour(SECONDS - 1 / RATE, 0);
    for (let n = FRAMES; n < FRAMES + 3; n++) {
      time = await drive.neighbour(time, 1);
      expect(time).toBeCloseTo(n / RATE, 4);
    }
    for (let n = FRAMES + 1; n >= FRAMES - 2; n--) {
      time = await drive.neighbour(time, -1);
      expect(time).toBeCloseTo(n / RATE, 4);
    }
  });
});

describe('each camera by itself', () => {
  const NAMES = [
    '20260301_101500_NF.mp4',
    '20260301_101505_NF.mp4',
    '20260301_101500_NR.mp4',
    '20260301_101510_NF.mp4',
    '20260301_101510_NR.mp4',
  ];

  test('shows its own picture of every moment, and an empty one where it recorded nothing', async (context) => {
    using drive = await opened(await clip(context, 'code.mp4'), ...NAMES);
    expect(drive.info.cameras).toEqual([
      { name: 'front', width: WIDTH, height: HEIGHT, shows: [{ from: 0, to: 3 * SECONDS }] },
      {
        name: 'rear',
        width: WIDTH,
        height: HEIGHT,
        shows: [
          { from: 0, to: SECONDS },
          { from: 2 * SECONDS, to: 3 * SECONDS },
        ],
      },
    ]);
    let n = 0;
    for await (const frame of drive.views!(0)) {
      const [rear, ...more] = frame.beside!;
      expect(more).toEqual([]);
      expect([frame.seconds, rear!.seconds]).toEqual([expect.closeTo(n / RATE, 4), frame.seconds]);
      expect(codeAt(frame.frame, 0, 0)).toBe(n % FRAMES);
      const missing = n >= FRAMES && n < 2 * FRAMES;
      expect(rear!.blanks).toBe(missing ? ALL_BLANK : undefined);
      if (!missing) expect(codeAt(rear!.frame, 0, 0)).toBe(n % FRAMES);
      expect([rear!.frame.displayWidth, rear!.frame.displayHeight]).toEqual([WIDTH, HEIGHT]);
      frame.close();
      expect([frame.frame.format, rear!.frame.format]).toEqual([null, null]);
      n++;
    }
    expect(n).toBe(3 * FRAMES);
  });

  test('is a recording of its own, with the times and numbers of the drive', async (context) => {
    const parts = partsOf(await clip(context, 'code.mp4'), ...NAMES);
    if (parts.kind !== 'cameras') throw new Error('one camera');
    using rear = await openRecording({ ...parts, camera: 1 });
    expect(rear.info).toMatchObject({ width: WIDTH, height: HEIGHT, duration: 3 * SECONDS });
    let n = 2 * FRAMES - 2;
    for await (const frame of rear.frames(n / RATE)) {
      expect(frame.seconds).toBeCloseTo(n / RATE, 4);
      expect(await rear.numberAt(frame.seconds)).toBe(n);
      expect(frame.blanks !== undefined).toBe(n < 2 * FRAMES);
      if (!frame.blanks) expect(codeAt(frame.frame, 0, 0)).toBe(n % FRAMES);
      frame.close();
      if (++n === 2 * FRAMES + 2) break;
    }
    await expect(openRecording({ ...parts, camera: 2 })).rejects.toMatchObject({ code: 'source-empty' });
  });

  test('plays on one clock through a port of its own, and a picture that stands comes to all', async (context) => {
    const source = await openRecordingSource(partsOf(await clip(context, 'code.mp4'), ...NAMES), 'drive');
    const readers = source.info.cameras!.map((_, n) => {
      const handle = source.handle(n);
      if (handle.kind !== 'port') throw new Error('no port');
      return new FramePortReader(handle.port);
    });
    try {
      const seen = readers.map((): Pick<TimedFrame, 'timestamp' | 'epoch'>[] => []);
      const reading = readers.map(async (reader, n) => {
        for (let timed = await reader.read(); timed; timed = await reader.read()) {
          seen[n]!.push({ timestamp: timed.timestamp, epoch: timed.epoch });
          timed.frame.close();
        }
      });
      await expect.poll(() => seen.every(({ length }) => length > 5)).toBe(true);
      await source.controls.pause!();
      await source.controls.seek!(3);
      await expect.poll(() => seen.map((of) => of.at(-1)?.timestamp)).toEqual([3e6, 3e6]);
      expect(seen[1]!.at(-1)!.epoch).toBe(seen[0]!.at(-1)!.epoch);
      await source.controls.step!(1);
      const next = Math.round((73 / RATE) * 1e6);
      await expect.poll(() => seen.map((of) => of.at(-1)!.timestamp)).toEqual([next, next]);
      await source.dispose();
      await Promise.all(reading);
    } finally {
      await source.dispose();
      for (const reader of readers) await reader[Symbol.asyncDispose]();
    }
  });
});

test('where the front camera lost a file the rear one goes on', async (context) => {
  using drive = await opened(
    await clip(context, 'code.mp4'),
    '20260301_101500_NF.mp4',
    '20260301_101500_NR.mp4',
    '20260301_101505_NR.mp4',
    '20260301_101510_NF.mp4',
    '20260301_101510_NR.mp4',
  );
  const frames = await seen(drive, 0, PAIR);
  expect(frames).toHaveLength(3 * FRAMES);
  expect(frames.map(({ codes }) => codes[1])).toEqual(frames.map((_, n) => n % FRAMES));
  expect(frames[2 * FRAMES - 1]!.codes[0]).toBeNull();
  expect(frames[2 * FRAMES]!.codes[0]).toBe(0);
  expect(drive.info.parts?.map(({ name }) => name)).toEqual([
    '20260301_101500_NF.mp4',
    '20260301_101505_NR.mp4',
    '20260301_101510_NF.mp4',
  ]);
});

test('four cameras of one moment stand in two rows, front first', async (context) => {
  const names = ['back', 'front', 'left_repeater', 'right_repeater'].map(
    (c) => `2026-03-01_10-15-00-${c}.mp4`,
  );
  using drive = await opened(await clip(context, 'code.mp4'), ...names);
  expect(drive.info).toMatchObject({ width: 2 * WIDTH, height: 2 * HEIGHT, duration: SECONDS });
  const cells: [number, number][] = [...PAIR, [0, HEIGHT], [WIDTH, HEIGHT]];
  const frames = await seen(drive, 3, cells);
  expect(frames[0]!.codes).toEqual([72, 72, 72, 72]);
});

describe('a card of many files', () => {
  const MINUTES = Array.from({ length: 30 }, (_, n) => {
    const at = new Date(Date.UTC(2026, 2, 1, 10, 15, 0) + n * SECONDS * 1000).toISOString();
    return `${at.slice(0, 10).replaceAll('-', '')}_${at.slice(11, 19).replaceAll(':', '')}`;
  });

  test('is one drive of which one file is opened, and every frame is where it is', async (context) => {
    const blob = await clip(context, 'code.mp4');
    const open = vi.spyOn(VideoFile, 'open');
    using drive = await opened(blob, ...MINUTES.map((at) => `${at}_N.mp4`));
    expect(open).toHaveBeenCalledTimes(1);
    expect(drive.info).toMatchObject({ width: WIDTH, height: HEIGHT, duration: 150, frameRate: RATE });
    for (const at of [5.5, 72, 149.9])
      for await (const frame of drive.frames(at)) {
        const n = Math.floor(at * RATE + 1e-6);
        expect([codeAt(frame.frame, 0, 0), frame.seconds]).toEqual([n % FRAMES, expect.closeTo(n / RATE, 4)]);
        frame.close();
        break;
      }
    expect(await drive.neighbour(SECONDS - 1 / RATE, 1)).toBeCloseTo(SECONDS, 4);
    expect(await drive.frameCount()).toBe(30 * FRAMES);
  });

  test('with two cameras is a pair all along', async (context) => {
    const blob = await clip(context, 'code.mp4');
    using drive = await opened(blob, ...MINUTES.flatMap((at) => [`${at}_NF.mp4`, `${at}_NR.mp4`]));
    expect(drive.info).toMatchObject({ width: 2 * WIDTH, duration: 150 });
    const frames: number[][] = [];
    for await (const frame of drive.frames(144.9)) {
      frames.push([codeAt(frame.frame, 0, 0), codeAt(frame.frame, WIDTH, 0)]);
      frame.close();
      if (frames.length === 6) break;
    }
    expect(frames).toEqual([117, 118, 119, 0, 1, 2].map((n) => [n, n]));
  });

  test('a file among them that is no video is named', async () => {
    const files = MINUTES.map((at) => ({ path: `${at}_N.mp4`, file: new File(['x'], `${at}_N.mp4`) }));
    const gathered = gather(files);
    if (gathered?.kind !== 'recording') throw new Error('no recording');
    await expect(openRecording(gathered.request.parts)).rejects.toMatchObject({
      detail: expect.stringContaining(MINUTES[0]!),
    });
  });
});
