import { expect, test } from 'vitest';
import { SavedSettings } from '../../../src/studio/shell/saved';
import { type MarkWorld, StartMark } from '../../../src/studio/shell/start-mark';
import { fakeStorage } from '../../fakes/app';

/** Pages of one browser: who lives, and timers that go off by hand. */
function browser(dawn = false) {
  const saved = new SavedSettings(fakeStorage());
  const marks = new Map<string, string>();
  const living = new Set<string>();
  let count = 0;
  return {
    marks,
    /** The browser went down with all its pages. */
    crash: () => living.clear(),
    page() {
      const page = `page-${++count}`;
      const timers = new Set<() => void>();
      const world: MarkWorld = {
        marks: {
          get: async (choice) => marks.get(choice) ?? null,
          put: async (choice, mark) => void marks.set(choice, mark),
        },
        page,
        dawn,
        live: (signal) => {
          living.add(page);
          signal.addEventListener('abort', () => living.delete(page));
        },
        lives: async (of) => living.has(of),
        later: (_, call) => {
          timers.add(call);
          return () => timers.delete(call);
        },
      };
      const passes = () => {
        for (const call of [...timers]) call();
      };
      return { mark: new StartMark(saved, world), passes };
    },
  };
}

test('an engine that took the browser with it is not started again, until it is asked for by hand', async () => {
  const { page, crash } = browser();
  const first = page();
  expect(await first.mark.startOf('webgpu')).toBe('webgpu');
  await first.mark.begin('webgpu');
  crash();
  const second = page();
  expect(await second.mark.startOf('webgpu')).toBe('cpu');
  await second.mark.begin('cpu');
  second.mark.end();
  // Loading the page again is not asking by hand.
  const third = page();
  expect(await third.mark.startOf('webgpu')).toBe('cpu');
  await third.mark.begin('webgpu');
  third.mark.end();
  expect(await page().mark.startOf('webgpu')).toBe('webgpu');
});

test('the engine in its place may end the page as well', async () => {
  const { page, crash } = browser();
  await page().mark.begin('webgpu');
  crash();
  await page().mark.begin('cpu');
  crash();
  expect(await page().mark.startOf('webgpu')).toBe('wasm');
  await page().mark.begin('wasm');
  crash();
  expect(await page().mark.startOf('wasm')).toBe('wasm');
});

test('a page that is left in order, or has run for a while, leaves nothing', async () => {
  const { page, crash } = browser();
  const left = page();
  await left.mark.begin('webgpu');
  left.mark.end();
  expect(await page().mark.startOf('webgpu')).toBe('webgpu');
  const trusted = page();
  await trusted.mark.begin('webgpu');
  trusted.passes();
  crash();
  expect(await page().mark.startOf('webgpu')).toBe('webgpu');
});

test('what ends a page that nobody sees is not held against its engine', async () => {
  const { page, crash } = browser();
  const hidden = page();
  await hidden.mark.begin('webgpu');
  hidden.mark.setHidden(true);
  crash();
  expect(await page().mark.startOf('webgpu')).toBe('webgpu');
  hidden.mark.setHidden(false);
  crash();
  expect(await page().mark.startOf('webgpu')).toBe('cpu');
});

test('another page that is just starting has not ended', async () => {
  const { page, crash, marks } = browser();
  const [first, second] = [page(), page()];
  await first.mark.begin('webgpu');
  expect(await second.mark.startOf('webgpu')).toBe('webgpu');
  await second.mark.begin('webgpu');
  // The first one takes its own mark away, not the other's.
  first.mark.end();
  crash();
  expect(marks.get('webgpu')).toMatch(/^page-2 /);
  expect(await page().mark.startOf('webgpu')).toBe('cpu');
});

test('where nobody names an engine, only a WebGPU that is not Dawn is watched', async () => {
  for (const [dawn, then] of [
    [true, 'auto'],
    [false, 'cpu'],
  ] as const) {
    const { page, crash } = browser(dawn);
    await page().mark.begin('auto');
    crash();
    expect(await page().mark.startOf('auto')).toBe(then);
  }
});
