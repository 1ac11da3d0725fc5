import { expect, test, vi } from 'vitest';
import { Latest } from '../../../src/media/latest';

test('while one value travels, only the newest of the others is kept', async () => {
  const sent: number[] = [];
  let arrive = () => {};
  const latest = new Latest<number>(
    (value) => {
      sent.push(value);
      return new Promise((resolve) => {
        arrive = resolve;
      });
    },
    () => {},
  );
  for (let i = 1; i <= 5; i++) latest.push(i);
  expect(sent).toEqual([1]);
  arrive();
  await Promise.resolve();
  await Promise.resolve();
  expect(sent).toEqual([1, 5]);
});

test('a value that could not be sent does not hold up the next', async () => {
  const sent: number[] = [];
  const failures: unknown[] = [];
  const latest = new Latest<number>(
    async (value) => {
      if (value === 1) throw new Error('gone');
      sent.push(value);
    },
    (thrown) => failures.push(thrown),
  );
  latest.push(1);
  latest.push(2);
  await new Promise((resolve) => setTimeout(resolve));
  expect(failures).toHaveLength(1);
  expect(sent).toEqual([2]);
});

test('settled waits for the newest, and for nothing when all has arrived', async () => {
  const sent: number[] = [];
  const latest = new Latest<number>(
    async (value) => {
      await new Promise((resolve) => setTimeout(resolve));
      sent.push(value);
    },
    () => {},
  );
  await latest.settled();
  for (let i = 1; i <= 3; i++) latest.push(i);
  await latest.settled();
  expect(sent).toEqual([1, 3]);
  latest.push(4);
  await latest.settled();
  expect(sent).toEqual([1, 3, 4]);
});

test('what was pushed last is known until it has arrived', async () => {
  const arrivals: (() => void)[] = [];
  const latest = new Latest<number>(
    () => new Promise((resolve) => arrivals.push(resolve)),
    () => {},
  );
  expect(latest.pending).toBeNull();
  latest.push(1);
  latest.push(2);
  expect(latest.pending).toBe(2);
  arrivals.shift()!();
  await vi.waitFor(() => expect(arrivals).toHaveLength(1));
  expect(latest.pending).toBe(2);
  arrivals.shift()!();
  await latest.settled();
  expect(latest.pending).toBeNull();
});
