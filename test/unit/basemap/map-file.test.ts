import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { PbfWriter } from 'pbf';
import { describe, expect, test } from 'vitest';
import { MapFile } from '../../../src/basemap/map-file';
import { MapDamage, unpack } from '../../../src/basemap/unpack';
import { CarriagewayError } from '../../../src/errors';
import { type MadeTile, pmtiles } from '../../fixtures/maps/pmtiles';

const TILES: readonly MadeTile[] = [
  { z: 0, x: 0, y: 0, bytes: Uint8Array.of(1, 2, 3) },
  { z: 2, x: 1, y: 3, bytes: Uint8Array.of(4, 5) },
];

const blob = (bytes: Uint8Array<ArrayBuffer>): Blob => new Blob([bytes]);

async function codeOf(opening: Promise<unknown>): Promise<string> {
  return opening.then(
    () => 'opened',
    (thrown: unknown) => (thrown instanceof CarriagewayError ? thrown.code : String(thrown)),
  );
}

describe('a map in one file', () => {
  test.each([
    ['packed', { gzip: gzipSync }],
    ['not packed', {}],
    ['with directories below the first', { leaf: true, gzip: gzipSync }],
  ])('tiles by their address, %s', async (_, how) => {
    const map = await MapFile.open(blob(pmtiles(TILES, { type: 1, ...how })));
    expect(map).toMatchObject({ kind: 'vector', zooms: { min: 0, max: 2 }, cut: false });
    const found = await map.tile({ z: 2, x: 1, y: 3 });
    expect(found?.at).toEqual({ z: 2, x: 1, y: 3 });
    expect([...new Uint8Array(found!.bytes)]).toEqual([4, 5]);
  });

  test('a tile that is missing is a coarser one that holds it', async () => {
    const map = await MapFile.open(blob(pmtiles(TILES, { type: 2 })));
    expect(map.kind).toBe('image/png');
    const found = await map.tile({ z: 2, x: 3, y: 0 });
    expect(found?.at).toEqual({ z: 0, x: 0, y: 0 });
    const far = await MapFile.open(blob(pmtiles(TILES.slice(1), { type: 2 })));
    expect(await far.tile({ z: 2, x: 3, y: 0 })).toBeNull();
  });

  test('what it says of itself, without the tags of its maker; damaged words are none', async () => {
    const metadata = {
      name: 'Berlin',
      attribution:
        '<a href="https://osm.org" onclick="x()">&copy; OpenStreetMap</a>\n contributors &amp; others',
      vector_layers: [{ id: 'roads' }, { id: 'water' }],
    };
    const map = await MapFile.open(blob(pmtiles(TILES, { type: 1, metadata })));
    expect(map.words).toEqual({
      name: 'Berlin',
      attribution: '© OpenStreetMap contributors & others',
      layers: ['roads', 'water'],
    });
    const odd = { name: 7, attribution: 'x'.repeat(5000), vector_layers: 'roads' };
    const { words } = await MapFile.open(blob(pmtiles(TILES, { type: 1, metadata: odd })));
    expect(words.name).toBe('');
    expect(words.attribution).toHaveLength(200);
    expect(words.layers).toBeNull();
    const silent = await MapFile.open(blob(pmtiles(TILES, { type: 1, header: { 35: 255 } })));
    expect(silent.words).toEqual({ name: '', attribution: '', layers: null });
  });
});

describe('what is no map, and what is damaged', () => {
  test.each([
    ['another file', new TextEncoder().encode('SQLite format 3\0'.padEnd(400)), 'map-not-pmtiles'],
    ['an empty file', new Uint8Array(), 'map-not-pmtiles'],
    ['version 1', Uint8Array.of(0x50, 0x4d, 1, 0, ...new Array(600).fill(0)), 'map-old'],
    ['version 2', Uint8Array.of(0x50, 0x4d, 2, 0, ...new Array(600).fill(0)), 'map-old'],
    ['a version to come', pmtiles(TILES, { type: 1, header: { 7: 4 } }), 'map-old'],
    ['MapLibre tiles', pmtiles(TILES, { type: 6 }), 'map-tiles-unread'],
    ['tiles of no type', pmtiles(TILES, { type: 0 }), 'map-tiles-unread'],
    ['tiles packed with brotli', pmtiles(TILES, { type: 1, header: { 98: 3 } }), 'map-tiles-unread'],
    ['a directory that is no gzip', pmtiles(TILES, { type: 1, header: { 97: 2 } }), 'map-damaged'],
    ['zooms the wrong way round', pmtiles(TILES, { type: 1, header: { 100: 9 } }), 'map-damaged'],
    ['cut in its header', pmtiles(TILES, { type: 1 }).slice(0, 90), 'map-cut'],
    ['cut in its directory', pmtiles(TILES, { type: 1 }).slice(0, 135), 'map-cut'],
  ] as const)('%s', async (_, bytes, code) => {
    expect(await codeOf(MapFile.open(blob(bytes)))).toBe(code);
  });

  test('a file that ends among its tiles: said, and what is there is read', async () => {
    const whole = pmtiles(TILES, { type: 2 });
    const map = await MapFile.open(blob(whole.slice(0, -2)));
    expect(map.cut).toBe(true);
    expect(await map.tile({ z: 0, x: 0, y: 0 })).not.toBeNull();
    await expect(map.tile({ z: 2, x: 1, y: 3 })).rejects.toThrow(MapDamage);
  });

  test('a directory that says it has more entries than bytes is refused before any is made', async () => {
    const writer = new PbfWriter();
    writer.writeVarint(2 ** 40);
    const root = writer.finish();
    expect(await codeOf(MapFile.open(blob(pmtiles(TILES, { type: 1, root }))))).toBe('map-damaged');
  });

  test('what unpacks to more than it may is refused while it is unpacked', async () => {
    const bomb = new Response(
      new Blob([new Uint8Array(8 * 2 ** 20)]).stream().pipeThrough(new CompressionStream('gzip')),
    );
    await expect(unpack(await bomb.arrayBuffer(), 2, 2 ** 20)).rejects.toThrow('more than 1048576 bytes');
    await expect(unpack(new ArrayBuffer(11), 1, 10)).rejects.toThrow(MapDamage);
  });

  test('cut or changed anywhere: a code, or a map; never anything else', async () => {
    const whole = pmtiles(TILES, { type: 1, leaf: true, gzip: gzipSync, metadata: { name: 'x' } });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
        async (length, changes) => {
          const bytes = whole.slice(0, length);
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          try {
            const map = await MapFile.open(blob(bytes));
            await map.tile({ z: 2, x: 1, y: 3 });
          } catch (thrown) {
            expect(thrown instanceof CarriagewayError || thrown instanceof MapDamage).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
