import { afterEach, describe, expect, test, vi } from 'vitest';
import { DriveService } from '../../../src/drive/drive-service';
import { openDrive } from '../../../src/drive/drive-source';
import { LIVE_TRUTH } from '../../../src/drive/options';
import { DriveRenderer } from '../../../src/drive/render/renderer';
import { spareCanvas } from '../../../src/drive/render/spare-canvas';
import { CarriagewayError } from '../../../src/errors';
import type { TimedFrame } from '../../../src/media/timed-frame';
import { FramePortReader } from '../../../src/sources/frame-port';
import type { FrameSource, SourceEvent } from '../../../src/sources/source';
import { CLASS_COUNT } from '../../../src/taxonomy/classes';

/** Milliseconds: a limit, never a measurement. */
const PATIENCE = 30_000;

let source: FrameSource | null = null;
let reader: FramePortReader | null = null;

const OPTIONS = {
  seed: 2,
  width: 128,
  height: 72,
  fps: 30,
  quality: 'low',
  mood: 'overcast',
  truth: true,
} as const;

async function open(truth = true): Promise<FramePortReader> {
  source = await openDrive({ seed: 2, width: 128, height: 72, fps: 30, quality: 'low', truth });
  const handle = source.handle();
  if (handle.kind !== 'port') throw new Error('a drive sends its frames through a port');
  reader = new FramePortReader(handle.port);
  return reader;
}

async function next(from: FramePortReader): Promise<TimedFrame> {
  const frame = await from.read();
  if (!frame) throw new Error('the drive ended');
  return frame;
}

afterEach(async () => {
  vi.unstubAllGlobals();
  await reader?.[Symbol.asyncDispose]();
  await source?.dispose();
  source = null;
  reader = null;
});

describe('the drive as a source', () => {
  test('sends frames of its size in order, each with its truth', async () => {
    const frames = await open();
    let last = -1;
    for (let i = 0; i < 4; i++) {
      const { frame, timestamp, truth, rotation } = await next(frames);
      expect([frame.displayWidth, frame.displayHeight]).toEqual([128, 72]);
      expect(frame.timestamp).toBe(timestamp);
      expect(timestamp).toBeGreaterThan(last);
      expect(rotation).toBe(0);
      frame.close();
      last = timestamp;
      expect([truth?.width, truth?.height]).toEqual([LIVE_TRUTH.width, LIVE_TRUTH.height]);
      expect(truth?.ids.length).toBe(LIVE_TRUTH.width * LIVE_TRUTH.height);
      expect(truth?.ids.every((id) => id < CLASS_COUNT)).toBe(true);
      expect(new Set(truth?.ids).size).toBeGreaterThan(4);
    }
    expect(source?.info).toMatchObject({
      kind: 'drive',
      key: 'drive:2',
      width: 128,
      height: 72,
      frameRate: 30,
    });
  });

  test('leaves the truth out when nobody wants it', async () => {
    const { frame, truth } = await next(await open(false));
    frame.close();
    expect(truth).toBeUndefined();
  });

  test('stands still while paused, and goes on from there', async () => {
    const frames = await open(false);
    const first = await next(frames);
    first.frame.close();
    await source?.controls.pause?.();
    // One frame may have been on its way.
    const read = frames.read();
    const settled = await Promise.race([
      read,
      new Promise<'waits'>((r) => setTimeout(() => r('waits'), 1500)),
    ]);
    let last = first.timestamp;
    let waiting = read;
    if (settled !== 'waits') {
      settled?.frame.close();
      last = settled?.timestamp ?? last;
      waiting = frames.read();
    }
    await source?.controls.play?.();
    const after = await waiting;
    after?.frame.close();
    expect(after?.timestamp ?? 0).toBeGreaterThanOrEqual(last);
    expect((after?.timestamp ?? 0) - last).toBeLessThan(200_000);
  });

  test('seeks, also while paused, into a new epoch', async () => {
    const frames = await open(false);
    const first = await next(frames);
    first.frame.close();
    await source?.controls.pause?.();
    await source?.controls.seek?.(42);
    let frame = await next(frames);
    if (frame.epoch === first.epoch) {
      frame.frame.close();
      frame = await next(frames);
    }
    frame.frame.close();
    expect(frame.timestamp).toBe(42_000_000);
    expect(frame.epoch).toBe(first.epoch + 1);
  });

  test('ends for the reader when it is disposed', async () => {
    const frames = await open(false);
    (await next(frames)).frame.close();
    await source?.dispose();
    source = null;
    expect(() => frames[Symbol.asyncDispose]()).not.toThrow();
  });

  test('gives its frames away once', async () => {
    await open(false);
    expect(() => source?.handle()).toThrow();
  });
});

