/** What a dashboard of some tiles costs the page's main thread, and how many masks a second they get together. */
import type { Page } from 'playwright';
import { tokenFor } from '../../harness/live.ts';
import { Vehicles } from './vehicles.ts';

/** What was measured of a dashboard. */
export interface TilesCost {
  /** Masks a second of all tiles together. */
  readonly rate: number;
  /** Milliseconds of the main thread's processor time for each picture of any tile. */
  readonly mainThread: number;
}

/** Longest wait for the first masks of all tiles, in milliseconds. */
const PATIENCE = 240_000;

/** What the tiles of a page had so far. */
interface TileCounts {
  /** How many tiles there are. */
  readonly tiles: number;
  readonly frames: number;
  readonly masks: number;
  /** Masks of the tile that has the fewest. */
  readonly fewest: number;
}

/** Pictures and masks of all tiles so far. */
export async function tileCounts(page: Page): Promise<TileCounts> {
  const tiles = await page
    .getByTestId('tile')
    .evaluateAll((elements) =>
      (elements as HTMLElement[]).map(({ dataset }) => [Number(dataset.frames), Number(dataset.masks)]),
    );
  const sum = (i: number) => tiles.reduce((total, tile) => total + tile[i]!, 0);
  const fewest = Math.min(...tiles.map((tile) => tile[1]!));
  return { tiles: tiles.length, frames: sum(0), masks: sum(1), fewest };
}

/** Opens the dashboard of a room and waits until every tile has masks. */
export async function openDashboard(page: Page, url: string, room: string, look: string, tiles: number) {
  const token = await tokenFor(url, { room, role: 'view' });
  await page.goto(`${url}?room=${room}&${look}#token=${token}`);
  await page
    .getByTestId('tile')
    .nth(tiles - 1)
    .waitFor({ timeout: PATIENCE });
  for (const until = Date.now() + PATIENCE; (await tileCounts(page)).fewest < 2; ) {
    if (Date.now() > until) throw new Error(`Not all of ${tiles} tiles have got a mask.`);
    await page.waitForTimeout(500);
  }
}

/**
 * Measures a dashboard.
 * @param look the address's part on engine and network
 * @param seconds how long
 */
export async function measureTiles(
  page: Page,
  url: string,
  tiles: number,
  look: string,
  seconds: number,
): Promise<TilesCost> {
  const room = `tiles${tiles}`;
  using _vehicles = await Vehicles.enter(url, room, tiles);
  await openDashboard(page, url, room, look, tiles);
  const session = await page.context().newCDPSession(page);
  try {
    // The thread's own time: what others do on a busy machine is none of the page's cost.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const look = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      const tasks = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
      return { ...(await tileCounts(page)), tasks, at: performance.now() };
    };
    const before = await look();
    await page.waitForTimeout(seconds * 1000);
    const after = await look();
    return {
      rate: (after.masks - before.masks) / ((after.at - before.at) / 1000),
      mainThread: ((after.tasks - before.tasks) * 1000) / (after.frames - before.frames),
    };
  } finally {
    await session.detach();
    await page.goto('about:blank');
  }
}
