import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameCopier, takesFrames } from '../../../src/gpu/frame-copy';

const SIZE = { width: 4, height: 2 };

/** A canvas of nothing, that says when a closed frame is drawn on it. */
class Canvas {
  constructor(
    public width: number,
    public height: number,
  ) {}
  getContext() {
    return {
      drawImage: (frame: { closed?: boolean }) => {
        if (frame.closed) throw new Error('closed');
      },
    };
  }
}

const before = (globalThis as { OffscreenCanvas?: unknown }).OffscreenCanvas;
beforeAll(() => {
  (globalThis as { OffscreenCanvas?: unknown }).OffscreenCanvas = Canvas;
});
afterAll(() => {
  (globalThis as { OffscreenCanvas?: unknown }).OffscreenCanvas = before;
});

/** A device that takes frames or does not, and what it was given. */
function device(takesFrames: boolean) {
  const given: string[] = [];
  const queue = {
    copyExternalImageToTexture: ({ source }: { source: object }) => {
      const kind = source instanceof Canvas ? 'canvas' : 'frame';
      given.push(kind);
      if (kind === 'frame' && !takesFrames) throw new TypeError('not a source');
    },
  };
  return { given, device: { queue } as unknown as GPUDevice };
}

const frame = (closed = false) => ({ closed }) as unknown as VideoFrame;
const texture = {} as GPUTexture;

test('a browser that takes frames is given frames', () => {
  const { given, device: taking } = device(true);
  const copier = new FrameCopier(taking);
  for (let i = 0; i < 2; i++) copier.copy(frame(), texture, SIZE);
  expect(given).toEqual(['frame', 'frame']);
});

test('one that does not is asked once, and given canvases from then on', () => {
  const { given, device: refusing } = device(false);
  const copier = new FrameCopier(refusing);
  for (let i = 0; i < 3; i++) copier.copy(frame(), texture, SIZE);
  expect(given).toEqual(['frame', 'canvas', 'canvas', 'canvas']);
});

test('a closed frame is the frame’s fault and decides nothing', () => {
  const { given, device: refusing } = device(false);
  const copier = new FrameCopier(refusing);
  expect(() => copier.copy(frame(true), texture, SIZE)).toThrow('closed');
  copier.copy(frame(), texture, SIZE);
  expect(given).toEqual(['frame', 'frame', 'canvas']);
});

test.each([
  ['that imports them', { importExternalTexture: () => ({}) }, false, true],
  ['that copies them', {}, true, true],
  ['that does neither', {}, false, false],
])('a device %s', (_, more, copies, takes) => {
  const globals = globalThis as { VideoFrame?: unknown; GPUTextureUsage?: unknown };
  const kept = { VideoFrame: globals.VideoFrame, GPUTextureUsage: globals.GPUTextureUsage };
  let open = 0;
  globals.VideoFrame = class {
    constructor() {
      open++;
    }
    close() {
      open--;
    }
  };
  globals.GPUTextureUsage = { COPY_DST: 2, RENDER_ATTACHMENT: 16 };
  try {
    const { device: plain } = device(copies);
    const createTexture = () => {
      open++;
      return { destroy: () => open-- };
    };
    expect(takesFrames({ ...plain, ...more, createTexture } as unknown as GPUDevice)).toBe(takes);
    expect(open).toBe(0);
  } finally {
    Object.assign(globals, kept);
  }
});
