/** Exports and analyses of what is not a plain video, and what becomes of a job whose page is closed. */
import { proxy, wrap } from 'comlink';
import { describe, expect, test, vi } from 'vitest';
import { FrameRunner } from '../../../src/jobs/frame-runner';
import type { Job, JobWorkerApi } from '../../../src/jobs/job';
import { reviewOf } from '../../../src/labels/agreement';
import { labelParts } from '../../../src/labels/label-parts';
import { encodeLabelPng } from '../../../src/labels/label-png';
import { MaskReader } from '../../../src/labels/mask-reader';
import { MaskSet } from '../../../src/labels/mask-set';
import type { LabelMap } from '../../../src/media/timed-frame';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip } from '../sources/clips';
import { base, done, emptyStoreAfterEach, FRAMES, HEIGHT, newFile, WIDTH } from './job-harness';

emptyStoreAfterEach();

const view = { ...DEFAULT_VIEW, opacity: 1, outline: false };

function videoJob(file: Blob, target: FileSystemFileHandle, keepPlace = false): Job {
  return {
    ...base(file),
    kind: 'video',
    container: 'mp4',
    range: null,
    target,
    view,
    figures: false,
    keepPlace,
    blur: false,
  };
}

test('masks that are exported and opened again are the network’s, pixel by pixel', async (context) => {
  const file = await clip(context, 'code-sound-place.mov');
  const target = await newFile('masks.zip');
  const job: Job = {
    ...base(file),
    kind: 'masks',
    range: null,
    target,
    colours: view.colours,
    side: null,
  };
  expect((await done(job)).answer).toMatchObject({ ok: true, frames: FRAMES });
  const set = await MaskSet.open(labelParts(await target.getFile()));
  await using runner = await FrameRunner.open(job);
  using reader = new MaskReader(null);
  const options = {
    maskSide: () => Math.max(WIDTH, HEIGHT),
    smooth: false,
    signal: new AbortController().signal,
  };
  let n = 0;
  await runner.run(null, options, async ({ frame, mask }) => {
    const own = await reader.read(mask);
    const opened = (await set.at(n++, frame.seconds))!;
    expect([opened.width, opened.height]).toEqual([own.width, own.height]);
    expect(opened.ids.findIndex((id, i) => id !== own.ids[i])).toBe(-1);
  });
  expect(n).toBe(FRAMES);
});

describe('annotated video', () => {
  test('carries the place when it is asked to', async (context) => {
    const file = await clip(context, 'code-sound-place.mov');
    const target = await newFile('placed.mp4');
    expect((await done(videoJob(file, target, true))).answer).toMatchObject({ ok: true, notes: [] });
    using written = await VideoFile.open(await target.getFile());
    expect(await written.place()).toBe('+27.9881+086.9250/');
  });

  test('says so when there is no place to carry', async (context) => {
    const target = await newFile('unplaced.mp4');
    const job = videoJob(await clip(context, 'one-frame.mp4'), target, true);
    expect((await done(job)).answer).toMatchObject({
      ok: true,
      frames: 1,
      notes: [{ kind: 'no-place' }],
    });
  });

  test.for([
    ['odd.webm', 322, 182],
    ['rotated-90.mp4', 90, 160],
    ['wide-pixels.mp4', 214, 90],
    ['variable-rate.mp4', 160, 90],
  ] as const)('of %s: every frame at its time, %s × %s', async ([name, width, height], context) => {
    const file = await clip(context, name);
    const target = await newFile('out.mp4');
    expect((await done(videoJob(file, target))).answer).toMatchObject({ ok: true });
    using source = await VideoFile.open(file);
    using written = await VideoFile.open(await target.getFile());
    expect([written.info.width, written.info.height]).toEqual([width, height]);
    const [expected, times] = [await timesOf(source), await timesOf(written)];
    expect(times).toHaveLength(expected.length);
    for (const [n, time] of times.entries()) expect(Math.abs(time - expected[n]!)).toBeLessThan(0.0005);
  });

  test('of two files: one film', async (context) => {
    const file = await clip(context, 'code-sound-place.mov');
    const target = await newFile('both.mp4');
    const job: Job = { ...videoJob(file, target), recording: { kind: 'videos', videos: [file, file] } };
    expect((await done(job)).answer).toMatchObject({ ok: true, frames: 2 * FRAMES, notes: [] });
    using written = await VideoFile.open(await target.getFile());
    const times = await timesOf(written);
    for (const [n, time] of times.entries()) expect(Math.abs(time - n / 24)).toBeLessThan(0.0011);
    const sound = (await written.sound())!;
    let last = 0;
    for await (const { timestamp } of sound.packets(0, 10)) last = timestamp;
    expect(last).toBeGreaterThan(3);
  });
});

