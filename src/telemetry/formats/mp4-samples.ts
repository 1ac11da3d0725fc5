/**
 * Samples of a track of an MP4 or QuickTime file (ISO/IEC 14496-12, 8.6 and 8.7): where they lie and when they are. Only
 * what telemetry needs: one table for each question, all of them bounded by the bytes that they really have.
 */
import { type Box, boxesAt, boxesIn, topBoxes } from '../../sources/recording/clock/boxes';
import { ByteWindow } from '../../sources/recording/clock/byte-window';

/** One sample. */
export interface Sample {
  readonly at: number;
  readonly size: number;
  /** Seconds by the track's own clock, in the order of decoding. */
  readonly seconds: number;
  /** Seconds until the next one. */
  readonly duration: number;
}

/** A track that is not opened yet. */
export interface SampleTrack {
  /** `vide`, `meta`, … */
  readonly handler: string;
  /** What its samples are: `avc1`, `gpmd`, … */
  readonly coding: string;
  readonly samples: () => Promise<readonly Sample[]>;
}

/** Bytes of a table that are read, and samples at most: four hours at sixty a second. */
const TABLE_MAX = 16 * 1024 * 1024;
const SAMPLES_MAX = 900_000;

/** The movie box of a file; undefined when it has none. */
export async function movieOf(file: Blob): Promise<Box | undefined> {
  return (await topBoxes(file)).find(({ type }) => type === 'moov');
}

/** The tracks of a file that has an index. */
export async function tracksOf(file: Blob): Promise<readonly SampleTrack[]> {
  const movie = await movieOf(file);
  if (!movie) return [];
  const bytes = new ByteWindow(file);
  const tracks: SampleTrack[] = [];
  for (const media of await boxesAt(bytes, movie, 'trak', 'mdia')) {
    const [handler] = await boxesAt(bytes, media, 'hdlr');
    const [table] = await boxesAt(bytes, media, 'minf', 'stbl');
    const header = (await boxesAt(bytes, media, 'mdhd'))[0];
    if (!handler || !table || !header) continue;
    const inside = await boxesIn(bytes, table.body, table.to);
    const described = inside.find(({ type }) => type === 'stsd');
    tracks.push({
      handler: await letters(bytes, handler.body + 8),
      coding: described ? await letters(bytes, described.body + 12) : '',
      samples: async () => samplesOf(file, inside, await timescaleOf(bytes, header)),
    });
  }
  return tracks;
}

async function letters(bytes: ByteWindow, at: number): Promise<string> {
  const view = await bytes.read(at, 4);
  return view.byteLength < 4 ? '' : String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(i)));
}

async function timescaleOf(bytes: ByteWindow, { body }: Box): Promise<number> {
  const view = await bytes.read(body, 32);
  if (view.byteLength < 24) return 0;
  return view.getUint32(view.getUint8(0) === 1 ? 20 : 12);
}

/** Joins the tables; an empty list where one is missing or makes no sense. */
async function samplesOf(file: Blob, boxes: readonly Box[], timescale: number): Promise<readonly Sample[]> {
  const table = async (...types: readonly string[]): Promise<DataView | null> => {
    const box = boxes.find(({ type }) => types.includes(type));
    if (!box) return null;
    const to = Math.min(box.to, file.size, box.body + TABLE_MAX);
    return new DataView(await file.slice(box.body, Math.max(box.body, to)).arrayBuffer());
  };
  const [sizes, times, chunks, places] = await Promise.all([
    table('stsz'),
    table('stts'),
    table('stsc'),
    table('stco', 'co64'),
  ]);
  if (!sizes || !times || !chunks || !places || timescale === 0 || sizes.byteLength < 12) return [];
  const wide = boxes.some(({ type }) => type === 'co64');
  const [same, said] = [sizes.getUint32(4), sizes.getUint32(8)];
  const listed = same === 0 ? Math.min(said, (sizes.byteLength - 12) >> 2) : said;
  const count = Math.min(listed, SAMPLES_MAX);
  const sizeOf = (n: number): number => (same === 0 ? sizes.getUint32(12 + 4 * n) : same);
  const clock = rowsOf(times, 2);
  const perChunk = rowsOf(chunks, 3);
  const places0 = rowsOf(places, wide ? 2 : 1);
  const samples: Sample[] = [];
  let [clockRow, clockLeft, ticks] = [0, clock.at(0, 0), 0];
  let row = 0;
  for (let chunk = 0; chunk < places0.count && samples.length < count; chunk++) {
    while (row + 1 < perChunk.count && perChunk.at(row + 1, 0) <= chunk + 1) row++;
    let at = wide ? places0.at(chunk, 0) * 2 ** 32 + places0.at(chunk, 1) : places0.at(chunk, 0);
    for (let left = perChunk.at(row, 1); left > 0 && samples.length < count; left--) {
      while (clockLeft === 0 && clockRow + 1 < clock.count) clockLeft = clock.at(++clockRow, 0);
      // More samples than times: what follows has no moment.
      if (clockLeft === 0) return samples;
      const [size, delta] = [sizeOf(samples.length), clock.at(clockRow, 1)];
      samples.push({ at, size, seconds: ticks / timescale, duration: delta / timescale });
      at += size;
      ticks += delta;
      clockLeft--;
    }
  }
  return samples;
}

/** Rows of numbers behind version, flags and a count that is not believed; 0 beyond the last. */
function rowsOf(
  table: DataView,
  columns: number,
): { readonly count: number; at(row: number, column: number): number } {
  const there = Math.max(0, Math.floor((table.byteLength - 8) / (4 * columns)));
  const count = table.byteLength < 8 ? 0 : Math.min(there, table.getUint32(4));
  return {
    count,
    at: (row, column) => (row < count ? table.getUint32(8 + 4 * (row * columns + column)) : 0),
  };
}
