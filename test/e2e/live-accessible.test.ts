/** A room with a vehicle in it, in marked words: axe finds nothing, whatever lies open, and nothing is left in English. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeComplaints } from '../harness/accessibility';
import { screenshot } from '../harness/browser';
import { at, PATIENCE } from '../harness/journey';
import { join as joinRoom, NO_WORKER, tokenFor, WORKER } from '../harness/live';
import { grows, LiveRoom, LOOK, sessionIs, tile } from '../harness/live-room';
import { markWords, unmarked } from '../harness/marked-words';

if (!WORKER) console.warn(`Journeys of live rooms are skipped: ${NO_WORKER}`);

/** Names that the test gives, and those of networks. */
const OWN = ['yard', 'Bus', 'Nora'];

/** A drive as the server lists it. */
const RECORDED = {
  files: [{ room: 'yard', file: 'Bus-1.webm', vehicle: 'Bus', start: 1.7e12, end: 1.7e12 + 6e4, bytes: 5e6 }],
  masks: [],
};

let room: LiveRoom;

/** Opens a page of the room in marked words. */
async function open(role: 'view' | 'publish', query: string, context: { colorScheme: 'dark' | 'light' }) {
  const watched = await room.browser.open({ viewport: { width: 1280, height: 720 }, ...context });
  const { page } = watched;
  await markWords(page);
  await page.route('**/live/recordings', (route) => route.fulfill({ json: RECORDED }));
  const wish = {
    room: 'yard',
    role,
    invites: role === 'view',
    may: role === 'view' ? ['replay' as const] : [],
  };
  const token = await tokenFor(room.server.url, { ...wish, name: 'Nora' });
  await page.goto(`${room.server.url}?room=yard&lang=de${query}#token=${token}`);
  await sessionIs(page, 'joined');
  return watched;
}

/** What is wrong with what a page shows now. */
async function faults(page: Page): Promise<readonly string[]> {
  return [...(await axeComplaints(page)), ...(await unmarked(page, ...OWN))];
}

describe.skipIf(!WORKER)('a room', () => {
  beforeAll(async () => {
    room = await LiveRoom.open('yard');
    await room.send('Bus', 'drive&size=small&fps=2&seed=1');
  });

  afterAll(() => room?.[Symbol.asyncDispose]());

  test.each(['dark', 'light'] as const)('its dashboard, in the %s', async (colorScheme) => {
    await using watched = await open('view', LOOK, { colorScheme });
    const { page } = watched;
    await tile(page, 'Bus').waitFor({ timeout: PATIENCE });
    await grows(page, 'Bus', 'masks', 1);
    expect(await faults(page)).toEqual([]);

    using viewer = await joinRoom(room.server.url, 'yard', 'view');
    const { vehicles } = viewer.answer as { readonly vehicles: readonly { readonly id: string }[] };
    await viewer.signalling.request('raiseAlarm', { vehicle: vehicles[0]!.id, kind: 'frozen', value: 1 });
    await at(page, 'alarms-button').click();
    await at(page, 'charts-button').click();
    await tile(page, 'Bus').press('Enter');
    await at(page, 'hud').locator('dd').first().waitFor();
    await page.locator('.charts canvas').first().waitFor({ timeout: PATIENCE });
    await screenshot(page, `dashboard-open-${colorScheme}`);
    expect(await faults(page)).toEqual([]);

    for (const [button, sheet] of [
      ['invite-button', 'invite'],
      ['recordings-button', 'recordings'],
    ] as const) {
      await at(page, button).click();
      await at(page, sheet).locator('input, a').first().waitFor({ timeout: PATIENCE });
      await screenshot(page, `dashboard-${sheet}-${colorScheme}`);
      expect(await faults(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });

  test.each([
    ['upright', { width: 390, height: 844 }],
    ['lying', { width: 844, height: 390 }],
  ])(
    'on a phone, %s, its pages are no wider than the window, and the picture has its room',
    async (name, viewport) => {
      await using watched = await room.browser.open({ viewport });
      const { page } = watched;
      const wider = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const token = await tokenFor(room.server.url, { room: 'yard', role: 'view', invites: true });
      await page.goto(`${room.server.url}?room=yard${LOOK}#token=${token}`);
      await tile(page, 'Bus').waitFor({ timeout: PATIENCE });
      await grows(page, 'Bus', 'frames', 1);
      await screenshot(page, `dashboard-${name}`);
      expect(await wider()).toBeLessThanOrEqual(0);
      await at(page, 'charts-button').click();
      await tile(page, 'Bus').press('Enter');
      await screenshot(page, `dashboard-${name}-open`);
      expect(await wider()).toBeLessThanOrEqual(0);
      const box = await tile(page, 'Bus').boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(viewport.height * 0.4);
      await at(page, 'invite-button').click();
      await at(page, 'invite').locator('input').first().waitFor({ timeout: PATIENCE });
      await screenshot(page, `dashboard-${name}-invite`);
      expect(await wider()).toBeLessThanOrEqual(0);

      const own = await tokenFor(room.server.url, { room: 'yard', role: 'publish' });
      await page.goto(`${room.server.url}?room=yard&publish=drive&size=small&fps=2&name=Van#token=${own}`);
      await page.locator('[data-testid=sending][data-bytes]').waitFor({ timeout: PATIENCE });
      await screenshot(page, `vehicle-${name}`);
      expect(await wider()).toBeLessThanOrEqual(0);
      // What ends it is in sight, without scrolling.
      const stop = await at(page, 'stop').boundingBox();
      expect((stop?.y ?? Number.NaN) + (stop?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
    },
  );

  test.each(['dark', 'light'] as const)(
    'a vehicle’s page, in the %s, and once it has stopped',
    async (colorScheme) => {
      const name = 'Bus';
      await using watched = await open('publish', `&publish=drive&size=small&fps=2&name=${name}`, {
        colorScheme,
      });
      const { page } = watched;
      await page.locator('[data-testid=sending][data-bytes]').waitFor({ timeout: PATIENCE });
      await screenshot(page, `vehicle-${colorScheme}`);
      expect(await faults(page)).toEqual([]);
      await at(page, 'stop').click();
      await at(page, 'send-again').waitFor({ timeout: PATIENCE });
      expect(await faults(page)).toEqual([]);
    },
  );
});

describe.skipIf(!WORKER)('an empty room', () => {
  test('says what can be done next', async () => {
    await using empty = await LiveRoom.open('yard');
    await using watched = await empty.browser.open({ viewport: { width: 390, height: 844 } });
    const { page } = watched;
    await page.goto(`${empty.server.url}?room=yard${LOOK}`);
    const next = at(page, 'send-drive');
    await next.waitFor();
    expect(await next.getAttribute('href')).toMatch(/\?room=yard&publish=drive&name=Vehicle/);
    await at(page, 'alarms-button').click();
    expect(await page.locator('.dashboard-alarms').textContent()).toContain('told here');
    await screenshot(page, 'dashboard-empty-390');
    expect(await axeComplaints(page)).toEqual([]);
  });
});
