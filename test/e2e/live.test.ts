/** Several cameras on one page: two browsers and a dashcam send into a real SFU, a dashboard segments all three. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files';
import { screenshot, TestBrowser, type WatchedPage } from '../harness/browser';
import { at, PATIENCE } from '../harness/journey';
import { type LiveServer, NO_WORKER, serveLive, WORKER } from '../harness/live';

if (!WORKER) console.warn(`Journeys of live rooms are skipped: ${NO_WORKER}`);

/** Chromium leaves the loopback out of its candidates otherwise. */
const FLAGS = ['--allow-loopback-in-peer-connection'];

/** Small networks and pictures: everything runs on the processor here. */
const LOOK = '&engine=wasm&model=pspnet-wasm&mode=classes';

let server: LiveServer;
let browser: TestBrowser;
let wall: WatchedPage;
const vehicles: WatchedPage[] = [];
let dashcam: ChildProcess | null = null;

const start = (port = 0) => serveLive({ parts: [staticFiles(join(ROOT, 'dist'))], port });

/** A short video whose key frames are close together, as a dashcam writes it. */
function clip(): string {
  const folder = join(ROOT, 'test', 'output');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'dashcam.mp4');
  execFileSync('ffmpeg', [
    ...['-y', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=4'],
    ...['-c:v', 'libx264', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '10', path],
  ]);
  return path;
}

function publishClip(): ChildProcess {
  const args = ['--room', 'depot', '--name', 'Dashcam', '--server', server.url, clip()];
  return spawn(process.execPath, [join(ROOT, 'src/server/publish/launch.mjs'), ...args], {
    stdio: 'inherit',
  });
}

async function sendDrive(name: string, seed: number): Promise<void> {
  const vehicle = await browser.open();
  vehicles.push(vehicle);
  const query = `?room=depot&publish=drive&size=small&seed=${seed}&name=${encodeURIComponent(name)}`;
  await vehicle.page.goto(server.url + query);
}

function tile(page: Page, name: string) {
  return at(page, 'tile').filter({ hasText: name });
}

async function count(page: Page, name: string, of: 'frames' | 'masks'): Promise<number> {
  return Number(await tile(page, name).first().getAttribute(`data-${of}`));
}

/** Waits until a tile's counter has grown by `by` from now on. */
async function grows(page: Page, name: string, of: 'frames' | 'masks', by: number): Promise<void> {
  const before = await count(page, name, of);
  await vi.waitFor(async () => expect(await count(page, name, of)).toBeGreaterThanOrEqual(before + by), {
    timeout: PATIENCE,
    interval: 300,
  });
}

const NAMES = ['Bus 1', 'Bus 2', 'Dashcam'];

describe.skipIf(!WORKER)('a room', () => {
  beforeAll(async () => {
    ensurePageBuilt();
    server = await start();
    browser = await TestBrowser.launch({ flags: FLAGS });
    wall = await browser.open();
    await wall.page.goto(`${server.url}?room=depot${LOOK}`);
    await sendDrive('Bus 1', 1);
    await sendDrive('Bus 2', 3);
    dashcam = publishClip();
  });

  afterAll(async () => {
    dashcam?.kill('SIGTERM');
    for (const page of [...vehicles, wall]) await page?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('three vehicles are segmented on one page, and none starves', async () => {
    const { page } = wall;
    for (const name of NAMES) await tile(page, name).waitFor({ timeout: PATIENCE });
    await Promise.all(NAMES.map((name) => grows(page, name, 'frames', 10)));
    await Promise.all(NAMES.map((name) => grows(page, name, 'masks', 2)));
    await screenshot(page, 'live-wall');
    expect(await at(page, 'session').getAttribute('data-state')).toBe('joined');
    for (const name of NAMES)
      expect(await tile(page, name).getByTestId('tile-drivable').textContent()).toMatch(/\d %/);
  });

  test('Enter enlarges a tile, which the network then favours; Escape leads back', async () => {
    const { page } = wall;
    await tile(page, 'Bus 2').press('Enter');
    await vi.waitFor(async () => expect(await at(page, 'hud').textContent()).toMatch(/Mask age/), {
      timeout: PATIENCE,
    });
    const before = await Promise.all(NAMES.map((name) => count(page, name, 'masks')));
    await grows(page, 'Bus 2', 'masks', 6);
    const after = await Promise.all(NAMES.map((name) => count(page, name, 'masks')));
    const [other, focused] = [after[0]! - before[0]!, after[1]! - before[1]!];
    // Three turns for one, where there are frames for all of them.
    expect(focused).toBeGreaterThan(other);
    await screenshot(page, 'live-focus');
    await page.keyboard.press('Escape');
    expect(await tile(page, 'Bus 2').getAttribute('aria-current')).toBe('false');
  });

  test('a viewer without a network sees what another one’s saw, and is told so', async () => {
    await using viewer = await browser.open();
    await viewer.page.goto(`${server.url}?room=depot&engine=off&mode=classes`);
    await viewer.page.getByText('shared mask').first().waitFor({ timeout: PATIENCE });
    await screenshot(viewer.page, 'live-shared');
  });

  test('a broken connection is taken up again, tiles and all', async () => {
    const { page } = wall;
    const same = await tile(page, 'Bus 1').elementHandle();
    const drop = () =>
      page.evaluate(() => {
        const root = document.getElementById('app') as (HTMLElement & { dropConnection(): void }) | null;
        root?.dropConnection();
      });
    await drop();
    await page.locator('[data-testid="session"][data-state="joined"]').waitFor({ timeout: PATIENCE });
    await grows(page, 'Bus 1', 'frames', 5);
    expect(await same?.evaluate((element) => element.isConnected)).toBe(true);
    expect(await at(page, 'tile').count()).toBe(3);
  });

  test('a media worker that dies takes nobody along', async () => {
    const { page } = wall;
    const [pid] = server.pool.pids;
    process.kill(pid!, 'SIGKILL');
    await vi.waitFor(() => expect(server.pool.health).toEqual({ running: 1, died: 1 }), {
      timeout: PATIENCE,
    });
    await Promise.all(NAMES.map((name) => grows(page, name, 'frames', 5)));
    expect(await at(page, 'tile').count()).toBe(3);
  });

  test('a server that comes back finds them all again', async () => {
    const { page } = wall;
    const port = Number(new URL(server.url).port);
    await server[Symbol.asyncDispose]();
    await page.locator('[data-testid="session"][data-state="reconnecting"]').waitFor({ timeout: PATIENCE });
    server = await start(port);
    await Promise.all(NAMES.map((name) => grows(page, name, 'frames', 5)));
    expect(await at(page, 'tile').count()).toBe(3);
    await screenshot(page, 'live-back');
  });

  test('a vehicle that leaves goes, and its tile says so', async () => {
    const { page } = wall;
    await at(vehicles[0]!.page, 'stop').click();
    await tile(page, 'Bus 1').and(page.locator('[data-state="gone"]')).waitFor({ timeout: PATIENCE });
  });
});
