/** Exports and analyses in their real worker: every frame once, at its time, under its own mask. */
import { describe, expect, test } from 'vitest';
import { findKept } from '../../../src/jobs/find-kept';
import { frameRecordSchema } from '../../../src/jobs/frame-record';
import type { Job } from '../../../src/jobs/job';
import { JobService } from '../../../src/jobs/job-service';
import { listKept } from '../../../src/jobs/result-store';
import { runJob } from '../../../src/jobs/run-job';
import { unpackRuns } from '../../../src/labels/coco';
import { labelParts } from '../../../src/labels/label-parts';
import { MaskSet } from '../../../src/labels/mask-set';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip } from '../sources/clips';
import { base, codeOf, done, emptyStoreAfterEach, FRAMES, HEIGHT, newFile, WIDTH } from './job-harness';

emptyStoreAfterEach();

/** Codes and times of all frames of a video. */
async function codesOf(blob: Blob): Promise<{ codes: number[]; times: number[]; sound: boolean }> {
  const file = await VideoFile.open(blob);
  try {
    const [codes, times]: [number[], number[]] = [[], []];
    const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true })!;
    for await (const frame of file.frames(0)) {
      context.drawImage(frame.frame, 0, 0);
      const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
      times.push(frame.seconds);
      frame.close();
      // Road is painted with more green than blue is left in it; sky the other way round.
      const near = (x: number, y: number, hex: string): number =>
        Math.hypot(
          ...[0, 1, 2].map(
            (c) => data[(y * WIDTH + x) * 4 + c]! - Number.parseInt(hex.slice(1 + 2 * c, 3 + 2 * c), 16),
          ),
        );
      const [road, sky] = [DEFAULT_VIEW.colours[0]!, DEFAULT_VIEW.colours[8]!];
      codes.push(codeOf((x, y) => near(x, y, road) < near(x, y, sky)));
    }
    return { codes, times, sound: (await file.sound()) !== null };
  } finally {
    file[Symbol.dispose]();
  }
}

const view = { ...DEFAULT_VIEW, opacity: 1, outline: false };
const counted = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('annotated video', () => {
  test('MP4: every frame once, at its time, painted with its own mask; sound kept, place left out', async (context) => {
    const file = await clip(context, 'code-sound-place.mov');
    expect(await file.text()).toContain('+27.9881');
    const target = await newFile('out.mp4');
    const { answer, told } = await done({
      ...base(file),
      kind: 'video',
      container: 'mp4',
      range: null,
      target,
      view,
      figures: false,
      keepPlace: false,
      blur: false,
    });
    expect(answer).toEqual({ ok: true, frames: FRAMES, notes: [] });
    expect(told.at(-1)!.share).toBeGreaterThan(0.5);
    const written = await target.getFile();
    const { codes, times, sound } = await codesOf(written);
    expect(codes).toEqual(counted(0, FRAMES));
    for (const [n, time] of times.entries()) expect(Math.abs(time - n / 24)).toBeLessThan(0.0005);
    expect(sound).toBe(true);
    expect(await written.text()).not.toContain('+27.9881');
  });

  test('WebM: a range, with figures; sound that does not fit is named', async (context) => {
    const file = await clip(context, 'code-sound-place.mov');
    const target = await newFile('out.webm');
    const range = { from: 10 / 24, to: 20 / 24 };
    const { answer } = await done({
      ...base(file),
      kind: 'video',
      container: 'webm',
      range,
      target,
      view,
      figures: true,
      keepPlace: false,
      blur: false,
    });
    expect(answer).toMatchObject({
      ok: true,
      frames: 11,
      notes: [{ kind: 'sound-unfit', codec: expect.stringContaining('aac') }],
    });
    const { codes, times } = await codesOf(await target.getFile());
    expect(codes).toEqual(counted(10, 21));
    for (const [i, time] of times.entries()) expect(Math.abs(time - i / 24)).toBeLessThan(0.0011);
  });

  test('cancelled, it leaves nothing behind', async (context) => {
    const file = await clip(context, 'code.mp4');
    const target = await newFile('out.mp4');
    const job = runJob(
      {
        ...base(file),
        kind: 'video',
        container: 'mp4',
        range: null,
        target,
        view,
        figures: false,
        keepPlace: false,
        blur: false,
      },
      () => job.cancel(),
    );
    expect(await job.answer).toEqual({ ok: false, error: null });
    expect((await target.getFile()).size).toBe(0);
    // Whoever closes the recording cancels what has ended, too.
    expect(() => job.cancel()).not.toThrow();
  });
});

