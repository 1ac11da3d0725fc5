/**
 * How the labels chosen last are read: which list their numbers or colours follow, what each value that occurs is, and
 * which frames the maps are of. What is unsure is asked here, and nothing is scored before it is answered; what is sure
 * can be changed.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { FrameRule } from '../../labels/label-parts';
import { type LabelSurvey, OWN_LIST, type SurveyedValue } from '../../labels/reading/survey';
import { CLASSES } from '../../taxonomy/classes';
import { named, textButton } from '../shell/controls';
import { formatPercent } from '../shell/format';
import type { CompareActions } from './compare-actions';

/** Rules in words. */
const RULES: Readonly<Record<FrameRule, string>> = {
  time: 'By their times',
  name: 'The picture of the same name',
  number: 'The number in the name, from 0',
  'number-from-1': 'The number in the name, from 1',
  order: 'One after the other',
};

/** What stands for a value that nobody has given a meaning. */
const OPEN = '?';
/** What stands for unlabelled; no class is called so. */
const NOTHING = '';

/** The panel; nothing while no labels were chosen. */
export function readingPanel(
  reading: { readonly name: string; readonly survey: LabelSurvey } | null,
  actions: CompareActions,
): TemplateResult | typeof nothing {
  if (!reading) return nothing;
  const { name, survey } = reading;
  const asks = survey.unsure.length > 0;
  const { title } = survey.dictionaries.find(({ id }) => id === survey.dictionary) ?? { title: '' };
  const open = survey.values.filter(({ ours }) => ours === undefined).length;
  return html`<details class="label-reading" data-testid="label-reading" ?open=${asks}>
    <summary>${asks ? `${name}: what do these labels mean?` : `Read as: ${title}`}</summary>
    <p class="compare-hint" ?hidden=${!asks} data-testid="label-question">${questionOf(survey)}</p>
    <label class="row"><span class="muted">Values are</span>${dictionaries(survey, actions)}</label>
    <table class="label-values" data-testid="label-values">
      <thead><tr><th>Value</th><th>Name</th><th>Share</th><th>Read as</th></tr></thead>
      <tbody>${survey.values.map((value) => valueRow(value, survey, actions))}</tbody>
    </table>
    ${frames(survey, actions)}${turns(survey, actions)}
    <p class="compare-hint" ?hidden=${open === 0}>Values without a meaning are not scored.</p>
    <ul class="label-problems" ?hidden=${survey.problems.length === 0}>
      ${survey.problems.map((problem) => html`<li>${problem}</li>`)}
    </ul>
    ${textButton('label-confirm', asks ? 'Use these labels' : 'Read again', () => void actions.confirmReading())}
  </details>`;
}

function questionOf({ unsure, values }: LabelSurvey): string {
  const unknown = values.filter(({ ours }) => ours === undefined).length;
  const meaning =
    unknown > 0
      ? `${unknown} of the values that occur are in no list that fits.`
      : 'More than one list fits these values.';
  const parts = [
    ...(unsure.includes('meaning') ? [meaning] : []),
    ...(unsure.includes('frames') ? ['It is not certain which frames these maps are of.'] : []),
    ...(unsure.includes('turn')
      ? ['Pictures of this recording are turned, and these maps may be turned with them or not.']
      : []),
  ];
  return `${parts.join(' ')} Nothing is scored until you answer.`;
}

function dictionaries(survey: LabelSurvey, actions: CompareActions): TemplateResult {
  return html`<select
    data-testid="label-dictionary"
    .value=${live(survey.dictionary)}
    @change=${(event: Event) => void actions.setDictionary(chosenIn(event))}
    ${named('What the values of these labels are')}
  >${survey.dictionaries.map(
    ({ id, title }) => html`<option value=${id} ?selected=${id === survey.dictionary}>${title}</option>`,
  )}</select>`;
}

function valueRow(
  { value, name, ours, share, example }: SurveyedValue,
  { kind, dictionary }: LabelSurvey,
  actions: CompareActions,
): TemplateResult {
  const own = dictionary === OWN_LIST;
  const hex = `#${value.toString(16).padStart(6, '0')}`;
  const shown =
    kind === 'numbers'
      ? html`${value}`
      : html`<span class="swatch" .style=${`background: ${hex}`} aria-hidden="true"></span>${hex}`;
  const chosen = ours === undefined ? OPEN : (ours ?? NOTHING);
  const changed = (event: Event): void => {
    const to = chosenIn(event);
    if (to !== OPEN) actions.setMeaning(value, to === NOTHING ? null : to);
  };
  return html`<tr title=${example}>
    <td class="figure">${shown}</td>
    <td>${name ?? ''}</td>
    <td class="figure">${formatPercent(share)} %</td>
    <td>${
      own
        ? ours
        : html`<select
      data-testid="label-value-${value}"
      .value=${live(chosen)}
      @change=${changed}
      ${named(`What ${kind === 'numbers' ? value : hex} is`)}
    >
      ${ours === undefined ? html`<option value=${OPEN} selected>Not known</option>` : nothing}
      <option value=${NOTHING} ?selected=${ours === null}>Unlabelled</option>
      ${CLASSES.map((each) => html`<option value=${each.name} ?selected=${each.name === ours}>${each.name}</option>`)}
    </select>`
    }</td>
  </tr>`;
}

function frames(
  { rules, pairs, frames: rule }: LabelSurvey,
  actions: CompareActions,
): TemplateResult | typeof nothing {
  if (rules.length === 0) return nothing;
  const shown = pairs[rules.indexOf(rule)] ?? [];
  return html`<label class="row"><span class="muted">Frames</span><select
      data-testid="label-frames"
      .value=${live(rule)}
      @change=${(event: Event) => actions.setFrames(chosenIn(event) as FrameRule)}
      ${named('Which frames these labels are of')}
    >${rules.map((each) => html`<option value=${each} ?selected=${each === rule}>${RULES[each]}</option>`)}</select></label>
    <ul class="label-pairs" data-testid="label-pairs">${shown.map(
      ({ name, frame }) => html`<li>${name} → frame ${frame}</li>`,
    )}</ul>`;
}

/** How maps lie, where their proportions do not tell it. */
function turns({ drawnStored }: LabelSurvey, actions: CompareActions): TemplateResult | typeof nothing {
  if (drawnStored === null) return nothing;
  return html`<label class="row"><span class="muted">Maps lie</span><select
      data-testid="label-turn"
      .value=${live(drawnStored ? 'stored' : 'shown')}
      @change=${(event: Event) => actions.setDrawnStored(chosenIn(event) === 'stored')}
      ${named('How these labels lie on turned pictures')}
    ><option value="shown" ?selected=${!drawnStored}>As the pictures are shown</option><option
      value="stored"
      ?selected=${drawnStored}
    >As the pictures are stored, unturned</option></select></label>`;
}

function chosenIn({ target }: Event): string {
  return (target as HTMLSelectElement).value;
}
