/** What embedders get wrong, and what goes wrong around them: told with a code, the page unharmed, nothing left over. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import '../../../src/element/carriageway-view';
import type { CarriagewayView } from '../../../src/element/carriageway-view';
import { createStage, EmbeddedStage } from '../../../src/element/create-stage';
import type { ErrorReport } from '../../../src/errors';
import { linkStage } from '../../../src/stage/stage-link';

const soon = { timeout: 60_000, interval: 100 };
/** Two elements on a busy machine without a GPU. */
const patient = { timeout: 120_000, interval: 100 };
const QUICK = { engine: 'wasm', model: 'pspnet-wasm' } as const;

/** Workers that were started and not ended. */
let workers: Set<Worker>;
/** What the page around would hear. */
let uncaught: unknown[];
const onUncaught = (event: Event) => uncaught.push(event);

beforeEach(() => {
  const alive = new Set<Worker>();
  workers = alive;
  uncaught = [];
  vi.stubGlobal(
    'Worker',
    class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        alive.add(this);
      }
      override terminate(): void {
        alive.delete(this);
        super.terminate();
      }
    },
  );
  addEventListener('unhandledrejection', onUncaught);
  addEventListener('error', onUncaught);
});

afterEach(async () => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  // Every worker of every test ends with its element.
  await vi.waitFor(() => expect(workers.size).toBe(0), soon);
  removeEventListener('unhandledrejection', onUncaught);
  removeEventListener('error', onUncaught);
  expect(uncaught).toEqual([]);
});

function put(attributes: Readonly<Record<string, string>>): {
  view: CarriagewayView;
  notices: ErrorReport[];
} {
  const view = document.createElement('carriageway-view');
  const notices: ErrorReport[] = [];
  view.addEventListener('notice', ({ detail }) => notices.push(detail));
  for (const [name, value] of Object.entries(attributes)) view.setAttribute(name, value);
  document.body.append(view);
  return { view, notices };
}

/** Waits until a notice of that code was told, and gives it. */
function told(notices: readonly ErrorReport[], code: string): Promise<ErrorReport> {
  return vi.waitFor(() => {
    const notice = notices.find((each) => each.code.startsWith(code));
    if (!notice) throw new Error(`only ${notices.map((each) => each.code).join(', ') || 'nothing'} was told`);
    expect(notice.message.length).toBeGreaterThan(20);
    return notice;
  }, soon);
}

/** Grey pictures without end, ten a second. */
function pictures(): ReadableStream<VideoFrame> {
  const picture = new OffscreenCanvas(320, 180);
  const context = picture.getContext('2d')!;
  let count = 0;
  return new ReadableStream<VideoFrame>(
    {
      async pull(controller) {
        context.fillStyle = `rgb(${80 + (count % 20)}, 90, 90)`;
        context.fillRect(0, 0, 320, 180);
        controller.enqueue(new VideoFrame(picture, { timestamp: count++ * 100_000 }));
        await new Promise((resolve) => setTimeout(resolve, 100));
      },
    },
    { highWaterMark: 0 },
  );
}

/** Waits until masks of the element's pictures are told of. */
function masked(view: CarriagewayView): Promise<void> {
  return new Promise((resolve) => {
    view.addEventListener('report', function heard({ detail }) {
      if (detail.allMasks === 0) return;
      view.removeEventListener('report', heard);
      resolve();
    });
  });
}

describe('removed while it loads', () => {
  test.each([
    ['at once', 0],
    ['after a moment', 50],
    ['while the model comes', 1500],
  ])('%s: nothing is told any more, no worker stays', async (_, delay) => {
    const { view, notices } = put({ src: 'drive', ...QUICK });
    await new Promise((resolve) => setTimeout(resolve, delay));
    view.remove();
    const before = notices.length;
    await vi.waitFor(() => expect(workers.size).toBe(0), soon);
    expect(view.view).toBeNull();
    expect(notices).toHaveLength(before);
  });

  test('again and again: one canvas, one set of workers, and it plays', async () => {
    const { view, notices } = put({ ...QUICK });
    view.src = 'drive';
    for (let i = 0; i < 5; i++) {
      view.remove();
      await new Promise((resolve) => setTimeout(resolve, 30 * i));
      document.body.append(view);
    }
    await new Promise((resolve) => view.addEventListener('playing', resolve, { once: true }));
    await vi.waitFor(() => expect(workers.size).toBe(2), soon);
    expect(view.shadowRoot?.querySelectorAll('canvas')).toHaveLength(1);
    expect(notices).toEqual([]);
  });
});

