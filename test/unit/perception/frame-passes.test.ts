import { expect, test } from 'vitest';
import { FramePasses } from '../../../src/perception/frame-passes';
import { settle } from '../../fakes/stage-parts';

/** A frame whose steps are written down, and whose network is finished by hand. */
function frame(name: string, log: string[]) {
  const done = { promise: Promise.resolve(''), resolve: (_mask: string) => {} };
  done.promise = new Promise((resolve) => {
    done.resolve = resolve;
  });
  return {
    done,
    steps: {
      read: () => void log.push(`${name} read`),
      submit: async () => void log.push(`${name} submitted`),
      finish: () => done.promise,
    },
  };
}

test('the next frame is read behind the one that is at work, and goes no further', async () => {
  const log: string[] = [];
  const passes = new FramePasses();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => frame(name, log)) as [
    ReturnType<typeof frame>,
    ReturnType<typeof frame>,
    ReturnType<typeof frame>,
  ];
  const passed = [a, b, c].map(({ steps }) => passes.pass(steps));
  await settle();
  expect(log).toEqual(['a read', 'a submitted', 'b read']);
  a.done.resolve('mask a');
  await settle();
  expect(log.slice(3)).toEqual(['b submitted', 'c read']);
  b.done.resolve('mask b');
  c.done.resolve('mask c');
  expect(await Promise.all(passed)).toEqual(['mask a', 'mask b', 'mask c']);
  expect(passes.idle).toBe(true);
});

test.each(['read', 'submit', 'finish'] as const)('a failure in %s is that frame’s alone', async (step) => {
  const log: string[] = [];
  const passes = new FramePasses();
  const bad = frame('bad', log);
  bad.done.resolve('');
  const fail = () => {
    throw new Error('closed');
  };
  const failing = passes.pass({ ...bad.steps, [step]: step === 'read' ? fail : async () => fail() });
  const good = frame('good', log);
  good.done.resolve('mask');
  const passing = passes.pass(good.steps);
  await expect(failing).rejects.toThrow('closed');
  expect(await passing).toBe('mask');
  expect(passes.idle).toBe(true);
});

test('what waits for quiet comes after the frames before it, and before those behind it', async () => {
  const log: string[] = [];
  const passes = new FramePasses();
  const [a, b] = [frame('a', log), frame('b', log)];
  void passes.pass(a.steps);
  const quiet = passes.whenIdle(async () => void log.push('quiet'));
  void passes.pass(b.steps);
  await settle();
  expect(log).toEqual(['a read', 'a submitted']);
  a.done.resolve('');
  await quiet;
  await settle();
  expect(log).toEqual(['a read', 'a submitted', 'quiet', 'b read', 'b submitted']);
});
