import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import {
  BROKEN_CLASS,
  parseClassList,
  ROLES,
  UNDECIDED_CLASS,
  VOID_CLASS,
} from '../../../src/taxonomy/class-list';
import { CLASSES, DRIVING } from '../../../src/taxonomy/classes';
import { drivingIds, roleByName, translation, whyNoRoad } from '../../../src/taxonomy/meanings';

/** The detail of the refusal of a list. */
function refusal(list: unknown): string {
  try {
    parseClassList(list);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(CarriagewayError);
    expect((thrown as CarriagewayError).code).toBe('class-list-invalid');
    return (thrown as CarriagewayError).detail;
  }
  return 'taken';
}

describe('a class list', () => {
  test('is refused with the name of the field', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `c${i}`);
    expect(refusal('road')).toMatch(/^classes: /);
    expect(refusal(many(1))).toMatch(/^classes: .*not 1$/);
    expect(refusal(many(257))).toMatch(/^classes: .*not 257$/);
    expect(refusal(['a', 'b', 'a'])).toMatch(/^classes\.2\.name: class 0 is called “a”/);
    expect(refusal([{ name: 'a' }, { name: ' a ' }])).toMatch(/^classes\.1\.name: /);
    expect(refusal(['a', { name: 'b', colour: 'teal' }])).toMatch(/^classes\.1\.colour: not a colour/);
    expect(refusal(['a', { name: 'b', role: 'king' }])).toMatch(/^classes\.1\.role: not a role/);
    expect(refusal(['a', ''])).toMatch(/^classes\.1/);
    expect(refusal(['a', { colour: '#000000' }])).toMatch(/^classes\.1\.name/);
    expect(refusal(['a', 7])).toMatch(/^classes\.1/);
    expect(refusal(['a', null])).toMatch(/^classes\.1/);
    expect(refusal(many(2))).toBe('taken');
    expect(refusal(many(256))).toBe('taken');
  });

  test('is completed: what it leaves out comes from the known one or is made', () => {
    const list = parseClassList(
      ['road', { name: 'Water', colour: '#0000FF', role: 'nothing' }, 'town'],
      DRIVING,
    );
    expect(list[0]).toEqual({ name: 'road', colour: DRIVING[0]!.colour, role: 'drivable' });
    expect(list[1]).toEqual({ name: 'Water', colour: '#0000ff', role: 'nothing' });
    expect(list[2]).toMatchObject({ name: 'town', role: null });
    expect(list[2]!.colour).toMatch(/^#[0-9a-f]{6}$/);
    expect(parseClassList(list)).toEqual(list);
  });

  test('ours is one', () => {
    expect(parseClassList(CLASSES.map(({ name, colour, role }) => ({ name, colour, role })))).toEqual(
      DRIVING,
    );
    expect(DRIVING).toHaveLength(13);
    expect(DRIVING[12]).toMatchObject({ name: 'own car', role: 'own car' });
    expect(
      parseClassList(
        CLASSES.slice(0, 12).map(({ name }) => name),
        DRIVING,
      ),
    ).toEqual(DRIVING.slice(0, 12));
  });

  test('anything else is refused or complete', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const detail = refusal(value);
        expect(detail === 'taken' || detail.startsWith('classes')).toBe(true);
      }),
    );
  });
});

describe('meanings', () => {
  test('a name suggests a role, or none', () => {
    expect(roleByName('Drivable_Area')).toBe('drivable');
    expect(roleByName('truck')).toBe('obstacle');
    expect(roleByName('pedestrian')).toBe('person');
    expect(roleByName('background')).toBe('nothing');
    expect(roleByName('wall, fence')).toBe('boundary');
    expect(roleByName('lesion')).toBeNull();
    for (const { name, role } of DRIVING) expect(roleByName(name)).toBe(role);
  });

  test('every class finds the one of ours that it is', () => {
    expect([...drivingIds(DRIVING).subarray(0, 13)]).toEqual(CLASSES.map(({ id }) => id));
    const ids = drivingIds(
      parseClassList(['car', 'lesion', { name: 'Weg', role: 'drivable' }, 'background']),
    );
    expect([...ids.subarray(0, 4)]).toEqual([11, UNDECIDED_CLASS, 0, UNDECIDED_CLASS]);
    expect(ids[VOID_CLASS]).toBe(VOID_CLASS);
    expect(ids[BROKEN_CLASS]).toBe(BROKEN_CLASS);
    for (const role of ROLES)
      expect(drivingIds(parseClassList([{ name: 'x', role }, 'y']))[0]! <= UNDECIDED_CLASS).toBe(true);
  });

  test('lists are translated by name, then by meaning where only one class has it', () => {
    const labels = parseClassList(['Car', 'street', 'lake']);
    const model = parseClassList(['lake', 'vehicle', 'road', 'tree']);
    expect([...translation(model, labels).subarray(0, 4)]).toEqual([2, 0, 1, UNDECIDED_CLASS]);
    const twice = parseClassList(['car', 'truck', 'road']);
    expect(translation(DRIVING, twice)[11]).toBe(UNDECIDED_CLASS);
    expect(translation(twice, DRIVING)[1]).toBe(11);
  });

  test('a list without anything drivable says so', () => {
    expect(whyNoRoad(DRIVING)).toBeNull();
    expect(whyNoRoad(parseClassList(['water', 'field']))).toMatch(/drivable/);
  });
});
