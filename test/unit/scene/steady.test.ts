/** What steadies the scene in time, without pictures: angles, cuts, and the log of events. */
import { describe, expect, test } from 'vitest';
import { EventMaker } from '../../../src/scene/event-maker';
import type { SceneEvent } from '../../../src/scene/events';
import type { FreeEnd } from '../../../src/scene/free-space';
import { SceneCut } from '../../../src/scene/scene-cut';
import { SteadyAngle } from '../../../src/scene/steady-angle';
import { ID, random, uniform } from './synthetic';

const DEGREE = Math.PI / 180;

describe('a steady angle', () => {
  const fed = (values: readonly number[], angle = new SteadyAngle(0, 3 * DEGREE), start = 0) => {
    values.forEach((value, i) => {
      angle.look(value * DEGREE, 0.3 * DEGREE, start + i * 0.12);
    });
    return angle;
  };
  const noisy = (value: number, count: number, seed = 1) => {
    const next = random(seed);
    return Array.from({ length: count }, () => value + (next() - 0.5) * 0.6);
  };

  test('stays at its prior until a second of looks has come', () => {
    const { estimate, settled } = fed(noisy(2, 6));
    expect(settled).toBe(false);
    expect(estimate).toMatchObject({ value: 0, sigma: 3 * DEGREE });
  });

  test('comes to the median, a third of the looks being nonsense', () => {
    const { estimate } = fed(noisy(2, 90).map((value, i) => (i % 3 === 1 ? -6 + (i % 7) : value)));
    expect(Math.abs(estimate.value - 2 * DEGREE)).toBeLessThan(0.4 * DEGREE);
  });

  test('never moves faster than its rate', () => {
    const angle = new SteadyAngle(0, 3 * DEGREE);
    let before = 0;
    noisy(5, 60).forEach((value, i) => {
      angle.look(value * DEGREE, 0.3 * DEGREE, i * 0.12);
      expect(Math.abs(angle.estimate.value - before)).toBeLessThan(1.5 * DEGREE * 0.12 + 1e-3);
      before = angle.estimate.value;
    });
    expect(before).toBeGreaterThan(4 * DEGREE);
  });

  test('ignores three seconds of another opinion, believes ten', () => {
    const angle = fed(noisy(1, 60));
    fed(noisy(6, 25, 2), angle, 10);
    expect(Math.abs(angle.estimate.value - DEGREE)).toBeLessThan(0.3 * DEGREE);
    fed(noisy(6, 84, 3), angle, 13);
    expect(Math.abs(angle.estimate.value - 6 * DEGREE)).toBeLessThan(0.4 * DEGREE);
  });
});

describe('a scene cut', () => {
  const mixed = (share: number) => {
    const map = uniform(ID.road, 1, 40, 25);
    map.classes.fill(ID.building, 0, Math.round(share * 1000));
    return map;
  };

  test('is a change of a third of the cells at once', () => {
    const cut = new SceneCut();
    expect(cut.update(mixed(0.1), 0)).toEqual({ change: 0, cut: false });
    expect(cut.update(mixed(0.3), 0.07)).toEqual({ change: 0.2, cut: false });
    expect(cut.update(mixed(0.8), 0.07)).toEqual({ change: 0.5, cut: true });
  });

  test('is none over a whole second, in a steady turn, or where cells are masked out', () => {
    expect(cutAfter([0.1, 0.5], 1)).toBe(false);
    const turn = Array.from({ length: 20 }, (_, i) => (i % 2) * 0.28);
    expect(cutAfter([...turn, 0, 0.36], 0.07)).toBe(false);
    expect(cutAfter([0, 0, 0, 0.36], 0.07)).toBe(true);
    const cut = new SceneCut();
    cut.update(mixed(0), 0.07);
    expect(cut.update(uniform(ID.unseen, 0, 40, 25), 0.07)).toEqual({ change: 0, cut: false });
  });

  function cutAfter(shares: readonly number[], seconds: number): boolean {
    const cut = new SceneCut();
    return shares.map((share) => cut.update(mixed(share), seconds).cut).some(Boolean);
  }
});

describe('the log', () => {
  const feed = (frames: readonly { distance?: number; end?: FreeEnd; confidence?: number }[], step = 0.1) => {
    const maker = new EventMaker();
    const log: SceneEvent[] = [];
    frames.forEach(({ distance, end = 'kerb', confidence = 0.9 }, i) => {
      const ahead = distance === undefined ? null : { from: 3, distance, sigma: 0.4, end };
      const happenings = {
        boundary: { segments: [], confidence: 0 },
        obstacles: { obstacles: [], entered: [], left: [] },
        ahead,
        timeToObstacle: null,
        confidence: { confidence, reasons: [] },
      };
      log.push(...maker.update(happenings, i * step * 1e6, i * step));
    });
    return log;
  };

  test('a free distance that trembles is said once', () => {
    const next = random(2);
    const log = feed(Array.from({ length: 50 }, () => ({ distance: 30 + next() })));
    expect(log.map(({ type }) => type)).toEqual(['free-distance']);
  });

  test('one that falls is said four times a second at most, and its end at once', () => {
    const falling = Array.from({ length: 30 }, (_, i) => ({ distance: 60 - 2 * i }));
    const log = feed([...falling, {}]);
    expect(log.length).toBeGreaterThan(5);
    expect(log.length).toBeLessThan(13);
    expect(log.at(-1)).toMatchObject({ distance: null, timestamp: 3_000_000 });
  });

  test('somebody who steps in is said though the distance is the same; trees for houses are not', () => {
    const frames = (end: FreeEnd) => [
      ...Array(5).fill({ distance: 20 }),
      ...Array(5).fill({ distance: 20, end }),
    ];
    expect(feed(frames('person')).at(-1)).toMatchObject({ end: 'person' });
    expect(feed(frames('building'))).toHaveLength(1);
  });

  test('confidence that trembles around its limit is said to be low once, and good once', () => {
    const frames = [0.9, 0.34, 0.36, 0.33, 0.4, 0.45, 0.6, 0.45, 0.4].map((confidence) => ({ confidence }));
    const lows = feed(frames).flatMap((event) => (event.type === 'low-confidence' ? [event.low] : []));
    expect(lows).toEqual([true, false]);
  });
});
