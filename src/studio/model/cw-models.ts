/** The model menu: the networks of the catalogue, a file of the user's own, and the engine that runs them. */
import { html, type TemplateResult } from 'lit';
import type { EngineChoice } from '../../stage/stage-api';
import { type PlainKey, say, sayOr, sentenceOf } from '../../words/words';
import type { AppState, ModelChoice } from '../shell/app-state';
import { filePicker, segmented, textButton } from '../shell/controls';
import { formatBytes } from '../shell/format';
import { icon } from '../shell/icons';
import { CwMenu } from '../shell/menu';
import { chosenWords, engineName, runsAsWords } from '../shell/names';
import { AUTOMATIC_TITLE } from './model-actions';

const ENGINES: readonly { readonly value: EngineChoice; readonly label: PlainKey }[] = [
  { value: 'auto', label: 'models.automatic' },
  { value: 'webgpu', label: 'engine.webgpu' },
  { value: 'cpu', label: 'engine.cpu' },
  { value: 'wasm', label: 'models.onnx' },
];

/** `<cw-models>`: a button that shows what runs, and its menu. */
export class CwModels extends CwMenu {
  protected override readonly menu = 'models';

  protected override get label(): string {
    return say('models.label');
  }

  protected override chip(): ReturnType<CwMenu['chip']> {
    const { engine } = this.state;
    return {
      icon: 'chip',
      text: html`<span class="chip-title" data-testid="model-title">${engine?.title ?? say('models.none')}</span><span
        class="chip-engine" data-testid="engine">${engine ? engineName(engine.kind) : ''}</span>`,
      // What the user asked for is no misfortune.
      warn: Boolean(engine?.fallback) && engine?.fallback?.code !== 'engine-requested',
    };
  }

  protected override content(): TemplateResult {
    const { models, engine } = this.state;
    const progress = progressText(this.state);
    const suits = say(engine ? 'models.suits' : 'models.measured');
    return html`<section class="menu-section">
        <h2>${icon('chip')}${say('models.model')}</h2>
        <ul class="choices" data-testid="model-list">
          ${this.#choice(null, suits)}${models.map((m) => this.#choice(m, sayOr(`models.for.${m.name}`, m.note)))}
        </ul>
      </section>
      <span class="hint" data-testid="model-progress" ?hidden=${progress === ''}>${progress}</span>
      ${this.#own()}${this.#engine()}`;
  }

  #choice(choice: ModelChoice | null, note: string): TemplateResult {
    const { engine, loading } = this.state;
    const isLoading = loading === (choice?.title ?? AUTOMATIC_TITLE);
    const running = this.context.models.isWish(choice) && engine !== null;
    return html`<li><button
      type="button"
      class="choice"
      aria-pressed=${running}
      data-testid="model-${choice?.name ?? 'auto'}"
      @click=${() => void this.context.models.pick(choice)}
    ><span class="choice-mark">${running ? icon('check') : ''}</span><span class="choice-name">${choice?.title ?? say('models.automatic')}</span><span
      class="choice-note">${isLoading ? say('models.loading') : note}</span></button></li>`;
  }

  #own(): TemplateResult {
    const picker = filePicker({
      id: 'model-input',
      label: say('models.file-label'),
      accept: '.onnx',
      onpick: ([file]) => {
        this.context.page.closeMenu('models');
        void this.context.models.bring(file);
      },
    });
    const choose = () => this.querySelector<HTMLInputElement>('input[type=file]')?.click();
    return html`<section class="menu-section">
      <h2>${icon('upload')}${say('models.own')}</h2>
      <p class="hint">${say('models.own-hint')}</p>
      ${textButton('model-bring', say('models.choose-file'), choose)}${picker}
    </section>`;
  }

  #engine(): TemplateResult {
    const { engine, engineChoice } = this.state;
    return html`<section class="menu-section">
      <h2>${icon('chip')}${say('models.engine')}</h2>
      ${segmented({
        label: say('models.engine'),
        id: 'engine-choice',
        items: ENGINES.map(({ value, label }) => ({ value, label: say(label) })),
        value: engineChoice,
        onchange: (value) => void this.context.models.chooseEngine(value),
      })}<p class="hint" data-testid="engine-reason">${[engine?.fallback ? sentenceOf(engine.fallback) : engine && runsAsWords(engine.description), chosenWords(engine?.chosen)].filter(Boolean).join(' ')}</p>
    </section>`;
  }
}

/** How far the loading is, as a text; empty when nothing loads. */
function progressText({ progress, loading }: Readonly<AppState>): string {
  if (!progress) return loading === null ? '' : say('models.asking');
  if (progress.phase === 'compile') return say('models.compiling');
  if (progress.phase === 'verify') return say('models.checking');
  const done = formatBytes(progress.loaded);
  return progress.total > 0 ? say('models.done-of', { done, all: formatBytes(progress.total) }) : done;
}

customElements.define('cw-models', CwModels);
