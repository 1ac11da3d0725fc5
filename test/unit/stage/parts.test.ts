import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TruthMeter } from '../../../src/labels/truth-meter';
import { NewestSlot } from '../../../src/media/newest-slot';
import { RollingRate, RollingWindow } from '../../../src/media/rolling';
import { Scheduler } from '../../../src/media/scheduler';
import { brokenShare, decidedness, drivableShare, drivingMap } from '../../../src/perception/map-digest';
import { Governor, STRIDE_MAX } from '../../../src/stage/governor';
import { HEALTHY_AFTER, RETRY_DELAYS, RecoveryTable } from '../../../src/stage/recovery-table';
import { bestTier, firstTier, lowerTier, TIERS } from '../../../src/stage/tiers';
import { parseClassList } from '../../../src/taxonomy/class-list';
import { DRIVING } from '../../../src/taxonomy/classes';
import { CountedFrame, timedFrame } from '../../fakes/stage-parts';

describe('newest slot', () => {
  test('every frame is closed exactly once, whatever the order of puts and takes', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (steps) => {
        const slot = new NewestSlot();
        const frames: CountedFrame[] = [];
        for (const put of steps) {
          if (put) {
            const frame = new CountedFrame();
            frames.push(frame);
            slot.put({ timed: timedFrame(frames.length, 0, frame), arrival: 0 });
          } else slot.take()?.timed.frame.close();
        }
        slot[Symbol.dispose]();
        expect(frames.every((frame) => frame.closed === 1)).toBe(true);
      }),
    );
  });
});

describe('scheduler', () => {
  test('turns follow the weights, and none starves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }), (weights) => {
        const scheduler = new Scheduler<number>();
        weights.forEach((weight, key) => {
          scheduler.set(key, weight);
        });
        const turns = weights.map(() => 0);
        const rounds = 50 * weights.reduce((a, b) => a + b, 0);
        for (let i = 0; i < rounds; i++) turns[scheduler.next(() => true)!]!++;
        weights.forEach((weight, key) => {
          expect(Math.abs(turns[key]! - 50 * weight)).toBeLessThanOrEqual(weights.length);
        });
      }),
    );
  });

  test('a stream that was idle gets no arrears', () => {
    const scheduler = new Scheduler<string>();
    scheduler.set('a');
    scheduler.set('b');
    for (let i = 0; i < 100; i++) scheduler.next((key) => key === 'a');
    const next = Array.from({ length: 10 }, () => scheduler.next(() => true));
    expect(next.filter((key) => key === 'b').length).toBeLessThanOrEqual(6);
  });

  test('nothing ready is nobody’s turn, and a weight of nought is refused', () => {
    const scheduler = new Scheduler<string>();
    scheduler.set('a');
    expect(scheduler.next(() => false)).toBeNull();
    expect(() => scheduler.set('a', 0)).toThrow(RangeError);
  });
});

describe('rolling statistics', () => {
  test('a steady stream has its rate, a stopped one falls', () => {
    const rate = new RollingRate(2000);
    for (let t = 0; t <= 2000; t += 40) rate.tick(t);
    expect(rate.rate(2000)).toBeCloseTo(25, 5);
    expect(rate.rate(3000)).toBeLessThan(15);
  });

  test('a rate below one event in a window is still a rate; silence is none', () => {
    const rate = new RollingRate(2000);
    for (const t of [0, 4000, 8000]) rate.tick(t);
    expect(rate.rate(8000)).toBeCloseTo(0.25, 5);
    expect(rate.rate(17_999)).toBeGreaterThan(0);
    expect(rate.rate(18_001)).toBe(0);
  });

  test('quantiles are values of the window', () => {
    const window = new RollingWindow(100);
    for (let i = 1; i <= 200; i++) window.add(i);
    expect(window.quantile(0.5)).toBe(151);
    expect(window.quantile(1)).toBe(200);
    window.add(Number.NaN);
    expect(window.quantile(1)).toBe(200);
    window.clear();
    expect(window.quantile(0.5)).toBeNull();
  });
});

