import { expect, test } from 'vitest';
import { Store } from '../../../src/studio/shell/state';

test('a watcher hears the present value, then changes of its own part only', () => {
  const store = new Store({ a: 1, b: 'x' });
  const heard: number[] = [];
  store.watch(
    (s) => s.a,
    (a) => heard.push(a),
  );
  store.update({ b: 'y' });
  store.update({ a: 2 });
  store.update({ a: 2, b: 'z' });
  expect(heard).toEqual([1, 2]);
  expect(store.state).toEqual({ a: 2, b: 'z' });
});

test('an update of several fields is seen at once, and one that changes nothing by nobody', () => {
  const store = new Store({ a: 1, b: 1 });
  const heard: string[] = [];
  store.watch(
    ({ a, b }) => `${a} ${b}`,
    (both) => heard.push(both),
  );
  store.update({ a: 2, b: 2 });
  store.update({ a: 2, b: 2 });
  expect(heard).toEqual(['1 1', '2 2']);
});

test('a watcher that stopped hears nothing more, also in the middle of an update', () => {
  const store = new Store({ a: 1 });
  const heard: string[] = [];
  const stops: (() => void)[] = [];
  store.watch(
    (s) => s.a,
    (a) => {
      heard.push(`first ${a}`);
      if (a === 2) for (const stop of stops) stop();
    },
  );
  stops.push(
    store.watch(
      (s) => s.a,
      (a) => heard.push(`second ${a}`),
    ),
  );
  store.update({ a: 2 });
  store.update({ a: 3 });
  expect(heard).toEqual(['first 1', 'second 1', 'first 2', 'first 3']);
});

test('a watcher may update the store', () => {
  const store = new Store({ a: 1, double: 0 });
  const heard: number[] = [];
  store.watch(
    (s) => s.a,
    (a) => store.update({ double: a * 2 }),
  );
  store.watch(
    (s) => s.double,
    (d) => heard.push(d),
  );
  store.update({ a: 5 });
  expect(heard).toEqual([2, 10]);
});

test('a field that follows from others is seen to change with them, through another store as well', () => {
  const inner = new Store({ title: 'first' });
  const store = new Store<{ open: typeof inner | null }, { title: string }>(
    { open: null },
    { title: ({ open }) => open?.state.title ?? 'none' },
  );
  const heard: string[] = [];
  const stop = store.watch(
    (s) => s.title,
    (title) => heard.push(title),
  );
  store.update({ open: inner });
  inner.update({ title: 'second' });
  store.update({ open: null });
  inner.update({ title: 'nobody looks' });
  stop();
  expect(heard).toEqual(['none', 'first', 'second', 'none']);
});
