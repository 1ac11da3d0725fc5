/** A recording: played, stepped, analysed, exported, as a person would with mouse and keys. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { encodeLabelPng } from '../../src/labels/label-png';
import { ROOT } from '../../src/server/prepare.mjs';
import { DEFAULT_PALETTE, PALETTES } from '../../src/taxonomy/palette';
import { makeMedia } from '../fixtures/make-media.mjs';
import { screenshot } from '../harness/browser';
import { at, drop, untilStill, waitForMasks } from '../harness/journey';
import { useOpenedPage } from '../harness/opened-page';
import { pageExports, pageSays } from '../harness/recording-page';

const MADE = join(ROOT, 'test', 'fixtures', 'generated');

/** Waits as long as any step may take with a tiny network, in milliseconds. A limit, never a measurement. */
const WAIT = 60_000;

const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = failures.ffmpeg ?? failures['long.mp4'];
if (missing !== undefined) console.warn(`Skipped where clips are needed: ${missing}`);

const opened = useOpenedPage({ tiny: true, downloads: true });

/** Waits until an element says what it should. */
const untilSays = (id: string, text: string | RegExp): Promise<void> =>
  pageSays(opened.watched.page, id, text, WAIT);

/** Exports by the menu; the file that comes out. */
const exported = (item: string) => pageExports(opened.watched.page, item, WAIT);

