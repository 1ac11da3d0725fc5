/** Where mask and labels differ, as pixels. */
import { expect, test } from 'vitest';
import { DIFFERENCE_COLOURS, differencePixels, labelPixels } from '../../../src/overlay/difference';
import { parseClassList } from '../../../src/taxonomy/class-list';
import { DRIVING } from '../../../src/taxonomy/classes';
import { parseHex } from '../../../src/taxonomy/palette';

const [ROAD, LANE, SKY, VEHICLE, VOID] = [0, 1, 8, 11, 255];

test('each kind of difference has its colour; agreement and void have none', () => {
  const answers = [ROAD, SKY, ROAD, VEHICLE, LANE, ROAD, VOID];
  const labels = [ROAD, ROAD, SKY, SKY, ROAD, VOID, ROAD];
  const map = {
    width: 7,
    height: 1,
    classes: Uint8Array.from(answers),
    drivable: new Uint8Array(7),
  };
  const pixels = differencePixels(map, { width: 7, height: 1, ids: Uint8Array.from(labels) });
  const kinds = Array.from({ length: 7 }, (_, i) => {
    const [red, green, blue, alpha] = pixels.subarray(i * 4, i * 4 + 4);
    if (alpha === 0) return null;
    return Object.entries(DIFFERENCE_COLOURS).find(
      ([, hex]) => parseHex(hex).join() === [red, green, blue].join(),
    )?.[0];
  });
  expect(kinds).toEqual([null, 'missed', 'invented', 'other', 'other', null, null]);
});

test('labels are painted in the colours of their classes, void not at all', () => {
  const colours = Array.from({ length: 13 }, (_, id) => `#0000${id.toString(16).padStart(2, '0')}` as const);
  const view = { classes: DRIVING, colours, opacity: 0.5 };
  const pixels = labelPixels({ width: 3, height: 1, ids: Uint8Array.of(ROAD, VEHICLE, VOID) }, view);
  expect([...pixels]).toEqual([0, 0, 0, 128, 0, 0, 11, 128, 0, 0, 0, 0]);
  // Labels of another list have colours of their own.
  const list = parseClassList([{ name: 'lake', colour: '#010203' }, 'town']);
  const other = labelPixels({ width: 2, height: 1, ids: Uint8Array.of(0, VOID), list }, view);
  expect([...other]).toEqual([1, 2, 3, 128, 0, 0, 0, 0]);
});

test('an answer that is none of the labels’ classes differs', () => {
  const map = { width: 2, height: 1, classes: Uint8Array.of(0, 0), drivable: new Uint8Array(2) };
  const peer = parseClassList([{ name: 'background', role: 'nothing' }, 'road'], DRIVING);
  const pixels = differencePixels(map, { width: 2, height: 1, ids: Uint8Array.of(ROAD, SKY) }, peer);
  const [missed, other] = [DIFFERENCE_COLOURS.missed, DIFFERENCE_COLOURS.other].map(parseHex);
  expect([...pixels.subarray(0, 3)]).toEqual(missed);
  expect([...pixels.subarray(4, 7)]).toEqual(other);
});
