/** Fingers on the picture, and a screen that stays awake. */
import { describe, expect, test, vi } from 'vitest';
import { WakeLock } from '../../../src/studio/session/wake-lock';
import { openPage, type Page, settled } from './harness';

interface Finger {
  readonly id?: number;
  readonly type?: string;
}

/** Sends a finger's event to the picture, at a share of its width and height. */
function finger(page: Page, kind: string, x: number, y: number, { id = 1, type = 'touch' }: Finger = {}) {
  const target = page.get('picture');
  const { left, top, width, height } = target.closest('cw-viewer')!.getBoundingClientRect();
  target.dispatchEvent(
    new PointerEvent(`pointer${kind}`, {
      bubbles: true,
      pointerId: id,
      pointerType: type,
      clientX: left + x * width,
      clientY: top + y * height,
    }),
  );
}

const tap = (page: Page, x: number, y: number) => {
  finger(page, 'down', x, y);
  finger(page, 'up', x, y);
};

/** How far the picture is magnified. */
const scale = (page: Page) => Number(/scale\(([\d.]+)\)/.exec(page.get('picture').style.transform)?.[1] ?? 1);

describe('fingers on the picture', () => {
  test('two spread it, one moves it, and the button brings the whole back', async () => {
    const page = await openPage();
    finger(page, 'down', 0.45, 0.5, { id: 1 });
    finger(page, 'down', 0.55, 0.5, { id: 2 });
    finger(page, 'move', 0.4, 0.5, { id: 1 });
    finger(page, 'move', 0.6, 0.5, { id: 2 });
    await settled();
    expect(scale(page)).toBeCloseTo(2, 5);
    finger(page, 'up', 0.4, 0.5, { id: 1 });
    const before = page.get('picture').style.transform;
    finger(page, 'move', 0.7, 0.55, { id: 2 });
    await settled();
    expect(page.get('picture').style.transform).not.toBe(before);
    expect(scale(page)).toBeCloseTo(2, 5);
    page.get('zoom-whole').click();
    await settled();
    expect(scale(page)).toBe(1);
    expect(page.get('zoom-whole').hidden).toBe(true);
  });

  test('two taps go closer and back; a mouse and a divider do nothing of the kind', async () => {
    const page = await openPage();
    tap(page, 0.5, 0.5);
    tap(page, 0.5, 0.5);
    await settled();
    expect(scale(page)).toBe(2.5);
    tap(page, 0.5, 0.5);
    tap(page, 0.5, 0.5);
    await settled();
    expect(scale(page)).toBe(1);
    for (let i = 0; i < 2; i++)
      for (const kind of ['down', 'up']) finger(page, kind, 0.5, 0.5, { type: 'mouse' });
    page.app.context.view.toggleSplit();
    for (let i = 0; i < 2; i++)
      for (const kind of ['pointerdown', 'pointerup'])
        page
          .get('divider')
          .dispatchEvent(
            new PointerEvent(kind, { bubbles: true, pointerType: 'touch', pointerId: 7, button: 1 }),
          );
    await settled();
    expect(scale(page)).toBe(1);
  });

  test('one that rests opens the frame’s menu; what is chosen there is done', async () => {
    const page = await openPage();
    finger(page, 'down', 0.5, 0.5);
    await vi.waitFor(() => expect(page.get('frame-menu').matches(':popover-open')).toBe(true));
    finger(page, 'up', 0.5, 0.5);
    expect(document.activeElement).toBe(page.get('frame-snapshot'));
    page.get('frame-snapshot-raw').click();
    await vi.waitFor(() => expect(page.world.downloads).toHaveLength(1));
    expect(page.world.downloads[0]!.name).toMatch(/-raw\.png$/);
    expect(page.get('frame-menu').matches(':popover-open')).toBe(false);
  });

  test('the mouse’s other button opens it, too', async () => {
    const page = await openPage();
    page.get('picture').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
    expect(page.get('frame-menu').matches(':popover-open')).toBe(true);
  });
});

test('the screen stays awake while a camera runs, and no longer', async () => {
  const page = await openPage();
  const held = new Set<object>();
  const lifetime = new AbortController();
  new WakeLock(page.app.context.store, lifetime.signal, {
    request: async () => {
      const lock = { released: false, release: async () => void held.delete(lock) };
      held.add(lock);
      return lock as unknown as WakeLockSentinel;
    },
  });
  await settled();
  expect(held.size).toBe(0);
  await page.app.context.sources.open({ kind: 'camera', deviceId: null });
  await vi.waitFor(() => expect(held.size).toBe(1));
  await page.app.context.sources.togglePlay();
  await vi.waitFor(() => expect(held.size).toBe(0));
  await page.app.context.sources.togglePlay();
  await vi.waitFor(() => expect(held.size).toBe(1));
  lifetime.abort();
  await vi.waitFor(() => expect(held.size).toBe(0));
});
