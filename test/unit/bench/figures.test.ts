import { describe, expect, test } from 'vitest';
import { HOT_PATH } from '../../bench/hot-path/figures';
import { planOf, readOptions } from '../../bench/hot-path/options';
import { ToolError } from '../../bench/tool-error';

test('a figure is the median of its runs, with its goal', () => {
  expect(HOT_PATH.figure('e2e_over_bare_wasm', [1.3, 1.05, 1.12345])).toEqual({
    value: 1.123,
    goal: 1.1,
    runs: [1.3, 1.05, 1.123],
  });
});

test('the usual pipeline’s median stands beside it', () => {
  expect(HOT_PATH.figure('main_thread_ms_per_frame', [0.1], [40, 60]).usual).toBe(50);
});

test('a figure without runs is refused', () => {
  expect(() => HOT_PATH.figure('long_tasks', [])).toThrow(RangeError);
});

test.each([
  ['e2e_over_bare_wasm', 1.1, true],
  ['e2e_over_bare_wasm', 1.11, false],
  ['fps_over_usual', 1, true],
  ['fps_over_usual', 0.99, false],
  ['long_tasks', 0, true],
  ['long_tasks', 1, false],
] as const)('%s of %d reaches its goal: %s', (id, value, expected) => {
  expect(HOT_PATH.reached(id, value)).toBe(expected);
});

test('the table shows what was measured and nothing else', () => {
  const table = HOT_PATH.text({
    fps_over_usual: HOT_PATH.figure('fps_over_usual', [1.4]),
    main_thread_ms_per_frame: HOT_PATH.figure('main_thread_ms_per_frame', [0.7], [123]),
  });
  const lines = table.split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/1\.4 × .*at least 1 .*reached$/);
  expect(lines[2]).toMatch(/usual pipeline: 123.*0\.7 ms .*at most 0\.5 .*missed$/);
  expect(table).not.toContain(HOT_PATH.specs.long_tasks.title);
});

describe('the command line of bench', () => {
  test('needs nothing', () => {
    expect(readOptions([])).toEqual({ engine: 'both', model: 'pspnet-lite', quick: false });
  });

  test('takes everything', () => {
    const argv = ['--engine', 'wasm', '--quick', '--json', 'a.json', '--model', 'm.onnx'];
    expect(readOptions(argv)).toEqual({ engine: 'wasm', quick: true, json: 'a.json', model: 'm.onnx' });
    expect(readOptions(['--help'])).toBe('help');
  });

  test.each([[['--engine', 'gpu']], [['--quickly']], [['--json', '']], [['extra']]])('refuses %j', (argv) => {
    expect(() => readOptions(argv)).toThrow(ToolError);
  });
});

test('quick is less in every respect', () => {
  const [quick, full] = [planOf(true), planOf(false)];
  for (const part of ['frame', 'full', 'tiny'] as const)
    for (const engine of ['wasm', 'webgpu'] as const) {
      const [less, more] = [quick[part][engine], full[part][engine]];
      expect(less.rounds * less.frames).toBeLessThan(more.rounds * more.frames);
    }
});
