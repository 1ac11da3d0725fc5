import { afterEach, beforeEach, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import type { StageApi, StageEvent } from '../../../src/stage/stage-api';
import { type ClientEvent, StageClient } from '../../../src/stage/stage-client';
import type { CanvasHost } from '../../../src/stage/view-client';
import { settle } from '../../fakes/stage-parts';

/** A worker that writes down what it is told. */
class Written {
  readonly calls: (readonly [string, ...unknown[]])[] = [];
  /** Thrown by the next call of that name. */
  readonly failures = new Map<string, unknown>();
  /** Calls of that name wait for it. */
  readonly held = new Map<string, Promise<void>>();
  listener: (event: StageEvent) => void = () => {};
  die: (detail: string) => void = () => {};
  terminated = false;

  readonly api = new Proxy({} as StageApi, {
    get:
      (_, name: string) =>
      async (...args: unknown[]) => {
        this.calls.push([name, ...args]);
        if (name === 'listen') this.listener = args[0] as (event: StageEvent) => void;
        await this.held.get(name);
        const failure = this.failures.get(name);
        this.failures.delete(name);
        if (failure !== undefined) throw failure;
      },
  });

  /** Arguments of all calls of that name. */
  of(name: string): (readonly unknown[])[] {
    return this.calls.filter(([called]) => called === name).map(([, ...args]) => args);
  }
}

const place: CanvasHost = {
  freshCanvas: () => ({}) as OffscreenCanvas,
  pixels: () => ({ width: 64, height: 36 }),
};
const BEGIN = { overlay: DEFAULT_VIEW, governed: false };

let workers: Written[];
let prepare: (worker: Written) => void;
let events: ClientEvent[];
let restored: number;
/** Whether it was asked to restore with a model on its way already, each time. */
let modelAsked: boolean[];
let client: StageClient;

beforeEach(() => {
  [workers, events, restored, modelAsked, prepare] = [[], [], 0, [], () => {}];
  client = new StageClient({
    link: () => {
      const worker = new Written();
      prepare(worker);
      workers.push(worker);
      return {
        api: worker.api,
        onDeath: (listener) => {
          worker.die = listener;
        },
        terminate: () => {
          worker.terminated = true;
        },
      };
    },
    engine: () => 'auto',
    manyViews: true,
    listener: (event) => events.push(event),
    restore: async (asked) => {
      restored++;
      modelAsked.push(asked);
    },
  });
});
afterEach(() => client.dispose());

const keysOf = (worker: Written) => worker.of('addView').map(([key]) => key);

test('views that come before, while and after a worker starts are each given to it once', async () => {
  client.addView('before', place, BEGIN);
  let go = () => {};
  prepare = (worker) => void worker.held.set('start', new Promise((resolve) => (go = resolve)));
  const starting = client.start();
  await settle(1);
  client.addView('while', place, BEGIN);
  go();
  await starting;
  client.addView('after', place, BEGIN);
  await settle(1);
  expect(keysOf(workers[0]!)).toEqual(['before', 'while', 'after']);
  expect(workers[0]!.of('start')).toEqual([[{ engine: 'auto', manyViews: true }]]);
});

test('a model that is asked for while the first worker fails to start is asked of the next one once', async () => {
  prepare = (worker) => void (workers.length === 0 && worker.failures.set('start', new Error('busy')));
  const loading = client.loadModel({ kind: 'auto' });
  await client.start();
  await loading;
  await settle(1);
  expect(workers.map((worker) => worker.of('loadModel').length)).toEqual([1, 1]);
  expect(modelAsked).toEqual([true]);
  // One that is lost later has a model that nobody asks for any more.
  workers[1]!.die('out of memory');
  await settle(2);
  expect(modelAsked).toEqual([true, false]);
});

test('a model that could not be loaded is asked for again with the next worker', async () => {
  prepare = (worker) => void worker.failures.set('loadModel', new CarriagewayError('model-load-failed'));
  const loading = client.loadModel({ kind: 'auto' });
  await client.start();
  await expect(loading).rejects.toMatchObject({ code: 'model-load-failed' });
  await client.restart();
  expect(modelAsked).toEqual([false]);
});

test('a worker in the place of another is given all views as they are, and what was restored comes after', async () => {
  const view = client.addView('view', place, BEGIN);
  client.addView('gone', place, BEGIN);
  await client.start();
  view.set({ ignore: [{ x: 0, y: 0 }], paused: true });
  client.setSharing(true);
  client.focus('view');
  client.removeView('gone');
  await settle(1);
  workers[0]!.die('out of memory');
  await settle(2);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  expect(keysOf(workers[1]!)).toEqual(['view']);
  expect(workers[1]!.of('addView')[0]![2]).toMatchObject({ ignore: [{ x: 0, y: 0 }], paused: true });
  expect(workers[1]!.of('setSharing')).toEqual([[true]]);
  expect(workers[1]!.of('focus')).toEqual([['view']]);
  expect(restored).toBe(1);
  expect(events.flatMap((event) => (event.type === 'state' ? [event.state] : []))).toEqual([
    'running',
    'restarting',
    'running',
  ]);
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'notice',
      key: null,
      error: expect.objectContaining({ code: 'worker-silent' }),
    }),
  );
});

