/** How each folder of a set of pictures fares: sets keep night, rain and cities in folders of their own. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FrameRecord } from '../../jobs/frame-record';
import { type Review, reviewOf } from '../../labels/agreement';
import { say } from '../../words/words';
import { formatCount, formatPercent } from '../shell/format';

/** Folders listed at most. */
const FOLDERS_MAX = 60;

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

/** The table, in a fold; nothing without folders. */
export function folderTable(reviews: readonly FolderReview[]): TemplateResult | typeof nothing {
  if (reviews.length === 0) return nothing;
  return html`<details class="label-reading" data-testid="folder-table">
    <summary>${say('table.by-folder')}</summary>
    <table class="label-values">
      <thead><tr><th>${say('table.folder')}</th><th>${say('compare.frames')}</th><th>${say('compare.agreement')}</th><th>${say('compare.drivable-iou')}</th><th>${say('compare.mean-iou')}</th></tr></thead>
      <tbody>${reviews.slice(0, FOLDERS_MAX).map(
        ({ folder, review: { frames, same, drivable, mean } }) => html`<tr>
          <td>${folder || say('table.top')}</td>
          <td class="figure">${formatCount(frames)}</td>
          <td class="figure">${formatPercent(same)}</td>
          <td class="figure">${formatPercent(drivable)}</td>
          <td class="figure">${formatPercent(mean)}</td>
        </tr>`,
      )}</tbody>
    </table>
  </details>`;
}
