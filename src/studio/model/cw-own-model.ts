/** The dialog for the user's own model: what its file says, and the questions that only a person can answer. */
import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { ByoQuestion } from '../../model/byo';
import type { BroughtClass } from '../../model/presets';
import { ROLES } from '../../taxonomy/class-list';
import { say } from '../../words/words';
import { CwElement } from '../shell/element';
import { icon } from '../shell/icons';
import { factsOf, namesAsText, OWN_CLASSES, type OwnModel } from './own-model';

/** What is offered where the file leaves a side free: divisible by 32, and close to a dashcam's shape. */
const USUAL_SIZE = { width: 512, height: 288 };

/** `<cw-own-model>` */
export class CwOwnModel extends CwElement {
  /** The model that waits for answers; null while nothing is asked. */
  get #asked(): OwnModel | null {
    const { own } = this.state;
    return own && own.questions.length > 0 ? own : null;
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector('dialog')!;
  }

  protected override render(): TemplateResult {
    const own = this.#asked;
    // The event comes late: by then the next step may have opened the dialog again.
    const closed = () => {
      if (!this.#dialog.open) this.context.models.cancelOwn();
    };
    return html`<dialog
      class="sheet narrow"
      aria-labelledby=${own ? 'own-title' : nothing}
      data-testid="own-model"
      @close=${closed}
    ><div class="sheet-body">${own ? keyed(stepOf(own), this.#content(own)) : nothing}</div></dialog>`;
  }

  protected override updated(): void {
    const own = this.#asked;
    if (!own) {
      this.#dialog.close();
      return;
    }
    if (!this.#dialog.open) this.#dialog.showModal();
    // A complaint leaves the focus, and what was typed, in its place.
    if (!this.contains(document.activeElement) || own.problem === '')
      this.querySelector<HTMLElement>('form select, form input')?.focus();
  }

  #content(own: OwnModel): TemplateResult {
    const close = () => this.#dialog.close();
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const data = new FormData(event.target as HTMLFormElement);
      const texts = Object.fromEntries([...data].map(([name, value]) => [name, String(value)]));
      void this.context.models.answerOwn(texts);
    };
    return html`<header>
        <h2 id="own-title">${own.draft.fileName}</h2>
        <button type="button" class="icon-button" aria-label=${say('page.close')} @click=${close}>${icon('close')}</button>
      </header>
      <dl class="facts">
        ${factsOf(own.draft).map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
      </dl>
      <p class="hint">${say('own.rest')}</p>
      <form @submit=${submit}>
        ${own.questions.map(field)}
        <p class="problem" role="alert" data-testid="own-problem">${own.problem}</p>
        <div class="row end">
          <button type="button" class="button" @click=${close}>${say('own.cancel')}</button>
          <button type="submit" class="button primary" data-testid="own-load">${say('own.go-on')}</button>
        </div>
      </form>`;
  }
}

function stepOf(own: OwnModel): string {
  return own.questions.map((q) => q.id).join();
}

/** The controls of one question; their names are those that `readAnswers` reads. */
function field(question: ByoQuestion): TemplateResult {
  const { id } = question;
  const label = say(`own.${id}`);
  const hinted = id === 'classes' ? nothing : html`<span class="hint">${say(`own.${id}-hint`)}</span>`;
  if (question.id === 'size')
    return html`<fieldset class="field">
      <legend>${label}</legend>
      <div class="row">${sideField(question, 'width')}${sideField(question, 'height')}</div>
      ${hinted}
    </fieldset>`;
  if (question.id === 'roles')
    return html`<fieldset class="field roles" data-testid="own-roles">
      <legend>${label}</legend>
      ${question.classes.map(roleField)}${hinted}
    </fieldset>`;
  const choices: readonly { readonly value: string; readonly label: string }[] = question.choices;
  // Said, not left to the browser: it chooses the option that stands alone before these are put in front of it.
  const first = question.id !== 'classes' || question.names === null;
  const options = choices.map(
    (c, i) => html`<option value=${c.value} ?selected=${first && i === 0}>${c.label}</option>`,
  );
  if (question.id !== 'classes')
    return html`<label class="field"><span>${label}</span><select name=${id} data-testid="own-${id}">${options}</select>${hinted}</label>`;
  const chosen = ({ target }: Event) => {
    const select = target as HTMLSelectElement;
    const names = select.form?.querySelector<HTMLInputElement>('[name=classes-own]');
    if (names) names.hidden = select.value !== OWN_CLASSES;
  };
  return html`<div class="field">
    <label class="field"><span>${label}</span><select name=${id} data-testid="own-${id}" @change=${chosen}>
      ${options}<option value=${OWN_CLASSES} ?selected=${question.names !== null}>${say(
        question.names ? 'own.names-in-file' : 'own.names-own',
      )}</option>
    </select>${hinted}</label>
    <input
      type="text"
      name="classes-own"
      aria-label=${say('own.names-label', { count: question.channels ?? '' })}
      placeholder=${say('own.names-example')}
      value=${question.names ? namesAsText(question.names) : ''}
      data-testid="own-classes-names"
      ?hidden=${choices.length > 0 && question.names === null}
    >
  </div>`;
}

/** The role of one class, what its name suggests chosen. */
function roleField({ name, role }: BroughtClass, id: number): TemplateResult {
  return html`<label class="row"><span>${name}</span><select class="small" name="role-${id}" data-testid="own-role-${id}">
    <option value="" ?selected=${role === null}>${say('own.role-none')}</option>
    ${ROLES.map((each) => html`<option value=${each} ?selected=${each === role}>${say(`role.${each}`)}</option>`)}
  </select></label>`;
}

function sideField(question: Extract<ByoQuestion, { id: 'size' }>, side: 'width' | 'height'): TemplateResult {
  const fixed = question[side];
  return html`<label><span class="muted">${say(`own.${side}`)} </span><input
    type="number"
    name="size-${side}"
    min="8"
    max="4096"
    step="1"
    required
    value=${fixed ?? USUAL_SIZE[side]}
    ?readonly=${fixed !== null}
    data-testid="own-${side}"
  ></label>`;
}

customElements.define('cw-own-model', CwOwnModel);
