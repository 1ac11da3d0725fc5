/** Recordings that are more than one file, or no video at all; decoders that the browser takes away; clocks. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openRecording } from '../../../src/sources/recording/open-recording';
import type { Recording, RecordingParts } from '../../../src/sources/recording/recording';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip } from '../sources/clips';

/** The clips with a code: size of the picture, bits in each half, frames, frames a second. */
const [WIDTH, HEIGHT, BITS, FRAMES, RATE] = [320, 64, 8, 120, 24];

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The code in a half of a picture that is `across` pixels wide, whose left edge is at `left`. */
function codeAt(frame: VideoFrame, left: number): number {
  const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(frame, 0, 0);
  const { data } = context.getImageData(0, HEIGHT / 2, frame.displayWidth, 1);
  let code = 0;
  for (let k = 0; k < BITS; k++) {
    const at = 4 * Math.round(left + (k + 0.5) * (WIDTH / 2 / BITS));
    if (data[at]! > data[at + 2]!) code |= 1 << k;
  }
  return code;
}

/** What `see` makes of every frame from a point on; each is closed. */
async function seen<T>(
  recording: Recording,
  seconds: number,
  see: (frame: VideoFrame, seconds: number) => T,
): Promise<T[]> {
  const all: T[] = [];
  for await (const frame of recording.frames(seconds)) {
    all.push(see(frame.frame, frame.seconds));
    frame.close();
  }
  return all;
}

const counted = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('several files are one drive: every frame once, in order, from any point on', async (context) => {
  const videos = [await clip(context, 'code.mp4'), await clip(context, 'code.mov')].map(
    (blob, i) => new File([blob], `${i}.mp4`),
  );
  using drive = await openRecording({ kind: 'videos', videos });
  expect(drive.info).toMatchObject({ width: WIDTH, height: HEIGHT, frameRate: RATE, duration: 10 });
  expect(drive.info.parts).toEqual([
    { name: '0.mp4', start: 0 },
    { name: '1.mp4', start: 5 },
  ]);
  const from = 4.5;
  const frames = await seen(drive, from, (frame, seconds) => [codeAt(frame, 0), seconds] as const);
  expect(frames.map(([code]) => code)).toEqual([...counted(FRAMES).slice(108), ...counted(FRAMES)]);
  for (const [i, [, seconds]] of frames.entries())
    expect(Math.abs(seconds - (from + i / RATE))).toBeLessThan(1e-5);
  expect(await drive.neighbour(119 / RATE, 1)).toBeCloseTo(5, 5);
  expect(await drive.neighbour(5, -1)).toBeCloseTo(119 / RATE, 5);
});

test('of several files the one that is damaged is named', async (context) => {
  const good = new File([await clip(context, 'code.mp4')], 'good.mp4');
  const bad = new File(['not a video'], 'bad.mp4');
  await expect(openRecording({ kind: 'videos', videos: [good, bad] })).rejects.toMatchObject({
    code: 'source-not-a-video',
    detail: expect.stringContaining('bad.mp4'),
  });
});

/** Two cameras whose names say nothing of the time. */
function pairOf(front: Blob, rear: Blob, offset: number): RecordingParts {
  const camera = (name: string, file: Blob) => ({ name, clips: [{ file, clock: null }] });
  return { kind: 'cameras', cameras: [camera('front', front), camera('rear', rear)], offset, event: null };
}

test('two cameras side by side, the rear one half a second ahead', async (context) => {
  const [front, rear] = [await clip(context, 'code.mp4'), await clip(context, 'code.mov')];
  using pair = await openRecording(pairOf(front, rear, 0.5));
  expect(pair.info).toMatchObject({ width: 2 * WIDTH, height: HEIGHT, duration: 5 });
  const codes = await seen(pair, 0, (frame) => [codeAt(frame, 0), codeAt(frame, WIDTH)]);
  expect(codes.map(([code]) => code)).toEqual(counted(FRAMES));
  for (const [n, [, other]] of codes.slice(0, FRAMES - 13).entries()) expect(other).toBe(n + 12);
  const late = await seen(pair, 3, (frame) => [codeAt(frame, 0), codeAt(frame, WIDTH)]);
  expect(late[0]).toEqual([72, 84]);
});

