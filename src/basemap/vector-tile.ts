/**
 * Tiles of lines and areas: Mapbox Vector Tiles, version 2. The package reads them; before it does, their lengths and
 * counts are looked at, since it believes them.
 */
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { MapDamage } from './unpack';

/** Fields by number, as the specification has them. */
const LAYER = 3;
const FEATURE = 2;
const GEOMETRY = 4;

/** Wire type of what has a length. */
const BYTES = 2;

/** Commands of a geometry. */
const CLOSE = 7;

/**
 * Reads a tile.
 * @throws MapDamage where lengths or counts are not those of what is there
 */
export function readVectorTile(bytes: ArrayBuffer): VectorTile {
  try {
    const tile = new PbfReader(new Uint8Array(bytes));
    eachPart(tile, tile.length, (field, end) => {
      if (field === LAYER)
        eachPart(tile, end, (inner, featureEnd) => {
          if (inner === FEATURE)
            eachPart(tile, featureEnd, (own, geometryEnd) => {
              if (own === GEOMETRY) checkGeometry(tile, geometryEnd);
            });
        });
    });
    return new VectorTile(new PbfReader(new Uint8Array(bytes)));
  } catch (thrown) {
    throw thrown instanceof MapDamage ? thrown : new MapDamage('no vector tile', { cause: thrown });
  }
}

/** Walks over the fields of a message; `part` may read those with a length, up to their end. */
function eachPart(pbf: PbfReader, end: number, part: (field: number, end: number) => void): void {
  while (pbf.pos < end) {
    const tag = pbf.readVarint();
    if ((tag & 7) !== BYTES) {
      pbf.skip(tag);
      continue;
    }
    const length = pbf.readVarint();
    const partEnd = pbf.pos + length;
    if (!(partEnd <= end)) throw new MapDamage('a length beyond its end');
    part(tag >> 3, partEnd);
    pbf.pos = partEnd;
  }
  if (pbf.pos > end) throw new MapDamage('a field beyond its end');
}

/** A command that closes stands for one ring; all others bring two numbers for each time. */
function checkGeometry(pbf: PbfReader, end: number): void {
  while (pbf.pos < end) {
    const command = pbf.readVarint();
    const [kind, times] = [command & 7, command >>> 3];
    if (kind === CLOSE) {
      if (times > 1) throw new MapDamage('a ring that is closed more than once');
      continue;
    }
    if (kind !== 1 && kind !== 2) throw new MapDamage(`geometry command ${kind}`);
    if (2 * times > end - pbf.pos) throw new MapDamage('more points than there are');
    for (let i = 0; i < 2 * times; i++) pbf.readVarint();
  }
}
