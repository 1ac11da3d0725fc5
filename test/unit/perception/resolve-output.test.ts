import { describe, expect, test } from 'vitest';
import { fittingMask, outputSpec } from '../../../src/perception/output-spec';
import { stateLength } from '../../../src/perception/postprocess';
import { asFloats, isReadable, resolveOutput } from '../../../src/perception/resolve-output';
import { manifestOf } from './cases';

const SEVEN = Array.from({ length: 7 }, (_, i) => `class ${i}`);

describe('the output as it is', () => {
  const scores = manifestOf({ classes: SEVEN, output: { width: 64, height: 32, stride: 1 } });
  test.each([
    [[1, 7, 8, 16], { layout: 'NCHW', width: 16, height: 8, stride: 4 }],
    [[1, 8, 16, 7], { layout: 'NHWC', width: 16, height: 8, stride: 4 }],
    [[7, 8, 16], { layout: 'NCHW', width: 16, height: 8 }],
    [[4, 7, 8, 16], { layout: 'NCHW', width: 16, height: 8 }],
    [[1, 7, 7, 7], { layout: 'NCHW', width: 7, height: 7 }],
  ])('scores %j', (dims, output) => {
    expect(resolveOutput(scores, dims).output).toMatchObject(output);
  });

  test.each([
    ['none', [1, 1, 8, 16], { activation: 'logits', layout: 'NCHW', width: 16, height: 8 }],
    ['sigmoid', [1, 8, 16, 1], { activation: 'sigmoid', layout: 'NHWC', width: 16, height: 8 }],
    ['none', [1, 2, 8, 16], { activation: 'none', layout: 'NCHW', width: 16, height: 8 }],
  ] as const)('two classes, %s, %j: of one channel the second class is told', (activation, dims, output) => {
    const two = manifestOf({ classes: ['rest', 'road'], output: { activation } });
    const settled = resolveOutput(two, dims);
    expect(settled.output).toMatchObject(output);
    expect(settled.channels).toHaveLength(output.activation === 'none' ? 2 : 1);
    expect(settled.channels.at(-1)).toBe(1);
  });

  const ids = manifestOf({ classes: SEVEN, output: { activation: 'ids' } });
  test.each([[[1, 8, 16]], [[1, 1, 8, 16]], [[1, 8, 16, 1]], [[8, 16]]])('ids %j', (dims) => {
    expect(resolveOutput(ids, dims).output).toMatchObject({ width: 16, height: 8 });
  });

  test.each([[[1, 6, 8, 16]], [[1, 7, 128]], [[7]], [[1, 7, 0, 16]], [[1, 1, 7, 8, 16]]])(
    '%j is refused',
    (dims) => {
      expect(() => resolveOutput(scores, dims)).toThrow(
        expect.objectContaining({ code: 'model-load-failed' }),
      );
    },
  );
  test.each([[[1, 7, 8, 16]], [[16]], [[1, 1, 1, 8, 16]]])('ids of %j are refused', (dims) => {
    expect(() => resolveOutput(ids, dims)).toThrow(expect.objectContaining({ code: 'model-load-failed' }));
  });
});

test('a mask is no larger than its probabilities have room for', () => {
  const full = { width: 1920, height: 1080 };
  expect(fittingMask(full, 13)).toEqual(full);
  for (const classes of [19, 150, 256]) {
    const { width, height } = fittingMask({ width: 3840, height: 2160 }, classes);
    const { slots } = outputSpec(
      manifestOf({ classes: Array.from({ length: classes }, (_, i) => `class ${i}`) }),
    );
    expect(stateLength({ width, height }, { slots }) * 2).toBeLessThanOrEqual(2 ** 27);
    expect(width / height).toBeCloseTo(16 / 9, 1);
  }
});

test('numbers of classes are read from whole numbers of any width', () => {
  const ids = manifestOf({ classes: SEVEN, output: { activation: 'ids' } });
  for (const type of ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'bool'])
    expect(isReadable(type, ids.output), type).toBe(true);
  expect(isReadable('string', ids.output)).toBe(false);
  expect(isReadable('int64', manifestOf({ classes: SEVEN }).output)).toBe(false);
  expect(asFloats(BigUint64Array.of(3n, 255n))).toEqual(Float32Array.of(3, 255));
  expect(asFloats(Int16Array.of(7, -1))).toEqual(Float32Array.of(7, -1));
});

test('whole numbers become floats', () => {
  expect(asFloats(BigInt64Array.of(3n, -1n))).toEqual(Float32Array.of(3, -1));
  expect(asFloats(Uint8Array.of(7))).toEqual(Float32Array.of(7));
  const floats = Float32Array.of(1);
  expect(asFloats(floats)).toBe(floats);
});
