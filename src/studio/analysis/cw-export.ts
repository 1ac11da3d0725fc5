/** The export menu of a recording: what, in which form, and how far the running one is. */

import { CwElement } from '../shell/base';
import { iconButton, nameControl } from '../shell/controls';
import { h, setText } from '../shell/dom';
import { formatBytes, formatClock } from '../shell/format';
import { iconNode } from '../shell/icons';
import type { ExportChoice } from './analysis-actions';

/** One thing that can be exported. */
interface ExportItem {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly choice: (wishes: { readonly figures: boolean; readonly keepPlace: boolean }) => ExportChoice;
}

const ITEMS: readonly ExportItem[] = [
  {
    id: 'mp4',
    label: 'Annotated video, MP4',
    hint: 'as the overlay is set now, with sound',
    choice: (wishes) => ({ kind: 'video', container: 'mp4', ...wishes }),
  },
  {
    id: 'webm',
    label: 'Annotated video, WebM',
    hint: 'as the overlay is set now, with sound',
    choice: (wishes) => ({ kind: 'video', container: 'webm', ...wishes }),
  },
  {
    id: 'masks',
    label: 'Masks, PNG',
    hint: 'one file a frame, in a ZIP; opens here again',
    choice: () => ({ kind: 'masks' }),
  },
  { id: 'coco', label: 'Masks, COCO', hint: 'run lengths, one JSON file', choice: () => ({ kind: 'coco' }) },
  {
    id: 'csv',
    label: 'Figures, CSV',
    hint: 'a line a frame; analyses first',
    choice: () => ({ kind: 'table', format: 'csv' }),
  },
  {
    id: 'json',
    label: 'Figures, JSON',
    hint: 'with boundary and obstacles; analyses first',
    choice: () => ({ kind: 'table', format: 'json' }),
  },
];

/** `<cw-export>` */
export class CwExport extends CwElement {
  protected build(): void {
    const figures = h('input', { type: 'checkbox', 'data-testid': 'export-figures' });
    const place = h('input', { type: 'checkbox', 'data-testid': 'export-place' });
    const scope = h('p', { class: 'hint', 'data-testid': 'export-scope' });
    const popover = h(
      'div',
      {
        popover: 'auto',
        id: 'menu-export',
        class: 'menu export-menu',
        role: 'dialog',
        'aria-label': 'Export',
        'data-testid': 'menu-export',
        ontoggle: (event: ToggleEvent) => {
          if (event.newState === 'open') {
            this.#place(popover, button);
            void this.context.study.refreshKept();
          }
          button.setAttribute('aria-expanded', String(event.newState === 'open'));
        },
      },
      scope,
      ...ITEMS.map(({ id, label, hint, choice }) =>
        h(
          'button',
          {
            type: 'button',
            class: 'button export-item',
            'data-testid': `export-${id}`,
            onclick: () => {
              popover.hidePopover();
              const wishes = { figures: figures.checked, keepPlace: place.checked };
              void this.context.study.export(choice(wishes));
            },
          },
          h('span', {}, label),
          h('span', { class: 'muted' }, hint),
        ),
      ),
      h('label', { class: 'check' }, figures, 'Write time and figures into the video'),
      h('label', { class: 'check' }, place, 'Keep where it was recorded (GPS) in the video'),
      this.#kept(),
    );
    const button = h(
      'button',
      {
        type: 'button',
        class: 'button quiet',
        popovertarget: popover.id,
        'aria-haspopup': 'dialog',
        'aria-expanded': 'false',
        'data-testid': 'export',
      },
      iconNode('export'),
      'Export',
    );
    nameControl(button, 'Export');
    this.append(button, popover, this.#running());
    this.watch(
      (s) => s.study.export !== null,
      (busy) => {
        button.hidden = busy;
      },
    );
    this.watch(
      (s) => s.playback?.range ?? null,
      (range) =>
        setText(
          scope,
          range
            ? `The marked range, ${formatClock(range.from)} to ${formatClock(range.to)}.`
            : 'The whole recording. Mark a range (I and P) for a part.',
        ),
    );
  }

  /** What the browser keeps of analyses, and a way to be rid of it. */
  #kept(): HTMLElement {
    const text = h('span', { 'data-testid': 'kept' });
    const row = h(
      'div',
      { class: 'row kept' },
      text,
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet',
          'data-testid': 'forget-kept',
          onclick: () => void this.context.study.forgetKept(),
        },
        'Delete',
      ),
    );
    this.watch(
      (s) => s.study.kept,
      ({ count, bytes }) => {
        row.hidden = count === 0;
        setText(text, `Kept analyses: ${count}, ${formatBytes(bytes)} of at most 512 MB`);
      },
    );
    return row;
  }

  #running(): HTMLElement {
    const text = h('span', { class: 'figure' });
    const progress = h('progress', { max: 100, 'aria-label': 'Export' });
    const row = h(
      'div',
      { class: 'row export-running', role: 'status', 'data-testid': 'export-running' },
      progress,
      text,
      iconButton({
        icon: 'close',
        label: 'Cancel the export',
        id: 'export-cancel',
        onclick: () => this.context.study.cancelExport(),
      }),
    );
    this.watch(
      (s) => s.study.export,
      (running) => {
        row.hidden = running === null;
        if (!running) return;
        progress.value = running.share * 100;
        const left = running.left === null ? '' : `, ${formatClock(Math.ceil(running.left))} left`;
        setText(text, `${running.title} ${Math.round(running.share * 100)} %${left}`);
      },
    );
    return row;
  }

  /** Above its button: the row lies at the foot of the page. */
  #place(popover: HTMLElement, button: HTMLElement): void {
    const at = button.getBoundingClientRect();
    const gap = 8;
    popover.style.left = `${Math.max(gap, Math.min(at.left, innerWidth - popover.offsetWidth - gap))}px`;
    popover.style.top = `${Math.max(gap, at.top - popover.offsetHeight - gap)}px`;
    popover.style.maxHeight = `${Math.max(160, at.top - 2 * gap)}px`;
  }
}

customElements.define('cw-export', CwExport);

declare global {
  interface HTMLElementTagNameMap {
    'cw-export': CwExport;
  }
}
