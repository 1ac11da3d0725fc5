/** The road as geometry, on the simulated drive: figures, the view from above, and the pyramid. */
import { expect, test, vi } from 'vitest';
import { screenshot } from '../harness/browser';
import { at, PATIENCE, untilStill, waitForFigure, waitForMasks } from '../harness/journey';
import { useOpenedPage } from '../harness/opened-page';

const opened = useOpenedPage();

test('says how far the road is free, that it is no safety system, and how far it is off the truth', async () => {
  const { page } = opened.watched;
  const free = await waitForFigure(page, 'scene-free', (metres) => metres > 1);
  expect(free).toBeLessThanOrEqual(100);
  expect(await at(page, 'scene-free-unit').textContent()).toMatch(/± \d/);
  expect(await at(page, 'scene-statement').textContent()).toContain('No safety system');
  expect(await at(page, 'scene-error').textContent()).toContain('Off the truth');
  await screenshot(page, 'scene');
});

test('the view from above can be reached by keyboard and changes the picture', async () => {
  const { page } = opened.watched;
  const look = async () => (await at(page, 'canvas').screenshot()).toString('base64');
  // A drive that stands: pictures differ by the view alone.
  await page.locator('body').press('Space');
  await untilStill(at(page, 'canvas'));
  const seen = new Set([await look()]);
  for (const place of ['inset', 'docked']) {
    await page.locator('body').press('g');
    expect(await at(page, `bird-${place}`).isChecked()).toBe(true);
    await vi.waitFor(async () => expect(seen).not.toContain(await look()), {
      timeout: PATIENCE / 2,
      interval: 500,
    });
    seen.add(await look());
    await screenshot(page, `scene-${place}`);
  }
  await page.locator('body').press('g');
  await page.locator('body').press('Space');
});

test('the pyramid says what a level changes, against the labels, and lets the drive go on', async () => {
  const { page } = opened.watched;
  await page.locator('body').press('z');
  await waitForFigure(page, 'pyramid-flipped', (share) => share === 0);
  await at(page, 'pyramid-level-1').click();
  await waitForFigure(page, 'pyramid-flipped', (share) => share > 0);
  await waitForFigure(page, 'pyramid-road', (iou) => iou >= 0);
  await screenshot(page, 'scene-pyramid');
  await page.locator('body').press('z');
  const before = await waitForFigure(page, 'hud-frames', (frames) => frames > 0);
  await waitForFigure(page, 'hud-frames', (frames) => frames > before + 3);
  await waitForMasks(page);
  expect(opened.watched.complaints).toEqual([]);
});
