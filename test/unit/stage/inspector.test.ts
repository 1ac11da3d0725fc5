import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FrameHandle } from '../../../src/media/timed-frame';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import type { InspectionReport } from '../../../src/stage/inspection';
import { compareMaps } from '../../../src/stage/inspector';
import { Stage } from '../../../src/stage/stage';
import { type CountedFrame, HandParts, settle, timedFrame } from '../../fakes/stage-parts';

const HANDLE = { kind: 'stream', stream: null, rotation: 0 } as unknown as FrameHandle;
const CANVAS = {} as OffscreenCanvas;
const ALL = { levels: [true, true, true, true], heat: true, cells: null };

let parts: HandParts;
let stage: Stage;

/** A stage with one frame segmented. */
async function run(gate: boolean): Promise<void> {
  parts = new HandParts();
  parts.gate = gate ? { name: 'gate', levels: [1, 2, 3, 6] } : null;
  stage = new Stage(parts);
  await stage.start({ engine: 'auto', manyViews: false });
  await stage.addView('view', CANVAS, {
    size: { width: 64, height: 32 },
    overlay: DEFAULT_VIEW,
    governed: true,
  });
  await stage.loadModel({ kind: 'auto' });
  await stage.attach('view', HANDLE, 'test');
  parts.reader.push(timedFrame(1));
  await settle();
  engine().pending[0]!.finish();
  await settle();
}

const engine = () => parts.engines.at(-1)!;
/** Finishes whatever the engine is at until a promise is there. */
async function through<T>(promise: Promise<T>, from = engine().pending.length): Promise<T> {
  let done = false;
  const outcome = promise.finally(() => {
    done = true;
  });
  outcome.catch(() => {});
  let next = from;
  for (let i = 0; i < 20 && !done; i++) {
    await settle();
    for (; next < engine().pending.length; next++) engine().pending[next]!.finish();
  }
  return outcome;
}

describe('a network with switches', () => {
  beforeEach(() => run(true));

  test('is run on the frame on screen with all levels, then with those that are on', async () => {
    const before = engine().pending.length;
    const report = await through(stage.inspect('view', { ...ALL, levels: [true, false, true, true] }));
    const requests = engine()
      .pending.slice(before)
      .map(({ request }) => request);
    expect(requests.map(({ gate }) => gate)).toEqual([
      [1, 1, 1, 1],
      [1, 0, 1, 1],
    ]);
    expect(requests.every(({ reset, smoothing }) => reset && smoothing === 1)).toBe(true);
    expect(report).toMatchObject({ bins: [1, 2, 3, 6], levels: [true, false, true, true], flipped: 0 });
    expect(parts.compositors[0]!.log.at(-1)).toBe('inspect');
    // The reference is not computed twice.
    await through(stage.inspect('view', ALL));
    expect(engine().pending).toHaveLength(before + 3);
  });

  test('holds the picture, and lets it go with its usual mask', async () => {
    await through(stage.inspect('view', ALL));
    const while_ = engine().pending.length;
    const streams = engine().streams;
    parts.reader.push(timedFrame(2));
    await settle();
    await stage.setPaused(true);
    await stage.setPaused(false);
    await settle();
    expect(engine().pending).toHaveLength(while_);
    expect(await stage.inspect('view', null)).toBeNull();
    await settle();
    expect(engine().streams).toBe(streams - 1);
    // The held frame, or a newer one, goes through the network as usual.
    expect(engine().pending.length).toBeGreaterThan(while_);
    expect(engine().pending.at(-1)!.request.gate).toBeUndefined();
  });

  test('closing lets go of every frame', async () => {
    const frame = timedFrame(3);
    parts.reader.push(frame);
    await settle();
    engine().pending.at(-1)!.finish();
    await settle();
    await through(stage.inspect('view', ALL));
    await stage.inspect('view', null);
    await stage.dispose();
    await settle();
    expect((frame.frame as unknown as CountedFrame).closed).toBe(1);
  });

  test('another source ends it; who waits gets nothing', async () => {
    const before = engine().pending.length;
    const look = stage.inspect('view', ALL);
    await settle();
    const other = new HandParts();
    parts.readerOf = () => other.reader;
    await stage.attach('view', HANDLE, 'other');
    expect(await through<InspectionReport | null>(look, before)).toBeNull();
    other.reader.push(timedFrame(9));
    await settle();
    expect(engine().pending.at(-1)!.request.gate).toBeUndefined();
  });
});

test('a network without switches says so and nothing is held', async () => {
  await run(false);
  await expect(stage.inspect('view', ALL)).rejects.toMatchObject({ code: 'pyramid-unavailable' });
  const before = engine().pending.length;
  parts.reader.push(timedFrame(2));
  await settle();
  expect(engine().pending).toHaveLength(before + 1);
});

describe('two maps of one frame', () => {
  const cells = fc.array(fc.constantFrom(0, 2, 8, 255), { minLength: 12, maxLength: 12 });
  const mapOf = (classes: readonly number[]) => ({
    width: 4,
    height: 3,
    classes: Uint8Array.from(classes),
    drivable: Uint8Array.from(classes, (id) => (id === 0 ? 255 : 0)),
  });

  test('a map against itself has not changed; what changed is hot, and only that fully', () => {
    fc.assert(
      fc.property(cells, cells, (a, b) => {
        expect(compareMaps(mapOf(a), mapOf(a))).toMatchObject({ flipped: 0, flips: [] });
        const { flipped, flips, heat } = compareMaps(mapOf(a), mapOf(b));
        const labelled = a.flatMap((id, i) => (id === 255 || b[i] === 255 ? [] : [i]));
        const changed = labelled.filter((i) => a[i] !== b[i]);
        expect(flipped).toBeCloseTo(labelled.length ? changed.length / labelled.length : 0, 9);
        expect(flips.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(flipped + 1e-9);
        expect([...heat].flatMap((v, i) => (v === 255 ? [i] : []))).toEqual(changed);
      }),
    );
  });
});
