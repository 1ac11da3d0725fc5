/** The road ahead on the page: figures, switches, keys and the log. */
import { expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import type { SceneEvent } from '../../../src/scene/events';
import { enter, openPage, report, settled } from './harness';

const EDGE: SceneEvent = { type: 'boundary', timestamp: 65_000_000, side: 'left', seen: true };

test('says how far the road is free, how sure that is, and that it is no safety system', async () => {
  const page = await openPage();
  report(page);
  expect(page.get('scene-free').textContent).toBe('23');
  expect(page.get('scene-free-unit').textContent).toBe('± 1.8 m');
  expect(page.get('scene-free-more').textContent).toBe('to a vehicle');
  expect(page.get('scene-time').textContent).toBe('4.2');
  expect(page.get('scene-statement').textContent).toContain('No safety system');
  const { scene } = page.app.context.store.state.report!;
  report(page, { scene: { ...scene!, free: { distance: 48, sigma: 87, end: 'vehicle' } } });
  expect(page.get('scene-free').textContent).toBe('–');
  expect(page.get('scene-free-unit').textContent).toBe('m');
  expect(page.get('scene-free-more').textContent).toBe('not known well enough');
  report(page, { scene: null });
  expect(page.get('scene-free').textContent).toBe('–');
});

test('each part of the scene is switched by its box and by its key, and the stage is told', async () => {
  const page = await openPage();
  for (const [part, key] of [
    ['boundary', 'a'],
    ['obstacles', 't'],
    ['path', 'P'],
  ] as const) {
    const box = page.get<HTMLInputElement>(`scene-show-${part}`);
    expect(box.checked).toBe(true);
    box.click();
    await settled();
    expect(page.world.stage.view!.scene[part]).toBe(false);
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey: key === 'P', bubbles: true }));
    await settled();
    expect(page.world.stage.view!.scene[part]).toBe(true);
    expect(box.checked).toBe(true);
  }
});

test('events are listed newest first, and another source starts another list', async () => {
  const page = await openPage();
  page.world.stage.emit({ type: 'scene-events', key: page.world.stage.key, events: [EDGE] });
  page.world.stage.emit({
    type: 'scene-events',
    key: page.world.stage.key,
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

test('sliders show what is, send what is set, and the horizon is drawn while they are open', async () => {
  const page = await openPage();
  report(page);
  const fold = page.get<HTMLDetailsElement>('ground');
  fold.open = true;
  await expect.poll(() => page.world.stage.view!.scene.horizon).toBe(true);
  expect(page.get('ground-pitch-value').textContent).toBe('2.0°');
  expect(page.get('ground-state').textContent).toContain('half a degree');
  enter(page.get<HTMLInputElement>('ground-height'), '1.8');
  await settled();
  expect(page.world.stage.setting('camera')).toMatchObject({ from: { height: 1.8 }, calibrate: true });
  enter(page.get<HTMLInputElement>('ground-pitch'), '5');
  await settled();
  expect(page.world.stage.setting('camera')).toMatchObject({
    from: { height: 1.8, pitch: (5 * Math.PI) / 180 },
    calibrate: false,
  });
  expect(page.get<HTMLInputElement>('ground-finds').checked).toBe(false);
  enter(page.get<HTMLSelectElement>('ground-preset'), 'truck');
  await settled();
  expect(page.world.stage.setting('camera')).toMatchObject({ from: 'truck' });
  page.get('ground-reset').click();
  await settled();
  expect(page.world.stage.setting('camera')).toBeNull();
  fold.open = false;
  await expect.poll(() => page.world.stage.view!.scene.horizon).toBe(false);
});

test('the pyramid opens by key, shows what a level changes, compares all, and closes', async () => {
  const page = await openPage();
  const { stage } = page.world;
  const looks = () => stage.calls.filter(({ name }) => name === 'inspect').map(({ args }) => args[0]);
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', bubbles: true }));
  await expect.poll(() => page.get('pyramid-flipped').textContent).toBe('0.0 % of the picture');
  expect(page.get<HTMLDetailsElement>('pyramid').open).toBe(true);
  page.get('pyramid-level-6').click();
  await expect.poll(() => page.get('pyramid-flipped').textContent).toBe('5.0 % of the picture');
  expect(looks().at(-1)).toEqual({ levels: [true, true, true, false], heat: true, cells: null });
  expect(page.get('pyramid-road').textContent).toBe('80.0 % (all: 90.0 %)');
  expect(page.get('pyramid-flips').textContent).toContain('sidewalk → road');
  enter(page.get<HTMLSelectElement>('pyramid-cells'), '3');
  await expect.poll(() => looks().at(-1)).toMatchObject({ cells: 3 });
  page.get('pyramid-compare').click();
  for (const bins of [1, 2, 3, 6])
    await expect.poll(() => page.get(`pyramid-alone-${bins}`).textContent).toBe('5.0 %');
  await expect.poll(() => looks().at(-1)).toMatchObject({ levels: [true, true, true, true] });
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', bubbles: true }));
  await expect.poll(() => looks().at(-1)).toBeNull();
  expect(page.get<HTMLDetailsElement>('pyramid').open).toBe(false);
});

test('a network without switches says so, and the inspector closes again', async () => {
  const page = await openPage();
  page.world.stage.failures.set('inspect', new CarriagewayError('pyramid-unavailable'));
  page.get<HTMLDetailsElement>('pyramid').open = true;
  await expect.poll(() => page.root.textContent).toContain('The pyramid cannot be inspected now');
  await expect.poll(() => page.get<HTMLDetailsElement>('pyramid').open).toBe(false);
});
