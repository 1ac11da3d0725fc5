import fc from 'fast-check';
import { PbfWriter } from 'pbf';
import { expect, test } from 'vitest';
import { MapDamage } from '../../../src/basemap/unpack';
import { readVectorTile } from '../../../src/basemap/vector-tile';
import { vectorTile } from '../../fixtures/maps/pmtiles';

const TILE = vectorTile({
  roads: [
    {
      shape: 'line',
      points: [
        [0, 0],
        [4096, 2048],
      ],
      properties: { kind: 'highway' },
    },
  ],
  water: [
    {
      shape: 'area',
      points: [
        [0, 0],
        [100, 0],
        [100, 100],
      ],
      properties: { kind: 'lake' },
    },
  ],
});

const buffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** A tile with one feature of this geometry. */
function withGeometry(numbers: number[]): ArrayBuffer {
  const tile = new PbfWriter();
  tile.writeMessage(
    3,
    (_, layer) => {
      layer.writeStringField(1, 'roads');
      layer.writeMessage(2, (__, feature) => feature.writePackedVarint(4, numbers), null);
    },
    null,
  );
  return buffer(tile.finish());
}

test('layers, their features and what they say', () => {
  const { layers } = readVectorTile(buffer(TILE));
  expect(Object.keys(layers)).toEqual(['roads', 'water']);
  const road = layers.roads!.feature(0);
  expect(road.properties.kind).toBe('highway');
  expect(road.loadGeometry()[0]!.map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [4096, 2048],
  ]);
  expect(layers.water!.feature(0).loadGeometry()[0]).toHaveLength(4);
});

test.each([
  ['a line of a hundred million points in three bytes', [9, 0, 0, (1e8 << 3) | 2, 1, 1]],
  ['a ring that is closed a hundred million times', [9, 0, 0, (1e8 << 3) | 7, 9, 0, 0]],
  ['a command that there is not', [9, 0, 0, 3]],
])('%s is refused before any point is made', (_, numbers) => {
  expect(() => readVectorTile(withGeometry(numbers))).toThrow(MapDamage);
});

test('cut or changed anywhere: damage, or a tile', () => {
  fc.assert(
    fc.property(
      fc.nat(TILE.length),
      fc.array(fc.tuple(fc.nat(TILE.length - 1), fc.nat(255)), { maxLength: 4 }),
      (length, changes) => {
        const bytes = Uint8Array.from(TILE.subarray(0, length));
        for (const [at, value] of changes) if (at < length) bytes[at] = value;
        try {
          const { layers } = readVectorTile(bytes.buffer);
          expect(Object.keys(layers).length).toBeLessThanOrEqual(2);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MapDamage);
        }
      },
    ),
    { numRuns: 500 },
  );
});