describe('a canvas that something else draws on', () => {
  test('is refused with the name of the field, and no worker is started', async () => {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d');
    await expect(createStage({ canvas, ...QUICK })).rejects.toMatchObject({
      code: 'option-invalid',
      detail: 'canvas: something else draws on it',
    });
    expect(workers.size).toBe(0);
  });
});

describe('options', () => {
  test.each([
    [{ colour: 'red' }, 'colour:'],
    [{ masks: 'yes' }, 'masks:'],
    [{ muted: 1 }, 'muted:'],
    [{ opacity: '0.5' }, 'opacity:'],
    [{ canvas: {} }, 'canvas:'],
    [{ engine: 'cuda' }, 'engine:'],
  ])('%j is refused at the door, and no worker stays', async (options, detail) => {
    await expect(createStage(options as object)).rejects.toMatchObject({
      code: 'option-invalid',
      detail: expect.stringMatching(`^${detail}`),
    });
    expect(workers.size).toBe(0);
  });

  test('a listener for an event that there is not, a drive of another size, a model that is none', async () => {
    const stage = new EmbeddedStage(QUICK);
    const view = stage.addView();
    const on = view.on as (type: string, listener: unknown) => void;
    expect(() => on.call(view, 'masks', () => {})).toThrow(
      expect.objectContaining({ code: 'option-invalid' }),
    );
    expect(() => on.call(view, 'mask', null)).toThrow(expect.objectContaining({ code: 'option-invalid' }));
    await expect(view.play({ drive: { width: -1 } })).rejects.toMatchObject({
      code: 'option-invalid',
      detail: expect.stringMatching(/^width:/),
    });
    await expect(view.play(7 as unknown as string)).rejects.toMatchObject({ code: 'source-input-unknown' });
    await expect(stage.loadModel('')).rejects.toMatchObject({ code: 'option-invalid' });
    await expect(stage.loadModel({ onnx: 'x' as unknown as Blob, manifest: {} })).rejects.toMatchObject({
      code: 'option-invalid',
    });
    await stage.dispose();
  });
});

describe('attributes', () => {
  test('an unknown one is named, once, and the element plays all the same; those of others are let be', async () => {
    const { view, notices } = put({ opasity: '0.3', 'data-road': '1', class: 'big', 'v-if': 'x', ...QUICK });
    const { detail } = await told(notices, 'option-invalid');
    expect(detail).toBe('opasity: there is no such attribute');
    view.setAttribute('autoplay', '');
    await vi.waitFor(() =>
      expect(notices.map((each) => each.detail)).toContainEqual(expect.stringMatching('^autoplay')),
    );
    view.setAttribute('opasity', '0.4');
    view.srcObject = pictures();
    await new Promise((resolve) => view.addEventListener('playing', resolve, { once: true }));
    expect(notices).toHaveLength(2);
  });

  test('what is no source is told', async () => {
    const { view, notices } = put({ ...QUICK });
    await vi.waitFor(() => expect(view.view).not.toBeNull());
    view.srcObject = 5 as unknown as string;
    await told(notices, 'source-input-unknown');
  });
});

describe('where the files are not', () => {
  test.each([
    ['a base that answers 404', { base: '/@id/no-such-folder/' }],
    ['a manifest that is a web page', { model: '/index.html' }],
  ])('%s', async (_, attributes) => {
    const { view, notices } = put({ ...QUICK, ...attributes });
    await told(notices, 'model-');
    expect(view.shadowRoot?.querySelector('[part=notice]')?.textContent?.length).toBeGreaterThan(20);
  });

  test('an old cache, with other bytes under the same names: the model is fetched anew', async () => {
    const manifest = await (await fetch('/models/pspnet-wasm.json')).json();
    const cache = await caches.open('carriageway-models-1');
    for (const { sha256 } of manifest.files)
      await cache.put(`/.kept-models/sha256/${sha256}`, new Response('bytes of another version'));
    const { view, notices } = put({ ...QUICK });
    view.srcObject = pictures();
    await vi.waitFor(() => expect(view.view?.source).toBeTruthy(), soon);
    const report = new Promise((resolve) =>
      view.addEventListener('report', ({ detail }) => detail.allMasks > 0 && resolve(detail)),
    );
    await report;
    expect(notices).toEqual([]);
  });
});

