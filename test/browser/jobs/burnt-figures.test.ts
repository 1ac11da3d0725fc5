/** Figures burnt into an exported video: the file is opened again, and they stand in its pictures. */
import { expect, test } from 'vitest';
import { writeLines } from '../../../src/jobs/written-lines';
import { WRITTEN_IN_ENGLISH } from '../../../src/media/written-words';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { VideoFile } from '../../../src/sources/recording/video-file';
import { clip } from '../sources/clips';
import { base, done, emptyStoreAfterEach, HEIGHT, newFile, WIDTH } from './job-harness';

emptyStoreAfterEach();

/** Where the first of three lines stands in a picture of this height, pixels. */
const LINE = { x: 10, y: 11, width: 40, height: 12 };

const paper = () => new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true })!;

/** Luminance of the line's pixels. */
function lineOf(context: OffscreenCanvasRenderingContext2D): number[] {
  const { data } = context.getImageData(LINE.x, LINE.y, LINE.width, LINE.height);
  return Array.from(
    { length: data.length / 4 },
    (_, i) => 0.3 * data[4 * i]! + 0.6 * data[4 * i + 1]! + 0.1 * data[4 * i + 2]!,
  );
}

/** The same of a text, as the export writes it. */
function written(text: string): number[] {
  const context = paper();
  // Others below it are shorter than the picture is wide, and change nothing of the first.
  writeLines(context, { width: WIDTH, height: HEIGHT }, [text, 'drivable 50 %', 'confidence 100 %']);
  return lineOf(context);
}

/** How alike two pictures are: their correlation, -1 to 1. */
function alike(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (p: readonly number[], mp: number, q: readonly number[], mq: number) =>
    p.reduce((sum, v, i) => sum + (v - mp) * (q[i]! - mq), 0);
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb));
}

/** Lines of the frames of a video, by their time. */
async function linesIn(blob: Blob): Promise<readonly number[][]> {
  using file = await VideoFile.open(blob);
  const lines: number[][] = [];
  for await (const { frame, close } of file.frames(0)) {
    const context = paper();
    context.drawImage(frame, 0, 0);
    close();
    lines.push(lineOf(context));
  }
  return lines;
}

test.for([
  ['English', '.'],
  ['German', ','],
] as const)(
  'the time of each frame can be read in it, in %s; without figures there is none',
  async ([, point], context) => {
    const recording = await clip(context, 'code.mp4');
    const lines = async (figures: boolean) => {
      const target = await newFile(`${figures}.mp4`);
      const { answer } = await done({
        ...base(recording),
        ...{ kind: 'video', container: 'mp4', range: { from: 10 / 24, to: 13 / 24 }, target },
        ...{ view: DEFAULT_VIEW, figures, keepPlace: false, blur: false },
        words: { ...WRITTEN_IN_ENGLISH, point },
      });
      expect(answer).toMatchObject({ ok: true, frames: 4 });
      return linesIn(await target.getFile());
    };
    const texts = [10, 11, 12, 13].map((n) => `${(n / 24).toFixed(3).replace('.', point)} s`);
    const [burnt, bare] = [await lines(true), await lines(false)];
    for (const [i, text] of texts.entries()) {
      const wanted = written(text);
      const found = alike(burnt[i]!, wanted);
      expect(found, text).toBeGreaterThan(0.8);
      for (const other of texts.filter((each) => each !== text))
        expect(found, `${text} rather than ${other}`).toBeGreaterThan(alike(burnt[i]!, written(other)));
      expect(alike(bare[i]!, wanted), `no ${text}`).toBeLessThan(0.5);
    }
  },
);
