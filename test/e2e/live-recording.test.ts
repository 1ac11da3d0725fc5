/** Two vehicles are recorded while somebody looks; the recording is opened from the dashboard, with what was shared. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Signalling } from '../../src/live/signalling';
import { screenshot } from '../harness/browser';
import { FFMPEG, sendPattern } from '../harness/dashcam';
import { at, PATIENCE, waitForMasks } from '../harness/journey';
import { join as joinRoom, NO_WORKER, SECRET, tokenFor, WORKER } from '../harness/live';
import { grows, LiveRoom, LOOK, PAGE } from '../harness/live-room';
import { pageSays } from '../harness/recording-page';

const SKIPPED = !WORKER || !FFMPEG;
if (SKIPPED) console.warn(`Journeys through recordings are skipped: ${WORKER ? 'no ffmpeg' : NO_WORKER}`);

interface Listed {
  readonly wishes: readonly { readonly id: string }[];
  readonly files: readonly { readonly vehicle: string }[];
  readonly masks: readonly { readonly vehicle: string }[];
}

let room: LiveRoom;
let folder: string;
let bus: Disposable & { readonly signalling: Signalling };
let pattern: Disposable;

/** Asks for recordings, as the owner. */
async function ask(method: string, path = '', body?: object): Promise<Response> {
  const type = body ? { 'content-type': 'application/json' } : {};
  return fetch(new URL(`/live/recordings${path}`, room.server.url), {
    method,
    headers: { authorization: `Bearer ${SECRET}`, ...type },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

const list = async (): Promise<Listed> => (await ask('GET')).json();

describe.skipIf(SKIPPED)('a recorded room', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'carriageway-recorded-'));
    const recording = { folder, keep: { bytes: 1e9, age: 86_400_000 }, seconds: 10 };
    room = await LiveRoom.open('depot', { recording });
    expect((await ask('POST', '', { room: 'depot' })).status).toBe(201);
    room.sendClip('Dashcam');
    bus = await joinRoom(room.server.url, 'depot', 'publish', 'Bus');
    pattern = sendPattern(await bus.signalling.request('ingest', { codec: 'vp8' }));
  });

  afterAll(async () => {
    pattern?.[Symbol.dispose]();
    bus?.[Symbol.dispose]();
    await room?.[Symbol.asyncDispose]();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test('is opened in the player: all vehicles in step, shared masks as labels', async () => {
    const looking = await room.look(LOOK);
    for (const name of ['Bus', 'Dashcam']) await grows(looking.page, name, 'masks', 4);
    await vi.waitFor(
      async () => {
        const { files, masks } = await list();
        for (const each of [files, masks])
          expect(new Set(each.map(({ vehicle }) => vehicle))).toEqual(new Set(['Bus', 'Dashcam']));
      },
      { timeout: PATIENCE, interval: 500 },
    );
    const [wish] = (await list()).wishes;
    expect((await ask('DELETE', `/${wish!.id}`)).status).toBe(204);
    // Nobody drives any more: what is left of the machine is the player's.
    pattern[Symbol.dispose]();
    await looking.page.close();

    await using watched = await room.browser.open({ viewport: PAGE });
    const { page } = watched;
    const plain = await tokenFor(room.server.url, { room: 'depot', role: 'view' });
    const address = (token: string) => `${room.server.url}?room=depot&engine=off#token=${token}`;
    await page.goto(address(plain));
    await at(page, 'session').and(page.locator('[data-state="joined"]')).waitFor({ timeout: PATIENCE });
    // A token without the right to look has no button.
    expect(await at(page, 'recordings-button').isVisible()).toBe(false);
    const token = await tokenFor(room.server.url, { room: 'depot', role: 'view', may: ['replay'] });
    await page.goto(address(token));
    await page.reload();
    await at(page, 'recordings-button').click({ timeout: PATIENCE });
    await at(page, 'recorded-drive').first().waitFor({ timeout: PATIENCE });
    expect(await at(page, 'recorded-drive').first().textContent()).toMatch(/Bus, Dashcam.*with shared masks/);
    await screenshot(page, 'live-recordings');
    const [player] = await Promise.all([
      page.context().waitForEvent('page'),
      at(page, 'open-recording').first().click(),
    ]);
    await player.setViewportSize({ width: 1280, height: 720 });
    await page.close();
    await pageSays(player, 'compare-hint', /^Against its labels/, PATIENCE);
    await pageSays(player, 'source-title', /\.mkv/, PATIENCE);
    // What is drawn beside the network's own mask is what was shared.
    expect(await at(player, 'label-view').getByText('Beside').count()).toBe(1);
    await player.locator('body').press('.');
    await player.locator('body').press('Home');
    // To where somebody looked.
    await player.locator('body').press('PageDown');
    for (let i = 0; i < 3; i++) await player.locator('body').press('.');
    await pageSays(player, 'exact-time', /^0:\d\d\.[1-9]\d\d$/, PATIENCE);
    await waitForMasks(player);
    await screenshot(player, 'live-replayed');
  });
});
