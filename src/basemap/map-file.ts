/**
 * A map in one file: PMTiles, version 3 (protomaps/PMTiles, `spec/v3`). The package reads it; here it is asked what it
 * may be asked, and everything that it reads and unpacks is bounded.
 */
import { type Header, PMTiles, type RangeResponse, SharedPromiseCache, type Source } from 'pmtiles';
import { CarriagewayError } from '../errors';
import type { TileAddress, Zooms } from './map-view';
import { MapDamage, PACKING, unpack } from './unpack';

/** What lies in a map's tiles: lines and areas (MVT), or pictures of a type. */
export type TileKind = 'vector' | 'image/png' | 'image/jpeg' | 'image/webp' | 'image/avif';

/** Kinds of tiles by their numbers in the header. */
const KINDS: readonly (TileKind | undefined)[] = [
  undefined,
  'vector',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/avif',
];

/** Bytes of one piece of a file, as they lie there: the largest pictures of tiles are below one megabyte. */
const PIECE_MAX = 4 * 2 ** 20;
/** Bytes of one tile, unpacked. */
const TILE_MAX = 16 * 2 ** 20;
/** Bytes of one directory, unpacked: those of a map of the world are a quarter of that. */
const DIRECTORY_MAX = 2 ** 20;
/** Directories that are kept. */
const DIRECTORIES = 16;
/** Bytes of what a map says of itself, unpacked. */
const METADATA_MAX = 4 * 2 ** 20;
/** Bytes of its beginning that say what a file is. */
const HEAD = 127;
/** A directory's entry is four numbers of a byte or more. */
const ENTRY_BYTES = 4;
/** Longest name and attribution that are shown, in characters. */
const WORDS_MAX = 200;
/** A coarser tile takes the place of one that is missing, so many zooms up. */
const COARSER = 4;

/** What a map says of itself. */
export interface MapWords {
  /** Empty where it has none. */
  readonly name: string;
  /** Whom it is owed to, as text; empty where it does not say. */
  readonly attribution: string;
  /** Names of its layers; null where it does not say. */
  readonly layers: readonly string[] | null;
}

/** A tile that was found: the one that was asked for, or a coarser one that holds it. */
export interface FoundTile {
  readonly at: TileAddress;
  readonly bytes: ArrayBuffer;
}

/** An open map. It holds nothing that has to be given back. */
export class MapFile {
  private constructor(
    private readonly tiles: PMTiles,
    readonly kind: TileKind,
    readonly zooms: Zooms,
    readonly words: MapWords,
    /** Whether the file ends before the data that it names. */
    readonly cut: boolean,
  ) {}

  /**
   * Opens a map.
   * @throws CarriagewayError `map-not-pmtiles`, `map-old`, `map-cut`, `map-tiles-unread`, `map-damaged`
   */
  static async open(file: Blob): Promise<MapFile> {
    await refuseOthers(file);
    const cache = new SharedPromiseCache(DIRECTORIES, true, directory);
    const tiles = new PMTiles(new BlobSource(file), cache, (packed, packing) =>
      unpack(packed, packing, TILE_MAX),
    );
    let header: Header;
    try {
      header = await tiles.getHeader();
    } catch (thrown) {
      const short = file.size < rootEnd(await headOf(file));
      throw new CarriagewayError(short ? 'map-cut' : 'map-damaged', detailOf(thrown), { cause: thrown });
    }
    const kind = KINDS[header.tileType];
    const packings: readonly number[] = Object.values(PACKING);
    if (!kind) throw new CarriagewayError('map-tiles-unread', `tile type ${header.tileType}`);
    for (const packing of [header.internalCompression, header.tileCompression])
      if (!packings.includes(packing))
        throw new CarriagewayError('map-tiles-unread', `compression ${packing}`);
    const zooms = { min: header.minZoom, max: header.maxZoom };
    if (zooms.min > zooms.max)
      throw new CarriagewayError('map-damaged', `zooms ${zooms.min} to ${zooms.max}`);
    const end = header.tileDataOffset + (header.tileDataLength ?? 0);
    return new MapFile(tiles, kind, zooms, await wordsOf(file, header), file.size < end);
  }

