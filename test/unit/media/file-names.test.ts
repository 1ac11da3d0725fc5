/** Names of files in order. */
import { expect, test } from 'vitest';
import { compareNames } from '../../../src/media/file-names';

test('numbers in names count as numbers, whatever their letters', () => {
  expect(['b1.png', 'a10.PNG', 'a2.png', 'A1.png', 'a02/x.png'].toSorted(compareNames)).toEqual([
    ...['A1.png', 'a2.png', 'a02/x.png', 'a10.PNG', 'b1.png'],
  ]);
});

test('a comparison is made once for all names', () => {
  const { localeCompare } = String.prototype;
  String.prototype.localeCompare = () => {
    throw new Error('asked anew for each pair');
  };
  try {
    expect(compareNames('a2', 'a10')).toBeLessThan(0);
  } finally {
    String.prototype.localeCompare = localeCompare;
  }
});
