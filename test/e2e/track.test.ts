/** A drive with what its recorder wrote down: a GoPro's own track, and a GPX file beside a video. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../src/server/prepare.mjs';
import { readGpx } from '../../src/telemetry/formats/gpx';
import { makeMedia } from '../fixtures/make-media.mjs';
import { pmtiles } from '../fixtures/maps/pmtiles';
import { tilesOf, town } from '../fixtures/maps/town';
import { withTrack } from '../fixtures/telemetry/boxes';
import { BEGAN, drive, gpmfTrack, gpx } from '../fixtures/telemetry/recorders';
import { screenshot } from '../harness/browser';
import { at, drop, waitForMasks } from '../harness/journey';
import { useOpenedPage } from '../harness/opened-page';
import { pageExports, pageSays } from '../harness/recording-page';

const MADE = join(ROOT, 'test', 'fixtures', 'generated');

/** A limit, never a measurement, in milliseconds. */
const WAIT = 120_000;

const failures: Readonly<Record<string, string>> = await makeMedia();
const missing = failures.ffmpeg ?? failures['drive.mp4'];
if (missing !== undefined) console.warn(`Skipped where clips are needed: ${missing}`);

const opened = useOpenedPage({ tiny: true, downloads: true });

const untilSays = (id: string, text: string | RegExp): Promise<void> =>
  pageSays(opened.watched.page, id, text, WAIT);

/** Exports by the menu; the text that comes out. */
const exported = async (item: string): Promise<string> =>
  (await pageExports(opened.watched.page, item, WAIT)).bytes.toString();

/** A map of a town around a drive, on one of whose streets it goes. */
function townMap(moments: ReturnType<typeof drive>): Buffer {
  const { latitude, longitude } = moments[0]!;
  const things = town([latitude, longitude]);
  const metadata = {
    name: 'Test town',
    attribution: '<a href="https://example.org">© Nobody</a>',
    vector_layers: ['water', 'landuse', 'roads', 'buildings'].map((id) => ({ id })),
  };
  const tiles = [13, 14, 15].flatMap((z) => tilesOf(things, z));
  return Buffer.from(pmtiles(tiles, { type: 1, metadata, gzip: gzipSync }));
}

describe.skipIf(missing !== undefined)('a drive with its track', () => {
  test('of a GoPro: speed and heading, curves, the map, and what leaves', async () => {
    const { page } = opened.watched;
    const video = Uint8Array.from(await readFile(join(MADE, 'drive.mp4')));
    const moments = drive(25);
    const file = Buffer.from(withTrack(video, gpmfTrack(moments)));
    await drop(page, 'GX010042.MP4', 'video/mp4', file);
    await untilSays('track-origin', /^From GoPro \(GPMF\); heading from the places\.$/);
    await waitForMasks(page);
    await page.locator('body').press('.');
    await page.locator('body').press('Home');
    await untilSays('frame-number', /^frame 0$/);
    for (let i = 0; i < 6; i++) await page.locator('body').press('ArrowRight');
    await untilSays('exact-time', /^0:06\.000$/);
    await untilSays('hud-speed', /^29$/);
    await untilSays('hud-heading', /^90$/);
    expect(await at(page, 'drive-curves').isVisible()).toBe(true);

    // The upper end of the line is where the drive ended.
    const map = (await at(page, 'track-map').boundingBox())!;
    await page.mouse.click(map.x + map.width - 4, map.y + 4);
    await untilSays('exact-time', /^0:2[34]/);
    await at(page, 'status').waitFor({ state: 'hidden' });
    await screenshot(page, 'track-gopro');
    await at(page, 'track-slider').focus();
    await page.keyboard.press('Home');
    await untilSays('exact-time', /^0:00\.000$/);

    // Nothing about places, until it is asked for.
    const plain = (await exported('export-csv')).split('\r\n');
    expect(plain[0]!.split(',').slice(-4)).toEqual(['speed_m_s', 'heading_deg', 'steering_deg', 'brake']);
    const columns = plain[0]!.split(',');
    const speedAt = (line: string) => Number(line.split(',')[columns.indexOf('speed_m_s')]);
    expect(speedAt(plain[1 + 5 * 6]!)).toBeCloseTo(moments[6]!.speed, 0);
    await at(page, 'export').click();
    await at(page, 'export-places').check();
    await at(page, 'export-cut').fill('50');
    await screenshot(page, 'track-export');
    await page.keyboard.press('Escape');
    const placed = (await exported('export-csv')).trimEnd().split('\r\n');
    const last = placed.map((line) => line.split(',').slice(-2));
    expect(last[0]).toEqual(['latitude', 'longitude']);
    expect(last[1]).toEqual(['', '']);
    expect(last.slice(1).some(([latitude]) => Number(latitude) > 51.9)).toBe(true);
    const saved = readGpx(await exported('export-gpx'))!;
    expect(saved.fixes.length).toBeGreaterThan(50);
    expect(saved.fixes[0]!.clock).toBeGreaterThan(BEGAN + 4000);

    await at(page, 'analyse').click();
    await untilSays('analysis-state', /^120 frames$/);
    await at(page, 'track-colour-drivable').check({ force: true });
    await untilSays('track-ramp', /%$/);
    await screenshot(page, 'track-drivable');

    // A map of the user's own, in a file: nothing of it was loaded before.
    const loaded = () =>
      page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
    expect((await loaded()).filter((path) => /map\.worker/.test(path))).toEqual([]);
    await at(page, 'map-input').setInputFiles({
      name: 'town.pmtiles',
      mimeType: 'application/octet-stream',
      buffer: townMap(moments),
    });
    await untilSays('map-credit', 'Map: Test town · © Nobody');
    await page.locator('canvas[data-drawn]').waitFor({ timeout: WAIT });
    await at(page, 'track-colour-speed').check({ force: true });
    await at(page, 'track-map').scrollIntoViewIfNeeded();
    await screenshot(page, 'track-map');
    await page.emulateMedia({ colorScheme: 'light' });
    await at(page, 'map-credit').scrollIntoViewIfNeeded();
    await screenshot(page, 'track-map-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect((await loaded()).filter((path) => /map\.worker/.test(path))).toHaveLength(1);
    await at(page, 'map-remove').focus();
    await page.keyboard.press('Enter');
    await page.locator('canvas[data-drawn]').waitFor({ state: 'detached', timeout: WAIT });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('map-choose');
  });

  test('a GPX file beside a video, by the clock in the video’s name', async () => {
    const { page } = opened.watched;
    const video = await readFile(join(MADE, 'drive.mp4'));
    await at(page, 'file-input').setInputFiles([
      { name: '2026_0301_101500_0001.mp4', mimeType: 'video/mp4', buffer: video },
      // Begins ten seconds earlier, and names the zone in which the camera is an hour ahead.
      {
        name: 'ride.gpx',
        mimeType: 'application/gpx+xml',
        buffer: Buffer.from(gpx(drive(60, BEGAN - 3_600_000 - 10_000))),
      },
    ]);
    await untilSays('track-origin', /^From GPX, ride\.gpx; by its clock; the recorder’s is UTC\+1; /);
    await untilSays('hud-speed', /^\d\d$/);
    await screenshot(page, 'track-gpx');
  });
});
