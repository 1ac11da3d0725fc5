import { beforeEach, describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import type { FrameHandle } from '../../../src/media/timed-frame';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import type { IgnoreRegion } from '../../../src/perception/engine';
import { Stage } from '../../../src/stage/stage';
import type { StageEvent, ViewReport } from '../../../src/stage/stage-api';
import { CountedFrame, type HandEngine, HandParts, settle, timedFrame } from '../../fakes/stage-parts';

const HANDLE: FrameHandle = {
  kind: 'stream',
  stream: null as unknown as ReadableStream<VideoFrame>,
  rotation: 0,
};
const CANVAS = {} as OffscreenCanvas;
const VIEW = 'view';

let parts: HandParts;
let stage: Stage;
let events: StageEvent[];

beforeEach(() => {
  parts = new HandParts();
  stage = new Stage(parts);
  events = [];
});

async function start(engine: 'auto' | 'webgpu' | 'cpu' | 'wasm', sync: 'synced' | 'live'): Promise<void> {
  await stage.start({ engine, manyViews: false });
  const overlay = { ...DEFAULT_VIEW, sync };
  await stage.addView(VIEW, CANVAS, { size: { width: 64, height: 32 }, overlay, governed: true });
}

async function run(
  engine: 'auto' | 'webgpu' | 'cpu' | 'wasm',
  sync: 'synced' | 'live' = 'synced',
): Promise<void> {
  // The stages of earlier tests go on telling theirs.
  const mine = events;
  await stage.listen((event) => {
    mine.push(event);
    if (event.type === 'canvas-needed') void stage.replaceCanvas(VIEW, CANVAS);
  });
  await start(engine, sync);
  await stage.loadModel({ kind: 'auto' });
  await stage.attach(VIEW, HANDLE, 'test');
}

function push(count: number): CountedFrame[] {
  const frames = Array.from({ length: count }, () => new CountedFrame());
  for (const [i, frame] of frames.entries()) parts.reader.push(timedFrame(i, 0, frame));
  return frames;
}

/** The first network sees a frame and takes longer over it than the first tier may. */
async function slowRun(i: number): Promise<void> {
  parts.reader.push(timedFrame(i));
  await settle();
  parts.clock += 900;
  parts.engines[0]!.pending.at(-1)!.finish();
  await settle();
}

const notices = () => events.flatMap((event) => (event.type === 'notice' ? [event.error.code] : []));
const lastReport = (): ViewReport => events.findLast((event) => event.type === 'report')!.views[0]!;

describe('frames', () => {
  test('one inference is in flight, the newest frame waits, the rest is closed', async () => {
    await run('auto');
    const frames = push(5);
    await settle();
    const engine = parts.engines[0]!;
    expect(engine.pending).toHaveLength(1);
    expect(frames.map((frame) => frame.closed)).toEqual([0, 1, 1, 1, 0]);
    engine.pending[0]!.finish();
    await settle();
    expect(engine.pending).toHaveLength(2);
    expect(frames.map((frame) => frame.closed)).toEqual([1, 1, 1, 1, 0]);
    await stage.detach(VIEW);
    expect(frames.map((frame) => frame.closed)).toEqual([1, 1, 1, 1, 1]);
  });

  describe('an engine that takes the next frame before it is done', () => {
    let vacate: (() => void)[];

    async function begin(sync: 'synced' | 'live'): Promise<HandEngine> {
      await run('auto', sync);
      const engine = parts.engines[0]!;
      vacate = [];
      engine.vacant = () => new Promise((resolve) => vacate.push(resolve));
      push(3);
      await settle();
      expect(engine.pending).toHaveLength(1);
      vacate.shift()!();
      await settle();
      return engine;
    }

    test('gets it, one and no more', async () => {
      const engine = await begin('live');
      expect(engine.pending).toHaveLength(2);
      const frames = push(2);
      await settle();
      expect(engine.pending).toHaveLength(2);
      for (const { finish } of [...engine.pending]) finish();
      await settle();
      expect(engine.pending).toHaveLength(3);
      await stage.dispose();
      expect(frames.map((frame) => frame.closed)).toEqual([1, 1]);
    });

    test('where pictures wait for their masks, each is shown with its own', async () => {
      const engine = await begin('synced');
      expect(engine.pending).toHaveLength(2);
      const { log } = parts.compositors[0]!;
      // The second picture does not take the place of the one that waits.
      expect(log).toEqual(['stage']);
      engine.pending[0]!.finish();
      await settle();
      expect(log).toEqual(['stage', 'present']);
      engine.pending[1]!.finish();
      await settle();
      expect(log).toEqual(['stage', 'present', 'stage', 'present']);
    });

    test.each(['finish', 'fail'] as const)('frames that waited are closed, whether they %s', async (end) => {
      const engine = await begin('synced');
      const second = engine.pending[1]!.request.frame as unknown as CountedFrame;
      expect(second.clones.map(({ closed }) => closed)).toEqual([0]);
      engine.pending[0]!.finish();
      if (end === 'fail') engine.pending[1]!.fail(new Error('no'));
      else engine.pending[1]!.finish();
      await settle();
      expect(second.clones[0]!.closed).toBe(1);
    });

    test('a picture whose mask failed is not shown with the next one’s', async () => {
      const engine = await begin('synced');
      engine.pending[0]!.fail(new Error('no'));
      await settle(60);
      expect(parts.compositors[0]!.log).not.toContain('present');
    });
  });

  describe('while the source rests, its last frame gets a new mask', () => {
    let frame: CountedFrame;

    beforeEach(async () => {
      await run('auto');
      [frame] = push(1) as [CountedFrame];
      await settle();
      parts.engines[0]!.pending[0]!.finish();
      await settle();
      parts.compositors[0]!.log.length = 0;
    });

    test('of another network', async () => {
      await stage.loadModel({ kind: 'auto' });
      await settle();
      const { request, finish } = parts.engines.at(-1)!.pending.at(-1)!;
      expect(request.reset).toBe(true);
      finish();
      await settle();
      expect(parts.compositors[0]!.log).toEqual(['present nothing', 'stage', 'present']);
    });

    test('of another ignore region', async () => {
      const region = { polygons: [], bottom: 0.2 } as unknown as IgnoreRegion;
      await stage.set(VIEW, { ignore: region });
      await settle();
      expect(parts.engines[0]!.pending.at(-1)!.request.ignore).toBe(region);
    });

    test('after a failure, once; a frame that fails twice is given up', async () => {
      await stage.set(VIEW, { ignore: null });
      await settle();
      parts.engines[0]!.pending.at(-1)!.fail(new Error('first'));
      await settle(60);
      expect(parts.engines.flatMap((engine) => engine.pending)).toHaveLength(2);
    });

    test('and every frame and clone is closed once', async () => {
      await stage.set(VIEW, { ignore: null });
      await settle();
      await stage.detach(VIEW);
      const all = [frame, ...frame.clones];
      expect(all).toHaveLength(2);
      expect(all.map((one) => one.closed)).toEqual([1, 1]);
    });
  });

  test('synced: a picture is staged with its inference and shown with its mask', async () => {
    await run('auto');
    push(1);
    await settle();
    const { log } = parts.compositors[0]!;
    expect(log).toEqual(['stage']);
    parts.engines[0]!.pending[0]!.finish();
    await settle();
    expect(log).toEqual(['stage', 'present']);
  });

  test('live: every picture is shown whatever the network does', async () => {
    await run('auto', 'live');
    push(4);
    await settle();
    expect(parts.compositors[0]!.log).toEqual(['show', 'show', 'show', 'show']);
  });

  test('the bare picture plays before there is a network', async () => {
    await start('auto', 'synced');
    await stage.attach(VIEW, HANDLE, 'test');
    push(2);
    await settle();
    expect(parts.compositors[0]!.log).toEqual(['show', 'show']);
  });

  test('a jump in time drops the temporal state', async () => {
    await run('auto');
    const engine = parts.engines[0]!;
    const resets: boolean[] = [];
    for (const epoch of [0, 0, 1, 1]) {
      parts.reader.push(timedFrame(0, epoch));
      await settle();
      resets.push(engine.pending.at(-1)!.request.reset);
      engine.pending.at(-1)!.finish();
      await settle();
    }
    expect(resets).toEqual([true, false, true, false]);
  });

  test('paused, nothing is read; afterwards it goes on', async () => {
    await run('auto');
    await stage.setPaused(true);
    push(2);
    await settle();
    expect(parts.engines[0]!.pending).toHaveLength(0);
    await stage.setPaused(false);
    await settle();
    expect(parts.engines[0]!.pending).toHaveLength(1);
  });

  test('a camera that sends nothing any more is told, its distances go, and it is one again when pictures come', async () => {
    parts.reader.live = true;
    await run('auto', 'live');
    push(1);
    await settle();
    parts.engines[0]!.pending.at(-1)!.finish();
    await settle();
    parts.clock += 500;
    await settle();
    expect(lastReport()).toMatchObject({ stalled: false });
    parts.clock += 600;
    await settle();
    expect(lastReport()).toMatchObject({ stalled: true, scene: null });
    expect(parts.compositors.at(-1)!.scenes.at(-1)).toBeNull();
    push(1);
    await settle();
    parts.engines[0]!.pending.at(-1)!.finish();
    await settle();
    await settle();
    expect(lastReport()).toMatchObject({ stalled: false });
  });

  test('a recording that stands is not frozen, nor is a camera that was stopped here', async () => {
    await run('auto', 'live');
    push(1);
    await settle();
    parts.clock += 5000;
    await settle();
    expect(lastReport().stalled).toBe(false);
    parts.reader.live = true;
    await stage.setPaused(true);
    parts.clock += 5000;
    await settle();
    expect(lastReport().stalled).toBe(false);
  });

  test('the end and a failing source are told, and the page can go on', async () => {
    await run('auto');
    parts.reader.push(null);
    await settle();
    expect(events.some((event) => event.type === 'source-ended')).toBe(true);
    const other = new HandParts();
    parts.readerOf = () => other.reader;
    await stage.attach(VIEW, HANDLE, 'other');
    other.reader.push(new Error('pulled'));
    await settle();
    expect(notices()).toEqual(['source-failed']);
  });

  test('after dispose every frame was closed once and every stream released', async () => {
    await run('auto');
    const frames = push(6);
    await settle();
    await stage.dispose();
    push(1);
    await settle();
    expect(frames.every((frame) => frame.closed === 1)).toBe(true);
    expect(parts.engines[0]!).toMatchObject({ streams: 0, disposed: 1 });
    expect(parts.compositors[0]!.disposed).toBe(1);
    expect(parts.devices).toBe(0);
  });
});

describe('models', () => {
  test('a model that does not start leaves the running one alone', async () => {
    await run('auto');
    parts.engineFailure = new Error('bad graph');
    await expect(stage.loadModel({ kind: 'manifest', url: '/x.json' })).rejects.toThrow('bad graph');
    expect(parts.engines[0]!.disposed).toBe(0);
    push(1);
    await settle();
    expect(parts.engines[0]!.pending).toHaveLength(1);
  });

  test('a machine too slow for the first tier gets the smaller network, and is told', async () => {
    parts.adapter = false;
    await run('auto');
    expect(parts.loaded).toEqual(['/models/pspnet-lite.json']);
    for (let i = 0; i < 8 && parts.loaded.length === 1; i++) await slowRun(i);
    expect(parts.loaded).toEqual(['/models/pspnet-lite.json', '/models/pspnet-wasm.json']);
    await settle();
    expect(lastReport().governor).toEqual({ kind: 'smaller', model: 'pspnet-wasm' });
    expect(parts.engines[0]!.disposed).toBe(1);
  });

  test('a machine too slow does not take the place of a network that was chosen and is on its way', async () => {
    parts.adapter = false;
    await run('auto');
    let arrive = () => {};
    parts.download = new Promise((resolve) => {
      arrive = resolve;
    });
    const chosen = stage.loadModel({ kind: 'manifest', url: '/mine.json' });
    for (let i = 0; i < 8; i++) await slowRun(i);
    expect(parts.loaded).toEqual(['/models/pspnet-lite.json', '/mine.json']);
    arrive();
    await expect(chosen).resolves.toMatchObject({ kind: 'cpu' });
    expect(parts.engines).toHaveLength(2);
    expect(parts.engines[0]!.disposed).toBe(1);
  });
});

describe('engines', () => {
  const engineEvent = () => events.findLast((event) => event.type === 'engine')!.engine;

  test.each([
    ['no adapter', { adapter: false }, 'auto', 'cpu', 'webgpu-absent'],
    ['software adapter', { software: true }, 'auto', 'cpu', 'webgpu-software'],
    ['software adapter, asked for', { software: true }, 'webgpu', 'webgpu', undefined],
    ['asked for the processor', {}, 'cpu', 'cpu', 'engine-requested'],
    ['asked for WebAssembly', {}, 'wasm', 'wasm', 'engine-requested'],
    ['a real GPU', {}, 'auto', 'webgpu', undefined],
  ] as const)('%s', async (_, change, choice, kind, reason) => {
    Object.assign(parts, change);
    await run(choice);
    expect(engineEvent().kind).toBe(kind);
    expect(engineEvent().fallback?.code).toBe(reason);
  });
});

describe('recovery', () => {
  test('a lost device is replaced, with a fresh canvas, from memory', async () => {
    await run('auto');
    push(1);
    await settle();
    await stage.loseDevice();
    await settle(40);
    expect(notices()).toEqual(['webgpu-lost']);
    expect(parts.engines).toHaveLength(2);
    expect(parts.compositors).toHaveLength(2);
    expect(parts.compositors[0]!.disposed).toBe(1);
    expect(parts.loaded).toHaveLength(1);
    push(1);
    await settle();
    expect(parts.engines[1]!.pending).toHaveLength(1);
  });

  test('after three tries WebAssembly takes over', async () => {
    await run('auto');
    for (let i = 0; i < 4; i++) {
      await stage.loseDevice();
      await settle(60);
    }
    expect(parts.engines.at(-1)!.kind).toBe('cpu');
    const engine = events.findLast((event) => event.type === 'engine')!.engine;
    expect(engine.fallback?.code).toBe('webgpu-failed');
    push(1);
    await settle();
    expect(parts.engines.at(-1)!.pending).toHaveLength(1);
  });

  test('an inference that fails is told and the engine restarted on the same canvas', async () => {
    parts.adapter = false;
    await run('auto');
    push(1);
    await settle();
    parts.engines[0]!.pending[0]!.fail(new Error('out of memory'));
    await settle(40);
    expect(notices()).toEqual(['inference-failed']);
    expect(parts.compositors).toHaveLength(1);
    expect(parts.engines).toHaveLength(2);
  });

  test('a drawing that is lost without a device is set up again, and the network goes on', async () => {
    parts.adapter = false;
    await run('auto');
    push(1);
    await settle();
    parts.engines[0]!.pending.shift()!.fail(new Error('out of memory'));
    await settle(40);
    parts.compositors[0]!.lose();
    await settle(40);
    expect(notices()).toEqual(['inference-failed', 'drawing-lost']);
    expect(parts.compositors).toHaveLength(2);
    expect(parts.compositors[0]!.disposed).toBe(1);
    expect(parts.engines).toHaveLength(2);
    push(2);
    await settle();
    expect(parts.engines[1]!.pending).toHaveLength(1);
  });

  test('a drawing that is lost again and again is given up, in words', async () => {
    parts.adapter = false;
    await run('auto');
    for (let i = 0; i < 4; i++) {
      parts.compositors.at(-1)!.lose();
      await settle(40);
    }
    expect(notices()).toEqual(['drawing-lost', 'drawing-lost', 'drawing-lost', 'overlay-failed']);
    expect(parts.compositors).toHaveLength(4);
    expect(parts.compositors.every(({ disposed }) => disposed === 1)).toBe(true);
  });

  test('a context that is not to be had yet is asked for again', async () => {
    parts.adapter = false;
    await run('auto');
    const create = parts.createCompositor.bind(parts);
    let refusals = 1;
    parts.createCompositor = async (...args) => {
      if (refusals-- > 0) throw new CarriagewayError('overlay-failed', 'no webgl2 context');
      return create(...args);
    };
    parts.compositors[0]!.lose();
    await settle(60);
    expect(notices()).toEqual(['drawing-lost', 'drawing-lost']);
    expect(parts.compositors).toHaveLength(2);
  });
});
