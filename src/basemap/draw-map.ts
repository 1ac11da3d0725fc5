/** Draws a part of a map: its tiles into their cells, pictures as they are, lines and areas in the page's colours. */
import type { VectorTile } from '@mapbox/vector-tile';
import { CarriagewayError } from '../errors';
import { pictureHead } from '../sources/recording/picture-head';
import type { FoundTile, MapFile, TileKind } from './map-file';
import {
  isKnownLayer,
  MAP_COLOURS,
  type MapColours,
  type MapTheme,
  orderOf,
  type Paint,
  paintOf,
  ROAD_MOST,
  ROADS,
} from './map-style';
import { type Cell, cellsOf, type MapView, placedIn } from './map-view';
import { MapDamage } from './unpack';
import { readVectorTile } from './vector-tile';

/** What drawings are made on: a canvas's context in two dimensions. */
export type Canvas2d = Pick<
  OffscreenCanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'beginPath'
  | 'rect'
  | 'clip'
  | 'fillRect'
  | 'drawImage'
  | 'fill'
  | 'stroke'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
>;

/** What a drawing came to. */
export interface Drawn {
  /** Cells that show something. */
  readonly cells: number;
  /** Tiles that could not be read. */
  readonly damaged: number;
}

/** Tiles of lines are made to be drawn at this size, in units of the drawing; here with half as much again. */
const VECTOR_SIDE = 360;
/** Pictures have this many pixels a side at least. */
const PICTURE_SIDE = 256;
/** Largest side of a tile's picture. */
const PICTURE_MAX = 2048;
/** Bytes of tiles, unpacked, that one drawing takes. */
const BYTES_MAX = 96 * 2 ** 20;
/** Circumference of the earth at the equator in metres (WGS 84). */
const EQUATOR = 2 * Math.PI * 6_378_137;

/**
 * Draws what a map has of a view.
 * @throws CarriagewayError `map-elsewhere` where it has nothing there, `map-too-close` where its farthest view would be
 * too many tiles, `map-cut` or `map-damaged` where none of its tiles there can be read, `map-too-much`
 */
export async function drawMap(to: Canvas2d, map: MapFile, view: MapView, theme: MapTheme): Promise<Drawn> {
  const colours = MAP_COLOURS[theme];
  const side = map.kind === 'vector' ? VECTOR_SIDE : PICTURE_SIDE / view.density;
  const cells = cellsOf(view, map.zooms, side);
  if (!cells) throw new CarriagewayError('map-too-close', `zoom ${map.zooms.min}`);
  let [drawn, damaged, bytes] = [0, 0, 0];
  for (const cell of cells) {
    try {
      const found = await map.tile(cell.tile);
      if (!found) continue;
      bytes += found.bytes.byteLength;
      if (bytes > BYTES_MAX) throw new CarriagewayError('map-too-much', `${bytes} bytes`);
      if (map.kind === 'vector') drawLines(to, cell, found, view, colours, map.words.layers);
      else await drawPicture(to, cell, found, map.kind);
      drawn++;
    } catch (thrown) {
      if (!(thrown instanceof MapDamage)) throw thrown;
      damaged++;
    }
  }
  if (drawn === 0 && damaged > 0)
    throw new CarriagewayError(map.cut ? 'map-cut' : 'map-damaged', `${damaged} tiles`);
  if (drawn === 0) throw new CarriagewayError('map-elsewhere');
  return { cells: drawn, damaged };
}

/** Has a drawing stay in a cell. */
function within(to: Canvas2d, { left, top, right, bottom }: Cell, draw: () => void): void {
  to.save();
  to.beginPath();
  to.rect(left, top, right - left, bottom - top);
  to.clip();
  try {
    draw();
  } finally {
    to.restore();
  }
}

