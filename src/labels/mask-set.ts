/**
 * A set of label maps for the frames of a recording: exported here, edited, or made by other tools.
 */
import { z } from 'zod';
import { CarriagewayError } from '../errors';
import type { LabelMap } from '../media/timed-frame';
import type { LabelParts } from '../sources/source';
import { VOID_CLASS } from '../taxonomy/classes';
import { type ArchiveEntry, readArchive } from './archive';
import { readPng } from './png';

/** Names the index of an exported set. */
export const MASK_SET_FORMAT = 'carriageway-masks';

const indexSchema = z.object({
  format: z.literal(MASK_SET_FORMAT),
  version: z.literal(1),
  video: z.string(),
  classes: z.array(z.object({ id: z.int(), name: z.string(), colour: z.string() })),
  frames: z.array(z.object({ file: z.string(), seconds: z.number().min(0) })),
});

/** The index of an exported set. */
export type MaskSetIndex = z.infer<typeof indexSchema>;

/** Largest index that is read, in bytes: six hours of frames. */
const INDEX_MAX = 64 * 1024 * 1024;

/** Seconds within which a label map belongs to a frame: less than half a frame at 240 a second. */
const SAME_TIME = 0.002;

interface SetFrame {
  /** Seconds; null where the set does not tell: then the order counts. */
  readonly seconds: number | null;
  /** Null where a frame has no labels. */
  readonly entry: Pick<ArchiveEntry, 'read'> | null;
}

/** Label maps by frame. */
export class MaskSet {
  private constructor(private readonly frames: readonly SetFrame[]) {}

  /** Number of label maps. */
  get size(): number {
    return this.frames.filter(({ entry }) => entry !== null).length;
  }

  /**
   * Opens labels: an archive, or one file for each frame.
   * @throws CarriagewayError `labels-unreadable`
   */
  static async open(labels: LabelParts): Promise<MaskSet> {
    if (labels instanceof Blob) return MaskSet.#fromArchive(labels);
    return new MaskSet(
      labels.map((file) => ({
        seconds: null,
        entry: file && { read: async () => new Uint8Array(await file.arrayBuffer()) },
      })),
    );
  }

  /**
   * Opens an archive. With an index, each map knows the time of its frame; without, the PNG files are taken in the order
   * of their names, one for each frame.
   */
  static async #fromArchive(archive: Blob): Promise<MaskSet> {
    const entries = await readArchive(archive);
    const pictures = entries.filter(({ name }) => /\.png$/i.test(name));
    const index = entries.find(({ name }) => name === 'index.json');
    if (pictures.length === 0) throw new CarriagewayError('labels-unreadable', 'no PNG files in it');
    if (!index) {
      const sorted = pictures.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
      return new MaskSet(sorted.map((entry) => ({ entry, seconds: null })));
    }
    if (index.size > INDEX_MAX) throw new CarriagewayError('labels-unreadable', 'index.json is too large');
    const byName = new Map(pictures.map((entry) => [entry.name, entry]));
    const frames = parseIndex(await index.read()).frames.flatMap(({ file, seconds }) => {
      const entry = byName.get(file);
      return entry ? [{ entry, seconds }] : [];
    });
    return new MaskSet(frames.sort((a, b) => a.seconds - b.seconds));
  }

  /**
   * The label map of a frame, or null when the set has none for it.
   * @param n number of the frame, from 0
   * @param seconds its time
   * @throws CarriagewayError `labels-unreadable` when its file is damaged
   */
  async at(n: number, seconds: number): Promise<LabelMap | null> {
    const frame = this.#find(n, seconds);
    if (!frame?.entry) return null;
    const { width, height, values } = await readPng(await frame.entry.read());
    return { width, height, ids: Uint8Array.from(values, (value) => Math.min(value, VOID_CLASS)) };
  }

  #find(n: number, seconds: number): SetFrame | null {
    if (this.frames[0]?.seconds === null) return this.frames[n] ?? null;
    let [low, high] = [0, this.frames.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const frame = this.frames[middle]!;
      const difference = (frame.seconds ?? 0) - seconds;
      if (Math.abs(difference) <= SAME_TIME) return frame;
      if (difference < 0) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }
}

function parseIndex(bytes: Uint8Array): MaskSetIndex {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new CarriagewayError('labels-unreadable', 'index.json is not JSON');
  }
  const result = indexSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new CarriagewayError('labels-unreadable', `index.json: ${issue?.path.join('.')}: ${issue?.message}`);
}
