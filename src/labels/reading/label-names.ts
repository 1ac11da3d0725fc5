/**
 * What the name of a label file says: whose labels they are, what its numbers follow, which picture or frame it is of.
 * A table of the layouts of known data sets, and of what tools write.
 */

import type { InstanceCode } from './instance-codes';

/** What a name says. */
export interface LabelName {
  /** What is left of the name without what marks it as labels; equal to its picture's. In small letters. */
  readonly stem: string;
  /** Id of a dictionary; null where the name does not say. */
  readonly dictionary: string | null;
  /** Lower is taken first where a picture has labels of several kinds; null is not read at all. */
  readonly rank: number | null;
  /** How the class stands in its numbers, where they tell things apart. */
  readonly instances?: InstanceCode;
}

/** One row: what the end of a name, its beginning, or a folder says. */
interface LayoutRow {
  readonly ending?: RegExp;
  readonly beginning?: RegExp;
  readonly folder?: RegExp;
  readonly dictionary: string | null;
  readonly rank: number | null;
  readonly instances?: InstanceCode;
}

const LAYOUTS: readonly LayoutRow[] = [
  // Cityscapes and its kin: gtFine, gtCoarse, gtBbox. IDD writes its own numbers under the same name in small letters.
  { ending: /_gt([Ff]ine|[Cc]oarse)_labelids$/, dictionary: null, rank: 0 },
  { ending: /_gt(fine|coarse)_labelids$/i, dictionary: 'cityscapes-ids', rank: 0 },
  { ending: /_gt(fine|coarse)_labeltrainids$/i, dictionary: 'cityscapes-train-ids', rank: 1 },
  { ending: /_gt(fine|coarse)_(color|labelcolors)$/i, dictionary: 'cityscapes-colours', rank: 2 },
  {
    ending: /_gt(fine|coarse)_instanceids$/i,
    dictionary: 'cityscapes-ids',
    rank: 7,
    instances: 'thousands',
  },
  {
    ending: /_gt(fine|coarse)_instancetrainids$/i,
    dictionary: 'cityscapes-train-ids',
    rank: 8,
    instances: 'thousands',
  },
  { ending: /_gt(fine|coarse)_(disparity|panoptic)$/i, dictionary: null, rank: null },
  // Kinds of numbers that others write in this layout (IDD's `labellevel3Ids`): which they are is asked.
  { ending: /_gt(fine|coarse)_label[a-z0-9]*ids$/i, dictionary: null, rank: 3 },
  // BDD100K.
  { ending: /_drivable_id$/i, dictionary: 'bdd100k-drivable-ids', rank: 5 },
  { ending: /_drivable_color$/i, dictionary: null, rank: 6 },
  { ending: /_lane_(id|color)$/i, dictionary: null, rank: null },
  { folder: /(^|\/)drivable\/(masks|labels)(\/|$)/i, dictionary: 'bdd100k-drivable', rank: 5 },
  { folder: /(^|\/)drivable\/colormaps(\/|$)/i, dictionary: null, rank: 6 },
  { folder: /(^|\/)lane\/(masks|colormaps)(\/|$)/i, dictionary: null, rank: null },
  { ending: /_train_id$/i, dictionary: 'cityscapes-train-ids', rank: 0 },
  { ending: /_train_color$/i, dictionary: 'cityscapes-colours', rank: 2 },
  { folder: /(^|\/)sem_seg\/masks(\/|$)/i, dictionary: 'cityscapes-train-ids', rank: 0 },
  { folder: /(^|\/)(sem_seg\/)?colormaps(\/|$)/i, dictionary: 'cityscapes-colours', rank: 2 },
  {
    folder: /(^|\/)pan_seg\/bitmasks(\/|$)/i,
    dictionary: 'bdd100k-panoptic',
    rank: 7,
    instances: 'red',
  },
  { folder: /(^|\/)ins_seg\/bitmasks(\/|$)/i, dictionary: 'bdd100k-things', rank: 8, instances: 'red' },
  // KITTI semantics.
  { folder: /(^|\/)semantic_rgb(\/|$)/i, dictionary: 'cityscapes-colours', rank: 2 },
  { folder: /(^|\/)semantic(\/|$)/i, dictionary: 'cityscapes-ids', rank: 0 },
  { folder: /(^|\/)instance(\/|$)/i, dictionary: 'cityscapes-ids', rank: 7, instances: 'times-256' },
  // Mapillary Vistas, whose numbers are the order of its config.
  { folder: /(^|\/)instances(\/|$)/i, dictionary: null, rank: 7, instances: 'times-256' },
  { folder: /(^|\/)([^/]*panoptic[^/]*|polygons|disparity|depth)(\/|$)/i, dictionary: null, rank: null },
  // CamVid.
  { folder: /(^|\/)labeledapproved_full(\/|$)/i, ending: /_l$/i, dictionary: 'camvid-colours', rank: 0 },
  { folder: /(^|\/)(train|val|test)annot(\/|$)/i, dictionary: 'camvid-numbers', rank: 0 },
  { folder: /(^|\/)[^/]+annot(\/|$)/i, dictionary: null, rank: 1 },
  // CVAT and PASCAL VOC.
  { folder: /(^|\/)segmentationobject(\/|$)/i, dictionary: null, rank: null },
  { folder: /(^|\/)segmentationclass(png|raw)?(\/|$)/i, dictionary: null, rank: 1 },
  // ApolloScape.
  { ending: /_camera_\d+_bin$/i, dictionary: 'apolloscape-ids', rank: 0 },
  // A2D2 says it in the middle of its names.
  { beginning: /^(?=\d+_label_(front|side|rear))/i, dictionary: 'a2d2-colours', rank: 0 },
  // Supervisely: numbers as greys, and drawings for people.
  { folder: /(^|\/)masks_machine(\/|$)/i, dictionary: null, rank: 0 },
  { folder: /(^|\/)masks_(human|instances)(\/|$)/i, dictionary: null, rank: null },
  {
    beginning: /^(?=ADE_[a-z]+_\d)/i,
    ending: /_seg$/i,
    dictionary: null,
    rank: 3,
    instances: 'ade20k',
  },
  // ADE20K's parts of objects, and maps of other things than classes.
  { ending: /_parts_\d+$/i, dictionary: null, rank: null },
  { ending: /[-_](instance_?(train)?ids?|panoptic|disparity)$/i, dictionary: null, rank: null },
  // labelme's drawings of labels over pictures.
  { folder: /(^|\/)[^/]*visuali[sz]ations?(\/|$)/i, dictionary: null, rank: null },
  // What people call it themselves.
  { ending: /[-_](labelids|label_ids)$/i, dictionary: 'cityscapes-ids', rank: 1 },
  { ending: /[-_](trainids|train_ids)$/i, dictionary: 'cityscapes-train-ids', rank: 1 },
  { ending: /[-_]label_ground[-_]truth(_semantic)?$/i, dictionary: null, rank: 3 },
  { ending: /[-_](labels?|masks?|gt|seg|semantic|l)$/i, dictionary: null, rank: 3 },
  { beginning: /^(labels?|masks?|gt|seg|semantic)[-_](?=.*\d)/i, dictionary: null, rank: 3 },
  {
    folder:
      /(^|\/)([^/]*[-_ ])?(labels?|masks?|annotations?|annot|gt|truth|ground[-_ ]?truth|gtfine|gtcoarse|seg)([-_ ][^/]*)?(\/|$)/i,
    dictionary: null,
    rank: 4,
  },
];

