import { expect, test } from 'vitest';

test('the page is cross-origin isolated, so WASM threads exist', () => {
  expect(globalThis.crossOriginIsolated).toBe(true);
});

test('software WebGPU is there', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter).not.toBeNull();
});