describe('masks', () => {
  test('as an archive, read back: each frame’s own mask, at its time', async (context) => {
    const file = await clip(context, 'code-sound-place.mov');
    const target = await newFile('masks.zip');
    const { answer } = await done({
      ...base(file),
      kind: 'masks',
      range: null,
      target,
      colours: view.colours,
      side: null,
    });
    expect(answer).toMatchObject({ ok: true, frames: FRAMES });
    const set = await MaskSet.open(labelParts(await target.getFile()));
    expect(set.size).toBe(FRAMES);
    for (let n = 0; n < FRAMES; n++) {
      const map = (await set.at(-1, n / 24))!;
      expect([map.width, map.height]).toEqual([WIDTH, HEIGHT]);
      expect(codeOf((x, y) => map.ids[y * WIDTH + x] === 0)).toBe(n);
    }
  });

  test('as COCO run lengths', async (context) => {
    const file = await clip(context, 'code-sound-place.mov');
    const target = await newFile('masks.json');
    const range = { from: 5 / 24, to: 7 / 24 };
    const { answer } = await done({ ...base(file), kind: 'coco', range, target });
    expect(answer).toMatchObject({ ok: true, frames: 3 });
    const coco = JSON.parse(await (await target.getFile()).text());
    expect(coco.images).toHaveLength(3);
    const roads = coco.annotations.filter((a: { category_id: number }) => a.category_id === 0);
    for (const [i, { segmentation, area }] of roads.entries()) {
      const inside = new Uint8Array(WIDTH * HEIGHT);
      let at = 0;
      for (const [k, run] of unpackRuns(segmentation.counts).entries()) {
        if (k % 2 === 1) inside.fill(1, at, at + run);
        at += run;
      }
      expect(at).toBe(WIDTH * HEIGHT);
      expect(inside.reduce((a, b) => a + b)).toBe(area);
      expect(codeOf((x, y) => inside[x * HEIGHT + y] === 1)).toBe(5 + i);
    }
  });

  test('of a file that is cut off: the sentence, and no half archive', async (context) => {
    const target = await newFile('masks.zip');
    const job: Job = {
      ...base(await clip(context, 'truncated.mp4')),
      kind: 'masks',
      range: null,
      target,
      colours: view.colours,
      side: null,
    };
    expect((await done(job)).answer).toMatchObject({ ok: false, error: { code: 'source-truncated' } });
    expect((await target.getFile()).size).toBe(0);
  });
});

describe('reports', () => {
  test('have all arrived when a job answers, however slowly they are heard', async (context) => {
    const target = await newFile('masks.zip');
    const job: Job = {
      ...base(await clip(context, 'code.mp4')),
      kind: 'masks',
      range: { from: 0, to: 3 / 24 },
      target,
      colours: view.colours,
      side: null,
    };
    let [told, heard] = [0, 0];
    const answer = await new JobService().run(job, async () => {
      told++;
      await new Promise((resolve) => setTimeout(resolve, 200));
      heard++;
    });
    expect(answer).toMatchObject({ ok: true, frames: 4 });
    expect(told).toBeGreaterThan(0);
    expect(heard).toBe(told);
  });
});

describe('analysis', () => {
  test('stopped, it goes on where it was; complete, it is there at once; as a table it has a line a frame', async (context) => {
    const file = await clip(context, 'code.mp4');
    const analysis: Job = { ...base(file), kind: 'analysis' };
    expect(await findKept(analysis)).toBeNull();
    const first = runJob(analysis, ({ frames }) => {
      if (frames > 0) first.cancel();
    });
    expect(await first.answer).toEqual({ ok: false, error: null });
    const kept = (await findKept(analysis))!;
    expect(kept.complete).toBe(false);
    const before = kept.records.length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(120);

    const second = await done(analysis);
    expect(second.answer).toMatchObject({ ok: true, frames: 120 });
    expect(second.told.at(-1)).toMatchObject({ frames: 120 - before, share: 1 });
    const records = second.told.flatMap((progress) => progress.records);
    expect(records.map(({ n }) => n)).toEqual(counted(0, 120));
    for (const record of records) {
      expect(Math.abs(record.t - record.n / 24)).toBeLessThan(0.0005);
      frameRecordSchema.parse(record);
    }
    expect(await findKept(analysis)).toMatchObject({ complete: true });
    expect(await listKept()).toHaveLength(1);

    const target = await newFile('table.csv');
    const range = { from: 0, to: 1 };
    const table = await done({ ...base(file), kind: 'table', format: 'csv', range, target });
    expect(table.answer).toMatchObject({ ok: true, frames: 25 });
    const lines = (await (await target.getFile()).text()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(26);
    expect(lines[25]).toMatch(/^24,1,/);
  });

  test('of a damaged file: what can be read is kept, and the damage is named', async (context) => {
    const analysis: Job = { ...base(await clip(context, 'truncated.mp4')), kind: 'analysis' };
    const { answer, told } = await done(analysis);
    expect(answer).toMatchObject({ ok: false, error: { code: 'source-truncated' } });
    const records = told.flatMap((progress) => progress.records);
    expect((await findKept(analysis))!.records.length).toBeGreaterThanOrEqual(records.length);
    expect((await findKept(analysis))!.records.length).toBeGreaterThan(5);
  });

  test('of something that is no video', async () => {
    const { answer } = await done({ ...base(new Blob(['not a video'])), kind: 'analysis' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'source-not-a-video' } });
  });
});
