import { describe, expect, test } from 'vitest';
import { CPU } from '../../bench/cpu/figures';
import { readCpuOptions } from '../../bench/cpu/options';
import { ToolError } from '../../bench/tool-error';

describe('npm run bench -- cpu', () => {
  test('reads its options', () => {
    expect(readCpuOptions([])).toEqual({ rounds: 9, quick: false });
    expect(readCpuOptions(['--quick'])).toEqual({ rounds: 1, quick: true });
    expect(readCpuOptions(['--quick', '--rounds', '2'])).toEqual({ rounds: 2, quick: true });
    expect(readCpuOptions(['--help'])).toBe('help');
    const only = ['masks_over_before', 'first_mask_megabytes_cpu'];
    const argv = [
      '--peer',
      'p.onnx',
      ...only.flatMap((id) => ['--only', id]),
      '--rounds',
      '3',
      '--json',
      'f',
    ];
    expect(readCpuOptions(argv)).toEqual({ peer: 'p.onnx', only, rounds: 3, quick: false, json: 'f' });
  });

  test.each([[['--rounds', '0']], [['--nonsense']], [['--only', 'speed']], [['--peer']]])(
    '%j is refused with the usage',
    (argv) => {
      expect(() => readCpuOptions(argv)).toThrow(ToolError);
      expect(() => readCpuOptions(argv)).toThrow('npm run bench -- cpu');
    },
  );

  test('knows which way each figure is good', () => {
    expect(CPU.reached('cpu_engine_over_ort', 0.4)).toBe(true);
    expect(CPU.reached('masks_over_bare_cpu', 0.4)).toBe(false);
  });
});