describe('a page without workers', () => {
  test.each([
    ['none at all', undefined],
    [
      'forbidden by its policy',
      class {
        constructor() {
          throw new DOMException('refused by the policy', 'SecurityError');
        }
      },
    ],
  ])('%s', async (_, stub) => {
    vi.stubGlobal('Worker', stub);
    const { view, notices } = put({ src: 'drive' });
    await told(notices, 'worker-not-started');
    await told(notices, 'source-failed');
    expect(view.isConnected).toBe(true);
    await expect(createStage()).rejects.toMatchObject({ code: 'worker-not-started' });
  });
});

test('several elements share one stage, take fair turns, and leave nothing behind one by one', async () => {
  const views = [0, 1].map(() => put({ ...QUICK }).view);
  const masks = [0, 0];
  views.forEach((view, i) => {
    view.addEventListener('report', ({ detail }) => {
      masks[i] = detail.allMasks;
    });
    view.srcObject = pictures();
  });
  await vi.waitFor(() => expect(Math.min(...masks)).toBeGreaterThan(0), patient);
  const first = [...masks];
  await vi.waitFor(() => expect(Math.min(...masks.map((n, i) => n - first[i]!))).toBeGreaterThan(2), patient);
  const got = masks.map((n, i) => n - first[i]!);
  expect(Math.max(...got) / Math.min(...got)).toBeLessThanOrEqual(2);
  expect(workers.size).toBe(1);
  views[0]?.remove();
  const before = masks[1]!;
  await vi.waitFor(() => expect(masks[1]).toBeGreaterThan(before), patient);
  expect(workers.size).toBe(1);
}, 300_000);

test('elements that come and go beside one that stays leave no frames, buffers or textures', async () => {
  const { view: staying } = put({ ...QUICK });
  staying.srcObject = pictures();
  // Counted once there is a network: before, buffers are still made.
  await masked(staying);
  const seen: number[][] = [];
  staying.view?.on('objects', ({ frames, buffers, textures }) => seen.push([frames, buffers, textures]));
  const settled = async () => {
    const from = seen.length;
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(from + 8), soon);
    return [0, 1, 2].map((i) => Math.min(...seen.slice(from).map((each) => each[i]!)));
  };
  const come = async () => {
    const { view: guest } = put({ ...QUICK });
    guest.srcObject = pictures();
    await masked(guest);
    guest.remove();
  };
  await come();
  const [frames, buffers, textures] = await settled();
  for (let i = 0; i < 3; i++) await come();
  const [framesAfter, buffersAfter, texturesAfter] = await settled();
  expect(texturesAfter).toBe(textures);
  // One frame, and the mask for it, more or less is on its way; each guest that left something would add one of its own.
  expect(framesAfter).toBeLessThanOrEqual(frames! + 1);
  expect(buffersAfter).toBeLessThanOrEqual(buffers! + 1);
}, 300_000);

test('a worker that is lost is replaced by one that runs the model that ran last', async () => {
  let kill: (detail: string) => void = () => {};
  const stage = new EmbeddedStage(QUICK, () => {
    const link = linkStage();
    return {
      ...link,
      onDeath(listener) {
        kill = listener;
        link.onDeath(listener);
      },
    };
  });
  const models: string[] = [];
  stage.on('engine', ({ model }) => models.push(model));
  await stage.start();
  await stage.loadModel('pspnet-lite');
  const before = models.length;
  kill('killed by the test');
  await vi.waitFor(() => expect(models.length).toBeGreaterThan(before), soon);
  expect(models.at(-1)).toBe('pspnet-lite');
  expect(stage.engine?.model).toBe('pspnet-lite');
  await stage.dispose();
});
