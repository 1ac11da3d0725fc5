/** Opens whatever labels come in: an archive, a COCO file, shared masks, one picture, or a file for each frame. */
import { CarriagewayError } from '../../errors';
import { MASK_FILE_MAGIC } from '../../live/mask-file';
import { belowCommonFolder, compareNames } from '../../media/file-names';
import { type ArchiveEntry, readArchive } from '../archive';
import type { LabelParts } from '../label-parts';
import { type LabelPicture, readPng } from '../png';
import { isCoco, openCoco } from './coco-labels';
import { type Dictionary, dictionaryFrom } from './dictionary';
import { foreignJson } from './foreign-json';
import { classesOf, type InstanceCode } from './instance-codes';
import { ofTheirVersion, readLabelName, stemOf } from './label-names';
import type { LabelSet } from './label-set';
import { layersOf } from './layers';
import { listOf, parseIndex } from './mask-index';
import { isPanoptic, openPanoptic } from './panoptic';
import { readSetNotes } from './set-notes';
import { openSharedMasks } from './shared-mask-labels';

/** Largest text that is read beside labels, in bytes: the annotations of a day. */
const TEXT_MAX = 256 * 1024 * 1024;

/**
 * Opens labels; reads what lies beside the maps, not the maps.
 * @throws CarriagewayError `labels-unreadable`
 */
export async function openLabels({
  files,
  hint,
  about,
  instances,
}: Omit<LabelParts, 'reading'>): Promise<LabelSet> {
  if (files instanceof Blob) return openFile(files);
  if ('paths' in files)
    return openEntries(
      files.files.map((file, i) => ({ name: files.paths[i]!, size: file.size, read: () => bytesOf(file) })),
    );
  const notes = await notesIn(about.map((file) => ({ name: nameOf(file), file })));
  const entries = files.map(
    (file) => file && { name: nameOf(file), read: async () => classMap(await bytesOf(file), instances) },
  );
  return { entries, seconds: null, given: true, ...notes, hint };
}

/** Bytes by which a file is known: text may begin with a mark of its encoding, and with blanks. */
const HEAD = 64;

