/** Firefox: a recording is analysed, what was analysed is kept, and all that can be exported comes out of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { makeMedia } from '../fixtures/make-media.mjs';
import { tinyPspnet } from '../fixtures/networks/tiny-pspnet';
import { Downloads } from '../harness/downloads';
import {
  chooseFile,
  firefoxMissing,
  firefoxScreenshot,
  noticesOn,
  numberIn,
  TestFirefox,
  textAt,
  waitForText,
} from '../harness/firefox';
import { networkPart } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

/** As long as any step may take on two busy cores, in milliseconds. A limit, never a measurement. */
const PATIENCE = 120_000;

const MADE = join(ROOT, 'test', 'fixtures', 'generated');
const CLIP = 'clusters.webm';

/** Frames of the clip: 15 a second, as it was made. */
const FRAMES = 45;

/** Between a picture and what was made of it, as mean difference of a byte: other decoders convert a little otherwise. */
const SAME_PICTURE = 6;

const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = firefoxMissing() ?? failures.ffmpeg ?? failures[CLIP] ?? null;
if (missing) console.warn(missing);

/** A picture of a file as bytes, red, green and blue, decoded by another program. @param n number from 0 */
function pictureOf(path: string, n = 0): Buffer {
  const one = ['-vf', `select=eq(n\\,${n})`, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  return execFileSync('ffmpeg', ['-v', 'error', '-i', path, ...one]);
}

/** Mean difference of the bytes of two pictures of one size. */
function difference(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length);
  let sum = 0;
  for (const [i, byte] of a.entries()) sum += Math.abs(byte - b[i]!);
  return sum / a.length;
}

/** What another program complains of when it reads a video to its end. */
function complaintsOf(path: string): string {
  return spawnSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-']).stderr.toString();
}

/** Times of the pictures of a video in seconds, read to its end by another program. */
function timesOf(path: string): number[] {
  const asked = ['-select_streams', 'v', '-show_entries', 'frame=pts_time', '-of', 'json', path];
  const { frames } = JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...asked]).toString());
  return frames.map(({ pts_time }: { pts_time: string }) => Number(pts_time));
}

describe.skipIf(missing !== null)('Firefox', () => {
  const downloads = new Downloads();
  let server: TestServer;
  let firefox: TestFirefox;
  let page: Page;

  beforeAll(async () => {
    server = await servePage([networkPart(tinyPspnet())]);
    firefox = await TestFirefox.launch({ preferences: downloads.preferences });
    page = await firefox.open();
    await openPage();
  });

  afterAll(async () => {
    await firefox?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    downloads[Symbol.dispose]();
  });

  async function openPage(): Promise<void> {
    await page.goto(`${server.url}?model=/models/tiny.json`);
    await isSegmented();
    await chooseFile(page, 'file-input', join(MADE, CLIP));
    await says('source-title', /clusters/);
    await page.keyboard.press('.');
    await page.keyboard.press('Home');
    await says('frame-number', /^frame 0$/);
  }

  const says = (id: string, text: RegExp): Promise<string> =>
    waitForText(page, id, (said) => text.test(said), PATIENCE);

  const isSegmented = (): Promise<string> =>
    waitForText(page, 'hud-drivable-share', (text) => !Number.isNaN(numberIn(text)), PATIENCE);

  const click = (id: string): Promise<void> => page.click(`[data-testid=${id}]`);

  async function choose(item: string): Promise<void> {
    await click('export');
    await click(item);
  }

  const exported = (item: string) => downloads.next(() => choose(item), PATIENCE);

  test('analyses a recording and keeps it, frame for frame', async () => {
    await click('analyse');
    await says('analysis-state', /^45 frames$/);
    const curves = await (await page.waitForSelector('[data-testid=curves] canvas'))!.boundingBox();
    await page.mouse.move(curves!.x + curves!.width / 2, curves!.y + 20);
    await says('preview', /drivable/);
    await firefoxScreenshot(page, 'firefox-analysis');
    expect(await noticesOn(page)).toEqual([]);

    await openPage();
    // Nothing was asked for: this was kept.
    await says('analysis-state', /^45 frames$/);
  });

  test('figures as CSV and JSON, masks as ZIP and COCO', async () => {
    const csv = await exported('export-csv');
    expect(csv.name).toBe('clusters-table.csv');
    const lines = csv.bytes.toString().trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^frame,/);
    expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual([...Array(FRAMES).keys()]);

    const json = await exported('export-json');
    expect(json.name).toBe('clusters-table.json');
    expect(JSON.parse(json.bytes.toString()).frames).toHaveLength(FRAMES);

    const masks = await exported('export-masks');
    expect(masks.name).toBe('clusters-masks.zip');
    expect(masks.bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    // Each is named where it lies and in the directory at the end.
    const named = masks.bytes.toString('latin1').match(/masks\/frame_\d{6}\.png/g) ?? [];
    expect(new Set(named).size).toBe(FRAMES);

    const coco = await exported('export-coco');
    expect(coco.name).toBe('clusters-coco.json');
    const { images, annotations } = JSON.parse(coco.bytes.toString());
    expect(images).toHaveLength(FRAMES);
    expect(annotations.length).toBeGreaterThanOrEqual(FRAMES);
    expect(await noticesOn(page)).toEqual([]);
  });

  test('a snapshot is the picture that stands', async () => {
    await page.keyboard.press('Home');
    await says('frame-number', /^frame 0$/);
    await isSegmented();
    const raw = await downloads.next(() => click('snapshot-raw'), PATIENCE);
    expect(raw.name).toMatch(/^clusters\.webm-[\d-]+-raw\.png$/);
    const truth = pictureOf(join(MADE, CLIP));
    expect(difference(pictureOf(raw.path), truth)).toBeLessThan(SAME_PICTURE);
    const masked = await downloads.next(() => click('snapshot'), PATIENCE);
    expect(masked.name).toMatch(/^clusters\.webm-[\d-]+\.png$/);
    expect(pictureOf(masked.path)).toHaveLength(truth.length);
  });

  test('annotated video where the browser has a codec, else a sentence that says so', async () => {
    // VP8 and VP9 are part of Firefox.
    const webm = await exported('export-webm');
    expect(webm.name).toBe('clusters-video.webm');
    const times = timesOf(webm.path);
    expect(times).toHaveLength(FRAMES);
    expect(complaintsOf(webm.path)).toBe('');
    for (const [n, time] of times.entries()) expect(Math.abs(time - n / 15)).toBeLessThan(0.002);
    // A picture lies under the mask, and another one later.
    const drawn = pictureOf(webm.path, FRAMES - 1);
    expect(difference(drawn, Buffer.alloc(drawn.length))).toBeGreaterThan(20);
    expect(difference(drawn, pictureOf(webm.path))).toBeGreaterThan(1);

    // H.264 depends on the system's libraries: both ways are told.
    const mp4 = await Promise.race([
      exported('export-mp4').catch(() => null),
      says('notice-export-codec-missing', /cannot write video in this format/).catch(() => null),
    ]);
    if (mp4 !== null && typeof mp4 === 'object') {
      expect(timesOf(mp4.path)).toHaveLength(FRAMES);
      expect(complaintsOf(mp4.path)).toBe('');
    } else expect(mp4).toMatch(/Choose the other format/);
    await firefoxScreenshot(page, 'firefox-exported');
    expect(await textAt(page, 'analysis-state')).toBe('45 frames');
  });
});
