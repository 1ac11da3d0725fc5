/**
 * A recording on the real stage: the picture that stands, the mask over it and the clock speak of the same frame, after
 * any number of jumps. The clip's frames carry their number as coloured bars; the network names colours; and a split
 * view shows the bars once as picture and once as mask.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { createCompositor } from '../../../src/overlay/compositor';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { createEngine } from '../../../src/perception/create-engine';
import { Stage } from '../../../src/pipeline/stage';
import { openFile } from '../../../src/sources/file-source';
import type { FrameSource, SourceEvent } from '../../../src/sources/source';
import { readerOf } from '../../../src/sources/stream-reader';
import { colourGraph, colourManifestParts } from '../../fixtures/networks/colour-graph';
import { manifestOf, seeded } from '../../unit/perception/cases';
import { clip } from '../sources/clips';

const WIDTH = 320;
const HEIGHT = 64;
const BITS = 8;
/** Frames of the clips: five seconds at 24 a second. */
const FRAMES = 120;

let cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.reverse()) await step();
  cleanup = [];
});

/** The clip on a stage, with the picture to the left and its mask to the right. */
async function play(blob: Blob): Promise<{
  source: FrameSource;
  seconds: () => number;
  shown: () => Promise<{ picture: number; mask: number }>;
}> {
  const bytes = colourGraph(WIDTH, HEIGHT).buffer as ArrayBuffer;
  const manifest = manifestOf(colourManifestParts(WIDTH, HEIGHT));
  const stage = new Stage({
    acquireDevice: () => Promise.reject(new CarriagewayError('webgpu-absent')),
    createCompositor: (canvas, device, width, height) => createCompositor({ canvas, device, width, height }),
    createEngine: (model) => createEngine({ kind: 'wasm', manifest: model.manifest, bytes: model.bytes }),
    loadModel: async () => ({ manifest, bytes, precision: 'fp32' }),
    catalogue: () => new Map(),
    drawnSideMax: () => Number.POSITIVE_INFINITY,
    readerOf,
    now: () => performance.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    onDrawing: (callback) => void requestAnimationFrame(callback),
  });
  cleanup.push(() => stage.dispose());
  await stage.start(new OffscreenCanvas(WIDTH, HEIGHT), {
    engine: 'wasm',
    width: WIDTH,
    height: HEIGHT,
    view: { ...DEFAULT_VIEW, opacity: 1, outline: false, split: 0.5 },
  });
  await stage.loadModel({ kind: 'manifest', url: '/tiny.json' });
  const source = await openFile(blob, 'code');
  cleanup.push(() => source.dispose());
  let seconds = 0;
  source.onEvent((event: SourceEvent) => {
    if (event.type === 'time') seconds = event.seconds;
  });
  await source.controls.pause!();
  await stage.attach(source.handle(), 'code');
  return {
    source,
    seconds: () => seconds,
    async shown() {
      const image = await createImageBitmap(await stage.snapshot(true));
      const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true })!;
      context.drawImage(image, 0, 0);
      image.close();
      const { data } = context.getImageData(0, HEIGHT / 2, WIDTH, 1);
      return { picture: pictureCode(data), mask: maskCode(data) };
    },
  };
}

/** Red is 1 and blue 0 in the picture. */
function pictureCode(row: Uint8ClampedArray): number {
  return read(row, 0, (red, _green, blue) => (red > blue ? 1 : 0));
}

