/**
 * How the labels chosen last are read: which list their numbers or colours follow, what each value that occurs is, and
 * which frames the maps are of. What is unsure is asked here, and nothing is scored before it is answered; what is sure
 * can be changed.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { FrameRule } from '../../labels/label-parts';
import { type LabelSurvey, OWN_LIST, type SurveyedValue } from '../../labels/reading/label-survey';
import { CLASSES } from '../../taxonomy/classes';
import { say } from '../../words/words';
import { named, textButton } from '../shell/controls';
import { formatPercent } from '../shell/format';
import { className } from '../shell/names';
import type { CompareActions } from './compare-actions';

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
    <summary>${asks ? say('reading.question', { name }) : say('reading.read-as', { title })}</summary>
    <p class="compare-hint" ?hidden=${!asks} data-testid="label-question">${questionOf(survey)}</p>
    <label class="row"><span class="muted">${say('reading.values-are')}</span>${dictionaries(survey, actions)}</label>
    <table class="label-values" data-testid="label-values">
      <thead><tr><th>${say('reading.value')}</th><th>${say('reading.name')}</th><th>${say('reading.share')}</th><th>${say('reading.as')}</th></tr></thead>
      <tbody>${survey.values.map((value) => valueRow(value, survey, actions))}</tbody>
    </table>
    ${frames(survey, actions)}${turns(survey, actions)}
    <p class="compare-hint" ?hidden=${open === 0}>${say('reading.not-scored')}</p>
    <p class="compare-hint" ?hidden=${survey.blended === 0}>${say('reading.blended', { percent: formatPercent(survey.blended) })}</p>
    <ul class="label-problems" ?hidden=${survey.problems.length === 0}>
      ${survey.problems.map((problem) => html`<li>${problem}</li>`)}
    </ul>
    ${textButton('label-confirm', say(asks ? 'reading.use' : 'reading.again'), () => void actions.confirmReading())}
  </details>`;
}

function questionOf({ unsure, values }: LabelSurvey): string {
  const unknown = values.filter(({ ours }) => ours === undefined).length;
  const meaning =
    unknown > 0 ? say('reading.unknown-values', { number: unknown }) : say('reading.more-lists');
  const parts = [
    ...(unsure.includes('meaning') ? [meaning] : []),
    ...(unsure.includes('frames') ? [say('reading.frames-unsure')] : []),
    ...(unsure.includes('turn') ? [say('reading.turn-unsure')] : []),
  ];
  return [...parts, say('reading.until')].join(' ');
}

function dictionaries(survey: LabelSurvey, actions: CompareActions): TemplateResult {
  return html`<select
    data-testid="label-dictionary"
    .value=${live(survey.dictionary)}
    @change=${(event: Event) => void actions.setDictionary(chosenIn(event))}
    ${named(say('reading.dictionary'))}
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
        ? className(ours ?? '')
        : html`<select
      data-testid="label-value-${value}"
      .value=${live(chosen)}
      @change=${changed}
      ${named(say('reading.what-is', { value: kind === 'numbers' ? value : hex }))}
    >
      ${ours === undefined ? html`<option value=${OPEN} selected>${say('reading.not-known')}</option>` : nothing}
      <option value=${NOTHING} ?selected=${ours === null}>${say('reading.unlabelled')}</option>
      ${CLASSES.map((each) => html`<option value=${each.name} ?selected=${each.name === ours}>${className(each.name)}</option>`)}
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
  return html`<label class="row"><span class="muted">${say('reading.frames')}</span><select
      data-testid="label-frames"
      .value=${live(rule)}
      @change=${(event: Event) => actions.setFrames(chosenIn(event) as FrameRule)}
      ${named(say('reading.which-frames'))}
    >${rules.map((each) => html`<option value=${each} ?selected=${each === rule}>${say(`rule.${each}`)}</option>`)}</select></label>
    <ul class="label-pairs" data-testid="label-pairs">${shown.map(
      ({ name, frame }) => html`<li>${say('reading.pair', { name, frame })}</li>`,
    )}</ul>`;
}

/** How maps lie, where their proportions do not tell it. */
function turns({ drawnStored }: LabelSurvey, actions: CompareActions): TemplateResult | typeof nothing {
  if (drawnStored === null) return nothing;
  return html`<label class="row"><span class="muted">${say('reading.maps-lie')}</span><select
      data-testid="label-turn"
      .value=${live(drawnStored ? 'stored' : 'shown')}
      @change=${(event: Event) => actions.setDrawnStored(chosenIn(event) === 'stored')}
      ${named(say('reading.turn-name'))}
    ><option value="shown" ?selected=${!drawnStored}>${say('reading.turn-shown')}</option><option
      value="stored"
      ?selected=${drawnStored}
    >${say('reading.turn-stored')}</option></select></label>`;
}

function chosenIn({ target }: Event): string {
  return (target as HTMLSelectElement).value;
}
