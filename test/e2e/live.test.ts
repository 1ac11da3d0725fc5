/** Several cameras on one page: two browsers and a dashcam send into a real SFU, a dashboard segments all three. */
import { observer, type types } from 'mediasoup';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { screenshot } from '../harness/browser';
import { at, PATIENCE } from '../harness/journey';
import { NO_WORKER, tokenFor, WORKER } from '../harness/live';
import { count, grows, LiveRoom, lookWith, order, PAGE, sessionIs, tile } from '../harness/live-room';

if (!WORKER) console.warn(`Journeys of live rooms are skipped: ${NO_WORKER}`);

/** What the server sends to viewers; it runs in this process. */
const consumers: types.Consumer[] = [];
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) =>
      transport.observer.on('newconsumer', (consumer) => consumers.push(consumer)),
    ),
  ),
);

const paused = () => consumers.filter((consumer) => !consumer.closed && consumer.paused).length;

const NAMES = ['Bus', 'Van', 'Dashcam'];

let room: LiveRoom;
let page: Page;

function hudIs(pattern: RegExp): Promise<void> {
  return vi.waitFor(async () => expect(await at(page, 'hud').textContent()).toMatch(pattern), {
    timeout: PATIENCE,
    interval: 300,
  });
}

describe.skipIf(!WORKER)('a room', () => {
  beforeAll(async () => {
    room = await LiveRoom.open('depot');
    // A network slower than its tiles: on a fast machine the smallest keeps up with all of them, and none is favoured.
    ({ page } = await room.look(lookWith('pspnet-lite')));
    await room.send('Bus', 'drive&size=small&fps=2&seed=1');
    await room.send('Van', 'camera');
    room.sendClip('Dashcam');
  });

  afterAll(() => room?.[Symbol.asyncDispose]());

  test('three vehicles are segmented on one page, and none starves', async () => {
    for (const name of NAMES) await tile(page, name).waitFor({ timeout: PATIENCE });
    await Promise.all(NAMES.map((name) => grows(page, name, 'frames', 10)));
    await Promise.all(NAMES.map((name) => grows(page, name, 'masks', 3)));
    await screenshot(page, 'live-dashboard');
    expect(await at(page, 'session').getAttribute('data-state')).toBe('joined');
    for (const name of NAMES)
      expect(await tile(page, name).getByTestId('tile-drivable').textContent()).toMatch(/\d %/);
    expect(paused()).toBe(0);
    // Browsers say when a picture was taken; a dashcam does not.
    const told = [
      ['Bus', 'capture'],
      ['Van', 'capture'],
      ['Dashcam', 'sending'],
    ] as const;
    for (const [name, from] of told) {
      const latency = tile(page, name).getByTestId('tile-latency');
      const known = latency.and(page.locator(`[data-from="${from}"]`)).filter({ hasText: /\d m?s$/ });
      await known.waitFor({ timeout: PATIENCE });
    }
  });

  test('Enter enlarges a tile: the network favours it, the server sends it large; Escape leads back', async () => {
    // Sent in layers, of which a thumbnail takes the lowest.
    await vi.waitFor(async () => expect(await tile(page, 'Van').getAttribute('data-layer')).toBe('0'), {
      timeout: PATIENCE,
    });
    await tile(page, 'Van').press('Enter');
    await hudIs(/Mask age/);
    // A larger one, as far as the sender's processor goes: its browser leaves the largest out when it is busy.
    await hudIs(/Layer[12]/);
    const before = await Promise.all(NAMES.map((name) => count(page, name, 'masks')));
    await grows(page, 'Van', 'masks', 12);
    const after = await Promise.all(NAMES.map((name) => count(page, name, 'masks')));
    const [van, dashcam] = [after[1]! - before[1]!, after[2]! - before[2]!];
    // Three turns for one, where there are frames for both.
    expect(van).toBeGreaterThan(1.5 * dashcam);
    await screenshot(page, 'live-focus');
    await page.keyboard.press('Escape');
    expect(await tile(page, 'Van').getAttribute('aria-current')).toBe('false');
    await vi.waitFor(async () => expect(await tile(page, 'Van').getAttribute('data-layer')).toBe('0'), {
      timeout: PATIENCE,
    });
  });

  test('tiles change places by mouse and by key, and keep their pictures', async () => {
    const [first, second, third] = (await order(page)) as [string, string, string];
    await tile(page, first).dragTo(tile(page, third));
    expect(await order(page)).toEqual([second, third, first]);
    await tile(page, first).press('Alt+ArrowLeft');
    expect(await order(page)).toEqual([second, first, third]);
    expect(await page.evaluate(() => document.activeElement?.querySelector('.tile-name')?.textContent)).toBe(
      first,
    );
    await grows(page, first, 'frames', 3);
  });

  test('the overlay of a tile goes and comes with M', async () => {
    const button = tile(page, 'Dashcam').getByTestId('tile-overlay');
    await tile(page, 'Dashcam').press('m');
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    await tile(page, 'Dashcam').press('m');
    expect(await button.getAttribute('aria-pressed')).toBe('true');
  });

  test('charts tell the last five minutes of every vehicle', async () => {
    await at(page, 'charts-button').click();
    expect(await at(page, 'charts').locator('canvas').count()).toBe(5);
    for (const name of NAMES) await at(page, 'charts').getByText(name).first().waitFor();
    // Drawn once figures have come in; there is no picture of empty charts to keep.
    for (const canvas of await at(page, 'charts').locator('canvas').all())
      await expect.poll(() => canvas.evaluate(isDrawn)).toBe(true);
    await screenshot(page, 'live-charts');
    await at(page, 'charts-button').click();
  });

  test('an invitation is a link with a token that opens this room, and its QR code', async () => {
    await at(page, 'invite-button').click();
    const link = await at(page, 'invite-view').inputValue();
    expect(link).toMatch(/\?room=depot#token=[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await at(page, 'invite-publish').inputValue()).toMatch(/publish=camera#token=/);
    expect(await at(page, 'invite').locator('svg.qr').count()).toBe(2);
    await screenshot(page, 'live-invite');
    await page.keyboard.press('Escape');
    await using guest = await room.browser.open({ viewport: { width: 400, height: 640 } });
    await guest.page.goto(link.replace('?room=depot', '?room=depot&engine=off'));
    await sessionIs(guest.page, 'joined');
  });

  test('what is out of sight is paused at the server', async () => {
    await page.setViewportSize({ width: 600, height: 260 });
    await vi.waitFor(() => expect(paused()).toBeGreaterThanOrEqual(1), { timeout: PATIENCE });
    // No larger than before: where pictures are drawn in software, large tiles here starve the senders' pages.
    await page.setViewportSize(PAGE);
    await vi.waitFor(() => expect(paused()).toBe(0), { timeout: PATIENCE });
    await Promise.all(NAMES.map((name) => grows(page, name, 'frames', 3)));
  });

  test('a viewer without a network sees what another one’s saw, and is told so', async () => {
    // A phone's window.
    await using viewer = await room.browser.open({ viewport: { width: 400, height: 640 } });
    const token = await tokenFor(room.server.url, { room: 'depot', role: 'view' });
    await viewer.page.goto(`${room.server.url}?room=depot&engine=off&mode=classes#token=${token}`);
    for (const name of NAMES)
      await tile(viewer.page, name).getByText('shared mask').waitFor({ timeout: PATIENCE });
    await Promise.all(NAMES.map((name) => grows(viewer.page, name, 'frames', 1)));
    expect(await tile(viewer.page, 'Bus').getByTestId('tile-drivable').textContent()).toMatch(/[1-9]\S* %/);
    await screenshot(viewer.page, 'live-shared');
  });

  test('a vehicle that leaves goes, its tile says so, and it may come back', async () => {
    await at(room.vehicles.get('Bus')!.page, 'stop').click();
    await tile(page, 'Bus').and(page.locator('[data-state="gone"]')).waitFor({ timeout: PATIENCE });
    await tile(page, 'Bus').getByText('Gone (it left)').waitFor();
    // Also where nobody looks at the tile before it goes.
    expect(await at(page, 'departed').textContent()).toMatch(/^Bus is gone since .*: it left\.$/);
    const same = await tile(page, 'Bus').elementHandle();
    await room.send('Bus', 'drive&size=small&fps=2&seed=1');
    await grows(page, 'Bus', 'frames', 3);
    expect(await at(page, 'departed').isVisible()).toBe(false);
    expect(await same?.evaluate((element) => element.isConnected)).toBe(true);
  });
});

/** Whether anything was drawn on a canvas. */
function isDrawn(canvas: SVGElement | HTMLElement): boolean {
  if (!(canvas instanceof HTMLCanvasElement)) return false;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value) => value > 0);
}
