/** The dialog for the user's own model: what its file says, and the questions that only a person can answer. */
import { h } from '../dom';
import { icon } from '../icons';
import type { ByoQuestion, ByoSession } from '../own-model';
import { CwElement } from './base';

/** `<cw-own-model>` */
export class CwOwnModel extends CwElement {
  protected build(): void {
    const body = h('div', { class: 'sheet-body' });
    const dialog = h(
      'dialog',
      {
        class: 'sheet narrow',
        'aria-labelledby': 'own-title',
        'data-testid': 'own-model',
        onclose: () => this.context.models.cancelOwn(),
      },
      body,
    );
    this.append(dialog);
    this.watch(
      (s) => s.own,
      (own) => {
        if (own) {
          body.replaceChildren(...this.#content(own, dialog));
          if (!dialog.open) dialog.showModal();
        } else if (dialog.open) dialog.close();
      },
    );
  }

  #content(own: ByoSession, dialog: HTMLDialogElement): Node[] {
    const fields = own.questions.map((question) => ({ question, control: control(question) }));
    const form = h(
      'form',
      {
        method: 'dialog',
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          const answers = Object.fromEntries(fields.map((f) => [f.question.id, f.control.value]));
          void this.context.models.answer(own, answers);
        },
      },
      ...fields.map(({ question, control }) =>
        h(
          'label',
          { class: 'field' },
          h('span', {}, question.label),
          control,
          question.hint ? h('span', { class: 'hint' }, question.hint) : null,
        ),
      ),
      h(
        'div',
        { class: 'row end' },
        h('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, 'Cancel'),
        h('button', { type: 'submit', class: 'button primary', 'data-testid': 'own-load' }, 'Load the model'),
      ),
    );
    return [
      h(
        'header',
        {},
        h('h2', { id: 'own-title' }, own.title),
        h(
          'button',
          { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => dialog.close() },
          icon('close'),
        ),
      ),
      h('dl', { class: 'facts' }, ...own.facts.map(([k, v]) => h('div', {}, h('dt', {}, k), h('dd', {}, v)))),
      h('p', { class: 'hint' }, 'The file cannot say the rest:'),
      form,
    ];
  }
}

function control(question: ByoQuestion): HTMLInputElement | HTMLSelectElement {
  const id = `own-${question.id}`;
  if (question.options === null)
    return h('input', { type: 'text', value: question.initial, required: true, 'data-testid': id });
  const select = h(
    'select',
    { 'data-testid': id },
    ...question.options.map(({ value, label }) => h('option', { value }, label)),
  );
  select.value = question.initial;
  return select;
}

customElements.define('cw-own-model', CwOwnModel);

declare global {
  interface HTMLElementTagNameMap {
    'cw-own-model': CwOwnModel;
  }
}
