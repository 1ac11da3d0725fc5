import { expect, test } from 'vitest';
import { Mutex } from '../../../src/media/mutex';

test('work runs in order, one at a time, and a failure does not stop the next', async () => {
  const mutex = new Mutex();
  const log: string[] = [];
  const job = (name: string, fails = false) =>
    mutex.run(async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const outcomes = await Promise.allSettled([job('a'), job('b', true), job('c')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('is idle only when nobody holds it or waits', async () => {
  const mutex = new Mutex();
  expect(mutex.idle).toBe(true);
  const work = mutex.run(async () => expect(mutex.idle).toBe(false));
  expect(mutex.idle).toBe(false);
  await work;
  expect(mutex.idle).toBe(true);
});
