import { beforeEach, describe, expect, test } from 'vitest';
import type { Size } from '../../../src/media/size';
import type { FrameHandle, FrameReader, TimedFrame } from '../../../src/media/timed-frame';
import { DEFAULT_VIEW, type OverlayView } from '../../../src/overlay/view';
import { Stage } from '../../../src/stage/stage';
import { FOCUS_WEIGHT, type StageEvent } from '../../../src/stage/stage-api';
import { CountedFrame, HandParts, settle, timedFrame } from '../../fakes/stage-parts';

const CANVAS = {} as OffscreenCanvas;
const SIZE = { width: 64, height: 32 };
const HANDLE = { kind: 'stream', stream: null, rotation: 0 } as unknown as FrameHandle;

/** A source that always has another frame. */
class Endless implements FrameReader {
  readonly frames: CountedFrame[] = [];
  disposed = false;

  async read(): Promise<TimedFrame | null> {
    await settle(1);
    if (this.disposed) return null;
    const frame = new CountedFrame();
    this.frames.push(frame);
    return timedFrame(this.frames.length, 0, frame);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
  }
}

let parts: HandParts;
let stage: Stage;
let readers: Endless[];
let events: StageEvent[];

beforeEach(async () => {
  parts = new HandParts();
  readers = [];
  parts.readerOf = () => {
    const reader = new Endless();
    readers.push(reader);
    return reader as never;
  };
  stage = new Stage(parts);
  events = [];
  // The stages of earlier tests go on telling theirs.
  const mine = events;
  await stage.listen((event) => {
    mine.push(event);
    if (event.type === 'canvas-needed') void stage.replaceCanvas(event.key, CANVAS);
  });
  await stage.start({ engine: 'auto', manyViews: true });
  await stage.loadModel({ kind: 'auto' });
});

async function addView(key: string, size: Size, overlay: OverlayView = DEFAULT_VIEW): Promise<void> {
  await stage.addView(key, CANVAS, { size, overlay, governed: false });
}

async function add(...keys: string[]): Promise<void> {
  for (const key of keys) {
    await addView(key, SIZE, { ...DEFAULT_VIEW, sync: 'live' });
    await stage.attach(key, HANDLE, `source of ${key}`);
  }
}

/** Finishes `count` inferences, one after the other. */
async function infer(count: number): Promise<void> {
  const engine = parts.engines.at(-1)!;
  for (let i = 0; i < count; i++) {
    for (let tries = 0; engine.pending.length === 0 && tries < 100; tries++) await settle(2);
    expect(engine.pending).toHaveLength(1);
    engine.pending.shift()!.finish();
    await settle(4);
  }
}

async function masks(): Promise<Record<string, number>> {
  events.length = 0;
  for (let tries = 0; !events.some((e) => e.type === 'report') && tries < 100; tries++) await settle(2);
  const report = events.findLast((event) => event.type === 'report');
  return Object.fromEntries(report?.views.map((view) => [view.key, view.allMasks]) ?? []);
}

describe('one network for many streams', () => {
  test('takes them in turn, one inference at a time', async () => {
    await add('a', 'b', 'c');
    await infer(30);
    const each = Object.values(await masks());
    expect(each).toHaveLength(3);
    for (const count of each) expect(Math.abs(count - 10)).toBeLessThanOrEqual(2);
    expect(parts.engines).toHaveLength(1);
    expect(parts.devices).toBe(1);
  });

  test('favours the focused one by the stated ratio, and starves none', async () => {
    await add('a', 'b', 'c');
    await stage.focus('b');
    await infer(50);
    const { a, b, c } = (await masks()) as { a: number; b: number; c: number };
    expect(b / a).toBeGreaterThan(FOCUS_WEIGHT * 0.7);
    expect(b / c).toBeLessThan(FOCUS_WEIGHT * 1.4);
  });
});

