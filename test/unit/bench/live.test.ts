import { describe, expect, test } from 'vitest';
import { LIVE } from '../../bench/live/figures';
import { readLiveOptions } from '../../bench/live/options';
import { ToolError } from '../../bench/tool-error';

describe('npm run bench -- live', () => {
  const usual = { engine: 'wasm', model: 'pspnet-wasm' };

  test('measures everything, or what is asked for', () => {
    const only = Object.keys(LIVE.specs);
    expect(readLiveOptions([])).toEqual({ ...usual, only, rounds: 3, seconds: 15 });
    expect(readLiveOptions(['--quick', '--only', 'record_cpu_over_forward'])).toEqual({
      ...usual,
      only: ['record_cpu_over_forward'],
      rounds: 1,
      seconds: 5,
    });
    expect(readLiveOptions(['--help'])).toBe('help');
  });

  test.each([[['--only', 'speed']], [['--rounds', '0']], [['--engine', 'gpu']], [['--nonsense']]])(
    '%j is refused with the usage',
    (argv) => {
      expect(() => readLiveOptions(argv)).toThrow(ToolError);
      expect(() => readLiveOptions(argv)).toThrow('npm run bench -- live');
    },
  );
});
