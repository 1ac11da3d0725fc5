/** Maps as they are drawn: each place where the track has it. */
import { expect, test } from 'vitest';
import { drawMap } from '../../../src/basemap/draw-map';
import { MapFile } from '../../../src/basemap/map-file';
import { MAP_COLOURS } from '../../../src/basemap/map-style';
import type { MapView } from '../../../src/basemap/map-view';
import { openMapFile } from '../../../src/basemap/open-map';
import { carryErrors } from '../../../src/error-transfer';
import { CarriagewayError } from '../../../src/errors';
import { drawnAt, layMap, MAP } from '../../../src/studio/track/track-map';
import type { Track } from '../../../src/telemetry/track';
import { type MadeTile, pmtiles } from '../../fixtures/maps/pmtiles';
import { type Thing, tilesOf } from '../../fixtures/maps/town';

type Place = readonly [number, number];

const [FROM, TO]: readonly [Place, Place] = [
  [52.51, 13.36],
  [52.53, 13.41],
];

function trackOf(...places: readonly Place[]): Track {
  const told = { utc: null, speed: 9, heading: null, steering: null, brake: null };
  const points = places.map(([latitude, longitude], t) => ({ t, latitude, longitude, ...told }));
  return {
    ...{ points, format: 'gpx', from: '', clock: 'file', zone: null },
    ...{ holes: [], derived: [], left: 0 },
  };
}

const LAYOUT = layMap(trackOf(FROM, TO), 'speed', [])!;
const VIEW: MapView = { corner: LAYOUT.corner, scale: LAYOUT.scale, width: 320, height: 200, density: 2 };

const canvas = () => new OffscreenCanvas(640, 400).getContext('2d', { willReadFrequently: true })!;

const blob = (tiles: readonly MadeTile[], type: number, more = {}): Blob =>
  new Blob([pmtiles(tiles, { type, ...more })]);

