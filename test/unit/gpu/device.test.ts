import { describe, expect, test, vi } from 'vitest';
import { adapterName, isSoftware, openDevice } from '../../../src/gpu/device';
import { stampsToMilliseconds } from '../../../src/gpu/stopwatch';

const unnamed = { vendor: '', architecture: '', device: '', description: '' };

describe('adapters', () => {
  test('go by what the browser reveals', () => {
    expect(adapterName({ ...unnamed, vendor: 'intel', architecture: 'xe' })).toBe('intel xe');
    expect(adapterName({ ...unnamed, vendor: 'x', description: 'NVIDIA GeForce' })).toBe('NVIDIA GeForce');
    expect(adapterName(unnamed)).toBe('unnamed GPU');
  });

  test('made of software are told apart', () => {
    expect(isSoftware({ ...unnamed, isFallbackAdapter: true })).toBe(true);
    expect(isSoftware({ ...unnamed, vendor: 'google', architecture: 'swiftshader' })).toBe(true);
    expect(isSoftware({ ...unnamed, description: 'llvmpipe (LLVM 15)' })).toBe(true);
    expect(isSoftware({ ...unnamed, vendor: 'amd', architecture: 'rdna-3' })).toBe(false);
  });

  test('that are missing give a code', async () => {
    vi.stubGlobal('navigator', {});
    await expect(openDevice()).rejects.toMatchObject({ code: 'webgpu-absent' });
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
    await expect(openDevice()).rejects.toMatchObject({ code: 'webgpu-absent', detail: 'no adapter' });
    vi.unstubAllGlobals();
  });
});

describe('timestamps', () => {
  const bytes = (...stamps: bigint[]) => BigUint64Array.from(stamps).buffer;

  test('become milliseconds after the first', () => {
    expect(stampsToMilliseconds(bytes(5_000_000n, 6_500_000n, 9_000_000n))).toEqual([0, 1.5, 4]);
  });

  test('that are unwritten or run backwards are refused', () => {
    expect(stampsToMilliseconds(bytes(0n, 0n))).toBeNull();
    expect(stampsToMilliseconds(bytes(9n, 8n))).toBeNull();
  });
});
