import { expect, test } from 'vitest';
import { Watchdog } from '../../../src/media/watchdog';

/** Ticks every second from `from` to `to`; returns what was said other than fine, with its time in seconds. */
function run(dog: Watchdog, from: number, to: number, loading = false): [number, string][] {
  const said: [number, string][] = [];
  for (let s = from; s <= to; s++) {
    const verdict = dog.tick(s * 1000, loading);
    if (verdict !== 'fine') said.push([s, verdict]);
  }
  return said;
}

test('silence is answered by one ping, then by giving up', () => {
  const said = run(new Watchdog(0), 1, 30);
  expect(said).toEqual([
    [5, 'ping'],
    [30, 'silent'],
  ]);
});

test('any sign of life starts it afresh', () => {
  const dog = new Watchdog(0);
  run(dog, 1, 28);
  dog.hear(28_000);
  expect(run(dog, 29, 57)).toEqual([[33, 'ping']]);
});

test('while a network loads it waits longer', () => {
  const said = run(new Watchdog(0), 1, 119, true);
  expect(said).toEqual([[5, 'ping']]);
  expect(run(new Watchdog(0), 1, 120, true).at(-1)).toEqual([120, 'silent']);
});

test('a page that slept does not blame the worker', () => {
  const dog = new Watchdog(0);
  run(dog, 1, 10);
  expect(dog.tick(3_600_000, false)).toBe('fine');
  expect(run(dog, 3601, 3604)).toEqual([]);
});

test('each restart doubles its patience, eightfold at most', () => {
  const dog = new Watchdog(0);
  dog.restart(0);
  expect(run(dog, 1, 59).map(([, v]) => v)).not.toContain('silent');
  expect(dog.tick(60_000, false)).toBe('silent');
  for (let i = 0; i < 5; i++) dog.restart(60_000);
  expect(run(dog, 61, 60 + 239).map(([, v]) => v)).not.toContain('silent');
  expect(run(dog, 300, 300)).toEqual([[300, 'silent']]);
});