describe('class map digest', () => {
  const map = (classes: number[], drivable: number[]) => ({
    width: 2,
    height: 2,
    classes: new Uint8Array(classes),
    drivable: new Uint8Array(drivable),
  });

  test('void cells count for nothing', () => {
    expect(drivableShare(map([0, 1, 8, 255], [0, 0, 0, 0]), DRIVING)).toBeCloseTo(2 / 3);
    expect(drivableShare(map([255, 255, 255, 255], [0, 0, 0, 0]), DRIVING)).toBeNull();
    expect(decidedness(map([0, 8, 255, 255], [255, 0, 128, 128]), DRIVING)).toBe(1);
  });

  test('the own car is neither road nor picture, and no numbers are no answer; undecided is one', () => {
    expect(drivableShare(map([0, 8, 12, 253], [0, 0, 0, 0]), DRIVING)).toBe(0.5);
    expect(drivableShare(map([0, 254, 12, 12], [0, 0, 0, 0]), DRIVING)).toBe(0.5);
    expect(drivableShare(map([12, 12, 12, 253], [0, 0, 0, 0]), DRIVING)).toBeNull();
    expect(decidedness(map([0, 8, 12, 253], [255, 0, 128, 128]), DRIVING)).toBe(1);
    expect(brokenShare(map([0, 253, 253, 255], [0, 0, 0, 0]))).toBe(0.5);
  });

  test('a list without a road has no share of it', () => {
    const land = parseClassList(['water', 'field']);
    expect(drivableShare(map([0, 1, 1, 1], [0, 0, 0, 0]), land)).toBeNull();
    expect(decidedness(map([0, 1, 1, 1], [0, 0, 0, 0]), land)).toBeNull();
  });

  test('any list is read in our own classes, the own car as nothing known', () => {
    const list = parseClassList([
      'lesion',
      'car',
      { name: 'Weg', role: 'drivable' },
      { name: 'hood', role: 'own car' },
    ]);
    expect([...drivingMap(map([0, 1, 2, 3], [0, 0, 9, 0]), list).classes]).toEqual([254, 11, 0, 255]);
    expect([...drivingMap(map([12, 253, 254, 255], [0, 0, 0, 0]), DRIVING).classes]).toEqual([
      255, 255, 254, 255,
    ]);
  });

  test('IoU against truth of another size', () => {
    const meter = new TruthMeter();
    const truth = {
      width: 4,
      height: 4,
      ids: new Uint8Array([0, 0, 8, 8, 0, 0, 8, 8, 0, 0, 8, 8, 0, 0, 8, 8]),
    };
    meter.add(map([0, 8, 0, 0], [0, 0, 0, 0]), truth, DRIVING);
    const score = meter.score()!;
    // Road: right in both left cells, claimed in one more. Sky: right in one of two.
    expect(score.perClass[0]).toBeCloseTo(2 / 3);
    expect(score.perClass[8]).toBeCloseTo(1 / 2);
    expect(score.perClass[3]).toBeNull();
    expect(score.drivable).toBeCloseTo(2 / 3);
  });
});

describe('recovery', () => {
  test('three tries, then WebAssembly, then three more, then the end', () => {
    const recovery = new RecoveryTable();
    for (const delay of RETRY_DELAYS)
      expect(recovery.failed('webgpu', 0)).toMatchObject({ type: 'rebuild', engine: 'webgpu', delay });
    expect(recovery.failed('webgpu', 0)).toMatchObject({ type: 'fall-back', engine: 'cpu' });
    for (const delay of RETRY_DELAYS)
      expect(recovery.failed('wasm', 0)).toMatchObject({ type: 'rebuild', delay });
    expect(recovery.failed('wasm', 0)).toEqual({ type: 'give-up' });
  });

  test('a healthy minute wipes the slate', () => {
    const recovery = new RecoveryTable();
    recovery.failed('webgpu', 0);
    recovery.failed('webgpu', 1);
    expect(recovery.failed('webgpu', 2 + HEALTHY_AFTER)).toMatchObject({ attempt: 1 });
  });
});

describe('tiers', () => {
  test('the first tier is the richest whose network exists', () => {
    expect(firstTier('webgpu', ['pspnet-lite']).name).toBe('gpu-lite');
    expect(firstTier('webgpu', ['pspnet-lite', 'pspnet-base']).name).toBe('gpu-base');
    expect(firstTier('cpu', ['pspnet-lite', 'pspnet-wasm']).name).toBe('cpu-lite');
  });

  test('a slow machine steps down to a network that exists', () => {
    expect(lowerTier(TIERS['cpu-lite'], 500, ['pspnet-wasm'])?.name).toBe('cpu-small');
    expect(lowerTier(TIERS['cpu-lite'], 500, [])).toBeNull();
    expect(lowerTier(TIERS['cpu-lite'], 50, ['pspnet-wasm'])).toBeNull();
    expect(lowerTier(TIERS['cpu-small'], 5000, ['pspnet-wasm'])).toBeNull();
  });

  test.each([
    [
      'a fast card runs the richest',
      { 'gpu-base': 12, 'gpu-lite': 6, 'cpu-lite': 40, 'cpu-small': 18 },
      'gpu-base',
    ],
    ['what is over its own budget is left', { 'gpu-base': 40, 'gpu-lite': 20, 'cpu-lite': 40 }, 'gpu-lite'],
    ['a processor that keeps up beats a card that does not', { 'gpu-lite': 300, 'cpu-lite': 60 }, 'cpu-lite'],
    [
      'where nothing keeps up, the fastest',
      { 'gpu-lite': 900, 'cpu-lite': 300, 'cpu-small': 110 },
      'cpu-small',
    ],
    ['what did not run is out', { 'cpu-small': 500 }, 'cpu-small'],
    ['nothing ran', {}, null],
  ])('a measured machine: %s', (_, medians, tier) => {
    expect(bestTier(medians)).toBe(tier);
  });
});

describe('governor', () => {
  const behind = { sourceFps: 30, pictureFps: 15, busy: 1 };
  const easy = { sourceFps: 30, pictureFps: 30, busy: 0.3 };

  test('raises the stride when the network starves the picture, and says so', () => {
    const governor = new Governor();
    governor.observe(behind);
    expect(governor.stride).toBe(1);
    governor.observe(behind);
    expect(governor.stride).toBe(2);
    expect(governor.note).toEqual({ kind: 'stride', stride: 2, why: 'behind' });
  });

  test('comes back slowly, and never leaves its bounds', () => {
    const governor = new Governor();
    for (let i = 0; i < 100; i++) governor.observe(behind);
    expect(governor.stride).toBe(STRIDE_MAX);
    for (let i = 0; i < 100; i++) governor.observe(easy);
    expect(governor.stride).toBe(1);
  });

  test('a slow source is not the network’s fault', () => {
    const governor = new Governor();
    for (let i = 0; i < 10; i++) governor.observe({ sourceFps: 30, pictureFps: 15, busy: 0.2 });
    expect(governor.stride).toBe(1);
  });
});
