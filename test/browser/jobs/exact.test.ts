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
import { openFile } from '../../../src/sources/recording/recording-source';
import type { FrameSource, SourceEvent } from '../../../src/sources/source';
import { readerOf } from '../../../src/sources/stream-reader';
import type { CompositorPort } from '../../../src/stage/ports';
import { Stage } from '../../../src/stage/stage';
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

/** What stands on screen: the codes of the picture and of the mask over it; null before the first. */
type Look = () => Promise<{ picture: number; mask: number } | null>;

/** How the stage draws, and how what it drew is read. */
interface Screen {
  readonly create: (canvas: OffscreenCanvas, width: number, height: number) => Promise<CompositorPort>;
  readonly look: (stage: Stage) => ReturnType<Look>;
}

/** The real compositor, read back through its snapshots: the bars of the left half raw, of the right half painted. */
const drawnScreen: Screen = {
  create: (canvas, width, height) => createCompositor({ canvas, device: null, width, height }),
  async look(stage) {
    let blob: Blob;
    try {
      blob = await stage.snapshot('view', true, false);
    } catch {
      // No picture yet.
      return null;
    }
    const image = await createImageBitmap(blob);
    const row = middleRow(image);
    image.close();
    return {
      picture: read(row, 0, (red, _green, blue) => red > blue),
      mask: read(row, WIDTH / 2, isRoadColour),
    };
  },
};

/** Takes down what it is told to show, and draws nothing: a software rasteriser takes a second for a picture. */
function notedScreen(): Screen {
  let staged: number | null = null;
  let shown: { picture: number; mask: number } | null = null;
  const port: CompositorPort = {
    lost: new Promise(() => {}),
    stage(frame) {
      staged = read(middleRow(frame), 0, (red, _green, blue) => red > blue);
    },
    show: () => expect.unreachable('a bare picture was shown'),
    present(mask) {
      if (mask?.kind !== 'pixels') return;
      const bars = Array.from({ length: BITS }, (_, k) => {
        const x = Math.floor(((k + 0.5) / (2 * BITS)) * mask.width);
        return mask.data[(Math.floor(mask.height / 2) * mask.width + x) * 4] === 0 ? 1 << k : 0;
      });
      shown = { picture: staged ?? shown?.picture ?? -1, mask: bars.reduce((a, b) => a + b, 0) };
      staged = null;
    },
    setView: () => {},
    resize: () => {},
    render: () => false,
    showScene: () => {},
    showEdges: () => {},
    showLabels: () => {},
    showInspection: () => {},
    snapshot: () => Promise.reject(new Error('nothing is drawn')),
    liveObjects: () => ({ buffers: 0, textures: 0, frames: 0 }),
    dispose: async () => {},
  };
  return { create: async () => port, look: async () => shown };
}

function middleRow(image: VideoFrame | ImageBitmap): Uint8ClampedArray {
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, HEIGHT / 2, WIDTH, 1).data;
}

/** Whether a colour is nearer to that of road than to that of sky. */
function isRoadColour(...rgb: number[]): boolean {
  const [road, sky] = [DEFAULT_VIEW.colours[0]!, DEFAULT_VIEW.colours[8]!].map((hex) =>
    Math.hypot(...[0, 1, 2].map((c) => rgb[c]! - Number.parseInt(hex.slice(1 + 2 * c, 3 + 2 * c), 16))),
  );
  return road! < sky!;
}

function read(
  row: Uint8ClampedArray,
  from: number,
  one: (red: number, green: number, blue: number) => boolean,
): number {
  const bar = WIDTH / 2 / BITS;
  let code = 0;
  for (let k = 0; k < BITS; k++) {
    const at = 4 * Math.round(from + (k + 0.5) * bar);
    if (one(row[at]!, row[at + 1]!, row[at + 2]!)) code |= 1 << k;
  }
  return code;
}