/** Endings of pictures that their labels do not have, and beginnings. */
const PICTURE_ENDING = /_(leftimg8bit|rightimg8bit|image|img|rgb)$/i;
const PICTURE_BEGINNING = /^(image|img|frame|picture|photo|rgb)[-_]?(?=\d)/i;

/** What one tool makes of every name: the ending, and a sum over the file (`a_png.rf.0123456789abcdef`). */
const EXPORTED = /([-_.](png|jpe?g|bmp|webp|tiff?))?\.rf\.[0-9a-z]{16,}/i;

/** The ending of a picture whose name was kept whole when its labels were named (`a.jpg.png`). */
const INNER_ENDING = /\.(png|jpe?g|bmp|webp|tiff?)$/i;

/** Whether a label file is of a kind that is read. */
export function isReadableLabel(path: string): boolean {
  return /\.png$/i.test(path);
}

/** Reads the path of a label file; null when nothing about it says that it is one. */
export function readLabelName(path: string): LabelName | null {
  const stem = stemOf(path);
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  for (const { ending, beginning, folder: where, dictionary, rank, instances } of LAYOUTS) {
    if (where && !where.test(folder)) continue;
    if (ending && !ending.test(stem) && !where) continue;
    if (beginning && !beginning.test(stem)) continue;
    const bare = stem.replace(ending ?? /$^/, '').replace(beginning ?? /$^/, '');
    return { stem: bareOf(bare), dictionary, rank, ...(instances ? { instances } : {}) };
  }
  return null;
}

/** Stem of a picture's name as its labels have it. */
export function pictureStem(path: string): string {
  return bareOf(stemOf(path));
}

/** A stem without the word for a picture in front of its number: labels may have another one there, or none. */
export function looseStem(stem: string): string {
  return stem.replace(PICTURE_BEGINNING, '');
}

/** What A2D2's names call their sensor by, in front of where it looks. */
const SENSOR = /(?<=^\d+)_(camera|label)(?=_(front|side|rear))/i;

function bareOf(stem: string): string {
  return stem.replace(PICTURE_ENDING, '').replace(SENSOR, '').toLowerCase();
}

/** Name of a file without folders and endings, and without what an exporting tool adds to every name. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
  return name.replace(EXPORTED, '').replace(INNER_ENDING, '');
}

/** Label Studio's pictures of single tags: `task-7-annotation-3-by-1-tag-Road-0.png`. */
const BRUSH = /(?:^|\/)task-(?<task>\d+)-annotation-\d+-by-[^/-]*-[^/-]+-(?<tag>[^/]+)-\d+\.png$/i;

/** Task and tag of such a picture; null where it is none. */
export function brushOf(path: string): { readonly task: number; readonly tag: string } | null {
  const found = BRUSH.exec(path)?.groups;
  return found?.task && found.tag ? { task: Number(found.task), tag: found.tag } : null;
}

/** Whether a picture is one of segments that a JSON beside it explains (COCO's panoptic form). */
export function isPanopticName(path: string): boolean {
  return /\.png$/i.test(path) && /(panoptic[^/]*\/|[-_]panoptic\.png$)/i.test(path);
}

const VERSION = /v\d+(\.\d+)+/i;

/**
 * Of files that say what numbers mean those of the labels' own version: Mapillary Vistas comes with `config_v1.2.json` and
 * `config_v2.0.json`, and keeps its labels in folders named so.
 */
export function ofTheirVersion<T extends { readonly name: string }>(
  notes: readonly T[],
  paths: readonly string[],
): readonly T[] {
  const versionOf = ({ name }: T): string | undefined => VERSION.exec(name)?.[0].toLowerCase();
  const folders = new Set(paths.flatMap((path) => path.toLowerCase().split('/').slice(0, -1)));
  const meant = notes.some((note) => folders.has(versionOf(note) ?? ''));
  return meant
    ? notes.filter((note) => {
        const version = versionOf(note);
        return version === undefined || folders.has(version);
      })
    : notes;
}
