import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { parseManifest } from '../../../src/model/manifest';
import { CLASSES, DRIVING } from '../../../src/taxonomy/classes';

const MODELS = join(import.meta.dirname, '../../../models');
const shipped = readdirSync(MODELS).filter((name) => name.endsWith('.json'));
const base = JSON.parse(readFileSync(join(MODELS, shipped[0]!), 'utf8'));
const names = CLASSES.map(({ name }) => name);

/** Code and detail of the refusal of a manifest with these parts. */
function refusal(parts: object): string {
  try {
    parseManifest({ ...base, ...parts });
  } catch (thrown) {
    const { code, detail } = thrown as CarriagewayError;
    expect(thrown).toBeInstanceOf(CarriagewayError);
    return `${code} ${detail}`;
  }
  return 'taken';
}

test.each(shipped)('%s is read, its classes ours as far as it knows them', (name) => {
  const manifest = parseManifest(JSON.parse(readFileSync(join(MODELS, name), 'utf8')));
  expect(manifest.classes).toEqual(DRIVING.slice(0, manifest.classes.length));
  expect(manifest.channels).toEqual(manifest.classes.map((_, id) => id));
});

describe('classes', () => {
  test('twelve names and thirteen are our list, without and with the own car', () => {
    expect(parseManifest({ ...base, classes: names.slice(0, 12) }).classes).toEqual(DRIVING.slice(0, 12));
    expect(parseManifest({ ...base, classes: names }).classes).toEqual(DRIVING);
  });

  test('a checked manifest stays what it is', () => {
    const manifest = parseManifest({
      ...base,
      classes: ['road', null, { name: 'Fluss', colour: '#2b5b86', role: 'ground' }, null],
    });
    expect(manifest.channels).toEqual([0, 1, 2, 1]);
    expect(manifest.classes.map(({ role }) => role)).toEqual(['drivable', 'nothing', 'ground']);
    expect(parseManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  });

  test('several channels may mean one class, where the manifest says so', () => {
    const { channels } = parseManifest({ ...base, classes: ['road', 'sky'], channels: [0, 1, 0] });
    expect(channels).toEqual([0, 1, 0]);
  });

  test('what is none is refused with the field’s name', () => {
    expect(refusal({ classes: ['road', 'sky', 'road'] })).toMatch(/^class-list-invalid classes\.2\.name/);
    expect(refusal({ classes: ['road'] })).toMatch(/^class-list-invalid classes: /);
    expect(refusal({ classes: Array.from({ length: 257 }, (_, i) => `c${i}`) })).toMatch(
      /^class-list-invalid classes: /,
    );
    expect(refusal({ classes: ['road', { name: 'sky', colour: 'blue' }] })).toMatch(/classes\.1\.colour/);
    expect(refusal({ classes: ['road', { name: 'sky', role: 'king' }] })).toMatch(/classes\.1\.role/);
    expect(refusal({ classes: 'road' })).toMatch(/^model-manifest-invalid classes/);
    expect(refusal({ classes: ['road', 'sky'], channels: [0, 2] })).toMatch(
      /^model-manifest-invalid channels\.1/,
    );
    expect(refusal({ output: { ...base.output, activation: 'tanh' } })).toMatch(/output\.activation/);
  });
});
