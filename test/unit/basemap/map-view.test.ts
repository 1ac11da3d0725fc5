import { expect, test } from 'vitest';
import { CELLS_MAX, cellsOf, type MapView, placedIn } from '../../../src/basemap/map-view';
import { drawnAt, layMap } from '../../../src/studio/track/track-map';
import type { Track, TrackPoint } from '../../../src/telemetry/track';

/** The place of a tile's upper left corner, as the tiles of web maps are defined (OSM wiki, slippy map tilenames). */
function cornerOf(
  z: number,
  x: number,
  y: number,
): { readonly latitude: number; readonly longitude: number } {
  const n = 2 ** z;
  return {
    latitude: (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) * 180) / Math.PI,
    longitude: (x / n) * 360 - 180,
  };
}

function trackOf(places: readonly (readonly [number, number])[]): Track {
  const points: TrackPoint[] = places.map(([latitude, longitude], t) => ({
    ...{ t, utc: null, latitude, longitude },
    ...{ speed: 10, heading: null, steering: null, brake: null },
  }));
  return {
    ...{ points, format: 'gpx', from: '', clock: 'file', zone: null },
    ...{ holes: [], derived: [], left: 0 },
  };
}

const viewOf = (track: Track, density = 2): MapView => {
  const { corner, scale } = layMap(track, 'speed', [])!;
  return { corner, scale, width: 320, height: 200, density };
};

test.each([
  ['Berlin', [52.5, 13.37], [52.52, 13.4]],
  ['Quito, at the equator', [-0.01, -78.5], [0.02, -78.46]],
  ['Sydney', [-33.87, 151.2], [-33.85, 151.23]],
  ['across the date line', [-16.8, 179.99], [-16.79, -179.98]],
] as const)('cells lie where the track is drawn: %s', (_, from, to) => {
  const track = trackOf([from, to]);
  const map = layMap(track, 'speed', [])!;
  const cells = cellsOf(viewOf(track), { min: 0, max: 15 }, 256)!;
  expect(cells.length).toBeGreaterThan(1);
  for (const { tile, left, top, right, bottom } of cells) {
    const upper = drawnAt(map, cornerOf(tile.z, tile.x, tile.y));
    const lower = drawnAt(map, cornerOf(tile.z, tile.x + 1, tile.y + 1));
    // Half a pixel is what whole pixels cost.
    expect(Math.abs(left - 2 * upper.x)).toBeLessThan(0.51);
    expect(Math.abs(top - 2 * upper.y)).toBeLessThan(0.51);
    expect(Math.abs(right - 2 * lower.x)).toBeLessThan(0.51);
    expect(Math.abs(bottom - 2 * lower.y)).toBeLessThan(0.51);
  }
});

test('cells cover the view without a gap, and have about the size that was wished', () => {
  const cells = cellsOf(
    viewOf(
      trackOf([
        [52.5, 13.37],
        [52.52, 13.4],
      ]),
    ),
    { min: 0, max: 15 },
    256,
  )!;
  expect(Math.min(...cells.map(({ left }) => left))).toBeLessThanOrEqual(0);
  expect(Math.max(...cells.map(({ right }) => right))).toBeGreaterThanOrEqual(640);
  expect(Math.min(...cells.map(({ top }) => top))).toBeLessThanOrEqual(0);
  expect(Math.max(...cells.map(({ bottom }) => bottom))).toBeGreaterThanOrEqual(400);
  for (const cell of cells) {
    const next = cells.find(({ tile }) => tile.x === cell.tile.x + 1 && tile.y === cell.tile.y);
    if (next) expect(next.left).toBe(cell.right);
    expect(cell.right - cell.left).toBeGreaterThan(512 / Math.SQRT2 - 2);
    expect(cell.right - cell.left).toBeLessThan(512 * Math.SQRT2 + 2);
  }
});

test('zooms that a file lacks: the nearest one, and none where it would be too many tiles', () => {
  const near = viewOf(
    trackOf([
      [52.5, 13.37],
      [52.52, 13.4],
    ]),
  );
  expect(cellsOf(near, { min: 0, max: 9 }, 256)![0]!.tile.z).toBe(9);
  expect(cellsOf(near, { min: 14, max: 14 }, 256)![0]!.tile.z).toBe(14);
  const far = viewOf(
    trackOf([
      [48.1, 11.5],
      [53.5, 10],
    ]),
  );
  expect(cellsOf(far, { min: 14, max: 14 }, 256)).toBeNull();
  // What a header may say of zooms is not believed.
  const standing = viewOf(
    trackOf([
      [52.5, 13.37],
      [52.5, 13.37],
    ]),
  );
  const cells = cellsOf(standing, { min: 0, max: 255 }, 256)!;
  expect(cells[0]!.tile.z).toBeLessThanOrEqual(22);
  expect(cells.length).toBeLessThanOrEqual(CELLS_MAX);
});

test('a coarser tile lies so that its part is in the cell', () => {
  const cell = { tile: { z: 3, x: 5, y: 2 }, left: 100, top: 50, right: 200, bottom: 150 };
  expect(placedIn(cell, { z: 3, x: 5, y: 2 })).toEqual({ left: 100, top: 50, width: 100, height: 100 });
  expect(placedIn(cell, { z: 2, x: 2, y: 1 })).toEqual({ left: 0, top: 50, width: 200, height: 200 });
  expect(placedIn(cell, { z: 1, x: 1, y: 0 })).toEqual({ left: 0, top: -150, width: 400, height: 400 });
});
