/** Labels as plain data that travels between page and workers: the files, and how they are read. */
import type { LabelPicture } from './png';
import type { InstanceCode } from './reading/instance-codes';

/** Files that are labels together, as those of an archive are, and their paths. */
export interface LooseLabels {
  readonly files: readonly Blob[];
  readonly paths: readonly string[];
}

/**
 * An archive, a COCO file or one picture; files that say themselves what they are of; or one file for each frame, null
 * where a frame has none.
 */
export type LabelFiles = Blob | LooseLabels | readonly (Blob | null)[];

/**
 * Which frame a label map is of: that of the time it was written with, the picture of the same name, that of the number
 * in its name (counted from 0 or from 1), or the n-th.
 */
export type FrameRule = 'time' | 'name' | 'number' | 'number-from-1' | 'order';

/** How labels are read: answered by the set itself, or by the user. */
export interface LabelReading {
  readonly kind: LabelPicture['kind'];
  /**
   * Class of ours, by name, of each number or colour; null for unlabelled. What is not here is never scored. Null where
   * the numbers are those of a class list that the set brings along, as exports of foreign networks do.
   */
  readonly classes: readonly (readonly [value: number, ours: string | null])[] | null;
  readonly frames: FrameRule;
  /** True where maps were drawn on the pixels as they are stored, and their proportions do not tell it. */
  readonly drawnStored?: boolean;
}

/** Labels of a recording. */
export interface LabelParts {
  readonly files: LabelFiles;
  /** Id of the dictionary that the names of files speak for; null where they say nothing. */
  readonly hint: string | null;
  /** How the class stands in the numbers, where they tell things apart. */
  readonly instances?: InstanceCode;
  /** Files that may say what the numbers mean. */
  readonly about: readonly Blob[];
  /** Null until it was asked for: then the set must be clear by itself. */
  readonly reading: LabelReading | null;
}

/** Labels of which nothing is known but their files. */
export function labelParts(files: LabelFiles): LabelParts {
  return { files, hint: null, about: [], reading: null };
}

/** All files that labels are made of, but for those that say what they mean. */
export function filesOfLabels({ files }: Pick<LabelParts, 'files'>): readonly (Blob | null)[] {
  if (files instanceof Blob) return [files];
  return 'paths' in files ? files.files : files;
}
