import { describe, expect, test } from 'vitest';
import { CPU } from '../../bench/cpu/figures';
import { readCpuOptions } from '../../bench/cpu/options';
import { ToolError } from '../../bench/tool-error';

describe('npm run bench -- cpu', () => {
  test('reads its options', () => {
    expect(readCpuOptions([])).toEqual({ rounds: 9 });
    expect(readCpuOptions(['--help'])).toBe('help');
    const argv = ['--peer', 'p.onnx', '--only', 'a', '--only', 'b', '--rounds', '3', '--json', 'f.json'];
    expect(readCpuOptions(argv)).toEqual({ peer: 'p.onnx', only: ['a', 'b'], rounds: 3, json: 'f.json' });
  });

  test.each([[['--rounds', '0']], [['--nonsense']], [['--peer']]])('%j is refused with the usage', (argv) => {
    expect(() => readCpuOptions(argv)).toThrow(ToolError);
    expect(() => readCpuOptions(argv)).toThrow('npm run bench -- cpu');
  });

  test('knows which way each figure is good', () => {
    expect(CPU.reached('cpu_engine_over_ort', 0.4)).toBe(true);
    expect(CPU.reached('masks_over_bare_cpu', 0.4)).toBe(false);
  });
});
