import { describe, expect, test } from 'vitest';
import { engineOf, fileWishOf } from '../../../src/perception/create-engine';
import { checkSession, inputShape } from '../../../src/perception/session-check';
import { defaultThreads, mostThreads } from '../../../src/perception/threads';
import { manifestOf } from './cases';

test.each([
  [{}, 'webgpu', 'webgpu'],
  [{}, 'cpu', 'wasm'],
  [{ engine: 'litert' }, 'cpu', 'cpu'],
  [{ engine: 'onnxruntime' }, 'wasm', 'wasm'],
] as const)('a file of %j where %s is wanted runs on %s', (file, wanted, expected) => {
  expect(engineOf(file, wanted)).toBe(expected);
});

test.each([
  ['webgpu', true, 'onnxruntime', 'fp16'],
  ['webgpu', false, 'onnxruntime', 'fp32'],
  ['wasm', true, 'onnxruntime', 'fp32'],
  ['cpu', false, 'litert', 'fp32'],
] as const)('%s with f16 = %s wants a file for %s in %s', (kind, f16, runtime, precision) => {
  expect(fileWishOf(kind, f16)).toEqual({ runtime, precision });
});

test.each([
  [8, false, false, 1],
  [1, true, false, 1],
  [2, true, false, 2],
  [2, true, true, 1],
  [64, true, true, 8],
])('%i cores, isolated %s, software drawing %s: at most %i threads', (cores, isolated, software, most) => {
  expect(mostThreads(cores, isolated, software)).toBe(most);
});

test.each([
  [1, true, 1],
  [2, true, 1],
  [4, true, 3],
  [16, true, 4],
  [16, false, 1],
])('%i cores, isolated %s: %i threads', (cores, isolated, threads) => {
  expect(defaultThreads(cores, isolated)).toBe(threads);
});

describe('checkSession', () => {
  const gated = manifestOf({ gate: { name: 'gate', levels: [1, 2, 3, 6] } });
  const tensor = (name: string, shape: readonly (number | string)[], type = 'float32') =>
    ({ name, isTensor: true, type, shape }) as never;
  const image = tensor('image', inputShape(gated));
  const logits = tensor('logits', [1, 12, 4, 8]);

  test.each<[readonly (number | string)[], readonly number[]]>([
    [[4], [4]],
    [
      [1, 4],
      [1, 4],
    ],
    [['levels'], [4]],
  ])('a gate declared as %j is fed as %j', (shape, expected) => {
    const session = { inputMetadata: [image, tensor('gate', shape)], outputMetadata: [logits] };
    expect(checkSession(session, gated).gateShape).toEqual(expected);
  });

  test.each([
    ['no such output', [image, tensor('gate', [4])], [tensor('probabilities', [])], 'output called "logits"'],
    ['half-precision input', [tensor('image', [], 'float16'), tensor('gate', [4])], [logits], 'float16'],
    ['another size', [tensor('image', [1, 3, 64, 64]), tensor('gate', [4])], [logits], '1 × 3 × 32 × 64'],
    ['a third input', [image, tensor('gate', [4]), tensor('noise', [1])], [logits], '3 inputs'],
    ['a gate for other levels', [image, tensor('gate', [5])], [logits], '4 levels'],
  ])('%s is named', (_name, inputMetadata, outputMetadata, text) => {
    expect(() => checkSession({ inputMetadata, outputMetadata }, gated)).toThrow(
      expect.objectContaining({ code: 'model-load-failed', detail: expect.stringContaining(text) }),
    );
  });

  test('free dimensions hold anything', () => {
    const session = {
      inputMetadata: [tensor('image', ['n', 3, 'h', 'w']), tensor('gate', [])],
      outputMetadata: [tensor('logits', [])],
    };
    expect(() => checkSession(session, gated)).not.toThrow();
  });
});