async function openFile(file: Blob): Promise<LabelSet> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const begins = String.fromCharCode(...head);
  if (begins.startsWith('PK')) return openArchive(file);
  if (begins.startsWith('\x89PNG')) {
    const entry = { name: nameOf(file), read: async () => readPng(await bytesOf(file)) };
    return { entries: [entry], seconds: null, given: false, own: null, hint: null };
  }
  if (begins.startsWith(MASK_FILE_MAGIC)) return openSharedMasks(await bytesOf(file));
  if (/^\s*[{[]/.test(new TextDecoder().decode(head))) return openCoco(await jsonOf(file));
  const foreign = foreignKind(new Uint8Array(await file.slice(0, FOREIGN_HEAD).arrayBuffer()));
  if (foreign) throw new CarriagewayError('labels-unreadable', foreign);
  throw new CarriagewayError(
    'labels-unreadable',
    'neither a ZIP archive nor a PNG nor a COCO file nor shared masks',
  );
}

/** Bytes by which archives and pictures of other kinds are known: a tape archive says so behind its first name. */
const FOREIGN_HEAD = 262;
const REPACK = 'pack its PNG files as ZIP';
const REPAINT = 'labels are read as PNG only';
const FOREIGN: readonly (readonly [what: string, begins: string, at?: number])[] = [
  [`a 7z archive: ${REPACK}`, '7z\xbc\xaf\x27\x1c'],
  [`a RAR archive: ${REPACK}`, 'Rar!'],
  [`a gzip archive: ${REPACK}`, '\x1f\x8b'],
  [`a bzip2 archive: ${REPACK}`, 'BZh'],
  [`an xz archive: ${REPACK}`, '\xfd7zXZ'],
  [`a Zstandard archive: ${REPACK}`, '\x28\xb5\x2f\xfd'],
  [`a TAR archive: ${REPACK}`, 'ustar', 257],
  ['a program that unpacks itself: unpack it, and pack its PNG files as ZIP', 'MZ'],
  [`a JPEG: ${REPAINT}`, '\xff\xd8\xff'],
  [`a TIFF: ${REPAINT}`, 'II*\0'],
  [`a TIFF: ${REPAINT}`, 'MM\0*'],
  [`a NumPy array: ${REPAINT}`, '\x93NUMPY'],
];

/** What a file is that nothing here reads; null when that is not known either. */
function foreignKind(bytes: Uint8Array): string | null {
  const text = String.fromCharCode(...bytes);
  return FOREIGN.find(([, begins, at = 0]) => text.startsWith(begins, at))?.[0] ?? null;
}

async function openArchive(archive: Blob): Promise<LabelSet> {
  const packed = await readArchive(archive);
  // Systems pack a folder that was unpacked with the folder around it.
  const paths = belowCommonFolder(packed.map(({ name }) => name));
  const own = packed.findIndex((_, i) => paths[i] === 'index.json');
  if (own >= 0) {
    const below = packed.map((entry, i) => ({ ...entry, name: paths[i]! }));
    return ownSet(below, parseIndex(await textOf(below[own]!)));
  }
  return openEntries(packed);
}

/** Files that are labels together, from an archive or not. */
async function openEntries(entries: readonly ArchiveEntry[]): Promise<LabelSet> {
  const pictures = entries.filter(({ name }) => /\.png$/i.test(name));
  const texts = entries.filter(({ name }) => /\.(json|txt|csv)$/i.test(name) && !/polygons/i.test(name));
  if (pictures.length === 0) return archivedCoco(texts, entries);
  const layers = layersOf(pictures);
  if (layers) return layers;
  const { maps, hint, rank } = labelsAmong(pictures);
  if (rank > CLASSES_RANK) {
    const panoptic = await panopticAmong(texts.slice(0, NOTES_MAX));
    if (panoptic !== null) return openPanoptic(panoptic, pictures);
  }
  const paths = maps.map(({ name }) => name);
  const about = ofTheirVersion(texts.slice(0, NOTES_MAX), paths);
  const notes = await notesIn(about.map((entry) => ({ name: entry.name, file: entry })));
  return {
    entries: maps.map((entry) => ({
      name: entry.name,
      read: async () => classMap(await entry.read(), readLabelName(entry.name)?.instances),
    })),
    seconds: null,
    given: false,
    ...notes,
    hint,
  };
}

/** Names of this rank or less speak of classes, whatever else there is. */
const CLASSES_RANK = 2;

/** A label map, of which things are not told apart. */
async function classMap(bytes: Uint8Array, instances: InstanceCode | undefined): Promise<LabelPicture> {
  const picture = await readPng(bytes);
  return instances ? classesOf(picture, instances) : picture;
}

/** What a text says of the segments of pictures; null where none does. */
async function panopticAmong(texts: readonly ArchiveEntry[]): Promise<unknown> {
  for (const entry of texts) {
    if (!/\.json$/i.test(entry.name)) continue;
    const text = await textOf(entry);
    const value = text.includes('"segments_info"') ? parsed(text) : null;
    if (isPanoptic(value)) return value;
  }
  return null;
}

/** Texts looked at for what numbers mean. */
const NOTES_MAX = 16;

/** Our own export: its classes and times are in its index. */
function ownSet(entries: readonly ArchiveEntry[], index: ReturnType<typeof parseIndex>): LabelSet {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const frames = index.frames.flatMap(({ file, seconds }) => {
    const entry = byName.get(file);
    return entry ? [{ entry, seconds }] : [];
  });
  if (frames.length === 0) throw new CarriagewayError('labels-unreadable', 'no PNG files in it');
  frames.sort((a, b) => a.seconds - b.seconds);
  const list = listOf(index.classes);
  return {
    entries: frames.map(({ entry }) => ({ name: entry.name, read: async () => readPng(await entry.read()) })),
    seconds: frames.map(({ seconds }) => seconds),
    given: false,
    own: dictionaryFrom('Its index', 'numbers', [
      ...index.classes.map(({ id, name }) => ({ value: id, name })),
      // Codes that no list uses for a class: not labelled, no answer, undecided.
      ...[253, 254, 255].map((value) => ({ value, name: 'unlabelled' })),
    ]),
    hint: null,
    ...(list ? { list } : {}),
  };
}

/** Of pictures and labels in one archive the labels; of several kinds of labels the best that is there. */
function labelsAmong(pictures: readonly ArchiveEntry[]): {
  maps: ArchiveEntry[];
  hint: string | null;
  /** Infinite where no name speaks of labels. */
  rank: number;
} {
  const sorted = pictures.toSorted((a, b) => compareNames(a.name, b.name));
  const named = sorted.map((entry) => ({ entry, label: readLabelName(entry.name) }));
  const ranks = named.flatMap(({ label }) => (label && label.rank !== null ? [label.rank] : []));
  if (ranks.length === 0) return { maps: sorted, hint: null, rank: Number.POSITIVE_INFINITY };
  const best = Math.min(...ranks);
  const taken = named.filter(({ label }) => label?.rank === best);
  const hints = new Set(taken.map(({ label }) => label!.dictionary));
  return {
    maps: taken.map(({ entry }) => entry),
    hint: hints.size === 1 ? [...hints][0]! : null,
    rank: best,
  };
}

async function archivedCoco(texts: readonly ArchiveEntry[], all: readonly ArchiveEntry[]): Promise<LabelSet> {
  let kind: string | null = null;
  for (const entry of texts.slice(0, NOTES_MAX)) {
    if (!/\.json$/i.test(entry.name)) continue;
    const value = parsed(await textOf(entry));
    if (isCoco(value)) return openCoco(value);
    kind ??= foreignJson(value);
  }
  if (kind !== null)
    throw new CarriagewayError('labels-unreadable', `${kind}: export its labels as PNG masks or as COCO`);
  throw new CarriagewayError('labels-unreadable', `no PNG files in it${insteadOf(all)}`);
}

/** Kinds of files that are named at most. */
const KINDS_MAX = 4;

/** What there is in place of pictures, by endings, the most frequent first. */
function insteadOf(entries: readonly ArchiveEntry[]): string {
  const kinds = new Map<string, number>();
  for (const { name } of entries) {
    const kind = /\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? 'without an ending';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b - a).slice(0, KINDS_MAX);
  return sorted.length === 0 ? '' : `, but ${sorted.map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
}

/** What the files beside labels say that numbers mean. */
async function notesIn(
  files: readonly { readonly name: string; readonly file: Blob | ArchiveEntry }[],
): Promise<Pick<LabelSet, 'own' | 'rivals'>> {
  const found: { readonly title: string; readonly own: NonNullable<LabelSet['own']> }[] = [];
  for (const { name, file } of files) {
    const notes = readSetNotes(stemOf(name), await textOf(file).catch(() => ''));
    // Of several that are of one kind (two versions of Mapillary's config) the labels themselves choose.
    if (!notes || (found[0] && found[0].title !== notes.title)) continue;
    const own = dictionaryFrom(notes.title, notes.kind, notes.named);
    const inOrder = notes.named.map(({ name }, value) => ({ name, value }));
    found.push({
      title: notes.title,
      own: notes.ordered ? { ...own, numbered: dictionaryFrom(notes.title, 'numbers', inOrder) } : own,
    });
  }
  const [first, ...rivals] = found.map(({ own }) => own);
  return { own: first ?? null, ...(rivals.length > 0 ? { rivals } : {}) };
}

async function textOf(file: Blob | ArchiveEntry): Promise<string> {
  if (file.size > TEXT_MAX) throw new CarriagewayError('labels-unreadable', `${nameOf(file)} is too large`);
  return new TextDecoder().decode(await bytesOf(file));
}

async function jsonOf(file: Blob): Promise<unknown> {
  return parsed(await textOf(file));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Python writes these where a number is missing.
    const number = /[:[,]\s*-?(NaN|Infinity)\s*[,\]}]/.exec(text)?.[1];
    const why = number ? `has ${number}, which is no number in JSON: write null in its place` : 'not JSON';
    throw new CarriagewayError('labels-unreadable', why, { cause });
  }
}

async function bytesOf(file: Blob | ArchiveEntry): Promise<Uint8Array<ArrayBuffer>> {
  return file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file.read();
}

function nameOf(file: Blob | ArchiveEntry): string {
  return 'name' in file && typeof file.name === 'string' ? file.name : '';
}

export type { Dictionary };
