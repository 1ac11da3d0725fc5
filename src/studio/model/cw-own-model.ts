/** The dialog for the user's own model: what its file says, and the questions that only a person can answer. */
import type { ByoQuestion } from '../../model/byo';
import { CwElement } from '../shell/base';
import { h } from '../shell/dom';
import { icon } from '../shell/icons';
import { factsOf, OWN_CLASSES, type OwnModel } from './own-model';

/** What each question says. */
const WORDS: Readonly<Record<ByoQuestion['id'], { readonly label: string; readonly hint: string }>> = {
  output: { label: 'Output', hint: 'Several outputs could be the scores.' },
  layout: { label: 'Order of the axes', hint: 'As the network was exported.' },
  size: { label: 'Size of the input', hint: 'Pixels. Larger sees further and takes longer.' },
  stride: { label: 'Resolution of the output', hint: '' },
  normalisation: { label: 'Pixel values', hint: 'As in training. The usual one is ImageNet’s.' },
  classes: { label: 'Meaning of the channels', hint: '' },
};

/** What is offered where the file leaves a side free: divisible by 32, and close to a dashcam's shape. */
const USUAL_SIZE = { width: 512, height: 288 };

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
        // The event comes late: by then the next step may have opened the dialog again.
        onclose: () => {
          if (!dialog.open) this.context.models.cancelOwn();
        },
      },
      body,
    );
    this.append(dialog);
    this.watch(
      (s) => s.own,
      (own) => {
        if (!own || own.questions.length === 0) {
          if (dialog.open) dialog.close();
          return;
        }
        const problem = body.querySelector('[role=alert]');
        // A complaint leaves what was typed in its place.
        if (dialog.open && problem && own.problem !== '' && body.dataset.step === stepOf(own))
          problem.textContent = own.problem;
        else body.replaceChildren(...this.#content(own, dialog));
        body.dataset.step = stepOf(own);
        if (!dialog.open) dialog.showModal();
        if (!body.contains(document.activeElement) || own.problem === '')
          body.querySelector<HTMLElement>('form select, form input')?.focus();
      },
    );
  }

  #content(own: OwnModel, dialog: HTMLDialogElement): Node[] {
    const close = () => dialog.close();
    const form = h(
      'form',
      {
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          const texts: Record<string, string> = {};
          for (const [name, value] of new FormData(form)) texts[name] = String(value);
          void this.context.models.answerOwn(texts);
        },
      },
      ...own.questions.map(field),
      h('p', { class: 'problem', role: 'alert', 'data-testid': 'own-problem' }, own.problem),
      h(
        'div',
        { class: 'row end' },
        h('button', { type: 'button', class: 'button', onclick: close }, 'Cancel'),
        h('button', { type: 'submit', class: 'button primary', 'data-testid': 'own-load' }, 'Go on'),
      ),
    );
    return [
      h(
        'header',
        {},
        h('h2', { id: 'own-title' }, own.draft.fileName),
        h(
          'button',
          { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close },
          icon('close'),
        ),
      ),
      h(
        'dl',
        { class: 'facts' },
        ...factsOf(own.draft).map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))),
      ),
      h('p', { class: 'hint' }, 'The rest is not in the file:'),
      form,
    ];
  }
}

function stepOf(own: OwnModel): string {
  return own.questions.map((q) => q.id).join();
}

/** The controls of one question; their names are those that `readAnswers` reads. */
function field(question: ByoQuestion): HTMLElement {
  const { id } = question;
  const { label, hint } = WORDS[id];
  if (question.id === 'size')
    return h(
      'fieldset',
      { class: 'field' },
      h('legend', {}, label),
      h('div', { class: 'row' }, ...(['width', 'height'] as const).map((side) => sideField(question, side))),
      h('span', { class: 'hint' }, hint),
    );
  const choices: readonly { readonly value: string | number; readonly label: string }[] = question.choices;
  const select = h(
    'select',
    { name: id, 'data-testid': `own-${id}` },
    ...choices.map((c) => h('option', { value: c.value }, c.label)),
  );
  const parts = [h('span', {}, label), select, hint ? h('span', { class: 'hint' }, hint) : null];
  if (question.id !== 'classes') return h('label', { class: 'field' }, ...parts);
  select.append(h('option', { value: OWN_CLASSES }, 'Names of my own…'));
  const names = h('input', {
    type: 'text',
    name: 'classes-own',
    'aria-label': `Names of the ${question.channels ?? ''} channels, separated by commas`,
    placeholder: 'road, sidewalk, -, car, …',
    'data-testid': 'own-classes-names',
  });
  const show = () => {
    names.hidden = select.value !== OWN_CLASSES;
  };
  select.addEventListener('change', show);
  show();
  return h('div', { class: 'field' }, h('label', { class: 'field' }, ...parts), names);
}

function sideField(
  question: Extract<ByoQuestion, { id: 'size' }>,
  side: 'width' | 'height',
): HTMLLabelElement {
  const fixed = question[side];
  return h(
    'label',
    {},
    h('span', { class: 'muted' }, `${side} `),
    h('input', {
      type: 'number',
      name: `size-${side}`,
      min: 8,
      max: 4096,
      step: 1,
      required: true,
      value: fixed ?? USUAL_SIZE[side],
      readonly: fixed !== null,
      'data-testid': `own-${side}`,
    }),
  );
}

customElements.define('cw-own-model', CwOwnModel);

declare global {
  interface HTMLElementTagNameMap {
    'cw-own-model': CwOwnModel;
  }
}
