/** Recordings whose clock does not run on: what they last, which frames they have, and what is said of them. */
import { expect, test } from 'vitest';
import { openRecording } from '../../../src/sources/recording/open-recording';
import type { Recording } from '../../../src/sources/recording/recording';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip, codeNumber, look } from './clips';

/** Numbers and times of all frames from a time on. */
async function all(file: Recording, from = 0): Promise<{ numbers: number[]; seconds: number[] }> {
  const numbers: number[] = [];
  const seconds: number[] = [];
  for await (const { frame, rotation, seconds: at } of file.frames(from)) {
    seconds.push(at);
    numbers.push(codeNumber(look({ frame, rotation, timestamp: 0, epoch: 0 }).at));
  }
  return { numbers, seconds };
}

const counted = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const second = counted(24);

test.for([
  // Name, numbers of its frames, seconds it lasts, codes of what is said.
  ['wraps.mpegts', counted(72), 3, ['sound-not-played']],
  ['wraps-at-once.mpegts', counted(48), 2, []],
  ['wraps-late.mpegts', counted(100), 100, []],
  ['clock-back.mpegts', [...second, ...second], 2, ['source-clock-jumped']],
  ['clock-forward.mpegts', [...second, ...second], 2, ['source-clock-jumped']],
  ['clock-wild.mpegts', [...second, ...second, ...second, ...second], 4, ['source-clock-jumped']],
  ['stray-time.mpegts', counted(120), 5, ['source-clock-jumped']],
  ['two-programs.mpegts', counted(48), 2, ['source-other-pictures']],
  ['time-lapse.mpegts', counted(10), 150, []],
  ['clock-jumps.webm', [...second, ...second, ...second], 3, ['source-clock-jumped']],
  ['gap.mpegts', [...counted(24), ...counted(24).map((n) => n + 96)], 5, ['source-gap']],
  ['clock-set.mp4', counted(48), 2, ['source-clock-jumped']],
  ['clock-set-fragments.mp4', counted(72), 3, ['source-clock-jumped']],
  ['stands.mp4', counted(48), 5, ['source-gap']],
  ['stalls.mp4', counted(48), 14, ['source-gap']],
  ['trimmed.mp4', counted(48), 2, []],
  ['edited.mp4', counted(120), 5, []],
] as const)(
  '%s: every frame, at its time, and no second more',
  async ([name, numbers, length, codes], context) => {
    using file = await VideoFile.open(await clip(context, name));
    const seen = await all(file);
    expect(seen.numbers).toEqual(numbers);
    expect(seen.seconds[0]).toBe(0);
    for (const [i, at] of seen.seconds.entries()) if (i > 0) expect(at).toBeGreaterThan(seen.seconds[i - 1]!);
    expect(file.info.duration).toBeCloseTo(length, 1);
    expect(seen.seconds.at(-1)!).toBeLessThan(file.info.duration);
    expect(file.info.notices?.map(({ code }) => code) ?? []).toEqual(codes);

    // From any point on, and found by its number.
    const middle = Math.floor(numbers.length / 2);
    const later = await all(file, seen.seconds[middle]!);
    expect(later.numbers).toEqual(numbers.slice(middle));
    expect(await file.frameCount()).toBe(numbers.length);
    expect(await file.numberAt(seen.seconds[middle]!)).toBe(middle);
  },
);

test('an edit list of several parts is followed, from any point on', async (context) => {
  using file = await openRecording({ kind: 'videos', videos: [await clip(context, 'edited.mp4')] });
  const shown = [...counted(24), ...counted(24).map((n) => n + 72)];
  expect(file.info.duration).toBeCloseTo(2, 3);
  const seen = await all(file);
  expect(seen.numbers).toEqual(shown);
  expect(seen.seconds[24]).toBeCloseTo(1, 4);
  expect((await all(file, seen.seconds[30]!)).numbers).toEqual(shown.slice(30));
  expect(await file.frameCount()).toBe(48);
  expect(await file.numberAt(seen.seconds[30]!)).toBe(30);
  expect(await file.neighbour(seen.seconds[23]!, 1)).toBeCloseTo(seen.seconds[24]!, 5);
  expect(await file.neighbour(seen.seconds[24]!, -1)).toBeCloseTo(seen.seconds[23]!, 5);
  expect(file.info.notices ?? []).toEqual([]);
});

test('recordings put one behind the other in a file are all played', async (context) => {
  const parts = await Promise.all(
    ['code.mp4', 'code-fragmented.mp4', 'clock-set.mp4'].map((name) => clip(context, name)),
  );
  using movies = await openRecording({ kind: 'videos', videos: [new Blob(parts)] });
  expect((await all(movies)).numbers).toEqual([...counted(120), ...counted(120), ...counted(48)]);
  // The second one has sound, in a stream that the first one does not name.
  const streams = await Promise.all(['in-order.mpegts', 'wraps.mpegts'].map((name) => clip(context, name)));
  using stream = await openRecording({ kind: 'videos', videos: [new Blob(streams)] });
  const { numbers } = await all(stream);
  expect(numbers.slice(-72)).toEqual(counted(72));
  expect(await stream.frameCount()).toBe(numbers.length);
  expect(numbers.length).toBeGreaterThan(72);
});

