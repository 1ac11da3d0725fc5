/** How each class of the labels fares: precision, recall, IoU, and what it is mostly taken for. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Confusion } from '../../labels/confusion';
import { say } from '../../words/words';
import { formatPercent } from '../shell/format';

/**
 * The table, in a fold; nothing while nothing was compared. Classes that occur in neither are left out.
 * @param names of the labels' classes, by id
 */
export function classTable(confusion: Confusion, names: readonly string[]): TemplateResult | typeof nothing {
  const [iou, precision, recall] = [confusion.iou(), confusion.precision(), confusion.recall()];
  const ids = iou.flatMap((share, id) => (share === null ? [] : [id]));
  if (ids.length === 0) return nothing;
  return html`<details class="label-reading" data-testid="class-table">
    <summary>${say('table.by-class')}</summary>
    <table class="label-values">
      <thead><tr><th>${say('table.class')}</th><th>${say('table.precision')}</th><th>${say('table.recall')}</th><th>IoU</th><th>${say('table.taken-for')}</th></tr></thead>
      <tbody>${ids.map(
        (id) => html`<tr>
          <td>${names[id] ?? id}</td>
          <td class="figure">${formatPercent(precision[id])}</td>
          <td class="figure">${formatPercent(recall[id])}</td>
          <td class="figure">${formatPercent(iou[id])}</td>
          <td>${takenFor(confusion, id, names)}</td>
        </tr>`,
      )}</tbody>
    </table>
  </details>`;
}

/** What a class is mostly taken for, and which share of it. */
function takenFor(confusion: Confusion, id: number, names: readonly string[]): string {
  let all = 0;
  let [most, answer] = [0, -1];
  for (let guess = 0; guess <= confusion.size; guess++) {
    const count = confusion.at(id, guess);
    all += count;
    if (guess !== id && count > most) [most, answer] = [count, guess];
  }
  if (answer < 0) return '';
  return `${names[answer] ?? say('table.none')} ${formatPercent(most / all)} %`;
}
