/** The compositor in a worker. */
import { expect, test } from 'vitest';
import { paintOf } from '../../../src/overlay/paint';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { composite } from '../../twins/composite';
import { difference, pixelsOf, seededMask, seededPicture } from './scenes';
import { BACKENDS } from './stage';

interface Answer {
  readonly error?: string;
  readonly bitmap: ImageBitmap;
  readonly alive: { readonly textures: number };
  readonly left: unknown;
}

test.each(BACKENDS)('draws in a worker on %s', async (backend) => {
  const worker = new Worker(new URL('./stage.worker.ts', import.meta.url), { type: 'module' });
  try {
    const canvas = new OffscreenCanvas(96, 64);
    const answer = await new Promise<Answer>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<Answer>) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ canvas, webgpu: backend === 'webgpu' }, [canvas]);
    });
    expect(answer.error).toBeUndefined();
    const expected = composite({
      picture: seededPicture(48, 32, 1),
      rotation: 0,
      mask: seededMask(24, 16, 2),
      paint: paintOf(DEFAULT_VIEW),
      canvas: { width: 96, height: 64 },
    });
    expect(difference(pixelsOf(answer.bitmap), expected).close).toBeGreaterThanOrEqual(0.99);
    answer.bitmap.close();
    expect(answer.alive.textures).toBeGreaterThan(0);
    expect(answer.left).toEqual({ buffers: 0, textures: 0, frames: 0 });
  } finally {
    worker.terminate();
  }
});