test('a view that goes closes what it held, and the others go on', async () => {
  await add('a', 'b');
  await infer(4);
  await stage.removeView('a');
  await infer(2);
  await settle();
  expect(readers[0]!.disposed).toBe(true);
  expect(readers[0]!.frames.every((frame) => frame.closed === 1)).toBe(true);
  expect(parts.compositors[0]!.disposed).toBe(1);
  expect(parts.compositors[1]!.disposed).toBe(0);
  expect(Object.keys(await masks())).toEqual(['b']);
});

test('a paused view takes no turns', async () => {
  await add('a', 'b');
  await infer(2);
  await stage.set('a', { paused: true });
  await infer(3);
  const before = await masks();
  await infer(8);
  const after = await masks();
  expect(after.a! - before.a!).toBe(0);
  expect(after.b! - before.b!).toBeGreaterThanOrEqual(8);
});

test('another viewer’s mask is shown until the own network speaks', async () => {
  const edge = { side: 'left' as const, points: [] };
  const map = {
    width: 2,
    height: 1,
    classes: Uint8Array.of(0, 8),
    drivable: Uint8Array.of(255, 0),
    edges: [edge],
  };
  parts.clock = 100_000;
  await add('a');
  await stage.showRemote('a', map);
  expect(parts.compositors[0]!.edges).toEqual([1]);
  expect(parts.compositors[0]!.log.filter((line) => line === 'present')).toHaveLength(1);
  await infer(1);
  const shown = parts.compositors[0]!.log.filter((line) => line === 'present').length;
  await stage.showRemote('a', map);
  expect(parts.compositors[0]!.log.filter((line) => line === 'present')).toHaveLength(shown);
});

test('another viewer’s mask that is not followed by the next is taken away', async () => {
  const [classes, drivable] = [Uint8Array.of(0), Uint8Array.of(255)];
  parts.clock = 100_000;
  await add('a');
  await settle();
  await stage.showRemote('a', { width: 1, height: 1, classes, drivable, edges: [] });
  await masks();
  expect(parts.compositors[0]!.log.at(-1)).not.toBe('present nothing');
  parts.clock += 6000;
  await masks();
  expect(parts.compositors[0]!.log).toContain('present nothing');
});

test('what was seen is told only while it is wanted, and at most twice a second', async () => {
  await add('a');
  await infer(2);
  expect(events.filter((event) => event.type === 'seen')).toHaveLength(0);
  await stage.setSharing(true);
  events.length = 0;
  await infer(5);
  expect(events.filter((event) => event.type === 'seen')).toHaveLength(1);
});

test('what happens before a vehicle is told with its view, and how far its road is free', async () => {
  await add('a', 'b');
  const [width, height] = [16, 12];
  // Sky over a road that fills the lower half.
  const road = Array.from({ length: width * height }, (_, cell) => cell >= (width * height) / 2);
  parts.engines[0]!.map = {
    width,
    height,
    classes: Uint8Array.from(road, (here) => (here ? 0 : 8)),
    drivable: Uint8Array.from(road, (here) => (here ? 255 : 0)),
  };
  await infer(6);
  const told = events.filter((event) => event.type === 'scene-events');
  expect(new Set(told.map(({ key }) => key))).toEqual(new Set(['a', 'b']));
  expect(told.every(({ events }) => events.length > 0)).toBe(true);
  await masks();
  const report = events.findLast((event) => event.type === 'report');
  for (const { scene } of report!.views) expect(scene!.free!.distance).toBeGreaterThan(1);
});

test('a model that gives no numbers is said once, has no share of road, and again after it has worked', async () => {
  await add('a');
  const broken = { width: 2, height: 1, classes: Uint8Array.of(253, 253), drivable: new Uint8Array(2) };
  const good = { ...broken, classes: Uint8Array.of(0, 1) };
  const said = () =>
    events.filter((event) => event.type === 'notice' && event.error.code === 'scores-not-numbers').length;
  parts.engines[0]!.map = broken;
  await infer(3);
  expect(said()).toBe(1);
  await masks();
  const report = events.findLast((event) => event.type === 'report');
  expect(report!.views[0]).toMatchObject({ drivableShare: null, scene: null });
  parts.engines[0]!.map = good;
  await infer(1);
  parts.engines[0]!.map = broken;
  await infer(1);
  await settle();
  // `masks` has emptied the list.
  expect(said()).toBe(1);
});