describe('the first picture', () => {
  test('is drawn before anybody asks for it, and is the one that is sent then', async () => {
    const drawn: number[] = [];
    const service = new DriveService(({ seed, width, height, quality, ...look }) => {
      const renderer = new DriveRenderer(new OffscreenCanvas(width, height), seed, quality, look);
      const read = renderer.readMomentSoon.bind(renderer);
      renderer.readMomentSoon = (seconds, ...rest) => {
        drawn.push(seconds);
        return read(seconds, ...rest);
      };
      return renderer;
    });
    const { port1, port2 } = new MessageChannel();
    await service.start(port1, OPTIONS, () => {});
    await expect.poll(() => drawn, { timeout: PATIENCE }).toEqual([0]);
    reader = new FramePortReader(port2);
    const { frame, timestamp } = await next(reader);
    frame.close();
    expect(timestamp).toBe(0);
    expect(drawn.slice(0, 2).filter((seconds) => seconds === 0)).toHaveLength(1);
    await service.dispose();
  });

  test('is let go of where the drive is sent elsewhere before, or closed', async () => {
    const frames: VideoFrame[] = [];
    const { VideoFrame: Real } = globalThis;
    vi.stubGlobal(
      'VideoFrame',
      class extends Real {
        constructor(...made: ConstructorParameters<typeof Real>) {
          super(...made);
          frames.push(this);
        }
      },
    );
    const sent = new DriveService();
    const { port1, port2 } = new MessageChannel();
    await sent.start(port1, OPTIONS, () => {});
    await expect.poll(() => frames.length, { timeout: PATIENCE }).toBe(1);
    sent.seek(5);
    reader = new FramePortReader(port2);
    const { frame, timestamp } = await next(reader);
    frame.close();
    expect(timestamp).toBe(5_000_000);
    expect(frames[0]!.format).toBeNull();
    await sent.dispose();

    const closed = new DriveService();
    const before = frames.length;
    await closed.start(new MessageChannel().port1, OPTIONS, () => {});
    await expect.poll(() => frames.length, { timeout: PATIENCE }).toBe(before + 1);
    await closed.dispose();
    expect(frames.at(-1)!.format).toBeNull();
  });
});

describe('the canvas of the first drive', () => {
  test('has its context ahead, is taken once, and not where its context was lost', () => {
    spareCanvas.prepare();
    const first = spareCanvas.take();
    expect(first.getContext('2d')).toBeNull();
    expect(spareCanvas.take()).not.toBe(first);
    spareCanvas.prepare();
    first.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
    const second = spareCanvas.take();
    expect(second.getContext('2d')).toBeNull();
    second.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  });
});

describe('a lost graphics context', () => {
  function lose(renderer: DriveRenderer): void {
    renderer.canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  }

  test('is replaced, and the drive goes on from where it was', async () => {
    const made: DriveRenderer[] = [];
    const service = new DriveService(({ seed, width, height, quality, ...look }) => {
      const renderer = new DriveRenderer(new OffscreenCanvas(width, height), seed, quality, look);
      made.push(renderer);
      return renderer;
    });
    const { port1, port2 } = new MessageChannel();
    const events: SourceEvent[] = [];
    await service.start(port1, OPTIONS, (event) => events.push(event));
    reader = new FramePortReader(port2);
    const before = await next(reader);
    before.frame.close();
    lose(made[0]!);
    // Frames that were on their way come first.
    let after = before;
    while (made.length < 2 || after.timestamp === before.timestamp) {
      after = await next(reader);
      after.frame.close();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const last = await next(reader);
    last.frame.close();
    expect(made).toHaveLength(2);
    expect(last.timestamp).toBeGreaterThan(before.timestamp);
    expect(new Set(last.truth?.ids).size).toBeGreaterThan(4);
    expect(events.filter((event) => event.type === 'error')).toEqual([]);
    await service.dispose();
  });

  test('that cannot be replaced is one error', async () => {
    const made: DriveRenderer[] = [];
    const service = new DriveService(({ seed, width, height, quality, ...look }) => {
      if (made.length > 0) throw new CarriagewayError('drive-failed', 'no context');
      made.push(new DriveRenderer(new OffscreenCanvas(width, height), seed, quality, look));
      return made[0]!;
    });
    const { port1, port2 } = new MessageChannel();
    const failed = new Promise<SourceEvent>((resolve) => {
      void service.start(port1, OPTIONS, (event) => event.type === 'error' && resolve(event));
    });
    reader = new FramePortReader(port2);
    const { frame } = await next(reader);
    frame.close();
    lose(made[0]!);
    const read = async () => {
      for (;;) (await next(reader!)).frame.close();
    };
    await expect(read()).rejects.toMatchObject({ code: 'drive-failed' });
    expect(await failed).toMatchObject({ error: { code: 'drive-failed' } });
    await service.dispose();
  });
});