test('a stream that begins in the middle of a packet, and has other bytes in it, is read all the same', async (context) => {
  const whole = await clip(context, 'in-order.mpegts');
  using clean = await openRecording({ kind: 'videos', videos: [whole] });
  const { numbers } = await all(clean);
  using late = await openRecording({
    kind: 'videos',
    videos: [new Blob([new Uint8Array(77).fill(1), whole])],
  });
  expect((await all(late)).numbers).toEqual(numbers);
  expect(late.info.notices ?? []).toEqual([]);
  using filled = await openRecording({ kind: 'videos', videos: [new Blob([whole, new Uint8Array(50_000)])] });
  expect((await all(filled)).numbers).toEqual(numbers);
  expect(filled.info.notices).toEqual([expect.objectContaining({ code: 'source-part-unread' })]);
});

test('a jump is marked where it is, with how far the clock went', async (context) => {
  using back = await VideoFile.open(await clip(context, 'clock-back.mpegts'));
  expect(back.info.jumps).toEqual([{ at: expect.closeTo(1, 3), by: expect.closeTo(-88, 0), closed: true }]);
  expect(back.info.containerStart).toBeCloseTo(90, 1);
  using gap = await VideoFile.open(await clip(context, 'gap.mpegts'));
  expect(gap.info.jumps).toEqual([{ at: expect.closeTo(4, 1), by: expect.closeTo(3, 1), closed: false }]);
});

test('an index that stands or jumps is marked as a stream is', async (context) => {
  using set = await VideoFile.open(await clip(context, 'clock-set.mp4'));
  expect(set.info.jumps).toEqual([{ at: expect.closeTo(1, 2), by: expect.closeTo(7200, 0), closed: true }]);
  using stands = await VideoFile.open(await clip(context, 'stands.mp4'));
  expect(stands.info.jumps).toEqual([{ at: expect.closeTo(4, 2), by: expect.closeTo(3, 1), closed: false }]);
});

test('pictures behind the end of an edit list are not shown, from wherever one looks', async (context) => {
  using file = await VideoFile.open(await clip(context, 'trimmed.mp4'));
  expect((await all(file, 2)).numbers).toEqual([47]);
  expect(await file.neighbour(0, 1000)).toBeCloseTo(47 / 24, 4);
  expect(await file.neighbour(2, -1)).toBeCloseTo(46 / 24, 4);
});

test('of two films in a file the one that is not shown is told', async (context) => {
  using file = await VideoFile.open(await clip(context, 'two-films.mp4'));
  expect(file.info).toMatchObject({ width: 160, height: 90 });
  expect(file.info.notices).toEqual([
    expect.objectContaining({ code: 'source-other-pictures', detail: '320 × 180' }),
  ]);
});

test('what lies in the index and what lies in fragments is one film', async (context) => {
  using film = await openRecording({ kind: 'videos', videos: [await clip(context, 'hybrid.mp4')] });
  expect(film.info.duration).toBeCloseTo(5, 1);
  expect(film.info.parts).toBeUndefined();
  expect(await all(film)).toMatchObject({ numbers: counted(120) });
  expect(await film.frameCount()).toBe(120);
  const sound = (await film.sound())!;
  let last = 0;
  for await (const { timestamp } of sound.packets(0, 10)) {
    expect(timestamp).toBeGreaterThanOrEqual(last - 0.05);
    last = timestamp;
  }
  expect(last).toBeGreaterThan(4.8);
});

test('where it begins in the middle of a group, the first picture that is shown is frame 0', async (context) => {
  using file = await VideoFile.open(await clip(context, 'no-initial-keyframe.mpegts'));
  const { numbers, seconds } = await all(file);
  expect(seconds[0]).toBe(0);
  expect(numbers).toEqual(counted(120).slice(numbers[0]));
  expect(await file.numberAt(seconds[3]!)).toBe(3);
  expect(await file.frameCount()).toBe(numbers.length);
});

test('of an index that says more than is there, only what is there has a length', async (context) => {
  using file = await VideoFile.open(await clip(context, 'truncated.mp4'));
  let last = 0;
  const play = async (): Promise<void> => {
    for await (const { frame, seconds, duration } of file.frames(0)) {
      last = seconds + duration;
      frame.close();
    }
  };
  await expect(play()).rejects.toMatchObject({ code: 'source-truncated' });
  expect(last).toBeGreaterThan(1);
  expect(Math.abs(file.info.duration - last)).toBeLessThan(0.15);
});

test('where no picture stands by itself, that is what is said', async (context) => {
  for (const name of ['no-key-picture.mpegts', 'no-parameters.mpegts'])
    await expect(VideoFile.open(await clip(context, name)), name).rejects.toMatchObject({
      code: 'source-no-key-picture',
    });
});

test('a file that ends in the head of a fragment is played up to it, and said to be cut', async (context) => {
  const whole = await clip(context, 'code-fragmented.mp4');
  const text = new TextDecoder('latin1').decode(await whole.arrayBuffer());
  for (const kept of [4, 30]) {
    using file = await VideoFile.open(whole.slice(0, text.lastIndexOf('moof') - 4 + kept));
    const { numbers } = await all(file);
    expect(numbers.length).toBeGreaterThan(24);
    expect(numbers).toEqual(counted(numbers.length));
    if (kept > 8) expect(file.info.notices?.map(({ code }) => code)).toContain('source-truncated');
  }
});

test('a stream of a kind that nothing reads is called that, and not cut off', async (context) => {
  await expect(VideoFile.open(await clip(context, 'mpeg2.mpegts'))).rejects.toMatchObject({
    code: 'source-codec-unsupported',
  });
});
