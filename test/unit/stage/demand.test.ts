/** Frames that are made when they are asked for: where a program draws, none is made that nobody will look at. */
import { beforeEach, expect, test } from 'vitest';
import type { FrameHandle } from '../../../src/media/timed-frame';
import { DEFAULT_VIEW, type SyncMode } from '../../../src/overlay/view';
import { Stage } from '../../../src/stage/stage';
import { type HandEngine, HandParts, settle, timedFrame } from '../../fakes/stage-parts';

const HANDLE = {} as FrameHandle;

let parts: HandParts;
let stage: Stage;
let engine: HandEngine;
/** Those who wait for the engine, and by how much earlier they want to know. */
let waiting: { readonly ahead: number; readonly go: () => void }[];
const vacate = () => {
  for (const { go } of waiting.splice(0)) go();
};

beforeEach(() => {
  waiting = [];
  parts = new HandParts();
  parts.reader.onDemand = true;
  parts.drawnSideMax = () => 640;
});

async function run(sync: SyncMode = 'synced'): Promise<void> {
  stage = new Stage(parts);
  await stage.start({ engine: 'cpu', manyViews: false });
  const overlay = { ...DEFAULT_VIEW, sync };
  await stage.addView('view', {} as OffscreenCanvas, {
    size: { width: 64, height: 32 },
    overlay,
    governed: true,
  });
  await stage.loadModel({ kind: 'auto' });
  engine = parts.engines[0]!;
  // As an engine does that has nothing to do.
  engine.vacant = async () => {};
  await stage.attach('view', HANDLE, 'test');
  await settle();
}

/** The engine is at work from now on. */
function work(): void {
  engine.vacant = (ahead = 0) => new Promise((go) => void waiting.push({ ahead, go }));
}

test('the next one is asked for when the network is about to be free, and no other while it waits', async () => {
  await run();
  expect(parts.reader.asked).toBe(1);
  work();
  parts.clock += 40;
  parts.reader.push(timedFrame(0));
  await settle();
  expect(engine.pending).toHaveLength(1);
  // It is not made yet, whatever happens to others.
  expect(parts.reader.asked).toBe(1);
  // Making one takes some time, and that is told.
  expect(Math.max(...waiting.map(({ ahead }) => ahead))).toBeGreaterThan(0);
  vacate();
  await settle();
  expect(parts.reader.asked).toBe(2);
});

test('while one waits for the network none is made', async () => {
  await run();
  work();
  /** Time to have one made, but not yet to take one. */
  const soon = async () => {
    for (const { ahead, go } of waiting) if (ahead > 0) go();
    await settle();
  };
  parts.clock += 40;
  parts.reader.push(timedFrame(0));
  await settle();
  vacate();
  await settle();
  parts.reader.push(timedFrame(1));
  await settle();
  expect(engine.pending).toHaveLength(2);
  await soon();
  expect(parts.reader.asked).toBe(3);
  parts.reader.push(timedFrame(2));
  await settle();
  await soon();
  expect(engine.pending).toHaveLength(2);
  expect(parts.reader.asked).toBe(3);
  vacate();
  await settle();
  expect(engine.pending).toHaveLength(3);
  expect(parts.reader.asked).toBe(4);
});

test('a pause and its end, and what holds the engine up, end the waiting', async () => {
  await run();
  work();
  parts.reader.push(timedFrame(0));
  await settle();
  await stage.setPaused(true);
  await settle();
  expect(parts.reader.asked).toBe(1);
  engine.vacant = async () => {};
  await stage.setPaused(false);
  await settle();
  expect(parts.reader.asked).toBe(2);
  // An engine that never answers: a frame a second all the same.
  work();
  parts.reader.push(timedFrame(1));
  await settle();
  parts.clock += 5000;
  await expect.poll(() => parts.reader.asked, { timeout: 5000 }).toBe(3);
});

test('live pictures are made as they are wanted, and so are all where a GPU draws', async () => {
  await run('live');
  work();
  parts.reader.push(timedFrame(0));
  await settle();
  expect(parts.reader.asked).toBe(2);
  parts = new HandParts();
  parts.reader.onDemand = true;
  await run();
  work();
  parts.reader.push(timedFrame(0));
  await settle();
  expect(parts.reader.asked).toBe(2);
});