test('a lost device is replaced under all views', async () => {
  await add('a', 'b');
  await infer(2);
  await stage.loseDevice();
  await settle(200);
  expect(parts.engines).toHaveLength(2);
  expect(parts.compositors).toHaveLength(4);
  expect(parts.compositors.slice(0, 2).map((compositor) => compositor.disposed)).toEqual([1, 1]);
  await infer(4);
});

test('a shared drawing that is lost is set up again under all views, and the network goes on', async () => {
  parts.adapter = false;
  await stage.dispose();
  stage = new Stage(parts);
  // The stages of earlier tests go on telling theirs.
  const mine = events;
  await stage.listen((event) => {
    mine.push(event);
    if (event.type === 'canvas-needed') void stage.replaceCanvas(event.key, CANVAS);
  });
  await stage.start({ engine: 'auto', manyViews: true });
  await stage.loadModel({ kind: 'auto' });
  const engines = parts.engines.length;
  await add('a', 'b');
  await infer(2);
  for (const compositor of parts.compositors) compositor.lose();
  await settle(200);
  const notices = events.flatMap((event) =>
    event.type === 'notice' && event.key === null ? [event.error.code] : [],
  );
  expect(notices).toEqual(['drawing-lost']);
  expect(parts.compositors.map(({ disposed }) => disposed)).toEqual([1, 1, 0, 0]);
  expect(parts.engines).toHaveLength(engines);
  const before = await masks();
  await infer(6);
  const after = await masks();
  for (const key of ['a', 'b']) expect(after[key]!).toBeGreaterThan(before[key]!);
});

test('where drawing is dear, views share what one may cost, and the focused one gets more', async () => {
  parts.drawnSideMax = () => 640;
  await addView('a', { width: 1280, height: 720 });
  const [a] = parts.compositors;
  expect(a!.sizes.at(-1)).toBe('640x360');
  await addView('b', { width: 1280, height: 720 });
  expect(a!.sizes.at(-1)).toBe('453x255');
  await stage.focus('a');
  const [focused, other] = parts.compositors.map(({ sizes }) => Number.parseInt(sizes.at(-1)!, 10));
  expect(focused! ** 2 / (focused! ** 2 + other! ** 2)).toBeCloseTo(FOCUS_WEIGHT / (FOCUS_WEIGHT + 1), 2);
  for (let i = 0; i < 12; i++) await addView(`more ${i}`, { width: 640, height: 360 });
  expect(parts.compositors.at(-1)!.sizes.at(-1)).toBe('320x180');
  await stage.focus(null);
  for (let i = 0; i < 12; i++) await stage.removeView(`more ${i}`);
  await stage.removeView('b');
  expect(a!.sizes.at(-1)).toBe('640x360');
});

test.each([
  ['a program', 640, 1],
  ['a GPU', Number.POSITIVE_INFINITY, 2],
])('where %s draws, figures are told as often as drawing them may cost', async (_, side, times) => {
  parts.drawnSideMax = () => side;
  await addView('a', SIZE);
  // The waiting that began before is over.
  await settle();
  const waited: number[] = [];
  parts.wait = (milliseconds?: number) => {
    waited.push(milliseconds ?? Number.NaN);
    return new Promise((resolve) => setImmediate(resolve));
  };
  await settle();
  const SPARING = 500;
  expect(new Set(waited)).toEqual(new Set([SPARING / times]));
});

test('without many views announced the first one draws by itself, and those that join share a context', async () => {
  await stage.dispose();
  stage = new Stage(parts);
  await stage.start({ engine: 'auto', manyViews: false });
  parts.shares.length = 0;
  for (const key of ['a', 'b', 'c']) await addView(key, SIZE);
  expect(parts.shares).toEqual([false, true, true]);
});
