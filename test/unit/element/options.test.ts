import { describe, expect, test } from 'vitest';
import { overlayOf, stageSettings } from '../../../src/element/options';
import { CarriagewayError } from '../../../src/errors';
import { DEFAULT_VIEW } from '../../../src/overlay/view';

/** The code and the detail of what is thrown. */
function refusal(act: () => unknown): { code: string; detail: string } {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof CarriagewayError) return { code: thrown.code, detail: thrown.detail };
    throw thrown;
  }
  throw new Error('nothing was refused');
}

describe('settings of a stage', () => {
  test('nothing said: whatever suits the machine', () => {
    expect(stageSettings({})).toEqual({ engine: 'auto', model: 'auto', manyViews: false });
  });

  test.each([
    ['engine', { engine: 'cuda' }],
    ['model', { model: '' }],
    ['model', { model: 7 }],
    ['base', { base: 'http://' }],
    ['manyViews', { manyViews: 'yes' }],
    ['speed', { speed: 3 }],
  ])('%s is named when it is wrong: %j', (field, given) => {
    const { code, detail } = refusal(() => stageSettings(given));
    expect(code).toBe('option-invalid');
    expect(detail.startsWith(`${field}:`)).toBe(true);
  });
});

describe('how a picture is painted', () => {
  test('what is left out is as it was', () => {
    expect(overlayOf({})).toEqual(DEFAULT_VIEW);
    expect(overlayOf({ opacity: 0.2 }, overlayOf({ mode: 'drivable' }))).toMatchObject({
      mode: 'drivable',
      opacity: 0.2,
    });
  });

  test.each([
    ['mode', { mode: 'heat' }],
    ['sync', { sync: true }],
    ['opacity', { opacity: 1.2 }],
    ['opacity', { opacity: Number.NaN }],
    ['colour', { colour: '#fff' }],
  ])('%s is named when it is wrong: %j', (field, given) => {
    const { code, detail } = refusal(() => overlayOf(given));
    expect(code).toBe('option-invalid');
    expect(detail.startsWith(`${field}:`)).toBe(true);
  });
});
