import { describe, expect, test } from 'vitest';
import type { InferenceRequest } from '../../../src/perception/engine';
import { CLASS_COUNT, VOID_CLASS } from '../../../src/taxonomy/classes';
import { colourOfClass, FakeEngine, nearestClass, type ReadableFrame } from '../../fakes/engine';
import { manifestOf } from './cases';

/** A frame whose left half has the colour of one class, the right half that of another. */
function halves(left: number, right: number, width = 8, height = 4): ReadableFrame {
  return {
    displayWidth: width,
    displayHeight: height,
    clone: () => halves(left, right, width, height),
    close: () => {},
    copyTo: async (destination) => {
      for (let i = 0; i < width * height; i++)
        destination.set([...colourOfClass(i % width < width / 2 ? left : right), 255], i * 4);
    },
  };
}

function ask(frame: ReadableFrame, more: Partial<InferenceRequest> = {}): InferenceRequest {
  return {
    frame: frame as unknown as VideoFrame,
    rotation: 0,
    smoothing: 1,
    reset: false,
    ignore: null,
    ...more,
  };
}

describe('FakeEngine', () => {
  test('reads every class from its colour', () => {
    for (let id = 0; id < CLASS_COUNT; id++) expect(nearestClass(...colourOfClass(id))).toBe(id);
  });

  test('paints what the frame shows, turned upright, with the ignore region void', async () => {
    const engine = new FakeEngine({ manifest: manifestOf() });
    const stream = engine.openStream({ maskWidth: 4, maskHeight: 4 });
    const { mask } = await stream.infer(ask(halves(0, 11)));
    const { mask: turned, classMap } = await stream.infer(
      ask(halves(0, 11), {
        rotation: 90,
        ignore: [
          { x: 0, y: 0 },
          { x: 1, y: 0 },
          { x: 1, y: 0.25 },
          { x: 0, y: 0.25 },
        ],
      }),
    );
    const ids = (m: typeof mask) => (m.kind === 'pixels' ? [...m.data.filter((_, i) => i % 4 === 0)] : []);
    expect(ids(mask).slice(0, 4)).toEqual([0, 0, 11, 11]);
    const column = ids(turned).filter((_, i) => i % 4 === 0);
    expect(column).toEqual([VOID_CLASS, 0, 11, 11]);
    const map = await classMap;
    expect(new Set(map.classes)).toEqual(new Set([VOID_CLASS, 0, 11]));
    expect(map.drivable[map.drivable.length - 1]).toBe(0);
  });

  test('notices overlapping calls and passes failures on', async () => {
    const engine = new FakeEngine({
      manifest: manifestOf(),
      before: (n) => (n === 2 ? Promise.reject(new Error('third')) : Promise.resolve()),
    });
    const stream = engine.openStream({ maskWidth: 2, maskHeight: 2 });
    await Promise.all([stream.infer(ask(halves(0, 1))), stream.infer(ask(halves(0, 1)))]);
    expect(engine.mostAtOnce).toBe(2);
    await expect(stream.infer(ask(halves(0, 1)))).rejects.toThrow('third');
    expect(engine.liveObjects().frames).toBe(0);
  });
});
