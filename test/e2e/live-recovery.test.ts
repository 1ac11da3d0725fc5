/** What breaks in a live room, and comes back: connections, media workers, the server itself. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { screenshot } from '../harness/browser';
import { at, PATIENCE } from '../harness/journey';
import { NO_WORKER, WORKER } from '../harness/live';
import { grows, LiveRoom, LOOK, sessionIs, tile } from '../harness/live-room';

if (!WORKER) console.warn(`Journeys of live rooms are skipped: ${NO_WORKER}`);

const NAMES = ['Van', 'Dashcam'];

let room: LiveRoom;
let page: Page;

/** Breaks a page's connection as a network would. */
async function drop(broken: Page): Promise<void> {
  await broken.evaluate(() => {
    const root = document.getElementById('app') as (HTMLElement & { dropConnection(): void }) | null;
    root?.dropConnection();
  });
}

const allFlow = (by: number) => Promise.all(NAMES.map((name) => grows(page, name, 'frames', by)));

describe.skipIf(!WORKER)('a room in trouble', () => {
  beforeAll(async () => {
    room = await LiveRoom.open('depot');
    ({ page } = await room.look(LOOK));
    await room.send('Van', 'camera');
    room.sendClip('Dashcam');
    for (const name of NAMES) await tile(page, name).waitFor({ timeout: PATIENCE });
    await allFlow(5);
  });

  afterAll(() => room?.[Symbol.asyncDispose]());

  test('a broken connection is taken up again, tiles and all', async () => {
    const same = await tile(page, 'Van').elementHandle();
    await drop(page);
    await sessionIs(page, 'joined');
    await allFlow(5);
    expect(await same?.evaluate((element) => element.isConnected)).toBe(true);
    expect(await at(page, 'tile').count()).toBe(2);
  });

  test('so is a vehicle’s', async () => {
    const { page: van } = room.vehicles.get('Van')!;
    await drop(van);
    await sessionIs(van, 'joined');
    await allFlow(5);
  });

  test('a network that is away for a moment costs no more than that', async () => {
    const context = page.context();
    await context.setOffline(true);
    await drop(page);
    await sessionIs(page, 'reconnecting');
    await screenshot(page, 'live-reconnecting');
    await context.setOffline(false);
    await sessionIs(page, 'joined');
    await allFlow(5);
  });

  test('a media worker that dies takes nobody along', async () => {
    const [pid] = room.server.pool.pids;
    process.kill(pid!, 'SIGKILL');
    await vi.waitFor(() => expect(room.server.pool.health).toEqual({ running: 1, died: 1 }), {
      timeout: PATIENCE,
    });
    await allFlow(5);
    expect(await at(page, 'tile').count()).toBe(2);
  });

  test('a server that comes back finds them all again', async () => {
    await room.restartServer(() => sessionIs(page, 'reconnecting'));
    await sessionIs(page, 'joined');
    await allFlow(5);
    expect(await at(page, 'tile').count()).toBe(2);
    await screenshot(page, 'live-back');
  });
});
