import { expect, test } from 'vitest';
import { readOptions } from '../../bench/evaluate/options';
import { ToolError } from '../../bench/tool-error';

test('two folders are enough', () => {
  expect(readOptions(['--images', 'a', '--labels', 'b'])).toEqual({
    images: 'a',
    labels: 'b',
    format: 'classes',
    engine: 'wasm',
  });
});

test('everything can be said', () => {
  const argv =
    '--images a --labels b --format coarse --model m.onnx --engine webgpu --limit 7 --json out.json';
  expect(readOptions(argv.split(' '))).toEqual({
    ...{ images: 'a', labels: 'b', format: 'coarse', model: 'm.onnx', engine: 'webgpu', limit: 7 },
    json: 'out.json',
  });
});

test('help is recognised', () => {
  expect(readOptions(['--help'])).toBe('help');
});

test.each([
  ['', '--images must'],
  ['--images a', '--labels must'],
  ['--images a --labels b --format fine', '--format must'],
  ['--images a --labels b --engine cuda', '--engine must'],
  ['--images a --labels b --limit 0', '--limit must'],
  ['--images a --labels b --limit many', '--limit must'],
  ['--images a --labels b --models x', '--models'],
  ['--images a --labels b extra', 'extra'],
])('"%s" is refused: %s', (line, message) => {
  const read = () => readOptions(line.split(' ').filter(Boolean));
  expect(read).toThrow(ToolError);
  expect(read).toThrow(message);
});
