/**
 * What the name of a label file says: whose labels they are, what its numbers follow, which picture or frame it is of.
 * A table of the layouts of known data sets, and of what tools write.
 */

/** What a name says. */
export interface LabelName {
  /** What is left of the name without what marks it as labels; equal to its picture's. In small letters. */
  readonly stem: string;
  /** Id of a dictionary; null where the name does not say. */
  readonly dictionary: string | null;
  /** Lower is taken first where a picture has labels of several kinds; null is not read at all. */
  readonly rank: number | null;
}

/** One row: what the end of a name, or a folder, says. */
interface LayoutRow {
  readonly ending?: RegExp;
  readonly folder?: RegExp;
  readonly dictionary: string | null;
  readonly rank: number | null;
}

const LAYOUTS: readonly LayoutRow[] = [
  // Cityscapes and its kin: gtFine, gtCoarse, gtBbox.
  { ending: /_gt(fine|coarse)_labelids$/i, dictionary: 'cityscapes-ids', rank: 0 },
  { ending: /_gt(fine|coarse)_labeltrainids$/i, dictionary: 'cityscapes-train-ids', rank: 1 },
  { ending: /_gt(fine|coarse)_color$/i, dictionary: 'cityscapes-colours', rank: 2 },
  { ending: /_gt(fine|coarse)_(instanceids|instancetrainids|disparity)$/i, dictionary: null, rank: null },
  // BDD100K.
  { ending: /_(drivable|lane)_(id|color)$/i, dictionary: null, rank: null },
  { ending: /_train_id$/i, dictionary: 'cityscapes-train-ids', rank: 0 },
  { ending: /_train_color$/i, dictionary: 'cityscapes-colours', rank: 2 },
  { folder: /(^|\/)sem_seg\/masks(\/|$)/i, dictionary: 'cityscapes-train-ids', rank: 0 },
  { folder: /(^|\/)(sem_seg\/)?colormaps(\/|$)/i, dictionary: 'cityscapes-colours', rank: 2 },
  // KITTI semantics.
  { folder: /(^|\/)semantic_rgb(\/|$)/i, dictionary: 'cityscapes-colours', rank: 2 },
  { folder: /(^|\/)semantic(\/|$)/i, dictionary: 'cityscapes-ids', rank: 0 },
  { folder: /(^|\/)(instances?|panoptic|polygons|disparity|depth)(\/|$)/i, dictionary: null, rank: null },
  // CamVid.
  { folder: /(^|\/)labeledapproved_full(\/|$)/i, ending: /_l$/i, dictionary: 'camvid-colours', rank: 0 },
  { folder: /(^|\/)(train|val|test)annot(\/|$)/i, dictionary: 'camvid-numbers', rank: 0 },
  // CVAT and PASCAL VOC.
  { folder: /(^|\/)segmentationobject(\/|$)/i, dictionary: null, rank: null },
  { folder: /(^|\/)segmentationclass(\/|$)/i, dictionary: null, rank: 1 },
  // What people call it themselves.
  { ending: /[-_](labelids|label_ids)$/i, dictionary: 'cityscapes-ids', rank: 1 },
  { ending: /[-_](trainids|train_ids)$/i, dictionary: 'cityscapes-train-ids', rank: 1 },
  { ending: /[-_](labels?|masks?|gt|seg|semantic|l)$/i, dictionary: null, rank: 3 },
  {
    folder: /(^|\/)(labels?|masks?|annotations?|annot|gt|truth|ground[-_ ]?truth|gtfine|gtcoarse|seg)(\/|$)/i,
    dictionary: null,
    rank: 4,
  },
];

/** Endings of pictures that their labels do not have. */
const PICTURE_ENDING = /_(leftimg8bit|rightimg8bit|image|img|rgb)$/i;

/** Reads the path of a label file; null when nothing about it says that it is one. */
export function readLabelName(path: string): LabelName | null {
  if (!/\.png$/i.test(path)) return null;
  const stem = stemOf(path);
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  for (const { ending, folder: where, dictionary, rank } of LAYOUTS) {
    if (where && !where.test(folder)) continue;
    if (ending && !ending.test(stem) && !where) continue;
    const bare = ending ? stem.replace(ending, '') : stem;
    return { stem: bare.toLowerCase(), dictionary, rank };
  }
  return null;
}

/** Stem of a picture's name as its labels have it. */
export function pictureStem(path: string): string {
  return stemOf(path).replace(PICTURE_ENDING, '').toLowerCase();
}

/** Name of a file without folders and ending. */
export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
}