/** The clip on a stage, paused. */
async function play(
  blob: Blob,
  screen: Screen,
): Promise<{ source: FrameSource; seconds: () => number; shown: Look }> {
  const bytes = colourGraph(WIDTH, HEIGHT).buffer as ArrayBuffer;
  const manifest = manifestOf(colourManifestParts(WIDTH, HEIGHT));
  const stage = new Stage({
    acquireDevice: () => Promise.reject(new CarriagewayError('webgpu-absent')),
    createCompositor: (canvas, _device, width, height) => screen.create(canvas, width, height),
    createEngine: (model) => createEngine({ kind: 'wasm', manifest: model.manifest, bytes: model.bytes }),
    loadModel: async () => ({ manifest, bytes, precision: 'fp32' }),
    catalogue: () => new Map(),
    useBase: () => {},
    drawnSideMax: () => Number.POSITIVE_INFINITY,
    readerOf,
    now: () => performance.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    onDrawing: (callback) => void requestAnimationFrame(callback),
  });
  cleanup.push(() => stage.dispose());
  await stage.start({ engine: 'wasm', manyViews: false });
  await stage.addView('view', new OffscreenCanvas(WIDTH, HEIGHT), {
    size: { width: WIDTH, height: HEIGHT },
    overlay: { ...DEFAULT_VIEW, opacity: 1, outline: false, split: 0.5 },
    governed: true,
  });
  await stage.loadModel({ kind: 'manifest', url: '/tiny.json' });
  const source = await openFile(blob, 'code');
  cleanup.push(() => source.dispose());
  let seconds = 0;
  source.onEvent((event: SourceEvent) => {
    if (event.type === 'time') seconds = event.seconds;
  });
  await source.controls.pause!();
  await stage.attach('view', source.handle(), 'code');
  return { source, seconds: () => seconds, shown: () => screen.look(stage) };
}

type Shown = Awaited<ReturnType<typeof play>>;

/** Waits for a picture, and sees on the way that no picture stands under another one's mask. */
async function untilShown({ shown }: Shown, number: number, after: string): Promise<void> {
  const patience = performance.now() + 20_000;
  for (;;) {
    const { picture, mask } = (await shown()) ?? { picture: -1, mask: -1 };
    expect(mask).toBe(picture);
    if (picture === number) return;
    if (performance.now() > patience) expect.fail(`after ${after} frame ${picture} stands, not ${number}`);
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
  const run = await play(blob, notedScreen());
  const { controls } = run.source;
  const random = seeded(seed);
  const whole = (below: number): number => Math.floor(random() * below);
  await untilShown(run, 0, 'opening');
  let at = 0;
  for (let move = 0; move < moves; move++) {
    const kind = random();
    let what = `move ${move}: `;
    if (kind < 0.45) {
      at = whole(FRAMES);
      const length = (at + 1 < FRAMES ? timeOf(at + 1) : timeOf(at) + 0.01) - timeOf(at);
      what += `a seek to ${at}`;
      await controls.seek!(timeOf(at) + random() * 0.9 * length);
    } else if (kind < 0.9) {
      const frames = [1, -1, 1, -1, 2, -3, 24, -24][whole(8)]!;
      at = Math.min(FRAMES - 1, Math.max(0, at + frames));
      what += `${frames} frames from ${at - frames}`;
      await controls.step!(frames);
    } else {
      await playOn(run, [0.5, 1, 2, 4, -1][whole(5)]!, 40 + whole(60));
      // Where it stands is the player's to say; picture, mask and clock must say the same.
      at = await frameAt(run, timeOf);
      what += `playing on to ${at}`;
    }
    await untilShown(run, at, what);
    expect(Math.abs(run.seconds() - timeOf(at))).toBeLessThan(0.001);
  }
}

/** The frame that the clock names, once it stands; what it is doing is none of the picture's business. */
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

  test('a range plays to its end and rests there, or loops inside itself', async (context) => {
    const run = await play(await clip(context, 'code.mp4'), drawnScreen);
    const { controls } = run.source;
    await untilShown(run, 0, 'opening');
    await controls.setRange!({ from: steady(30), to: steady(33) });
    await controls.seek!(steady(30));
    await controls.play!();
    // Its last picture shows for a moment before time stands still; only then does the clock speak of it.
    await untilShown(run, 33, 'the range');
    await expect.poll(run.seconds, { timeout: 20_000, interval: 10 }).toBeCloseTo(steady(33), 4);
    expect(await frameAt(run, steady)).toBe(33);

    await controls.setLoop!(true);
    await controls.play!();
    await expect.poll(run.seconds, { timeout: 20_000, interval: 1 }).toBeLessThan(steady(32));
    await controls.pause!();
    const at = await frameAt(run, steady);
    expect(at).toBeGreaterThanOrEqual(30);
    expect(at).toBeLessThanOrEqual(33);
    await untilShown(run, at, 'a round of the loop');
  });
});