test('settings that wait for the ones before are sent together, the newest of each', async () => {
  const view = client.addView('view', place, BEGIN);
  await client.start();
  let go = () => {};
  workers[0]!.held.set('set', new Promise((resolve) => (go = resolve)));
  view.set({ paused: true });
  view.set({ ignore: [{ x: 1, y: 1 }] });
  view.set({ ignore: null, overlay: { ...DEFAULT_VIEW, opacity: 0 } });
  go();
  await settle(2);
  expect(workers[0]!.of('set')).toEqual([
    ['view', { paused: true }],
    ['view', { ignore: null, overlay: { ...DEFAULT_VIEW, opacity: 0 } }],
  ]);
});

test('a camera that is refused is told, and not given to the next worker', async () => {
  const refused: unknown[] = [];
  const view = client.addView('view', place, BEGIN, (thrown) => refused.push(thrown));
  await client.start();
  workers[0]!.failures.set('set', new CarriagewayError('camera-model-invalid'));
  view.set({ camera: { from: 'truck', calibrate: false } });
  await settle(1);
  expect(refused).toMatchObject([{ code: 'camera-model-invalid' }]);
  workers[0]!.die('');
  await settle(2);
  expect(workers[1]!.of('addView')[0]![2]).not.toHaveProperty('camera');
});

test('it rests while the user or the page wants it', async () => {
  await client.start();
  const last = async () => {
    await settle(1);
    return workers[0]!.of('setPaused').at(-1);
  };
  client.setHidden(true);
  expect(await last()).toEqual([true]);
  client.setPaused(true);
  client.setHidden(false);
  expect(await last()).toEqual([true]);
  client.setPaused(false);
  expect(await last()).toEqual([false]);
});

test('a worker that ran and cannot be started again is told as that', async () => {
  const view = client.addView('view', place, BEGIN);
  await client.start();
  prepare = (worker) => void worker.failures.set('start', new Error('no such file'));
  workers[0]!.die('out of memory');
  const shot = view.snapshot(true);
  await expect(shot).rejects.toMatchObject({ code: 'worker-gone' });
  expect(client.state).toBe('gone');
});

test('a worker that never starts is given up, and whoever waits for one is told', async () => {
  prepare = (worker) => void worker.failures.set('start', new Error('no such file'));
  const view = client.addView('view', place, BEGIN);
  const shot = view.snapshot(true);
  await client.start();
  await expect(shot).rejects.toMatchObject({ code: 'worker-not-started' });
  expect(workers).toHaveLength(4);
  expect(client.state).toBe('gone');
  expect(restored).toBe(0);
});

test('where nothing can be drawn the worker runs on, and that is told once for each view', async () => {
  prepare = (worker) =>
    void worker.failures.set('addView', new CarriagewayError('overlay-failed', 'no context'));
  client.addView('undrawn', place, BEGIN);
  client.addView('drawn', place, BEGIN);
  await client.start();
  expect(client.state).toBe('running');
  expect(workers).toHaveLength(1);
  expect(keysOf(workers[0]!)).toEqual(['undrawn', 'drawn']);
  const told = events.filter((event) => event.type === 'notice');
  expect(told).toEqual([
    {
      type: 'notice',
      key: null,
      error: expect.objectContaining({ code: 'overlay-failed', detail: 'no context' }),
    },
  ]);
});

test('a model is asked for while what draws a view is still made; a file of the user’s own waits', async () => {
  let drawn: () => void = () => {};
  prepare = (worker) => worker.held.set('addView', new Promise((resolve) => (drawn = resolve)));
  client.addView('a', place, BEGIN);
  const file = { kind: 'file', bytes: new ArrayBuffer(4), manifest: {} } as never;
  const loads = [client.loadModel({ kind: 'auto' }), client.loadModel(file)];
  const starting = client.start();
  await settle();
  expect(client.state).toBe('starting');
  expect(workers[0]!.of('loadModel')).toEqual([[{ kind: 'auto' }]]);
  drawn();
  await Promise.all([starting, ...loads]);
  expect(workers[0]!.of('loadModel')).toEqual([[{ kind: 'auto' }], [file]]);
});

test('a model asked of a worker that never came to run is asked of the next one', async () => {
  prepare = (worker) => {
    if (workers.length === 0) worker.held.set('loadModel', new Promise(() => {}));
    if (workers.length === 0) worker.held.set('addView', new Promise(() => {}));
  };
  client.addView('a', place, BEGIN);
  const loading = client.loadModel({ kind: 'auto' });
  void client.start();
  await settle();
  workers[0]!.die('gone');
  await loading;
  expect(workers.map((worker) => worker.of('loadModel').length)).toEqual([1, 1]);
});