test('before the rear camera began its half is empty, says so, and has no mask', async (context) => {
  const [front, rear] = [await clip(context, 'code.mp4'), await clip(context, 'code.mov')];
  using pair = await openRecording(pairOf(front, rear, -4.5));
  const blanks: unknown[] = [];
  const codes: unknown[] = [];
  for await (const frame of pair.frames(4)) {
    blanks.push(frame.blanks ?? []);
    codes.push(frame.blanks ? 'empty' : codeAt(frame.frame, WIDTH));
    frame.close();
  }
  expect(codes).toHaveLength(24);
  expect(codes.slice(0, 12)).toEqual(new Array(12).fill('empty'));
  expect(codes.slice(12)).toEqual(counted(12));
  expect(blanks[0]).toEqual([{ x: 0.5, y: 0, width: 0.5, height: 1 }]);
});

describe('a folder of pictures', () => {
  async function painted(width: number, height: number, colour: string, name: string): Promise<File> {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d')!;
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
    return new File([await canvas.convertToBlob()], name);
  }

  test('is stepped through like a video, each in its own size', async () => {
    const pictures = [
      await painted(40, 20, '#ff0000', 'a.png'),
      await painted(31, 17, '#00ff00', 'b.png'),
      await painted(40, 20, '#0000ff', 'c.png'),
    ];
    using set = await openRecording({ kind: 'pictures', pictures });
    expect(set.info).toMatchObject({ width: 40, height: 20, duration: 3, frameRate: 1 });
    expect(set.info.parts?.map(({ name }) => name)).toEqual(['a.png', 'b.png', 'c.png']);
    const frames = await seen(set, 1, (frame, seconds) => [frame.displayWidth, frame.displayHeight, seconds]);
    expect(frames).toEqual([
      [31, 17, 1],
      [40, 20, 2],
    ]);
    expect(await set.neighbour(1, 1)).toBe(2);
    expect(await set.neighbour(2, 5)).toBe(2);
    expect(await set.neighbour(0, -1)).toBe(0);
  });

  test('names the picture that is none', async () => {
    const pictures = [await painted(8, 8, '#fff', 'a.png'), new File(['?'], 'broken.png')];
    using set = await openRecording({ kind: 'pictures', pictures });
    const unread: (string | undefined)[] = [];
    for await (const frame of set.frames(0)) {
      unread.push(frame.unread);
      frame.close();
    }
    expect(unread).toEqual([undefined, 'broken.png']);
  });
});

describe('a decoder that the browser takes away', () => {
  /** Takes every decoder away after it gave so many pictures, `times` times in all. */
  function takeAway(after: number, times: number): { taken: () => number } {
    let taken = 0;
    const Real = VideoDecoder;
    class Reclaimed extends Real {
      constructor(init: VideoDecoderInit) {
        let given = 0;
        super({
          error: init.error,
          output: (frame) => {
            if (taken === times || ++given <= after) {
              init.output(frame);
              return;
            }
            frame.close();
            if (this.state === 'closed') return;
            taken++;
            this.close();
            init.error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'));
          },
        });
      }
    }
    vi.stubGlobal('VideoDecoder', Reclaimed);
    return { taken: () => taken };
  }

  test('is replaced, and no frame is missing or shown twice', async (context) => {
    const file = await clip(context, 'code.mp4');
    using video = await VideoFile.open(file);
    const { taken } = takeAway(30, 3);
    expect(await seen(video, 0, (frame) => codeAt(frame, 0))).toEqual(counted(FRAMES));
    expect(taken()).toBe(3);
  });

  test('that never gives a picture is damage in the end', async (context) => {
    const file = await clip(context, 'code.mp4');
    using video = await VideoFile.open(file);
    takeAway(0, Number.POSITIVE_INFINITY);
    await expect(seen(video, 0, () => 0)).rejects.toMatchObject({ code: 'source-truncated' });
  });
});

describe('the recorder’s clock', () => {
  test.for([
    ['dated.mp4', '2026-03-04T05:06:07Z', 0],
    ['dated-in-1970.mp4', '2026-03-04T05:06:07Z', 0],
    ['dated-with-zone.mov', '2026-03-04T05:06:07+0200', 120],
  ] as const)('%s: %s', async ([name, when, zone], context) => {
    using video = await VideoFile.open(await clip(context, name));
    expect(video.info).toMatchObject({ began: Date.parse(when), beganZone: zone });
  });

  test('that was never set is not shown', async (context) => {
    using video = await VideoFile.open(await clip(context, 'h264.mp4'));
    expect(video.info.began).toBeUndefined();
  });
});
