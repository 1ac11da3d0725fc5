import { expect, test } from 'vitest';
import { AheadWorker } from '../../../src/media/ahead-worker';

function workers() {
  const made: EventTarget[] = [];
  const ahead = new AheadWorker(() => {
    const worker = new EventTarget();
    made.push(worker);
    return worker as Worker;
  });
  return { made, ahead };
}

test('the one that was begun is taken once; those behind it are new', () => {
  const { made, ahead } = workers();
  ahead.prepare();
  expect(made).toHaveLength(1);
  expect([ahead.take(), ahead.take()]).toEqual(made);
  expect(made).toHaveLength(2);
});

test('one that could not be loaded meanwhile is not given to anybody, who would wait for it for ever', () => {
  const { made, ahead } = workers();
  ahead.prepare();
  const failure = new Event('error', { cancelable: true });
  made[0]!.dispatchEvent(failure);
  expect(failure.defaultPrevented).toBe(true);
  expect(ahead.take()).toBe(made[1]);
});

test('what fails once it was taken is its owner’s to hear', () => {
  const { made, ahead } = workers();
  ahead.prepare();
  ahead.take();
  const failure = new Event('error', { cancelable: true });
  made[0]!.dispatchEvent(failure);
  expect(failure.defaultPrevented).toBe(false);
});

test('one that cannot be made is made again by whoever wants it, who hears why', () => {
  const ahead = new AheadWorker(() => {
    throw new Error('no workers here');
  });
  ahead.prepare();
  expect(() => ahead.take()).toThrow('no workers here');
});