describe.skipIf(missing !== undefined)('a recording', () => {
  test('is stepped frame by frame, marked, analysed and exported', async () => {
    const { page } = opened.watched;
    expect(await at(page, 'back-far').isVisible()).toBe(false);
    await drop(page, 'long.mp4', 'video/mp4', await readFile(join(MADE, 'long.mp4')));
    await untilSays('source-title', /long/);
    await waitForMasks(page);
    await at(page, 'status').waitFor({ state: 'hidden' });
    await screenshot(page, 'playback-playing');

    // Paused and back at the start, then by keys: the clock says which frame stands.
    await page.locator('body').press('.');
    await page.locator('body').press('Home');
    await untilSays('frame-number', /^frame 0$/);
    for (const key of ['.', '.', '.', ',']) await page.locator('body').press(key);
    await untilSays('frame-number', /^frame 2$/);
    await page.locator('body').press('ArrowRight');
    await untilSays('frame-number', /^frame 17$/);
    await untilSays('exact-time', /^0:01\.133$/);
    await page.locator('body').press('i');
    await page.locator('body').press('.');
    await untilSays('frame-number', /^frame 18$/);
    await page.locator('body').press('p');
    await untilSays('range', /^0:01\.133 – 0:01\.200$/);
    await screenshot(page, 'playback-paused');

    await at(page, 'analyse').click();
    await untilSays('analysis-state', /^45 frames$/);
    await at(page, 'curves').locator('canvas').waitFor();
    const curves = (await at(page, 'curves').boundingBox())!;
    await page.mouse.move(curves.x + curves.width * 0.5, curves.y + 20);
    await at(page, 'preview').waitFor();
    await untilSays('preview', /drivable/);
    await screenshot(page, 'playback-timeline');
    await page.mouse.click(curves.x + curves.width * 0.5, curves.y + 20);
    await untilSays('exact-time', /^0:01\.4/);

    const table = await exported('export-csv');
    expect(table.name).toBe('long-table.csv');
    const lines = table.bytes.toString().trimEnd().split('\r\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['frame', '17', '18']);
    await page.locator('body').press('x');
    const masks = await exported('export-masks');
    expect(masks.name).toBe('long-masks.zip');
    expect(masks.bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(masks.bytes.toString('latin1').split('masks/frame_').length - 1).toBeGreaterThanOrEqual(2 * 45);
    await screenshot(page, 'playback-exported');
  });

  test('opened again, what was analysed is there at once', async () => {
    const { page } = opened.watched;
    await page.reload();
    await waitForMasks(page);
    await drop(page, 'long.mp4', 'video/mp4', await readFile(join(MADE, 'long.mp4')));
    await untilSays('analysis-state', /^45 frames$/);
  });

  test('labels, and another network’s masks, are compared with: the worst frames first', async () => {
    const { page } = opened.watched;
    // What the network itself said of the recording agrees with it, but for cells that an edge runs through.
    const masks = await exported('export-masks');
    await at(page, 'labels-input').setInputFiles({
      name: masks.name,
      mimeType: 'application/zip',
      buffer: masks.bytes,
    });
    await untilSays('labels', /^45 labels/);
    await at(page, 'analyse').click();
    await untilSays('compare-summary', /Frames45Agreement(9[5-9]\.\d|100\.0) %/);
    await at(page, 'labels').click();
    await untilSays('labels', /^Labels$/);

    // Another network knows colours of its own.
    await at(page, 'compare-model').selectOption('pspnet-wasm');
    await at(page, 'compare-run').click();
    await untilSays('labels', /^45 labels/);
    await at(page, 'analyse').click();
    await untilSays('compare-summary', /Frames45/);
    expect(await at(page, 'worst').count()).toBe(20);
    await at(page, 'worst').first().click();
    await at(page, 'label-view-beside').check({ force: true });
    await untilStill(at(page, 'canvas'));
    await screenshot(page, 'playback-compare-beside');
    await at(page, 'label-view-difference').check({ force: true });
    await untilStill(at(page, 'canvas'));
    await screenshot(page, 'playback-compare-difference');
    await at(page, 'label-view-off').check({ force: true });
  });

  test('a folder of pictures is stepped through, scored against its labels', async () => {
    const { page } = opened.watched;
    const picture = await readFile(join(MADE, 'still.png'));
    const flat = async (id: number): Promise<Buffer> =>
      Buffer.from(
        await encodeLabelPng(
          { width: 16, height: 9, ids: new Uint8Array(16 * 9).fill(id) },
          PALETTES[DEFAULT_PALETTE],
        ),
      );
    const top = await mkdtemp(join(tmpdir(), 'pictures-'));
    const files: [string, Buffer][] = [
      ['images/a.png', picture],
      ['images/b.png', picture],
      ['images/c.png', picture],
      ['labels/a.png', await flat(0)],
      ['labels/b.png', await flat(6)],
      ['readme.txt', Buffer.from('Made by a test.')],
    ];
    try {
      for (const [name, content] of files) {
        await mkdir(join(top, 'street', dirname(name)), { recursive: true });
        await writeFile(join(top, 'street', name), content);
      }
      await at(page, 'folder-input').setInputFiles(join(top, 'street'));
      await untilSays('source-title', /^street$/);
      await untilSays('labels', /^2 labels/);
      await at(page, 'analyse').click();
      await untilSays('compare-summary', /Frames2/);
      expect(await at(page, 'worst').count()).toBe(2);
      await at(page, 'worst').first().click();
      await untilSays(
        'frame-number',
        (await at(page, 'worst').first().locator('.worst-name').textContent())!,
      );
      await page.locator('body').press('Home');
      await untilSays('frame-number', /^a\.png$/);
      await page.locator('body').press('.');
      await untilSays('frame-number', /^b\.png$/);
      await screenshot(page, 'playback-pictures');
    } finally {
      // Pictures are read when they are shown.
      await rm(top, { recursive: true });
    }
  });

  test.skipIf(failures['beep.mp4'] !== undefined)(
    'the annotated video is one that other programs play: every frame, its time, the sound at its place',
    async () => {
      const { page } = opened.watched;
      await drop(page, 'beep.mp4', 'video/mp4', await readFile(join(MADE, 'beep.mp4')));
      await untilSays('source-title', /beep/);
      await at(page, 'export').waitFor();
      const video = await exported('export-mp4');
      expect(video.name).toBe('beep-video.mp4');
      const folder = await mkdtemp(join(tmpdir(), 'export-'));
      try {
        const path = join(folder, video.name);
        await writeFile(path, video.bytes);
        const { streams, frames } = JSON.parse(
          await said('ffprobe', [
            ...['-v', 'error', '-of', 'json'],
            ...['-show_entries', 'stream=codec_type,codec_name:frame=pts_time,media_type', path],
          ]),
        );
        expect(streams).toContainEqual(expect.objectContaining({ codec_type: 'audio', codec_name: 'aac' }));
        const times = frames
          .filter((frame: { media_type: string }) => frame.media_type === 'video')
          .map((frame: { pts_time: string }) => Number(frame.pts_time));
        expect(times).toHaveLength(30);
        for (const [n, time] of times.entries()) expect(Math.abs(time - n / 15)).toBeLessThan(0.0005);
        // The tone begins after exactly one second, as in the original.
        const [before, after] = [await toneIn(join(MADE, 'beep.mp4')), await toneIn(path)];
        expect(before).toBeCloseTo(1, 1);
        expect(Math.abs(after - before)).toBeLessThan(0.005);
        // Decoded to its end by another program, without a complaint.
        expect(await said('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'])).toBe('');
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

/** What a program writes, its complaints too. */
async function said(program: string, argv: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, argv);
  return stdout + stderr;
}

/** When the silence of a file ends, in seconds. */
async function toneIn(path: string): Promise<number> {
  const text = await said('ffmpeg', [
    '-hide_banner',
    '-i',
    path,
    '-af',
    'silencedetect=n=-30dB:d=0.3',
    '-f',
    'null',
    '-',
  ]);
  return Number(/silence_end: ([\d.]+)/.exec(text)?.[1]);
}
