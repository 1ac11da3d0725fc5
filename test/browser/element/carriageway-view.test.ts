/** The element and the call on a real stage: what they refuse, and that nothing of them stays. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import '../../../src/element/carriageway-view';
import type { CarriagewayView } from '../../../src/element/carriageway-view';
import { createStage, EmbeddedStage } from '../../../src/element/create-stage';
import type { ErrorReport } from '../../../src/errors';
import { StageClient } from '../../../src/stage/stage-client';

afterEach(() => {
  document.body.replaceChildren();
});

/** Puts an element on the page and collects what it says. */
function put(attributes: Readonly<Record<string, string>>): {
  view: CarriagewayView;
  notices: ErrorReport[];
} {
  const view = document.createElement('carriageway-view');
  const notices: ErrorReport[] = [];
  view.addEventListener('notice', (event) => notices.push((event as CustomEvent<ErrorReport>).detail));
  for (const [name, value] of Object.entries(attributes)) view.setAttribute(name, value);
  document.body.append(view);
  return { view, notices };
}

const soon = { timeout: 60_000, interval: 100 };

describe('what an element refuses, it says on itself and in an event', () => {
  test.each([
    [{ mode: 'heat' }, 'option-invalid', 'mode:'],
    [{ opacity: '7' }, 'option-invalid', 'opacity:'],
    [{ engine: 'cuda' }, 'option-invalid', 'engine:'],
    [{ src: 'drive?mood=gloomy' }, 'option-invalid', 'mood:'],
    [{ src: '/no-such-video.mp4' }, 'source-', ''],
    [{ model: '/no-such-model.json' }, 'model-', ''],
  ])('%j', async (attributes, code, detail) => {
    const { view, notices } = put(attributes);
    await vi.waitFor(() => expect(notices.some((notice) => notice.code.startsWith(code))).toBe(true), soon);
    const said = notices.find((notice) => notice.code.startsWith(code));
    expect(said?.detail.startsWith(detail)).toBe(true);
    await vi.waitFor(() => {
      const text = view.shadowRoot?.querySelector('[part=notice]')?.textContent ?? '';
      expect(text.length).toBeGreaterThan(10);
    }, soon);
  });
});

test('an element taken off while it loads, and put back, plays; taken off for good it leaves no worker busy', async () => {
  const { view } = put({ src: 'drive', engine: 'wasm', model: 'pspnet-wasm' });
  view.remove();
  document.body.append(view);
  view.remove();
  document.body.append(view);
  const playing = new Promise((resolve) => view.addEventListener('playing', resolve, { once: true }));
  await playing;
  expect(view.view?.source?.kind).toBe('drive');
  expect(view.shadowRoot?.querySelectorAll('canvas')).toHaveLength(1);
  view.remove();
  expect(view.view).toBeNull();
});

test('attributes reflect properties, and no style leaks out', async () => {
  const { view } = put({});
  view.mode = 'drivable';
  view.opacity = 0.25;
  await view.updateComplete;
  expect([view.getAttribute('mode'), view.getAttribute('opacity')]).toEqual(['drivable', '0.25']);
  const other = document.createElement('button');
  const before = getComputedStyle(document.body.appendChild(other)).borderRadius;
  view.controls = true;
  await view.updateComplete;
  expect(getComputedStyle(other).borderRadius).toBe(before);
});

test('two stages on one canvas: the second is refused with the field’s name, the first goes on', async () => {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  const settings = { engine: 'wasm', model: 'pspnet-wasm' } as const;
  const first = await createStage({ canvas, ...settings });
  await expect(createStage({ canvas, ...settings })).rejects.toMatchObject({
    code: 'option-invalid',
    detail: 'canvas: something else draws on it',
  });
  expect(first.stage.engine?.model).toBe('pspnet-wasm');
  await first.stage.dispose();
  expect(() => first.stage.addView()).toThrow(expect.objectContaining({ code: 'stage-disposed' }));
});

test('without a canvas class maps come, with frames of one’s own', async () => {
  await using road = await createStage({ engine: 'wasm', model: 'pspnet-wasm' });
  const seen = new Promise<{ width: number; height: number; share: number | null }>((resolve) => {
    road.view.on('mask', ({ width, height, drivableShare }) =>
      resolve({ width, height, share: drivableShare }),
    );
  });
  const picture = new OffscreenCanvas(320, 180);
  const context = picture.getContext('2d')!;
  let count = 0;
  const frames = new ReadableStream<VideoFrame>(
    {
      async pull(controller) {
        context.fillStyle = `rgb(${80 + (count % 20)}, 90, 90)`;
        context.fillRect(0, 0, 320, 180);
        controller.enqueue(new VideoFrame(picture, { timestamp: count++ * 40_000 }));
        await new Promise((resolve) => setTimeout(resolve, 40));
      },
    },
    { highWaterMark: 0 },
  );
  await road.view.play(frames);
  const { width, height, share } = await seen;
  expect(width / height).toBeCloseTo(16 / 9, 0);
  expect(share).not.toBeNull();
  expect(share!).toBeGreaterThanOrEqual(0);
  expect(share!).toBeLessThanOrEqual(1);
});

test('an element speaks the language of the place that it stands in', async () => {
  const place = document.createElement('section');
  place.lang = 'de-AT';
  document.body.append(place);
  const { view } = put({ controls: '', mode: 'heat' });
  place.append(view);
  await vi.waitFor(() => {
    const text = view.shadowRoot?.querySelector('[part=notice]')?.textContent ?? '';
    expect(text).toMatch(/ist ungültig.*\(mode:/);
  }, soon);
  const controls = view.shadowRoot?.querySelector('[part=controls]');
  expect(controls?.querySelector('button')?.textContent).toBe('Pause');
  expect(controls?.querySelector('select')?.getAttribute('aria-label')).toBe('Was gemalt wird');
  expect([...(controls?.querySelectorAll('option') ?? [])].map(({ text }) => text)).toEqual([
    'Befahrbar',
    'Klassen',
    'Sicherheit',
  ]);
});

test.each([
  ['de-AT', ','],
  ['en', '.'],
  ['fr', '.'],
])(
  'distances over a picture in a place of %s have a %s before their decimals, as its words would',
  async (lang, point) => {
    const place = document.createElement('div');
    place.lang = lang;
    const canvas = document.createElement('canvas');
    place.append(canvas);
    document.body.append(place);
    const adding = vi.spyOn(StageClient.prototype, 'addView');
    const stage = new EmbeddedStage({ engine: 'cpu' });
    try {
      stage.addView({ canvas });
      expect(adding.mock.lastCall?.[2].overlay?.scene.point).toBe(point);
    } finally {
      await stage.dispose();
      adding.mockRestore();
    }
  },
);