/** @throws MapDamage where it is no picture, or too large a one */
async function drawPicture(to: Canvas2d, cell: Cell, found: FoundTile, type: TileKind): Promise<void> {
  const file = new Blob([found.bytes], { type });
  const { size } = await pictureHead(file);
  if (!size || Math.max(size.width, size.height) > PICTURE_MAX)
    throw new MapDamage('a picture of no known size, or too large');
  const picture = await createImageBitmap(file).catch((cause) => {
    throw new MapDamage('a picture that cannot be read', { cause });
  });
  const { left, top, width, height } = placedIn(cell, found.at);
  within(to, cell, () => to.drawImage(picture, left, top, width, height));
  picture.close();
}

/** @throws MapDamage where it is no vector tile */
function drawLines(
  to: Canvas2d,
  cell: Cell,
  found: FoundTile,
  view: MapView,
  colours: MapColours,
  layers: readonly string[] | null,
): void {
  const tile = readVectorTile(found.bytes);
  const parts = partsOf(tile, (layers ?? Object.keys(tile.layers)).some(isKnownLayer));
  const place = placedIn(cell, found.at);
  // Metres on the ground for a unit of the drawing, at this cell.
  const metres = view.scale * EQUATOR * groundAt((cell.tile.y + 0.5) / 2 ** cell.tile.z);
  within(to, cell, () => {
    to.fillStyle = colours.ground;
    to.fillRect(cell.left, cell.top, cell.right - cell.left, cell.bottom - cell.top);
    to.lineCap = 'round';
    to.lineJoin = 'round';
    for (const { paint, extent, lines } of parts) {
      to.beginPath();
      trace(to, lines, { x: place.width / extent, y: place.height / extent }, place, paint.as === 'area');
      paintPath(to, paint, colours, metres, view.density);
    }
  });
}

interface Part {
  readonly paint: Paint;
  readonly extent: number;
  readonly lines: readonly (readonly { readonly x: number; readonly y: number }[])[];
}

/** What of a tile is drawn, from below to above. @throws MapDamage */
function partsOf(tile: VectorTile, known: boolean): readonly Part[] {
  const parts: Part[] = [];
  for (const [name, layer] of Object.entries(tile.layers))
    for (let i = 0; i < layer.length; i++)
      try {
        const feature = layer.feature(i);
        const paint = paintOf(name, feature.type, feature.properties, known);
        if (paint && layer.extent > 0)
          parts.push({ paint, extent: layer.extent, lines: feature.loadGeometry() });
      } catch (cause) {
        throw new MapDamage('a feature that cannot be read', { cause });
      }
  return parts.sort((a, b) => orderOf(a.paint) - orderOf(b.paint));
}

function trace(
  to: Canvas2d,
  lines: Part['lines'],
  scale: { readonly x: number; readonly y: number },
  { left, top }: { readonly left: number; readonly top: number },
  closed: boolean,
): void {
  for (const line of lines) {
    for (const [i, { x, y }] of line.entries()) {
      const [atX, atY] = [left + x * scale.x, top + y * scale.y];
      if (i === 0) to.moveTo(atX, atY);
      else to.lineTo(atX, atY);
    }
    if (closed) to.closePath();
  }
}

function paintPath(to: Canvas2d, paint: Paint, colours: MapColours, metres: number, density: number): void {
  if (paint.as === 'area') {
    to.fillStyle = colours[paint.what];
    // Holes of an area turn the other way, whichever that is.
    to.fill('evenodd');
    return;
  }
  if (paint.as === 'line') {
    to.strokeStyle = colours[paint.what];
    to.lineWidth = 0.8 * density;
  } else {
    const road = ROADS[paint.rank];
    to.strokeStyle = colours.roads[paint.rank];
    to.lineWidth = Math.min(ROAD_MOST, Math.max(road.least, road.metres / metres)) * density;
  }
  to.stroke();
}

/** How much shorter a length on the ground is than on the map, at a height of it. */
function groundAt(y: number): number {
  return 1 / Math.cosh(Math.PI * (1 - 2 * y));
}
