import { describe, expect, test } from 'vitest';
import { MediaClock } from '../../../src/sources/recording/media-clock';

function clockAt(duration = 10): { clock: MediaClock; pass: (milliseconds: number) => void } {
  let wall = 1_000_000;
  return {
    clock: new MediaClock(() => wall, duration),
    pass: (milliseconds) => {
      wall += milliseconds;
    },
  };
}

describe('media clock', () => {
  test('stands until played, runs with the wall, stands again when paused', () => {
    const { clock, pass } = clockAt();
    pass(500);
    expect(clock.now).toBe(0);
    clock.play();
    pass(1500);
    expect(clock.now).toBeCloseTo(1.5, 9);
    clock.pause();
    pass(9000);
    expect(clock.now).toBeCloseTo(1.5, 9);
    expect(clock.playing).toBe(false);
  });

  test('playing twice does not lose or gain time', () => {
    const { clock, pass } = clockAt();
    clock.play();
    pass(700);
    clock.play();
    pass(300);
    expect(clock.now).toBeCloseTo(1, 9);
  });

  test('stops at the end, and says so', () => {
    const { clock, pass } = clockAt(2);
    clock.play();
    pass(1999);
    expect(clock.atEnd).toBe(false);
    pass(5000);
    expect(clock.now).toBe(2);
    expect(clock.atEnd).toBe(true);
  });

  test.for([
    [4, 4],
    [-3, 0],
    [99, 10],
    [Number.NaN, 0],
  ])('a seek to %d lands at %d', ([to, at]) => {
    const { clock, pass } = clockAt();
    clock.play();
    pass(800);
    clock.seek(to!);
    expect(clock.now).toBe(at);
    expect(clock.playing).toBe(true);
  });

  test('a change of speed does not jump', () => {
    const { clock, pass } = clockAt();
    clock.play();
    pass(1000);
    clock.setRate(2);
    expect(clock.now).toBeCloseTo(1, 9);
    pass(1000);
    expect(clock.now).toBeCloseTo(3, 9);
    clock.setRate(0.25);
    pass(4000);
    expect(clock.now).toBeCloseTo(4, 9);
    expect(clock.rate).toBe(0.25);
  });

  test.for([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a speed of %d is refused', (rate) => {
    expect(() => clockAt().clock.setRate(rate)).toThrow(RangeError);
  });

  test('tells how long to wait for a frame', () => {
    const { clock, pass } = clockAt();
    expect(clock.millisecondsUntil(1)).toBe(Number.POSITIVE_INFINITY);
    expect(clock.millisecondsUntil(0)).toBe(0);
    clock.setRate(2);
    clock.play();
    expect(clock.millisecondsUntil(1)).toBeCloseTo(500, 6);
    pass(600);
    expect(clock.millisecondsUntil(1)).toBe(0);
  });

  test('a recording without a known length runs on', () => {
    const { clock, pass } = clockAt(Number.POSITIVE_INFINITY);
    clock.play();
    pass(3_600_000);
    expect(clock.now).toBeCloseTo(3600, 6);
    expect(clock.atEnd).toBe(false);
  });
});
