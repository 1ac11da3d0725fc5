import { afterEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../src/model/integrity';
import { loadModel } from '../../../src/model/load-model';
import type { LoadReply, LoadRequest } from './load.worker';

afterEach(async () => {
  for (const name of await caches.keys())
    if (name.startsWith('carriageway-models')) await caches.delete(name);
});

async function manifestFor(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return JSON.stringify({
    schema: 1,
    name: 'kept',
    title: 'Kept',
    version: '1',
    files: [
      { precision: 'fp32', path: 'kept.onnx', bytes: bytes.length, sha256: await sha256Hex(bytes.buffer) },
    ],
    input: {
      name: 'image',
      layout: 'NCHW',
      width: 64,
      height: 32,
      channels: 'RGB',
      scale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      fit: 'stretch',
    },
    gate: null,
    output: { name: 'logits', layout: 'NCHW', width: 8, height: 4, stride: 8, activation: 'none' },
    classes: [null, 'road'],
    licence: 'test',
    source: 'test',
  });
}

describe('loading with the browser’s own cache', () => {
  test('in a worker, and the second time without a network', async () => {
    const bytes = Uint8Array.of(8, 1, 2, 3, 4, 5);
    const files = { '/models/kept.json': await manifestFor(bytes), '/models/kept.onnx': bytes };
    const worker = new Worker(new URL('./load.worker.ts', import.meta.url), { type: 'module' });
    try {
      const reply = await new Promise<LoadReply>((resolve, reject) => {
        worker.onmessage = (event: MessageEvent<LoadReply>) => resolve(event.data);
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage({ url: '/models/kept.json', files } satisfies LoadRequest);
      });
      expect(reply).toEqual({ first: [...bytes], second: [...bytes], phases: ['verify'], error: null });
    } finally {
      worker.terminate();
    }
  });

  test('an address that the server does not know is told, as missing or as the page it sends instead', async () => {
    const loading = loadModel('/models/there-is-no-such-network.json', {
      wanted: { runtime: 'onnxruntime', precision: 'fp32' },
    });
    await expect(loading).rejects.toMatchObject({
      code: expect.stringMatching(/^model-(not-found|is-html)$/),
    });
  });
});