/** The colour at a place, as six digits. */
function colourAt(to: OffscreenCanvasRenderingContext2D, [latitude, longitude]: Place): string {
  const { x, y } = drawnAt(LAYOUT, { latitude, longitude });
  const [r = 0, g = 0, b = 0, a = 0] = to.getImageData(Math.round(2 * x), Math.round(2 * y), 1, 1).data;
  return a === 0 ? '' : `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** A picture of one colour. */
async function picture(colour: string, side = 256, type = 'image/png'): Promise<Uint8Array> {
  const made = new OffscreenCanvas(side, side);
  const to = made.getContext('2d')!;
  to.fillStyle = colour;
  to.fillRect(0, 0, side, side);
  return new Uint8Array(await (await made.convertToBlob({ type })).arrayBuffer());
}

async function codeOf(doing: Promise<unknown>): Promise<string> {
  return doing.then(
    () => 'done',
    (thrown: unknown) => (thrown instanceof CarriagewayError ? thrown.code : String(thrown)),
  );
}

const between = (a: Place, b: Place, share: number): Place => [
  a[0] + share * (b[0] - a[0]),
  a[1] + share * (b[1] - a[1]),
];

const street: Thing = {
  layer: 'roads',
  shape: 'line',
  places: [FROM, between(FROM, TO, 0.5), TO],
  properties: { kind: 'highway' },
};

test.each(['dark', 'light'] as const)('a street lies below the track that drove on it: %s', async (theme) => {
  const colours = MAP_COLOURS[theme];
  const map = await MapFile.open(blob(tilesOf([street], 13), 1));
  const to = canvas();
  const { damaged, cells } = await drawMap(to, map, VIEW, theme);
  expect(damaged).toBe(0);
  expect(cells).toBeGreaterThan(1);
  for (const share of [0.1, 0.35, 0.5, 0.8])
    expect(colourAt(to, between(FROM, TO, share))).toBe(colours.roads[3]);
  expect(colourAt(to, [FROM[0] + 0.01, FROM[1]])).toBe(colours.ground);
});

test('areas with holes, water over green, houses over both, of a map that is drawn larger than it was made', async () => {
  const box = (layer: string, kind: string, size: number): Thing => {
    const [up, right] = between(FROM, TO, 0.5);
    const places: Place[] = [
      [up - size, right - size],
      [up + size, right - size],
      [up + size, right + size],
      [up - size, right + size],
    ];
    return { layer, shape: 'area', places, properties: { kind } };
  };
  const things = [
    box('landuse', 'park', 0.008),
    box('water', 'lake', 0.004),
    box('buildings', 'building', 0.001),
  ];
  const map = await MapFile.open(blob(tilesOf(things, 10), 1));
  const to = canvas();
  await drawMap(to, map, VIEW, 'dark');
  const [up, right] = between(FROM, TO, 0.5);
  expect(colourAt(to, [up, right])).toBe(MAP_COLOURS.dark.building);
  expect(colourAt(to, [up, right + 0.002])).toBe(MAP_COLOURS.dark.water);
  expect(colourAt(to, [up, right + 0.006])).toBe(MAP_COLOURS.dark.green);
  expect(colourAt(to, [up, right + 0.012])).toBe(MAP_COLOURS.dark.ground);
});

test('lines of a schema that nobody knows', async () => {
  const map = await MapFile.open(blob(tilesOf([{ ...street, layer: 'gemeinden' }], 13), 1));
  const to = canvas();
  await drawMap(to, map, VIEW, 'dark');
  expect(colourAt(to, between(FROM, TO, 0.35))).not.toBe(MAP_COLOURS.dark.ground);
});

test.each([
  ['image/png', 2],
  ['image/jpeg', 3],
  ['image/webp', 4],
] as const)(
  'pictures, %s: a coarser one where the finer is missing, beyond the others nothing',
  async (type, kind) => {
    const z = 13;
    const n = 2 ** z;
    const x = Math.floor(((FROM[1] + 180) / 360) * n);
    const y = Math.floor(((1 - Math.asinh(Math.tan((FROM[0] * Math.PI) / 180)) / Math.PI) / 2) * n);
    const map = await MapFile.open(
      blob(
        [
          { z, x, y, bytes: await picture('#ff0000', 256, type) },
          { z: z - 1, x: x >> 1, y: y >> 1, bytes: await picture('#0000ff', 512, type) },
        ],
        kind,
      ),
    );
    const to = canvas();
    await drawMap(to, map, { ...VIEW, density: 2 }, 'dark');
    const parts = (place: Place) =>
      [1, 3, 5].map((at) => Number.parseInt(colourAt(to, place).slice(at, at + 2), 16) > 128);
    expect(parts(FROM)).toEqual([true, false, false]);
    expect(parts([FROM[0], TO[1]])).toEqual([false, false, true]);
    expect(colourAt(to, [FROM[0], FROM[1] - 0.003])).toBe('');
  },
);

test('what is wrong with a map where the track is', async () => {
  const elsewhere = await MapFile.open(
    blob(
      [
        { z: 13, x: 0, y: 0, bytes: await picture('#ff0000') },
        { z: 6, x: 3, y: 3, bytes: Uint8Array.of(1) },
      ],
      2,
    ),
  );
  expect(await codeOf(drawMap(canvas(), elsewhere, VIEW, 'dark'))).toBe('map-elsewhere');
  const far = layMap(trackOf([48, 11], [53, 13]), 'speed', [])!;
  const near = await MapFile.open(blob(tilesOf([street], 14), 1));
  const long = { ...VIEW, corner: far.corner, scale: far.scale };
  expect(await codeOf(drawMap(canvas(), near, long, 'dark'))).toBe('map-too-close');
  const broken = tilesOf([street], 13).map((tile) => ({ ...tile, bytes: tile.bytes.slice(0, 20) }));
  const damaged = await MapFile.open(blob(broken, 1));
  expect(await codeOf(drawMap(canvas(), damaged, VIEW, 'dark'))).toBe('map-damaged');
  const large = tilesOf([street], 13).map((tile) => ({ ...tile, bytes: huge() }));
  expect(await codeOf(drawMap(canvas(), await MapFile.open(blob(large, 2)), VIEW, 'dark'))).toBe(
    'map-damaged',
  );
  const some = tilesOf([street], 13).map((tile, i) =>
    i === 0 ? { ...tile, bytes: Uint8Array.of(9) } : tile,
  );
  expect(await drawMap(canvas(), await MapFile.open(blob(some, 1)), VIEW, 'dark')).toMatchObject({
    damaged: 1,
  });
});

/** The beginning of a PNG that says it is 50,000 pixels a side. */
function huge(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, 50_000);
  new DataView(bytes.buffer).setUint32(20, 50_000);
  return bytes;
}

test('in a worker: words, a drawing of the asked size, codes of what fails', async () => {
  carryErrors();
  const metadata = { name: 'Town', attribution: '<b>© Someone</b>', vector_layers: [{ id: 'roads' }] };
  const map = await openMapFile(blob(tilesOf([street], 13), 1, { metadata }));
  expect(map.report).toMatchObject({ name: 'Town', attribution: '© Someone', pictures: false, cut: false });
  const { bitmap } = await map.draw(VIEW, 'dark');
  expect([bitmap.width, bitmap.height]).toEqual([2 * MAP.width, 2 * MAP.height]);
  bitmap.close();
  const away = { ...VIEW, corner: { x: 0.1, y: 0.1 } };
  expect(await codeOf(map.draw(away, 'dark'))).toBe('map-elsewhere');
  map.close();
  expect(await codeOf(openMapFile(new Blob(['nothing of the kind'])))).toBe('map-not-pmtiles');
});
