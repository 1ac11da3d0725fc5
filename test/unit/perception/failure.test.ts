import { afterEach, expect, test, vi } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { codedFailure } from '../../../src/perception/failure';
import { loadPixelKernel } from '../../../src/perception/pixel-kernel';

afterEach(() => vi.unstubAllGlobals());

test.each([
  new RangeError('Array buffer allocation failed'),
  new RangeError('WebAssembly.Memory(): could not allocate memory'),
  new Error('std::bad_alloc'),
  new CarriagewayError('model-load-failed', 'LiteRT: RangeError: Out of memory'),
  'failed to allocate a buffer of size 268435456',
])('%s is a lack of memory', (thrown) => {
  expect(codedFailure(thrown, 'inference-failed').code).toBe('memory-short');
});

test('a code that says more stays, and the rest gets the one that is given', () => {
  const lost = new CarriagewayError('webgpu-lost', 'out of memory');
  expect(codedFailure(lost, 'inference-failed')).toBe(lost);
  const cut = new CarriagewayError('model-load-failed', 'the file is cut');
  expect(codedFailure(cut, 'inference-failed')).toBe(cut);
  expect(codedFailure(new Error('odd'), 'model-load-failed')).toMatchObject({
    code: 'model-load-failed',
    detail: 'odd',
  });
});

test('a browser that cannot compile the plainest SIMD is told apart, and asked again the next time', async () => {
  vi.stubGlobal('location', { href: 'http://page.invalid/' });
  const fetched = vi.fn(async () => new Response(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 99])));
  vi.stubGlobal('fetch', fetched);
  await expect(loadPixelKernel()).rejects.toMatchObject({ code: 'simd-missing' });
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('offline')));
  await expect(loadPixelKernel()).rejects.toThrow('offline');
});
