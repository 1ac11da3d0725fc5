/** The export menu of a recording: what, in which form, and how far the running one is. */

import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { say } from '../../words/words';
import { filePicker, iconButton, named } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatBytes, formatClock } from '../shell/format';
import { icon } from '../shell/icons';
import type { ExportChoice } from './analysis-actions';
import '../track/cw-drive-export';
import { cameraLabel } from '../shell/names';

/** One thing that can be exported. */
interface ExportItem {
  readonly id: 'mp4' | 'webm' | 'masks' | 'coco' | 'csv' | 'json';
  readonly choice: (wishes: {
    readonly figures: boolean;
    readonly keepPlace: boolean;
    readonly blur: boolean;
  }) => ExportChoice;
}

const ITEMS: readonly ExportItem[] = [
  {
    id: 'mp4',
    choice: (wishes) => ({ kind: 'video', container: 'mp4', ...wishes }),
  },
  {
    id: 'webm',
    choice: (wishes) => ({ kind: 'video', container: 'webm', ...wishes }),
  },
  {
    id: 'masks',
    choice: () => ({ kind: 'masks' }),
  },
  { id: 'coco', choice: () => ({ kind: 'coco' }) },
  {
    id: 'csv',
    choice: () => ({ kind: 'table', format: 'csv' }),
  },
  {
    id: 'json',
    choice: () => ({ kind: 'table', format: 'json' }),
  },
];

/** `<cw-export>` */
export class CwExport extends CwElement {
  /** Whether an export runs, and whether its beginning or end takes away what has the focus. */
  #busy = false;
  #refocus = false;

  protected override willUpdate(): void {
    const busy = this.state.exporting !== null;
    this.#refocus = busy !== this.#busy && this.contains(document.activeElement);
    this.#busy = busy;
  }

  protected override updated(): void {
    if (!this.#refocus) return;
    const next = this.#busy ? 'export-cancel' : 'export';
    this.querySelector<HTMLElement>(`[data-testid=${next}]`)?.focus();
  }

  protected override render(): TemplateResult {
    const { exporting, playback, rig, chosen } = this.state;
    const range = playback?.range;
    return html`<button
        type="button"
        class="button quiet"
        popovertarget="menu-export"
        aria-haspopup="dialog"
        aria-expanded="false"
        data-testid="export"
        ?hidden=${exporting !== null}
        ${named(say('export.button'))}
      >${icon('export')}${say('export.button')}</button>
      <div
        popover="auto"
        id="menu-export"
        class="menu export-menu"
        role="dialog"
        aria-label=${say('export.button')}
        data-testid="menu-export"
        @toggle=${this.#toggled}
      >
        <p class="hint" data-testid="export-scope">${
          range
            ? say('export.range', { from: formatClock(range.from), to: formatClock(range.to) })
            : say('export.whole')
        }${rig.length > 1 ? ` ${say('export.of-camera', { camera: cameraLabel(rig[chosen]?.name ?? '') })}` : ''}</p>
        ${ITEMS.map(
          (item) => html`<button
            type="button"
            class="button export-item"
            data-testid="export-${item.id}"
            @click=${() => this.#export(item)}
          ><span>${say(`export.${item.id}`)}</span><span class="muted">${say(`export.${item.id}-hint`)}</span></button>`,
        )}
        <cw-drive-export .context=${this.context}></cw-drive-export>
        <label class="check"><input
          type="checkbox"
          data-testid="export-blur"
          aria-describedby="export-blur-note"
          .checked=${live(this.state.blur)}
          @change=${(event: Event) => this.context.page.setBlur((event.target as HTMLInputElement).checked)}
        >${say('export.blur')}</label>
        <p class="hint" id="export-blur-note">${say('export.blur-note')}</p>
        <label class="check" ?hidden=${rig.length < 2}><input type="checkbox" data-testid="export-together">${say('export.together')}</label>
        <label class="check"><input type="checkbox" data-testid="export-nameless">${say('export.nameless')}</label>
        <label class="check"><input type="checkbox" data-testid="export-figures">${say('export.figures')}</label>
        <label class="check"><input type="checkbox" data-testid="export-place">${say('export.place')}</label>
        <div class="row">
          <button
            type="button"
            class="button quiet"
            data-testid="export-marks"
            @click=${() => this.context.marks.export()}
            ${named(say('export.save-marks-hint'))}
          >${say('export.save-marks')}</button>
          <button
            type="button"
            class="button quiet"
            data-testid="import-marks"
            @click=${() => this.querySelector<HTMLInputElement>('[data-testid=marks-input]')?.click()}
            ${named(say('export.add-marks-hint'))}
          >${say('export.add-marks')}</button>${filePicker({
            id: 'marks-input',
            label: say('export.marks-label'),
            accept: '.json',
            onpick: ([file]) => void this.context.marks.import(file),
          })}
        </div>
        ${this.#kept()}
      </div>
      ${this.#running()}`;
  }

  #export({ choice }: ExportItem): void {
    const wishes = (id: string) =>
      this.querySelector<HTMLInputElement>(`[data-testid=export-${id}]`)!.checked;
    this.querySelector<HTMLElement>('[popover]')?.hidePopover();
    const { blur } = this.state;
    void this.context.study.export(
      choice({ figures: wishes('figures'), keepPlace: wishes('place'), blur }),
      wishes('nameless'),
      this.state.rig.length > 1 && wishes('together'),
    );
  }

  /** What the browser keeps of analyses, and a way to be rid of it. */
  #kept(): TemplateResult {
    const { count, bytes } = this.state.kept;
    return html`<div class="row kept" ?hidden=${count === 0}>
      <span data-testid="kept">${say('export.kept', { number: count, bytes: formatBytes(bytes) })}</span>
      <button
        type="button"
        class="button quiet"
        data-testid="forget-kept"
        @click=${() => void this.context.study.forgetKept()}
      >${say('export.delete')}</button>
    </div>`;
  }

  #running(): TemplateResult {
    const { title, share, left } = this.state.exporting ?? { title: '', share: 0, left: null };
    const told = { title, percent: Math.round(share * 100) };
    const text =
      left === null
        ? say('export.progress', told)
        : say('export.progress-left', { ...told, time: formatClock(Math.ceil(left)) });
    return html`<div
      class="row export-running"
      role="status"
      data-testid="export-running"
      ?hidden=${this.state.exporting === null}
    ><progress max="100" value=${share * 100} aria-label=${say('export.button')}></progress><span
      class="figure">${text}</span>${iconButton({
        icon: 'close',
        label: say('export.cancel'),
        id: 'export-cancel',
        onclick: () => this.context.study.cancelExport(),
      })}</div>`;
  }

  #toggled({ newState, currentTarget }: ToggleEvent): void {
    const button = this.querySelector('button')!;
    button.ariaExpanded = String(newState === 'open');
    if (newState !== 'open') return;
    placeOver(currentTarget as HTMLElement, button);
    void this.context.study.refreshKept();
  }
}

/** Above its button: the row lies at the foot of the page. */
function placeOver(popover: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const gap = 8;
  popover.style.left = `${Math.max(gap, Math.min(at.left, innerWidth - popover.offsetWidth - gap))}px`;
  popover.style.top = `${Math.max(gap, at.top - popover.offsetHeight - gap)}px`;
  popover.style.maxHeight = `${Math.max(160, at.top - 2 * gap)}px`;
}

customElements.define('cw-export', CwExport);
