/** Recordings with a defect, named after it: what plays of them, and what is said of the rest. */
import { describe, expect, test } from 'vitest';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip } from '../sources/clips';

/** Times of all frames from a point on; every frame is closed. */
async function timesFrom(file: VideoFile, seconds: number): Promise<number[]> {
  const times: number[] = [];
  for await (const frame of file.frames(seconds)) {
    times.push(frame.seconds);
    frame.close();
  }
  return times;
}

const rising = (times: readonly number[]): boolean => times.every((t, i) => i === 0 || t > times[i - 1]!);

describe('refused with one sentence', () => {
  test.for([
    ['encrypted.mp4', 'source-encrypted'],
    ['no-frames.mp4', 'source-truncated'],
  ] as const)('%s: %s', async ([name, code], context) => {
    await expect(VideoFile.open(await clip(context, name))).rejects.toMatchObject({ code });
  });

  test('cut off at any byte: a code of ours, or a file that plays up to the cut', async (context) => {
    const whole = await clip(context, 'long.mp4');
    for (let share = 0.05; share < 1; share += 0.19) {
      const part = whole.slice(0, Math.floor(whole.size * share));
      try {
        using file = await VideoFile.open(part);
        await expect(timesFrom(file, 0)).rejects.toMatchObject({ code: 'source-truncated' });
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: expect.stringMatching(/^source-/) });
      }
    }
  });
});

describe('played', () => {
  test('a single frame, and no step leaves it', async (context) => {
    using file = await VideoFile.open(await clip(context, 'one-frame.mp4'));
    expect(await timesFrom(file, 0)).toEqual([0]);
    expect([await file.neighbour(0, 1), await file.neighbour(0, -1)]).toEqual([0, 0]);
  });

  test('under the wrong extension', async (context) => {
    using file = await VideoFile.open(await clip(context, 'wrong-extension.mp4'));
    expect(await timesFrom(file, 0)).toHaveLength(15);
  });

  test('with a gap: its last frame stands through it', async (context) => {
    using file = await VideoFile.open(await clip(context, 'gap.mkv'));
    const times = await timesFrom(file, 0);
    expect(times).toHaveLength(41);
    expect(rising(times)).toBe(true);
    const [before] = await timesFrom(file, 1.5);
    expect(before).toBeCloseTo(19 / 24, 2);
    expect(await file.neighbour(1.5, 1)).toBeCloseTo(51 / 24, 2);
    expect(await file.neighbour(51 / 24, -1)).toBeCloseTo(19 / 24, 2);
  });

  test('without a key picture at its beginning', async (context) => {
    using file = await VideoFile.open(await clip(context, 'no-initial-keyframe.mpegts'));
    const times = await timesFrom(file, 0);
    expect(times.length).toBeGreaterThan(90);
    expect(rising(times)).toBe(true);
  });

  test('where time begins anew in the middle: it ends, and nothing hangs', async (context) => {
    using file = await VideoFile.open(await clip(context, 'time-jumps-back.mpegts'));
    const times = await timesFrom(file, 0).catch((thrown: unknown) => {
      expect(thrown).toMatchObject({ code: 'source-truncated' });
      return [0];
    });
    expect(times.length).toBeGreaterThan(0);
  });

  test('steps meet every frame once, in both directions', async (context) => {
    using file = await VideoFile.open(await clip(context, 'code-uneven.mp4'));
    const times = await timesFrom(file, 0);
    const forwards = [0];
    for (let n = 1; n < times.length; n++) forwards.push(await file.neighbour(forwards.at(-1)!, 1));
    const back = [times.at(-1)!];
    for (let n = 1; n < times.length; n++) back.push(await file.neighbour(back.at(-1)!, -1));
    back.reverse();
    for (const [n, t] of times.entries()) {
      expect(forwards[n]).toBeCloseTo(t, 5);
      expect(back[n]).toBeCloseTo(t, 5);
    }
  });
});
