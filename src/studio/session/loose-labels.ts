/**
 * Labels among the files of a folder that say themselves what they are of, as those of an archive do: Label Studio's
 * pictures of single tags, and COCO's panoptic form.
 */
import { type LabelParts, labelParts } from '../../labels/label-parts';
import { brushOf, isPanopticName } from '../../labels/reading/label-names';

/** What says what the segments of pictures are. */
const PANOPTIC = /panoptic[^/]*\.json$/i;

/** Labels, and the files that they are made of. */
export interface FoundLabels<T> {
  readonly parts: LabelParts;
  readonly taken: ReadonlySet<T>;
}

/** Finds such labels; null where there are none. */
export function looseLabels<T extends { readonly path: string; readonly file: File }>(
  all: readonly T[],
): FoundLabels<T> | null {
  const brushes = all.filter(({ path }) => brushOf(path));
  if (brushes.length > 0) return made(brushes);
  const segments = all.filter(({ path }) => isPanopticName(path));
  const texts = all.filter(({ path }) => PANOPTIC.test(path));
  return segments.length > 0 && texts.length > 0 ? made([...texts, ...segments]) : null;
}

function made<T extends { readonly path: string; readonly file: File }>(some: readonly T[]): FoundLabels<T> {
  const [files, paths] = [some.map(({ file }) => file), some.map(({ path }) => path)];
  return { parts: labelParts({ files, paths }), taken: new Set(some) };
}
