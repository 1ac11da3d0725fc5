/** People and vehicles blurred in what is exported. */
import { expect, test } from 'vitest';
import type { Job } from '../../../src/jobs/job';
import { blurHidden } from '../../../src/overlay/hidden-cells';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { DRIVING } from '../../../src/taxonomy/classes';
import { clip } from '../sources/clips';
import { base, done, emptyStoreAfterEach, newFile } from './job-harness';

emptyStoreAfterEach();

test('what is hidden keeps none of its detail; the rest keeps every pixel', () => {
  const [width, height] = [480, 240];
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false })!;
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const level = (i + Math.floor(i / width)) % 2 === 0 ? 255 : 0;
    image.data.set([level, level, level, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  // The right half of a map of eight by four cells.
  const cells = Uint8ClampedArray.from({ length: 32 }, (_, i) => (i % 8 >= 4 ? 255 : 0));
  blurHidden(context, cells, { width: 8, height: 4 });
  const after = context.getImageData(0, 0, width, height).data;
  let kept = 0;
  let [least, most] = [255, 0];
  for (let i = 0; i < width * height; i++) {
    const level = after[4 * i]!;
    if (i % width < width / 2) kept += Number(level === image.data[4 * i]);
    else [least, most] = [Math.min(least, level), Math.max(most, level)];
  }
  expect(kept).toBe((width * height) / 2);
  // Black and white by turns are one grey.
  expect(most - least).toBeLessThan(24);
  expect(least).toBeGreaterThan(90);
});

/** Red of some columns in the middle row of a video's frame. */
async function redOf(file: Blob, n: number, columns: readonly number[]): Promise<number[]> {
  using video = await VideoFile.open(file);
  let at = 0;
  for await (const { frame, close } of video.frames(0)) {
    const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
    const context = canvas.getContext('2d')!;
    context.drawImage(frame, 0, 0);
    close();
    if (at++ < n) continue;
    return columns.map((x) => context.getImageData(x, canvas.height / 2, 1, 1).data[0]!);
  }
  throw new Error(`There is no frame ${n}.`);
}

test('an exported video is blurred where the model sees people, and nowhere else', async (context) => {
  const file = await clip(context, 'code-sound-place.mov');
  const plain = base(file);
  if (plain.model.kind !== 'file') throw new Error('the harness has a model of its own');
  // What is red is a person, not road.
  const swapped = ['person', ...DRIVING.slice(1).map(({ name }) => (name === 'person' ? 'road' : name))];
  const manifest = { ...(plain.model.manifest as object), classes: swapped };
  const job = (target: FileSystemFileHandle, blur: boolean): Job => ({
    ...plain,
    model: {
      ...plain.model,
      bytes: (plain.model as { bytes: ArrayBuffer }).bytes.slice(0),
      manifest,
    } as Job['model'],
    kind: 'video',
    container: 'mp4',
    range: { from: 0, to: 0.1 },
    target,
    view: { ...DEFAULT_VIEW, opacity: 0, outline: false },
    figures: false,
    keepPlace: false,
    blur,
  });
  const [sharp, blurred] = [await newFile('sharp.mp4'), await newFile('blurred.mp4')];
  expect((await done(job(sharp, false))).answer).toMatchObject({ ok: true });
  expect((await done(job(blurred, true))).answer).toMatchObject({ ok: true });
  // Frame 1: the first of eight bars is red, 20 pixels wide; the others are blue.
  const columns = [10, 18, 22, 70, 110];
  const before = await redOf(await sharp.getFile(), 1, columns);
  const after = await redOf(await blurred.getFile(), 1, columns);
  expect(before[1]! - before[2]!).toBeGreaterThan(150);
  expect(after[1]! - after[2]!).toBeLessThan(0.75 * (before[1]! - before[2]!));
  // Far from anybody nothing changed but what the codec does.
  for (const column of [3, 4]) expect(Math.abs(after[column]! - before[column]!)).toBeLessThan(8);
});
