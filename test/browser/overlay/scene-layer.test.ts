/** The scene's geometry over the picture. */
import { describe, expect, test, vi } from 'vitest';
import { Sketch } from '../../../src/overlay/sketch';
import { DEFAULT_VIEW, inLanguage } from '../../../src/overlay/view';
import { Scene, type SceneState } from '../../../src/scene/scene';
import { car, render, roadWorld, testCamera } from '../../unit/scene/synthetic';
import { frameOf } from './scenes';
import { BACKENDS, drawn, openStage } from './stage';

const camera = testCamera();
const SIZE = { width: camera.width, height: camera.height };
const GREY = { ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height * 4).fill(70) };

/** A road with a car in the way, seen for a second. */
function state(): SceneState {
  const scene = new Scene({ from: camera.parameters, calibrate: false });
  const map = render(roadWorld({ boxes: [car(0, 16)] }), camera, { blur: 0.8 });
  let last: SceneState | null = null;
  for (let i = 0; i < 6; i++) last = scene.update(map, { timestamp: i * 100_000, epoch: 0, ...SIZE });
  return last!;
}

/** Pixels in the amber of what stands in the way: its box, the path's bar and its distance. */
function inked(pixels: Uint8ClampedArray): number {
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4)
    if (pixels[i]! > 200 && pixels[i + 1]! > 140 && pixels[i + 2]! < 120) count++;
  return count;
}

/** Share of the pixels within a few of a point that are not the bare picture. */
function marked(pixels: Uint8ClampedArray, x: number, y: number, reach = 2): number {
  let count = 0;
  let all = 0;
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const i = ((Math.round(y) + dy) * SIZE.width + Math.round(x) + dx) * 4;
      all++;
      if (Math.abs(pixels[i]! - 70) + Math.abs(pixels[i + 1]! - 70) > 40) count++;
    }
  return count / all;
}

test.each(BACKENDS)(
  'on %s nothing is allocated when the first line appears: a soak counts from the first picture',
  async (backend) => {
    const { canvas, compositor } = await openStage(backend, SIZE.width, SIZE.height);
    const mask = { kind: 'pixels', data: new Uint8Array(4).fill(255), width: 1, height: 1 } as const;
    const frame = frameOf(GREY);
    compositor.show(frame, 0);
    frame.close();
    compositor.present(mask);
    await drawn(compositor, canvas);
    const objects = compositor.liveObjects();
    compositor.showScene(state(), null);
    await drawn(compositor, canvas);
    expect(compositor.liveObjects()).toEqual(objects);
    await compositor.dispose();
  },
);

test('distances have the decimal sign of the viewer’s language, once that is another one, too', async () => {
  const { canvas, compositor } = await openStage(BACKENDS[0]!, SIZE.width, SIZE.height);
  const written = vi.spyOn(Sketch.prototype, 'label');
  try {
    const frame = frameOf(GREY);
    compositor.show(frame, 0);
    frame.close();
    compositor.present({ kind: 'pixels', data: new Uint8Array(4).fill(255), width: 1, height: 1 });
    compositor.showScene(state(), null);
    await drawn(compositor, canvas);
    const texts = () => written.mock.calls.map(([text]) => text).filter((text) => /\d[.,]\d/.test(text));
    expect(texts().length).toBeGreaterThan(0);
    expect(texts().filter((text) => text.includes(','))).toEqual([]);
    written.mockClear();
    compositor.setView(inLanguage(DEFAULT_VIEW, ','));
    expect(texts().length).toBeGreaterThan(0);
    expect(texts().filter((text) => text.includes('.'))).toEqual([]);
  } finally {
    written.mockRestore();
    await compositor.dispose();
  }
});

describe.each(BACKENDS)('on %s', (backend) => {
  test('edges and contact lines lie where the scene says, follow the switches, and go with the mask', async () => {
    const { canvas, compositor } = await openStage(backend, SIZE.width, SIZE.height);
    const mask = { kind: 'pixels', data: new Uint8Array(4).fill(255), width: 1, height: 1 } as const;
    const frame = frameOf(GREY);
    compositor.show(frame, 0);
    frame.close();
    compositor.present(mask);
    const scene = state();
    compositor.showScene(scene, null);
    const edge = scene.boundary.segments.find(({ kind }) => kind === 'kerb')!.points;
    const at = edge[Math.floor(edge.length / 2)]!;
    const box = scene.obstacles[0]!.box;
    const corner = { x: box.x + box.width, y: box.y + box.height / 2 };

    const all = await drawn(compositor, canvas);
    expect(marked(all, at.x, at.y)).toBeGreaterThan(0.2);
    expect(marked(all, corner.x, corner.y)).toBeGreaterThan(0.1);
    // Up in the sky there is nothing to draw.
    expect(marked(all, SIZE.width / 2, 12)).toBe(0);

    // A distance less surely known than its own length is not written; its bar stays.
    const { freeSpace } = scene;
    const ahead = freeSpace.ahead!;
    const unsure = { ...freeSpace, ahead: { ...ahead, sigma: 2 * ahead.distance } };
    compositor.showScene({ ...scene, freeSpace: unsure }, null);
    const bare = inked(await drawn(compositor, canvas));
    expect(bare).toBeLessThan(inked(all));
    expect(bare).toBeGreaterThan(0);

    compositor.setView({
      ...DEFAULT_VIEW,
      scene: { ...DEFAULT_VIEW.scene, boundary: false, obstacles: false, path: false },
    });
    const none = await drawn(compositor, canvas);
    expect(marked(none, at.x, at.y)).toBe(0);
    expect(marked(none, corner.x, corner.y)).toBe(0);

    compositor.setView(DEFAULT_VIEW);
    const objects = compositor.liveObjects();
    for (let i = 0; i < 3; i++) {
      compositor.showScene(scene, null);
      await drawn(compositor, canvas);
    }
    expect(compositor.liveObjects()).toEqual(objects);
    compositor.present(null);
    expect(marked(await drawn(compositor, canvas), at.x, at.y)).toBe(0);
    await compositor.dispose();
  });
});