  /**
   * A tile, or the nearest coarser one where it is missing; null where there is none.
   * @throws MapDamage where it cannot be read
   */
  async tile(wanted: TileAddress): Promise<FoundTile | null> {
    const farthest = Math.max(this.zooms.min, wanted.z - COARSER);
    for (let at = wanted; at.z >= farthest; at = { z: at.z - 1, x: at.x >> 1, y: at.y >> 1 }) {
      const found = await this.#read(at);
      if (found) return { at, bytes: found };
    }
    return null;
  }

  async #read({ z, x, y }: TileAddress): Promise<ArrayBuffer | null> {
    try {
      return (await this.tiles.getZxy(z, x, y))?.data ?? null;
    } catch (thrown) {
      throw thrown instanceof MapDamage ? thrown : new MapDamage(detailOf(thrown), { cause: thrown });
    }
  }
}

/** Reads pieces of a file that are within it and no larger than they may be. */
class BlobSource implements Source {
  constructor(private readonly file: Blob) {}

  getKey(): string {
    return '';
  }

  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    // The first question is for more than a small file has.
    const end = offset === 0 ? Math.min(this.file.size, length) : offset + length;
    if (length > PIECE_MAX) throw new MapDamage(`a piece of ${length} bytes`);
    if (end > this.file.size) throw new MapDamage('cut off');
    return { data: await this.file.slice(offset, end).arrayBuffer() };
  }
}

/** Unpacks a directory, and refuses one that says it has more entries than it has bytes for. */
async function directory(packed: ArrayBuffer, packing: number): Promise<ArrayBuffer> {
  const bytes = await unpack(packed, packing, DIRECTORY_MAX);
  const start = new Uint8Array(bytes, 0, Math.min(10, bytes.byteLength));
  let entries = 0;
  for (const [i, byte] of start.entries()) {
    entries += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
  }
  if (entries * ENTRY_BYTES > bytes.byteLength) throw new MapDamage(`a directory of ${entries} entries`);
  return bytes;
}

async function headOf(file: Blob): Promise<DataView> {
  return new DataView(await file.slice(0, HEAD).arrayBuffer());
}

/** Where the first directory ends. */
function rootEnd(head: DataView): number {
  return Number(head.getBigUint64(8, true) + head.getBigUint64(16, true));
}

/** @throws CarriagewayError where it is no PMTiles file, one of an older form, or ends within its header */
async function refuseOthers(file: Blob): Promise<void> {
  const head = await headOf(file);
  const text = new TextDecoder('latin1').decode(head);
  const older = head.byteLength >= 4 && text.startsWith('PM') ? head.getUint16(2, true) : 0;
  if (older === 1 || older === 2) throw new CarriagewayError('map-old', `version ${older}`);
  if (!text.startsWith('PMTiles')) throw new CarriagewayError('map-not-pmtiles', text.slice(0, 4));
  if (head.byteLength < HEAD) throw new CarriagewayError('map-cut', `${file.size} bytes`);
  const version = head.getUint8(7);
  if (version !== 3) throw new CarriagewayError('map-old', `version ${version}`);
}

/** What it says of itself; a map that says nothing, or nothing that can be read, is a map all the same. */
async function wordsOf(file: Blob, header: Header): Promise<MapWords> {
  const nothing = { name: '', attribution: '', layers: null };
  const { jsonMetadataOffset: at, jsonMetadataLength: length } = header;
  if (!length || length > PIECE_MAX || at + length > file.size) return nothing;
  try {
    const packed = await file.slice(at, at + length).arrayBuffer();
    const bytes = await unpack(packed, header.internalCompression, METADATA_MAX);
    const said: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof said !== 'object' || said === null) return nothing;
    const { name, attribution, vector_layers: layers } = said as Record<string, unknown>;
    const ids = Array.isArray(layers) ? layers.map((layer) => String((layer as { id?: unknown })?.id)) : null;
    return { name: plainText(name), attribution: plainText(attribution), layers: ids };
  } catch {
    return nothing;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", copy: '©', nbsp: ' ' },
  ...{ '#39': "'", '#169': '©', '#xa9': '©' },
};

/** Words without the tags that makers of maps put around them. */
function plainText(said: unknown): string {
  if (typeof said !== 'string') return '';
  const bare = said.slice(0, 10 * WORDS_MAX).replace(/<[^>]*>/g, '');
  const text = bare.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole);
  return text.replace(/\s+/g, ' ').trim().slice(0, WORDS_MAX);
}

function detailOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
