import { expect, test } from 'vitest';
import { FrameTurns } from '../../../src/perception/frame-turns';

/** A clock that is moved by hand, and timers that go off by it. */
function world() {
  let now = 0;
  let timers: { at: number; go: () => void }[] = [];
  return {
    now: () => now,
    wait: (milliseconds: number) =>
      new Promise<void>((go) => void timers.push({ at: now + milliseconds, go })),
    async pass(milliseconds: number): Promise<void> {
      now += milliseconds;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { go } of due) go();
      await settle();
    },
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Whether a promise has resolved; asked later. */
function watch(promise: Promise<void>): () => boolean {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  return () => done;
}

const USUAL = { reading: 10, working: 50 };

test('two turns at a time, then in the order of the calls', async () => {
  const turns = new FrameTurns(world());
  const order: number[] = [];
  for (let i = 0; i < 4; i++) void turns.enter().then(() => order.push(i));
  await settle();
  expect(order).toEqual([0, 1]);
  turns.leave(USUAL);
  await settle();
  expect(order).toEqual([0, 1, 2]);
  turns.leave(null);
  await settle();
  expect(order).toEqual([0, 1, 2, 3]);
});

test('before anything is known, the next frame comes when the first is done', async () => {
  const clock = world();
  const turns = new FrameTurns(clock);
  await turns.enter();
  const vacant = watch(turns.vacant());
  await clock.pass(1000);
  expect(vacant()).toBe(false);
  turns.leave(USUAL);
  await settle();
  expect(vacant()).toBe(true);
});

test('then just before the network is done, by as much as reading takes', async () => {
  const clock = world();
  const turns = new FrameTurns(clock);
  await turns.enter();
  turns.leave(USUAL);
  await turns.enter();
  const vacant = watch(turns.vacant());
  await clock.pass(30);
  expect(vacant()).toBe(false);
  await clock.pass(10);
  expect(vacant()).toBe(true);
  expect(turns.busy).toBe(50);
});

test('two frames on their way: not before one is done', async () => {
  const clock = world();
  const turns = new FrameTurns(clock);
  await turns.enter();
  turns.leave(USUAL);
  await turns.enter();
  await turns.enter();
  const vacant = watch(turns.vacant());
  await clock.pass(200);
  expect(vacant()).toBe(false);
  turns.leave(USUAL);
  await clock.pass(40);
  expect(vacant()).toBe(true);
});

test('what is done behind the network takes nothing from it: it counts from when the network was done', async () => {
  const clock = world();
  const turns = new FrameTurns(clock);
  await turns.enter();
  turns.leave({ ...USUAL, since: 20 });
  await turns.enter();
  await turns.enter();
  // The second one's run began when the first one's ended, 20 ms ago.
  turns.leave({ ...USUAL, since: 20 });
  const vacant = watch(turns.vacant());
  await clock.pass(13);
  expect(vacant()).toBe(false);
  await clock.pass(2);
  expect(vacant()).toBe(true);
});

test('a frame that has to be made first is asked for earlier, also while two are on their way', async () => {
  const clock = world();
  const turns = new FrameTurns(clock);
  await turns.enter();
  turns.leave(USUAL);
  await turns.enter();
  await turns.enter();
  const [soon, now] = [watch(turns.vacant(30)), watch(turns.vacant())];
  // Both are done after 100 ms; reading takes 10, making 30, and some are kept back.
  await clock.pass(50);
  expect(soon()).toBe(false);
  await clock.pass(10);
  expect(soon()).toBe(true);
  expect(now()).toBe(false);
});
