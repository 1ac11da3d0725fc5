import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { enter, openPage, type Page, settled } from './harness';

const regionOf = (page: Page) => page.app.context.store.state.region;

/** A press on the picture, at shares of its width and height. */
function pressAt(page: Page, x: number, y: number): void {
  const picture = page.get('region-picture');
  const box = picture.getBoundingClientRect();
  const [clientX, clientY] = [box.left + x * box.width, box.top + y * box.height];
  picture.dispatchEvent(new PointerEvent('pointerdown', { button: 0, clientX, clientY, bubbles: true }));
}

async function openEditor(query = ''): Promise<Page> {
  const page = await openPage(query);
  page.get('region').click();
  await settled();
  return page;
}

test('a polygon is drawn by hand, told to the worker and saved for the source', async () => {
  const page = await openEditor('?seed=3');
  expect(page.get('region').getAttribute('aria-pressed')).toBe('true');
  pressAt(page, 0.2, 0.9);
  pressAt(page, 0.5, 0.8);
  await settled();
  expect(page.world.stage.setting('ignore')).toBeNull();
  pressAt(page, 0.8, 0.9);
  await settled();
  const region = regionOf(page)!;
  expect(region.map((p) => [Math.round(p.x * 10), Math.round(p.y * 10)])).toEqual([
    [2, 9],
    [5, 8],
    [8, 9],
  ]);
  expect(page.world.stage.setting('ignore')).toEqual(region);
  expect([...page.world.storage.entries.keys()]).toEqual(['carriageway.1.region.drive:3']);
  await page.app.context.sources.open({ kind: 'drive', seed: 4, mood: 'any' });
  expect(regionOf(page)).toBeNull();
  await page.app.context.sources.open({ kind: 'drive', seed: 3, mood: 'any' });
  expect(regionOf(page)).toEqual(region);
});

test('points are moved and removed by keyboard', async () => {
  const page = await openEditor();
  for (let i = 0; i < 4; i++) page.get('region-add').click();
  expect(regionOf(page)).toHaveLength(4);
  const [before] = regionOf(page)!;
  const handle = page.get('region-point-0');
  expect(handle.getAttribute('aria-label')).toMatch(/^Point 1 of 4: 20 % across, 95 % down/);
  handle.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowUp}{Shift>}{ArrowRight}{/Shift}');
  const [after] = regionOf(page)!;
  expect(after!.x - before!.x).toBeCloseTo(0.055, 6);
  expect(after!.y - before!.y).toBeCloseTo(-0.005, 6);
  expect(document.activeElement).toBe(handle);
  await userEvent.keyboard('{Delete}');
  expect(regionOf(page)).toHaveLength(3);
  await userEvent.keyboard('{Delete}');
  expect(regionOf(page)).toBeNull();
});

test('a strip at the bottom is hidden by one slider', async () => {
  const page = await openEditor();
  expect(document.activeElement).toBe(page.get('region-strip'));
  enter(page.get<HTMLInputElement>('region-strip'), '12');
  expect(regionOf(page)).toEqual([
    { x: 0, y: 0.88 },
    { x: 1, y: 0.88 },
    { x: 1, y: 1 },
    { x: 0, y: 1 },
  ]);
  enter(page.get<HTMLInputElement>('region-strip'), '0');
  expect(regionOf(page)).toBeNull();
  expect(page.world.storage.entries.size).toBe(0);
});

test('clear and done', async () => {
  const page = await openEditor();
  enter(page.get<HTMLInputElement>('region-strip'), '20');
  page.get('region-clear').click();
  expect(regionOf(page)).toBeNull();
  pressAt(page, 0.5, 0.5);
  page.get('region-done').click();
  expect(page.app.context.store.state.editingRegion).toBe(false);
  expect(regionOf(page)).toBeNull();
  expect(page.get('region-picture').checkVisibility()).toBe(false);
});

test('a region in storage that is none is not used', async () => {
  const page = await openPage('?seed=5', (world) =>
    world.storage.setItem('carriageway.1.region.drive:5', '[{"x":9,"y":9}]'),
  );
  expect(regionOf(page)).toBeNull();
});
