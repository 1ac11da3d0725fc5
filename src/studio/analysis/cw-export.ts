/** The export menu of a recording: what, in which form, and how far the running one is. */

import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { cameraLabel } from '../cameras/camera-actions';
import { filePicker, iconButton, named } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatBytes, formatClock } from '../shell/format';
import { icon } from '../shell/icons';
import type { ExportChoice } from './analysis-actions';
import '../track/cw-drive-export';

/** One thing that can be exported. */
interface ExportItem {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly choice: (wishes: {
    readonly figures: boolean;
    readonly keepPlace: boolean;
    readonly blur: boolean;
  }) => ExportChoice;
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
        ${named('Export')}
      >${icon('export')}Export</button>
      <div
        popover="auto"
        id="menu-export"
        class="menu export-menu"
        role="dialog"
        aria-label="Export"
        data-testid="menu-export"
        @toggle=${this.#toggled}
      >
        <p class="hint" data-testid="export-scope">${
          range
            ? `The marked range, ${formatClock(range.from)} to ${formatClock(range.to)}.`
            : 'The whole recording. Mark a range (I and P) for a part.'
        }${rig.length > 1 ? ` Of the camera that is looked at: ${cameraLabel(rig[chosen]?.name ?? '')}.` : ''}</p>
        ${ITEMS.map(
          (item) => html`<button
            type="button"
            class="button export-item"
            data-testid="export-${item.id}"
            @click=${() => this.#export(item)}
          ><span>${item.label}</span><span class="muted">${item.hint}</span></button>`,
        )}
        <cw-drive-export .context=${this.context}></cw-drive-export>
        <label class="check"><input
          type="checkbox"
          data-testid="export-blur"
          aria-describedby="export-blur-note"
          .checked=${live(this.state.blur)}
          @change=${(event: Event) => this.context.page.setBlur((event.target as HTMLInputElement).checked)}
        >Blur people and vehicles in the video</label>
        <p class="hint" id="export-blur-note">As far as the model sees them: this is no guarantee. Look through the result before you pass it on.</p>
        <label class="check" ?hidden=${rig.length < 2}><input type="checkbox" data-testid="export-together">All cameras in one picture, without masked regions and labels</label>
        <label class="check"><input type="checkbox" data-testid="export-nameless">Leave out the recording’s name, which often tells date and time</label>
        <label class="check"><input type="checkbox" data-testid="export-figures">Write time and figures into the video</label>
        <label class="check"><input type="checkbox" data-testid="export-place">Keep where it was recorded (GPS) in the video</label>
        <div class="row">
          <button
            type="button"
            class="button quiet"
            data-testid="export-marks"
            @click=${() => this.context.marks.export()}
            ${named('Save marks, notes and looked-at events as one file')}
          >Save marks</button>
          <button
            type="button"
            class="button quiet"
            data-testid="import-marks"
            @click=${() => this.querySelector<HTMLInputElement>('[data-testid=marks-input]')?.click()}
            ${named('Add marks of such a file')}
          >Add marks…</button>${filePicker({
            id: 'marks-input',
            label: 'File of marks',
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
      <span data-testid="kept">Kept analyses: ${count}, ${formatBytes(bytes)} of at most 512 MB</span>
      <button
        type="button"
        class="button quiet"
        data-testid="forget-kept"
        @click=${() => void this.context.study.forgetKept()}
      >Delete</button>
    </div>`;
  }

  #running(): TemplateResult {
    const { title, share, left } = this.state.exporting ?? { title: '', share: 0, left: null };
    const rest = left === null ? '' : `, ${formatClock(Math.ceil(left))} left`;
    return html`<div
      class="row export-running"
      role="status"
      data-testid="export-running"
      ?hidden=${this.state.exporting === null}
    ><progress max="100" value=${share * 100} aria-label="Export"></progress><span
      class="figure">${title} ${Math.round(share * 100)} %${rest}</span>${iconButton({
        icon: 'close',
        label: 'Cancel the export',
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
