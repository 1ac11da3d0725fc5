import { describe, expect, test } from 'vitest';
import { isKnownLayer, MAP_COLOURS, orderOf, paintOf } from '../../../src/basemap/map-style';

const [POINT, LINE, AREA] = [1, 2, 3];

describe('what a feature is drawn as', () => {
  test.each([
    ['Protomaps 4', 'roads', LINE, { kind: 'highway' }, { as: 'road', rank: 3 }],
    ['Protomaps 4', 'roads', LINE, { kind: 'major_road', kind_detail: 'tertiary' }, { as: 'road', rank: 1 }],
    ['Protomaps 4', 'roads', LINE, { kind: 'minor_road', kind_detail: 'service' }, { as: 'road', rank: 0 }],
    ['Protomaps 3', 'roads', LINE, { 'pmap:kind': 'major_road' }, { as: 'road', rank: 2 }],
    ['Protomaps 4', 'roads', LINE, { kind: 'rail' }, { as: 'line', what: 'rail' }],
    ['Protomaps 4', 'water', AREA, { kind: 'lake' }, { as: 'area', what: 'water' }],
    ['Protomaps 4', 'water', LINE, { kind: 'river' }, { as: 'line', what: 'water' }],
    ['Protomaps 4', 'landuse', AREA, { kind: 'park' }, { as: 'area', what: 'green' }],
    ['Protomaps 4', 'buildings', AREA, { kind: 'building' }, { as: 'area', what: 'building' }],
    ['Protomaps 4', 'earth', AREA, {}, null],
    ['Protomaps 4', 'places', POINT, { kind: 'locality' }, null],
    ['OpenMapTiles', 'transportation', LINE, { class: 'motorway' }, { as: 'road', rank: 3 }],
    ['OpenMapTiles', 'transportation', LINE, { class: 'minor' }, { as: 'road', rank: 1 }],
    ['OpenMapTiles', 'transportation', LINE, { class: 'path', subclass: 'footway' }, { as: 'road', rank: 0 }],
    ['OpenMapTiles', 'transportation', LINE, { class: 'ferry' }, null],
    ['OpenMapTiles', 'waterway', LINE, { class: 'river' }, { as: 'line', what: 'water' }],
    ['OpenMapTiles', 'landcover', AREA, { class: 'wood' }, { as: 'area', what: 'green' }],
    ['OpenMapTiles', 'building', AREA, {}, { as: 'area', what: 'building' }],
    ['OpenMapTiles', 'boundary', LINE, {}, null],
    ['Shortbread', 'streets', LINE, { kind: 'trunk' }, { as: 'road', rank: 3 }],
    ['Shortbread', 'streets', LINE, { kind: 'rail', rail: true }, { as: 'line', what: 'rail' }],
    ['Shortbread', 'land', AREA, { kind: 'forest' }, { as: 'area', what: 'green' }],
    ['Shortbread', 'ocean', AREA, {}, { as: 'area', what: 'water' }],
  ] as const)('%s: %s', (_, layer, shape, properties, paint) => {
    expect(isKnownLayer(layer)).toBe(true);
    expect(paintOf(layer, shape, properties, true)).toEqual(paint);
  });

  test('of a schema that is not known, lines; points are none', () => {
    expect(isKnownLayer('gemeinden')).toBe(false);
    expect(paintOf('gemeinden', AREA, {}, false)).toEqual({ as: 'line', what: 'other' });
    expect(paintOf('gemeinden', POINT, {}, false)).toBeNull();
  });

  test('water below buildings below roads, small roads below large ones', () => {
    const order = [
      orderOf({ as: 'area', what: 'built' }),
      orderOf({ as: 'area', what: 'green' }),
      orderOf({ as: 'area', what: 'water' }),
      orderOf({ as: 'area', what: 'building' }),
      orderOf({ as: 'line', what: 'rail' }),
      ...([0, 1, 2, 3] as const).map((rank) => orderOf({ as: 'road', rank })),
    ];
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(order.length);
  });
});

test('no colour of a map is as loud as a track’s: greys with a hint of colour', () => {
  for (const { roads, ...others } of Object.values(MAP_COLOURS))
    for (const colour of [...roads, ...Object.values(others)]) {
      const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
      expect(Math.max(...channels) - Math.min(...channels)).toBeLessThanOrEqual(26);
    }
});