async function timesOf(file: VideoFile): Promise<number[]> {
  const times: number[] = [];
  for await (const frame of file.frames(0)) {
    times.push(frame.seconds);
    frame.close();
  }
  return times;
}

describe('a folder of pictures', () => {
  test('is analysed against its labels: each picture has its IoU, the worst comes first', async () => {
    const pictures = [
      await flat('#ff0000', 'a.png'),
      await flat('#0000ff', 'b.png'),
      await flat('#ff0000', 'c.png'),
    ];
    // The network calls red road and blue sky. The labels of the second picture are half wrong, the third has none.
    const labels = [await labelFile(() => 0), await labelFile((x) => (x < WIDTH / 2 ? 8 : 0)), null];
    const { answer, told } = await done({
      ...base(new Blob()),
      recording: { kind: 'pictures', pictures },
      labels: labelParts(labels),
      kind: 'analysis',
    });
    expect(answer).toMatchObject({ ok: true, frames: 3 });
    const records = told.flatMap((progress) => progress.records);
    // The class map's cells do not end where the labels change: a column of them lies on either side.
    expect(records.map(({ agreement }) => agreement?.same ?? null)).toEqual([
      1,
      expect.closeTo(0.5, 1),
      null,
    ]);
    const review = reviewOf(records, 10);
    expect(review.frames).toBe(2);
    expect(review.worst.map(({ n }) => n)).toEqual([1, 0]);
    expect(review.same).toBeCloseTo(0.75, 1);
  });

  async function flat(colour: string, name: string): Promise<File> {
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
    const context = canvas.getContext('2d')!;
    context.fillStyle = colour;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    return new File([await canvas.convertToBlob()], name);
  }

  async function labelFile(idAt: (x: number) => number): Promise<Blob> {
    const ids = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => idAt(i % WIDTH));
    const map: LabelMap = { width: WIDTH, height: HEIGHT, ids };
    return new Blob([await encodeLabelPng(map, view.colours)]);
  }
});

test('a page that is closed in the middle: the next visit goes on where it was', async (context) => {
  const job: Job = { ...base(await clip(context, 'code.mp4')), kind: 'analysis' };
  const worker = new Worker(new URL('../../../workers/job.worker.ts', import.meta.url), { type: 'module' });
  const begun = Promise.withResolvers<void>();
  void wrap<JobWorkerApi>(worker).run(
    job,
    proxy(({ frames }) => {
      if (frames > 20) begun.resolve();
    }),
  );
  await begun.promise;
  // As the browser ends it: in the middle of whatever it is doing, nothing tidied up.
  worker.terminate();
  // The browser lets go of a dead worker's file in its own time.
  const { told } = await vi.waitFor(
    async () => {
      const second = await done(job);
      expect(second.answer).toMatchObject({ ok: true, frames: 120 });
      return second;
    },
    { timeout: 60_000, interval: 200 },
  );
  const records = told.flatMap((progress) => progress.records);
  expect(records.map(({ n }) => n)).toEqual(Array.from({ length: 120 }, (_, n) => n));
  expect(told.at(-1)!.frames).toBeLessThan(120);
});
