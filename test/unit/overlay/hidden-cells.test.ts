import { expect, test } from 'vitest';
import { HiddenCells } from '../../../src/overlay/hidden-cells';
import { BROKEN_CLASS, type ClassList, parseClassList } from '../../../src/taxonomy/class-list';
import { classIdOf, DRIVING } from '../../../src/taxonomy/classes';

const [WIDTH, HEIGHT] = [100, 20];
const PERSON = classIdOf('person')!;

/** A map of road, with some cells of another class. */
function mapWith(id: number, ...cells: readonly (readonly [x: number, y: number])[]) {
  const classes = new Uint8Array(WIDTH * HEIGHT);
  for (const [x, y] of cells) classes[y * WIDTH + x] = id;
  return { width: WIDTH, height: HEIGHT, classes, drivable: new Uint8Array(WIDTH * HEIGHT) };
}

/** The hidden cells, as texts. */
function hiddenIn(cells: Uint8ClampedArray): string[] {
  return [...cells].flatMap((hidden, i) => (hidden ? [`${i % WIDTH},${Math.floor(i / WIDTH)}`] : []));
}

test('what is seen is hidden with a margin on every side, which does not run over into the next row', () => {
  const hidden = new HiddenCells(DRIVING);
  const around = hiddenIn(hidden.at(mapWith(PERSON, [50, 10]), 0));
  // Two cells of a hundred are the margin.
  expect(around).toHaveLength(25);
  for (const cell of ['48,8', '52,12', '50,10']) expect(around).toContain(cell);
  const corner = hiddenIn(new HiddenCells(DRIVING).at(mapWith(PERSON, [99, 0]), 0));
  expect(corner.toSorted()).toEqual(
    ['97,0', '98,0', '99,0', '97,1', '98,1', '99,1', '97,2', '98,2', '99,2'].toSorted(),
  );
});

test('it stays hidden for half a second after it was seen last', () => {
  const hidden = new HiddenCells(DRIVING);
  hidden.at(mapWith(PERSON, [50, 10]), 1);
  const nobody = mapWith(PERSON);
  expect(hiddenIn(hidden.at(nobody, 1.04))).toHaveLength(25);
  expect(hiddenIn(hidden.at(nobody, 1.5))).toHaveLength(25);
  expect(hiddenIn(hidden.at(nobody, 1.54))).toHaveLength(0);
});

test.each(['person', 'cyclist', 'vehicle'])('%s is hidden', (name) => {
  expect(hiddenIn(new HiddenCells(DRIVING).at(mapWith(classIdOf(name)!, [5, 5]), 0))).toHaveLength(25);
});

test.each(['road', 'own car', 'building'])('%s is not', (name) => {
  const hidden = new HiddenCells(DRIVING);
  expect(hiddenIn(hidden.at(mapWith(classIdOf(name)!, [5, 5]), 0))).toHaveLength(0);
});

test('where the model gave no numbers, nobody knows: that is hidden', () => {
  expect(hiddenIn(new HiddenCells(DRIVING).at(mapWith(BROKEN_CLASS, [5, 5]), 0))).toHaveLength(25);
});

test('a foreign model’s people and cars are known by name and role; one without any is refused', () => {
  const list = (names: readonly string[]): ClassList => parseClassList(names, DRIVING);
  const cars = new HiddenCells(list(['ground', 'car', 'pedestrian']));
  expect(hiddenIn(cars.at(mapWith(1, [5, 5]), 0))).toHaveLength(25);
  expect(hiddenIn(cars.at(mapWith(2, [5, 5]), 0))).toHaveLength(25);
  expect(() => new HiddenCells(list(['water', 'forest']))).toThrow(/neither/);
});
