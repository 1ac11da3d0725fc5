import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { PALETTES } from '../../../src/taxonomy/palette';
import { enter, openPage, settled } from './harness';

describe('what the worker is told', () => {
  test('modes, outline and sync', async () => {
    const page = await openPage();
    page.get('mode-confidence').click();
    page.get('outline').click();
    page.get('sync-live').click();
    await settled();
    expect(page.world.stage.view).toMatchObject({ mode: 'confidence', outline: false, sync: 'live' });
    expect(page.get('outline').getAttribute('aria-pressed')).toBe('false');
  });

  test('opacity', async () => {
    const page = await openPage();
    enter(page.get<HTMLInputElement>('opacity'), '80');
    await settled();
    expect(page.world.stage.view?.opacity).toBe(0.8);
    expect(page.get('opacity').getAttribute('aria-valuetext')).toBe('80 per cent');
  });

  test('a class that is switched off, and all of them', async () => {
    const page = await openPage();
    page.get('class-8').click();
    await settled();
    expect(page.world.stage.view?.visible.map(Number)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0]);
    expect(page.get<HTMLInputElement>('class-all').indeterminate).toBe(true);
    page.get('class-all').click();
    await settled();
    expect(page.world.stage.view?.visible.every(Boolean)).toBe(true);
    page.get('class-all').click();
    await settled();
    expect(page.world.stage.view?.visible.some(Boolean)).toBe(false);
  });

  test('a click on a class’s name is a click on its box', async () => {
    const page = await openPage();
    page.root.querySelector<HTMLElement>('label[for="class-0"]')!.click();
    await settled();
    expect(page.world.stage.view?.visible[0]).toBe(false);
  });

  test('colours and palettes', async () => {
    const page = await openPage();
    enter(page.get<HTMLInputElement>('colour-0'), '#ff00ff');
    await settled();
    expect(page.world.stage.view?.colours[0]).toBe('#ff00ff');
    expect(page.get<HTMLSelectElement>('palette').value).toBe('own');
    enter(page.get<HTMLSelectElement>('palette'), 'classic');
    await settled();
    expect(page.world.stage.view?.colours).toEqual(PALETTES.classic);
    expect(page.get<HTMLInputElement>('colour-0').value).toBe(PALETTES.classic[0]);
  });

  test('a slider that is dragged sends its last value, and never two at once', async () => {
    const page = await openPage();
    await settled();
    const before = page.world.stage.calls.length;
    for (let i = 0; i <= 100; i++) page.app.context.view.setOpacity(i / 100);
    await settled();
    const sent = page.world.stage.calls.slice(before).filter((c) => c.name === 'set');
    expect(sent.length).toBeLessThanOrEqual(2);
    expect(page.world.stage.view?.opacity).toBe(1);
  });
});

describe('the divider', () => {
  test('is a slider over the picture, by keyboard', async () => {
    const page = await openPage();
    const divider = page.get('divider');
    expect(divider.checkVisibility()).toBe(false);
    page.get('split').click();
    await settled();
    expect(divider.checkVisibility()).toBe(true);
    expect(divider.getAttribute('role')).toBe('slider');
    expect(divider.getAttribute('aria-valuenow')).toBe('50');
    divider.focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{PageUp}');
    expect(page.app.context.store.state.view.split).toBe(0.58);
    expect(divider.getAttribute('aria-valuenow')).toBe('58');
    await userEvent.keyboard('{End}');
    expect(page.app.context.store.state.view.split).toBe(1);
    await userEvent.keyboard('{Home}{Shift>}{ArrowRight}{/Shift}');
    expect(page.app.context.store.state.view.split).toBe(0.1);
    await settled();
    expect(page.world.stage.view?.split).toBe(0.1);
  });

  test('stands where the picture is, not where the canvas is', async () => {
    const page = await openPage();
    // A tall picture in a wide place: bars to the left and right.
    page.world.stage.emit({ type: 'picture', key: page.world.stage.key, size: { width: 100, height: 400 } });
    page.get('split').click();
    await settled();
    const viewer = page.get('canvas').getBoundingClientRect();
    const frame = page.root.querySelector('.viewer-frame')!.getBoundingClientRect();
    expect(frame.height).toBeCloseTo(viewer.height, 0);
    expect(frame.width / frame.height).toBeCloseTo(1 / 4, 2);
    expect(frame.left - viewer.left).toBeCloseTo(viewer.right - frame.right, 0);
    const handle = page.get('divider').getBoundingClientRect();
    expect((handle.left + handle.right) / 2).toBeCloseTo((frame.left + frame.right) / 2, 0);
  });

  test('follows the pointer', async () => {
    const page = await openPage();
    page.get('split').click();
    await settled();
    const frame = page.root.querySelector('.viewer-frame')!.getBoundingClientRect();
    const handle = page.get('divider');
    const at = (type: string, clientX: number) =>
      new PointerEvent(type, { pointerId: 1, button: 0, clientX, clientY: frame.top + 5, bubbles: true });
    // A made-up pointer cannot be captured; the capture is what is stood in for.
    handle.setPointerCapture = () => {};
    handle.hasPointerCapture = () => true;
    handle.dispatchEvent(at('pointerdown', frame.left + frame.width / 2));
    handle.dispatchEvent(at('pointermove', frame.left + frame.width / 4));
    expect(page.app.context.store.state.view.split).toBeCloseTo(0.25, 2);
    handle.dispatchEvent(at('pointermove', frame.right + 500));
    expect(page.app.context.store.state.view.split).toBe(1);
  });
});
