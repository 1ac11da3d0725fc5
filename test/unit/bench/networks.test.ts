import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOptions, summaryOf } from '../../bench/networks/networks';
import { ToolError } from '../../bench/tool-error';

const MODELS = join(import.meta.dirname, '..', '..', '..', 'models');

test('ratios are taken within a round, so that what slows a whole round says nothing', () => {
  const [first, second] = summaryOf(
    ['a', 'b'],
    [
      [10, 100, 20],
      [20, 200, 50],
    ],
  );
  expect(first).toEqual({ name: 'a', milliseconds: 20, ratio: [1, 1, 1] });
  expect(second).toEqual({ name: 'b', milliseconds: 50, ratio: [2, 2, 2.5] });
});

test('without files, those of models/', () => {
  const options = readOptions(['--rounds', '3']);
  expect(options).toMatchObject({ rounds: 3, threads: 1 });
  expect(options !== 'help' && options.files).toContain(join(MODELS, 'pspnet-lite.fp32.onnx'));
  expect(readOptions(['--help'])).toBe('help');
});

test.each([[['nowhere.onnx']], [['--rounds', '0']], [['--threads', 'two']], [['--quick']]])(
  'refuses %j',
  (argv) => {
    expect(() => readOptions(argv)).toThrow(ToolError);
  },
);
