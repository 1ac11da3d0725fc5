/** When the compositor draws, what it keeps, and how it ends. */
import { describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { createCompositor } from '../../../src/overlay/compositor';
import { paintOf, rawPaint } from '../../../src/overlay/paint';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import type { MaskImage } from '../../../src/perception/engine';
import { composite, type PixelImage } from '../../twins/composite';
import { difference, frameOf, seededMask, seededPicture, untilDrawn } from './scenes';
import { BACKENDS, drawn, newDevice, openStage, sharedDevice } from './stage';

const paint = paintOf(DEFAULT_VIEW);

/** Gives a frame of these pixels to `use`, and closes it at once. */
function withFrame(picture: PixelImage, use: (frame: VideoFrame) => void): void {
  const frame = frameOf(picture);
  use(frame);
  frame.close();
}

/** The mask as the WebGPU engine hands it over. */
function gpuMask(
  device: GPUDevice,
  mask: PixelImage & { data: Uint8Array<ArrayBuffer> },
): MaskImage & { kind: 'texture' } {
  const { width, height, data } = mask;
  const texture = device.createTexture({
    size: [width, height],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
  });
  device.queue.writeTexture({ texture }, data, { bytesPerRow: width * 4 }, [width, height]);
  return { kind: 'texture', texture, width, height };
}

/** Waits until the card is done, so that only what changed decides whether the next call draws. */
async function settle(canvas: OffscreenCanvas, device: GPUDevice | null): Promise<void> {
  if (device) await device.queue.onSubmittedWorkDone();
  else {
    // Browsers take finish() for a flush; reading a pixel is what waits.
    const gl = canvas.getContext('webgl2')!;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }
  // Fences and promises are reported between tasks.
  for (let task = 0; task < 3; task++) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe.each(BACKENDS)('on %s', (backend) => {
  test('draws only what changed', async () => {
    const { canvas, compositor, device } = await openStage(backend, 48, 32);
    await untilDrawn(compositor);
    const draws = async (change: () => void): Promise<boolean> => {
      await settle(canvas, device);
      change();
      return compositor.render();
    };
    const picture = seededPicture(24, 16, 1);
    const mask: MaskImage = { kind: 'pixels', ...seededMask(12, 8, 1) };
    expect(await draws(() => {})).toBe(false);
    expect(await draws(() => withFrame(picture, (frame) => compositor.stage(frame, 0)))).toBe(false);
    expect(await draws(() => compositor.present(mask))).toBe(true);
    expect(await draws(() => {})).toBe(false);
    expect(await draws(() => compositor.setView({ ...DEFAULT_VIEW, opacity: 0.2 }))).toBe(true);
    expect(await draws(() => compositor.resize(48, 32))).toBe(false);
    expect(await draws(() => compositor.resize(50, 32))).toBe(true);
    expect(await draws(() => compositor.present(null))).toBe(true);
    expect(await draws(() => compositor.present(null))).toBe(false);
    expect(await draws(() => compositor.layers.changed())).toBe(true);
    await compositor.dispose();
    compositor.layers.changed();
    expect(compositor.render()).toBe(false);
  });

  test('at most one drawing is on its way', async () => {
    const { canvas, compositor, device } = await openStage(backend, 48, 32);
    withFrame(seededPicture(24, 16, 1), (frame) => compositor.show(frame, 0));
    await untilDrawn(compositor);
    await settle(canvas, device);
    compositor.setView(DEFAULT_VIEW);
    expect(compositor.render()).toBe(true);
    compositor.setView(DEFAULT_VIEW);
    // In the same task the first cannot have been reported as done.
    expect(compositor.render()).toBe(false);
    await untilDrawn(compositor);
    await compositor.dispose();
  });

  test('a staged picture waits for its mask; a shown one does not, and is not taken back', async () => {
    const { canvas, compositor } = await openStage(backend, 48, 32);
    const [first, second] = [seededPicture(48, 32, 1), seededPicture(48, 32, 2)];
    const mask = seededMask(24, 16, 1);
    const expected = (picture: PixelImage, under: PixelImage | null) =>
      composite({ picture, rotation: 0, mask: under, paint, canvas });
    withFrame(first, (frame) => compositor.show(frame, 0));
    withFrame(second, (frame) => compositor.stage(frame, 0));
    expect(difference(await drawn(compositor, canvas), expected(first, null)).close).toBe(1);
    compositor.present({ kind: 'pixels', ...mask });
    expect(difference(await drawn(compositor, canvas), expected(second, mask)).close).toBeGreaterThan(0.99);
    withFrame(second, (frame) => compositor.stage(frame, 0));
    withFrame(first, (frame) => compositor.show(frame, 0));
    compositor.present({ kind: 'pixels', ...mask });
    expect(difference(await drawn(compositor, canvas), expected(first, mask)).close).toBeGreaterThan(0.99);
    await compositor.dispose();
  });

  test('objects alive stay flat over 200 pictures and masks, and changes of size', async () => {
    const { compositor, device } = await openStage(backend, 32, 24);
    const errors: string[] = [];
    device?.addEventListener('uncapturederror', (event) => errors.push(event.error.message));
    const pictures = [seededPicture(24, 16, 1), seededPicture(16, 24, 2)];
    const masks = [seededMask(12, 8, 1), seededMask(12, 8, 2)].map(
      (mask): MaskImage => (device ? gpuMask(device, mask) : { kind: 'pixels', ...mask }),
    );
    const round = async (turn: number) => {
      withFrame(pictures[(turn >> 3) % 2]!, (frame) => compositor.stage(frame, turn % 5 ? 0 : 90));
      compositor.present(masks[turn % 2]!);
      if (turn % 50 === 49) compositor.resize(32 + (turn % 3), 24);
      if (turn % 100 === 99) await compositor.snapshot(true);
      await untilDrawn(compositor);
    };
    // Both orders of pictures and masks, and a snapshot, before the count starts.
    for (let turn = 84; turn < 100; turn++) await round(turn);
    const before = compositor.liveObjects();
    expect(before.textures).toBeGreaterThan(2);
    for (let turn = 0; turn < 200; turn++) await round(turn);
    expect(compositor.liveObjects()).toEqual(before);
    await compositor.dispose();
    expect(compositor.liveObjects()).toEqual({ buffers: 0, textures: 0, frames: 0 });
    for (const mask of masks) if (mask.kind === 'texture') mask.texture.destroy();
    await device?.queue.onSubmittedWorkDone();
    expect(errors).toEqual([]);
  }, 240_000);

  test('a snapshot has the upright size of the picture, whatever the canvas', async () => {
    const { compositor } = await openStage(backend, 60, 20);
    const picture = seededPicture(51, 33, 5);
    const mask = seededMask(17, 26, 6);
    await expect(compositor.snapshot(true)).rejects.toMatchObject({ code: 'snapshot-failed' });
    withFrame(picture, (frame) => compositor.stage(frame, 90));
    compositor.present({ kind: 'pixels', ...mask });
    const canvas = { width: 33, height: 51 };
    for (const [overlay, pass] of [
      [true, paint],
      [false, rawPaint(paint)],
    ] as const) {
      const blob = await compositor.snapshot(overlay);
      expect(blob.type).toBe('image/png');
      const bitmap = await createImageBitmap(blob);
      expect([bitmap.width, bitmap.height]).toEqual([33, 51]);
      const copy = new OffscreenCanvas(33, 51);
      const context = copy.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(bitmap, 0, 0);
      bitmap.close();
      const expected = composite({ picture, rotation: 90, mask, paint: pass, canvas });
      const { close, max } = difference(context.getImageData(0, 0, 33, 51).data, expected);
      expect(close).toBeGreaterThanOrEqual(0.99);
      if (!overlay) expect(max).toBeLessThanOrEqual(2);
    }
    await compositor.dispose();
  });

  test('a snapshot in between changes nothing on the canvas', async () => {
    const { canvas, compositor } = await openStage(backend, 60, 20);
    const picture = seededPicture(40, 30, 5);
    withFrame(picture, (frame) => compositor.show(frame, 0));
    const taken = compositor.snapshot(false);
    const pixels = await drawn(compositor, canvas);
    await taken;
    const software = backend === 'painted';
    const expected = composite({ picture, rotation: 0, mask: null, paint, canvas, software });
    expect(difference(pixels, expected).close).toBeGreaterThanOrEqual(0.99);
    await compositor.dispose();
  });

  test('a frame above the cap is kept smaller, in its aspect', async () => {
    const { canvas, compositor } = await openStage(backend, 96, 12);
    const data = new Uint8Array(3840 * 480 * 4);
    for (let i = 0; i < data.length; i += 4) data.set([(i / 4) % 3840 < 1920 ? 30 : 200, 90, 60, 255], i);
    withFrame({ width: 3840, height: 480, data }, (frame) => compositor.show(frame, 0));
    expect(compositor.picture).toEqual({ width: 1920, height: 240 });
    const pixels = await drawn(compositor, canvas);
    const at = (x: number): number[] => [...pixels.slice((6 * 96 + x) * 4, (6 * 96 + x) * 4 + 3)];
    for (const [channel, value] of [30, 90, 60].entries())
      expect(Math.abs(at(20)[channel]! - value)).toBeLessThanOrEqual(2);
    expect(Math.abs(at(70)[0]! - 200)).toBeLessThanOrEqual(2);
    await compositor.dispose();
  });

  test('a closed frame is refused, and the picture stays', async () => {
    const { canvas, compositor } = await openStage(backend, 48, 32);
    const picture = seededPicture(24, 16, 1);
    withFrame(picture, (frame) => compositor.show(frame, 0));
    const closed = frameOf(seededPicture(8, 8, 2));
    closed.close();
    expect(() => compositor.show(closed, 0)).toThrow(TypeError);
    expect(() => compositor.stage(closed, 90)).toThrow(TypeError);
    compositor.present({ kind: 'pixels', ...seededMask(12, 8, 1) });
    expect(compositor.picture).toEqual({ width: 24, height: 16 });
    const expected = composite({ picture, rotation: 0, mask: seededMask(12, 8, 1), paint, canvas });
    expect(difference(await drawn(compositor, canvas), expected).close).toBeGreaterThanOrEqual(0.99);
    await compositor.dispose();
  });

  test('the same canvas serves a second compositor', async () => {
    const { canvas, compositor, device } = await openStage(backend, 48, 32);
    withFrame(seededPicture(24, 16, 1), (frame) => compositor.show(frame, 0));
    await untilDrawn(compositor);
    await compositor.dispose();
    await compositor.dispose();
    const second = await createCompositor({ canvas, device, width: 40, height: 30 });
    const picture = seededPicture(24, 16, 2);
    withFrame(picture, (frame) => second.show(frame, 0));
    const pixels = await drawn(second, canvas);
    expect([canvas.width, canvas.height]).toEqual([40, 30]);
    const expected = composite({ picture, rotation: 0, mask: null, paint, canvas });
    expect(difference(pixels, expected).close).toBeGreaterThanOrEqual(0.99);
    await second.dispose();
  });

  test('refuses a mask it cannot draw, and keeps drawing', async () => {
    const { compositor } = await openStage(backend, 48, 32);
    withFrame(seededPicture(24, 16, 1), (frame) => compositor.show(frame, 0));
    expect(() =>
      compositor.present({ kind: 'pixels', data: new Uint8Array(16), width: 4, height: 4 }),
    ).toThrow(TypeError);
    if (backend !== 'webgpu') {
      const mask = gpuMask(await sharedDevice(), seededMask(4, 4, 1));
      expect(() => compositor.present(mask)).toThrow(TypeError);
      mask.texture.destroy();
    }
    await untilDrawn(compositor);
    await compositor.dispose();
  });
});

test('masks that stay on the GPU are drawn as those of bytes', async () => {
  const { canvas, compositor, device } = await openStage('webgpu', 96, 64);
  const picture = seededPicture(48, 32, 1);
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const mask = seededMask(30, 20, seed);
    const texture = gpuMask(device!, mask);
    withFrame(picture, (frame) => compositor.stage(frame, 0));
    compositor.present(texture);
    const expected = composite({ picture, rotation: 0, mask, paint, canvas });
    expect(difference(await drawn(compositor, canvas), expected).close).toBeGreaterThanOrEqual(0.99);
    compositor.present(null);
    await untilDrawn(compositor);
    texture.texture.destroy();
  }
  await compositor.dispose();
});

test('a lost device: nothing throws, and a new device draws on the same canvas', async () => {
  const canvas = new OffscreenCanvas(48, 32);
  const device = await newDevice();
  const heard: string[] = [];
  device.onuncapturederror = (event) => heard.push(event.error.message);
  const handler = device.onuncapturederror;
  const compositor = await createCompositor({ canvas, device, width: 48, height: 32 });
  expect(device.onuncapturederror).toBe(handler);
  const picture = seededPicture(24, 16, 1);
  withFrame(picture, (frame) => compositor.show(frame, 0));
  await untilDrawn(compositor);
  device.destroy();
  // Before and after the loss is known.
  withFrame(picture, (frame) => compositor.show(frame, 0));
  compositor.render();
  await device.lost;
  withFrame(picture, (frame) => compositor.stage(frame, 0));
  compositor.present({ kind: 'pixels', ...seededMask(12, 8, 1) });
  compositor.resize(40, 30);
  expect(compositor.render()).toBe(false);
  await expect(compositor.snapshot(true)).rejects.toBeInstanceOf(CarriagewayError);
  await compositor.dispose();

  const again = await newDevice();
  const second = await createCompositor({ canvas, device: again, width: 48, height: 32 });
  withFrame(picture, (frame) => second.show(frame, 0));
  const expected = composite({ picture, rotation: 0, mask: null, paint, canvas });
  expect(difference(await drawn(second, canvas), expected).close).toBeGreaterThanOrEqual(0.99);
  await second.dispose();
  again.destroy();
});

test('a lost WebGL context: nothing throws', async () => {
  const { canvas, compositor } = await openStage('webgl2', 48, 32);
  const picture = seededPicture(24, 16, 1);
  withFrame(picture, (frame) => compositor.show(frame, 0));
  await untilDrawn(compositor);
  const lost = new Promise((resolve) => canvas.addEventListener('webglcontextlost', resolve));
  canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext();
  await lost;
  withFrame(picture, (frame) => compositor.show(frame, 0));
  compositor.present({ kind: 'pixels', ...seededMask(12, 8, 1) });
  expect(compositor.render()).toBe(false);
  await expect(compositor.snapshot(false)).rejects.toMatchObject({ code: 'snapshot-failed' });
  await compositor.dispose();
});

test('a canvas that belongs to another kind of context is refused', async () => {
  const canvas = new OffscreenCanvas(8, 8);
  canvas.getContext('2d');
  const options = { canvas, width: 8, height: 8 };
  await expect(createCompositor({ ...options, device: null })).rejects.toMatchObject({
    code: 'overlay-failed',
  });
  await expect(createCompositor({ ...options, device: await sharedDevice() })).rejects.toMatchObject({
    code: 'overlay-failed',
  });
});
