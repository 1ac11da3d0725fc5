import { expect, test } from 'vitest';
import { onFirstMap } from '../../../src/stage/first-map';

test('the first class map of each source is told, no other', () => {
  let told = 0;
  const observer = onFirstMap(() => told++);
  const map = () => observer.classMapReady?.({} as never, null, {} as never);
  const after = [map, map, () => observer.beganAnew?.(), map, map].map((happen) => {
    happen();
    return told;
  });
  expect(after).toEqual([1, 1, 1, 2, 2]);
});
