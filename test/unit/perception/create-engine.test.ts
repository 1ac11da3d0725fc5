import { describe, expect, test } from 'vitest';
import type { ModelManifest } from '../../../src/model/manifest';
import { chooseFile } from '../../../src/perception/create-engine';
import { checkSession, inputShape } from '../../../src/perception/session-check';
import { defaultThreads } from '../../../src/perception/wasm-engine';
import { manifestOf } from './cases';

function withFiles(...precisions: ('fp32' | 'fp16')[]): ModelManifest {
  const [file] = manifestOf().files;
  return { ...manifestOf(), files: precisions.map((precision) => ({ ...file!, precision })) };
}

describe('chooseFile', () => {
  test.each([
    [['fp32', 'fp16'], true, 'fp16'],
    [['fp32', 'fp16'], false, 'fp32'],
    [['fp16', 'fp32'], undefined, 'fp32'],
    [['fp32'], true, 'fp32'],
    [['fp16'], undefined, 'fp16'],
  ] as const)('of %j with f16 = %s takes %s', (files, f16, expected) => {
    const options = f16 === undefined ? {} : { f16 };
    expect(chooseFile(withFiles(...files), options).precision).toBe(expected);
  });

  test('refuses half precision on a device that cannot compute in it', () => {
    expect(() => chooseFile(withFiles('fp16'), { f16: false })).toThrow(
      expect.objectContaining({ code: 'model-load-failed' }),
    );
  });
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
