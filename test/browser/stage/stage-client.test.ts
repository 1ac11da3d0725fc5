/** The page's side and the real worker: two views through one stage, as a dashboard has them. */
import { afterEach, expect, test, vi } from 'vitest';
import type { FrameHandle } from '../../../src/media/timed-frame';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import type { ViewReport } from '../../../src/stage/stage-api';
import { type ClientEvent, StageClient } from '../../../src/stage/stage-client';
import { linkStage } from '../../../src/stage/stage-link';
import type { CanvasHost } from '../../../src/stage/view-client';
import { tinyPspnet } from '../../fixtures/networks/tiny-pspnet';

const SIZE = { width: 64, height: 48 };
const PATIENCE = { timeout: 60_000, interval: 50 };

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanup.splice(0)) step();
});

/** A place on the page; keeps its canvases. */
class Place implements CanvasHost {
  readonly canvases: HTMLCanvasElement[] = [];
  readonly element = document.createElement('div');

  constructor() {
    document.body.append(this.element);
    cleanup.push(() => this.element.remove());
  }

  freshCanvas(): OffscreenCanvas {
    const canvas = document.createElement('canvas');
    this.canvases.push(canvas);
    this.element.replaceChildren(canvas);
    return canvas.transferControlToOffscreen();
  }

  pixels() {
    return SIZE;
  }
}

/** Pictures without end, as a camera's track gives them. */
function camera(width: number, height: number): FrameHandle {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.fillRect(0, 0, width, height / 2);
  let n = 0;
  const stream = new ReadableStream<VideoFrame>(
    {
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        controller.enqueue(new VideoFrame(canvas, { timestamp: 20_000 * n++ }));
      },
    },
    { highWaterMark: 0 },
  );
  return { kind: 'stream', stream, rotation: 0 };
}

test('two views share a worker; when it dies another one gets them back, with what was set', async () => {
  const events: ClientEvent[] = [];
  let kill = () => {};
  const loadModel = async () => {
    const { manifest, bytes } = tinyPspnet();
    await client.loadModel({ kind: 'file', bytes: new Uint8Array(bytes).buffer, manifest });
  };
  const attachAll = () =>
    Promise.all([left.attach(camera(96, 64), 'front'), right.attach(camera(64, 96), 'rear')]);
  const client = new StageClient({
    link: () => {
      const link = linkStage();
      return {
        ...link,
        onDeath(listener) {
          kill = () => listener('killed by a test');
          link.onDeath(listener);
        },
      };
    },
    engine: () => 'wasm',
    manyViews: true,
    listener: (event) => events.push(event),
    restore: async () => void (await Promise.all([attachAll(), loadModel()])),
  });
  cleanup.push(() => client.dispose());
  const [a, b] = [new Place(), new Place()];
  const begin = { overlay: { ...DEFAULT_VIEW, sync: 'live' as const }, governed: false };
  const left = client.addView('left', a, begin);
  void client.start();
  const right = client.addView('right', b, begin);
  await Promise.all([attachAll(), loadModel()]);

  const reports = (): readonly ViewReport[] =>
    events.findLast((event) => event.type === 'report')?.views ?? [];
  const bothHaveMasks = () =>
    vi.waitFor(() => {
      expect(reports().map(({ key, source }) => `${key}: ${source}`)).toEqual(['left: front', 'right: rear']);
      for (const { allMasks } of reports()) expect(allMasks).toBeGreaterThan(1);
    }, PATIENCE);
  await bothHaveMasks();
  const pictures = events.flatMap((event) => (event.type === 'picture' ? [event] : []));
  expect(pictures.map(({ key, size }) => [key, size.width, size.height])).toEqual(
    expect.arrayContaining([
      ['left', 96, 64],
      ['right', 64, 96],
    ]),
  );
  const shot = await createImageBitmap(await right.snapshot(false));
  expect([shot.width, shot.height]).toEqual([64, 96]);
  shot.close();

  right.set({ paused: true });
  left.set({ camera: { from: { height: 99, pitch: 0, yaw: 0, roll: 0, hfov: 1 }, calibrate: false } });
  kill();
  events.length = 0;
  await vi.waitFor(() => expect(client.state).toBe('running'), PATIENCE);
  expect([a.canvases.length, b.canvases.length]).toEqual([2, 2]);
  right.set({ paused: false });
  await bothHaveMasks();

  client.removeView('right');
  await vi.waitFor(() => expect(reports().map(({ key }) => key)).toEqual(['left']), PATIENCE);
});