/** The colour of road is 1 and that of sky 0 in the mask: whichever is nearer. */
function maskCode(row: Uint8ClampedArray): number {
  const [road, sky] = [DEFAULT_VIEW.colours[0]!, DEFAULT_VIEW.colours[8]!].map((hex) =>
    [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
  ) as [number[], number[]];
  const far = (a: number[], b: number[]): number => Math.hypot(...a.map((v, i) => v - b[i]!));
  return read(row, WIDTH / 2, (...rgb) => (far(rgb, road) < far(rgb, sky) ? 1 : 0));
}

function read(
  row: Uint8ClampedArray,
  from: number,
  bit: (red: number, green: number, blue: number) => 0 | 1,
): number {
  const bar = WIDTH / 2 / BITS;
  let code = 0;
  for (let k = 0; k < BITS; k++) {
    const at = 4 * Math.round(from + (k + 0.5) * bar);
    code |= bit(row[at]!, row[at + 1]!, row[at + 2]!) << k;
  }
  return code;
}

type Shown = Awaited<ReturnType<typeof play>>;

/** Waits for a picture, and sees on the way that no picture stands under another one's mask. */
async function untilShown({ shown }: Shown, number: number): Promise<void> {
  for (;;) {
    const { picture, mask } = await shown().catch((thrown: unknown) => {
      if (thrown instanceof CarriagewayError && thrown.code === 'snapshot-failed')
        return { picture: -1, mask: -1 };
      throw thrown;
    });
    expect(mask).toBe(picture);
    if (picture === number) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The frame that stands after playing for a moment: where the clock says, once the picture agrees. */
async function playOn(run: Shown, rate: number, milliseconds: number): Promise<void> {
  const { controls } = run.source;
  await controls.setRate!(rate);
  await controls.play!();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await controls.pause!();
  await controls.setRate!(1);
}

/**
 * Jumps, steps and speeds at random.
 * @param timeOf time of a frame in seconds
 */
async function wander(blob: Blob, moves: number, seed: number, timeOf: (n: number) => number): Promise<void> {
  const run = await play(blob);
  const { controls } = run.source;
  const random = seeded(seed);
  const whole = (below: number): number => Math.floor(random() * below);
  await untilShown(run, 0);
  let at = 0;
  for (let move = 0; move < moves; move++) {
    const kind = random();
    if (kind < 0.45) {
      at = whole(FRAMES);
      const length = (at + 1 < FRAMES ? timeOf(at + 1) : timeOf(at) + 0.01) - timeOf(at);
      await controls.seek!(timeOf(at) + random() * 0.9 * length);
    } else if (kind < 0.9) {
      const frames = [1, -1, 1, -1, 2, -3, 24, -24][whole(8)]!;
      at = Math.min(FRAMES - 1, Math.max(0, at + frames));
      await controls.step!(frames);
    } else {
      await playOn(run, [0.5, 1, 2, 4, -1][whole(5)]!, 40 + whole(60));
      // Where it stands is the player's to say; picture, mask and clock must say the same.
      const settled = await run.shown();
      void settled;
      at = await frameAt(run, timeOf);
    }
    await untilShown(run, at);
    expect(Math.abs(run.seconds() - timeOf(at))).toBeLessThan(0.001);
  }
}

/** The frame that the clock names, once it stands. */
async function frameAt(run: Shown, timeOf: (n: number) => number): Promise<number> {
  for (;;) {
    const before = run.seconds();
    await new Promise((resolve) => setTimeout(resolve, 60));
    if (run.seconds() !== before) continue;
    for (let n = 0; n < FRAMES; n++) if (Math.abs(timeOf(n) - before) < 0.002) return n;
  }
}

const steady = (n: number): number => n / 24;

describe('picture, mask and clock agree', () => {
  test('after 200 random seeks, steps and speeds (H.264 with B-frames)', async (context) => {
    await wander(await clip(context, 'code.mp4'), 200, 7, steady);
  });

  test.for(['code-fragmented.mp4', 'code.mov', 'code.mpegts', 'code-vp8.webm'])(
    'in %s',
    async (name, context) => {
      await wander(await clip(context, name), 20, 11, steady);
    },
  );

  test('where the rate varies', async (context) => {
    await wander(await clip(context, 'code-uneven.mp4'), 30, 5, (n) => (n * 40 + 10 * (n % 2)) / 960);
  });

  test('a range plays and loops inside itself', async (context) => {
    const run = await play(await clip(context, 'code.mp4'));
    const { controls } = run.source;
    await untilShown(run, 0);
    await controls.setRange!({ from: steady(30), to: steady(33) });
    await controls.seek!(steady(30));
    await controls.play!();
    await untilShown(run, 33);
    expect(Math.abs(run.seconds() - steady(33))).toBeLessThan(0.05);
  });
});
