/** The road ahead on the page: figures, switches, keys and the log. */
import { expect, test } from 'vitest';
import type { SceneEvent } from '../../../src/scene/events';
import { openPage, report, settled } from './harness';

const EDGE: SceneEvent = { type: 'boundary', timestamp: 65_000_000, side: 'left', seen: true };

test('says how far the road is free, how sure that is, and that it is no safety system', async () => {
  const page = await openPage();
  report(page);
  expect(page.get('scene-free').textContent).toBe('23');
  expect(page.get('scene-free-unit').textContent).toBe('± 1.8 m');
  expect(page.get('scene-free-more').textContent).toBe('to a vehicle');
  expect(page.get('scene-time').textContent).toBe('4.2');
  expect(page.get('scene-statement').textContent).toContain('No safety system');
  report(page, { scene: null });
  expect(page.get('scene-free').textContent).toBe('–');
});

test('each part of the scene is switched by its box and by its key, and the stage is told', async () => {
  const page = await openPage();
  for (const [part, key] of [
    ['boundary', 'a'],
    ['obstacles', 't'],
    ['path', 'p'],
  ] as const) {
    const box = page.get<HTMLInputElement>(`scene-show-${part}`);
    expect(box.checked).toBe(true);
    box.click();
    await settled();
    expect(page.world.stage.view!.scene[part]).toBe(false);
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await settled();
    expect(page.world.stage.view!.scene[part]).toBe(true);
    expect(box.checked).toBe(true);
  }
});

test('events are listed newest first, and another source starts another list', async () => {
  const page = await openPage();
  page.world.stage.emit({ type: 'scene-events', events: [EDGE] });
  page.world.stage.emit({
    type: 'scene-events',
    events: [{ type: 'scene-cut', timestamp: 66_000_000, reason: 'time', change: 1 }],
  });
  const fold = page.get<HTMLDetailsElement>('events');
  expect(page.get('event-list').childElementCount).toBe(0);
  fold.open = true;
  await expect.poll(() => page.get('event-list').children.length).toBe(2);
  expect([...page.get('event-list').children].map((line) => line.textContent)).toEqual([
    '1:06Time jumped',
    '1:05Left edge in sight',
  ]);
  await page.app.context.sources.open({ kind: 'drive', seed: 2, mood: 'any' });
  expect(page.get('event-list').children).toHaveLength(0);
});
