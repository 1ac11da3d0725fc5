/** How each folder of a set of pictures fares: sets keep night, rain and cities in folders of their own. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FolderReview } from '../../jobs/folder-reviews';
import { say } from '../../words/words';
import { formatCount, formatPercent } from '../shell/format';

/** Folders listed at most. */
const FOLDERS_MAX = 60;

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
