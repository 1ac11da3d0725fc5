import { afterEach, expect, test, vi } from 'vitest';
import type { Size } from '../../../src/media/size';
import { requestOf } from '../../fakes/request';
import { openPage, type Page, report, settled } from './harness';

afterEach(() => {
  vi.useRealTimers();
});

/** Lets the page's own clock run on by seconds, with room for promises between. */
async function pass(seconds: number): Promise<void> {
  for (let s = 0; s < seconds; s++) await vi.advanceTimersByTimeAsync(1000);
}

function fakeClock(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
}

const region = [
  { x: 0, y: 0.9 },
  { x: 1, y: 0.9 },
  { x: 0.5, y: 1 },
];

async function lose(page: Page): Promise<void> {
  page.world.kill();
  await settled();
  await settled();
}

test('a worker that dies is replaced: new canvas, same source, view, region and model', async () => {
  const page = await openPage('?seed=6');
  page.app.context.view.setMode('drivable');
  page.app.context.regions.set(region);
  page.get('model-pspnet-wasm').click();
  await settled();
  const [stage, canvas, source] = [page.world.stage, page.get('canvas'), page.world.sources[0]!];
  await lose(page);
  expect(page.world.terminated).toEqual([stage]);
  expect(page.world.stage).not.toBe(stage);
  expect(page.get('canvas')).not.toBe(canvas);
  expect(canvas.isConnected).toBe(false);
  expect(page.world.stage.view?.mode).toBe('drivable');
  expect(page.world.stage.setting('ignore')).toEqual(region);
  expect(page.world.stage.last('attach')?.[1]).toBe('drive:6');
  expect(page.world.stage.last('loadModel')?.[0]).toMatchObject({ url: '/models/pspnet-wasm.json' });
  expect(source.disposed).toBe(true);
  expect(page.find('notice-worker-silent')).not.toBeNull();
  report(page);
  expect(page.find('notice-worker-silent')).toBeNull();
  expect(page.get('status').hidden).toBe(true);
});

test('a file goes on where it stood', async () => {
  const page = await openPage();
  await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
  await page.app.context.sources.setLoop(true);
  page.world.sources.at(-1)!.emit({ type: 'time', seconds: 42, playing: false });
  await lose(page);
  expect(page.world.sources.at(-1)!.did).toEqual(['loop true', 'seek 42', 'pause']);
});

test('a worker that falls silent is asked once, then replaced', async () => {
  fakeClock();
  const page = await openPage();
  report(page);
  const { stage } = page.world;
  stage.silent = true;
  const before = stage.calls.length;
  await pass(29);
  const asked = stage.calls.slice(before).filter((c) => c.name !== 'set');
  expect(asked.map((c) => c.name)).toEqual(['ping']);
  expect(page.world.stage).toBe(stage);
  await pass(2);
  expect(page.world.stage).not.toBe(stage);
  expect(page.find('notice-worker-silent')).not.toBeNull();
  vi.useRealTimers();
  await settled();
  expect(page.world.stage.last('attach')?.[1]).toBe('drive:1');
});

test('a worker that answers is left alone, however long it has nothing to report', async () => {
  fakeClock();
  const page = await openPage();
  const { stage } = page.world;
  await pass(90);
  expect(page.world.stage).toBe(stage);
  expect(stage.calls.filter((c) => c.name === 'ping').length).toBeGreaterThan(5);
});

test('a worker that never starts is given up after some tries, and the page says so', async () => {
  let made = 0;
  const page = await openPage('', (world) => {
    world.prepare = (stage, count) => {
      made = count;
      stage.failures.set('start', new Error('no such file'));
    };
  });
  expect(made).toBe(4);
  expect(page.app.context.store.state.stage).toBe('gone');
  expect(page.get('notice-worker-not-started').querySelector('code')?.textContent).toBe('no such file');
  expect(page.world.terminated).toHaveLength(4);
  page.get('snapshot').click();
  await settled();
  expect(page.app.context.store.state.notices.at(-1)?.code).toBe('worker-not-started');
});

test('a worker that starts at the second try gets source and model once', async () => {
  const page = await openPage('?model=pspnet-wasm&seed=2', (world) => {
    world.prepare = (stage, count) => {
      if (count === 1) stage.failures.set('start', new Error('busy'));
    };
  });
  await settled();
  const names = page.world.stage.calls.map((c) => c.name);
  expect(names.filter((n) => n === 'attach')).toHaveLength(1);
  expect(names.filter((n) => n === 'loadModel')).toHaveLength(1);
  expect(page.world.stage.last('loadModel')?.[0]).toMatchObject({ url: '/models/pspnet-wasm.json' });
  expect(page.app.context.store.state.stage).toBe('running');
});

test('calls that a lost worker will never answer end', async () => {
  const page = await openPage();
  page.world.stage.silent = true;
  const snapshot = page.app.context.page.snapshot(true);
  await settled();
  expect(page.world.stage.last('snapshot')).toEqual([true, false]);
  await lose(page);
  await snapshot;
  expect(page.world.downloads).toEqual([]);
});

test('a canvas that is of no more use is replaced on request', async () => {
  const page = await openPage();
  const canvas = page.get('canvas');
  page.world.stage.emit({ type: 'canvas-needed', key: page.world.stage.key });
  await settled();
  expect(page.get('canvas')).not.toBe(canvas);
  expect(page.world.stage.last('replaceCanvas')?.[0]).toBeInstanceOf(OffscreenCanvas);
});

test('the worker hears of another size of its place', async () => {
  const page = await openPage();
  await settled();
  page.root.style.height = '400px';
  await settled();
  await settled();
  const { width, height } = page.world.stage.setting('size') as Size;
  const box = page.get('picture').getBoundingClientRect();
  expect(width).toBe(Math.round(box.width * devicePixelRatio));
  expect(height).toBe(Math.round(box.height * devicePixelRatio));
});

test('what a replaced worker still says is not heard', async () => {
  const page = await openPage();
  const { stage } = page.world;
  await lose(page);
  stage.emit({ type: 'picture', key: stage.key, size: { width: 1, height: 1 } });
  expect(page.app.context.store.state.picture).toEqual({ width: 640, height: 360 });
});
