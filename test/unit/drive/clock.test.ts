import { expect, test } from 'vitest';
import { DriveClock } from '../../../src/drive/drive-clock';

test('time runs with the wall clock while frames come in time', () => {
  const clock = new DriveClock(40);
  expect(clock.advance(1000)).toBe(0);
  expect(clock.advance(1040)).toBeCloseTo(0.04);
  expect(clock.advance(1090)).toBeCloseTo(0.09);
});

test('a late frame makes the street go slower, never jump', () => {
  const clock = new DriveClock(40);
  clock.advance(0);
  expect(clock.advance(5000)).toBeCloseTo(0.1);
});

test('a frame is due an interval after the last', () => {
  const clock = new DriveClock(40);
  expect(clock.due(0)).toBe(0);
  clock.advance(100);
  expect(clock.due(110)).toBe(30);
  expect(clock.due(200)).toBe(0);
});

test('a pause does not count', () => {
  const clock = new DriveClock(40);
  clock.advance(0);
  clock.advance(40);
  clock.rest();
  expect(clock.advance(90_000)).toBeCloseTo(0.04);
});

test('a jump shows its moment in the very next frame', () => {
  const clock = new DriveClock(40);
  clock.advance(0);
  clock.jump(12.5);
  expect(clock.due(1)).toBe(0);
  expect(clock.advance(1)).toBe(12.5);
  expect(clock.advance(41)).toBeCloseTo(12.54);
});
