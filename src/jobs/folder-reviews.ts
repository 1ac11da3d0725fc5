/** How each folder of a set of pictures fares against its labels: sets keep night, rain and cities in folders of their own. */
import { type Review, reviewOf } from '../labels/agreement';
import type { FrameRecord } from './frame-record';

/** Figures of one folder. */
export interface FolderReview {
  /** Path below the set's own folder. */
  readonly folder: string;
  readonly review: Review<FrameRecord>;
}

/**
 * Figures by folder, the worst drivable IoU first; none where all pictures lie in one.
 * @param names paths of the pictures, by frame
 */
export function reviewsByFolder(
  records: readonly FrameRecord[],
  names: readonly string[],
): readonly FolderReview[] {
  const folders = new Map<string, FrameRecord[]>();
  for (const record of records) {
    if (!record.agreement) continue;
    const name = names[record.n] ?? '';
    const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')));
    const list = folders.get(folder);
    if (list) list.push(record);
    else folders.set(folder, [record]);
  }
  if (folders.size < 2) return [];
  return [...folders]
    .map(([folder, list]) => ({ folder, review: reviewOf(list, 0) }))
    .sort((a, b) => (a.review.drivable ?? 2) - (b.review.drivable ?? 2));
}
