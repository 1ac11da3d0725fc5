/** The model menu: the networks of the catalogue, a file of the user's own, and the engine that runs them. */
import { html, type TemplateResult } from 'lit';
import type { EngineChoice } from '../../stage/stage-api';
import type { AppState, ModelChoice } from '../shell/app-state';
import { filePicker, segmented, textButton } from '../shell/controls';
import { formatBytes } from '../shell/format';
import { icon } from '../shell/icons';
import { CwMenu } from '../shell/menu';
import { ENGINE_NAMES } from '../shell/names';

const ENGINES: readonly { readonly value: EngineChoice; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'cpu', label: 'Processor' },
  { value: 'wasm', label: 'ONNX on the processor' },
];

/** `<cw-models>`: a button that shows what runs, and its menu. */
export class CwModels extends CwMenu {
  protected override readonly menu = 'models';
  protected override readonly label = 'Model and engine';

  protected override chip(): ReturnType<CwMenu['chip']> {
    const { engine } = this.state;
    return {
      icon: 'chip',
      text: html`<span class="chip-title" data-testid="model-title">${engine?.title ?? 'No model yet'}</span><span
        class="chip-engine" data-testid="engine">${engine ? ENGINE_NAMES[engine.kind] : ''}</span>`,
      // What the user asked for is no misfortune.
      warn: Boolean(engine?.fallback) && engine?.fallback?.code !== 'engine-requested',
    };
  }

  protected override content(): TemplateResult {
    const { models, engine } = this.state;
    const progress = progressText(this.state);
    const suits = engine ? 'The network that suits this machine' : 'Measured at the start';
    return html`<section class="menu-section">
        <h2>${icon('chip')}Model</h2>
        <ul class="choices" data-testid="model-list">
          ${this.#choice(null, 'Automatic', suits)}${models.map((m) => this.#choice(m, m.title, m.note))}
        </ul>
      </section>
      <span class="hint" data-testid="model-progress" ?hidden=${progress === ''}>${progress}</span>
      ${this.#own()}${this.#engine()}`;
  }

  #choice(choice: ModelChoice | null, name: string, note: string): TemplateResult {
    const { engine, loading } = this.state;
    const running = this.context.models.isWish(choice) && engine !== null;
    return html`<li><button
      type="button"
      class="choice"
      aria-pressed=${running}
      data-testid="model-${choice?.name ?? 'auto'}"
      @click=${() => void this.context.models.pick(choice)}
    ><span class="choice-mark">${running ? icon('check') : ''}</span><span class="choice-name">${name}</span><span
      class="choice-note">${loading === name ? 'loading…' : note}</span></button></li>`;
  }

  #own(): TemplateResult {
    const picker = filePicker({
      id: 'model-input',
      label: 'ONNX file',
      accept: '.onnx',
      onpick: ([file]) => {
        this.context.page.closeMenu('models');
        void this.context.models.bring(file);
      },
    });
    const choose = () => this.querySelector<HTMLInputElement>('input[type=file]')?.click();
    return html`<section class="menu-section">
      <h2>${icon('upload')}Your own</h2>
      <p class="hint">A segmentation network as .onnx, up to 256 MB. It stays on this machine. Or drop it anywhere.</p>
      ${textButton('model-bring', 'Choose an ONNX file…', choose)}${picker}
    </section>`;
  }

  #engine(): TemplateResult {
    const { engine, engineChoice } = this.state;
    return html`<section class="menu-section">
      <h2>${icon('chip')}Engine</h2>
      ${segmented({
        label: 'Engine',
        id: 'engine-choice',
        items: ENGINES,
        value: engineChoice,
        onchange: (value) => void this.context.models.chooseEngine(value),
      })}<p class="hint" data-testid="engine-reason">${[engine?.fallback?.message ?? engine?.description, engine?.choice].filter(Boolean).join(' ')}</p>
    </section>`;
  }
}

/** How far the loading is, as a text; empty when nothing loads. */
function progressText({ progress, loading }: Readonly<AppState>): string {
  if (!progress) return loading === null ? '' : 'Asking for the model…';
  if (progress.phase === 'compile') return 'Compiling…';
  if (progress.phase === 'verify') return 'Checking the file…';
  const done = formatBytes(progress.loaded);
  return progress.total > 0 ? `${done} of ${formatBytes(progress.total)}` : done;
}

customElements.define('cw-models', CwModels);
