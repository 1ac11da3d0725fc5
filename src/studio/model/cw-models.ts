/** The model menu: the networks of the catalogue, a file of the user's own, and the engine that runs them. */
import type { EngineChoice, EngineReport } from '../../stage/stage-api';
import type { AppState, ModelChoice } from '../shell/app-state';
import { CwElement } from '../shell/base';
import { nameControl, segmented } from '../shell/controls';
import { h, setText } from '../shell/dom';
import { formatBytes } from '../shell/format';
import { icon } from '../shell/icons';
import { menuOf } from '../shell/menu';
import { ENGINE_NAMES } from '../shell/names';

/** `<cw-models>`: a button that shows what runs, and its menu. */
export class CwModels extends CwElement {
  protected build(): void {
    const title = h('span', { class: 'chip-title', 'data-testid': 'model-title' });
    const engine = h('span', { class: 'chip-engine', 'data-testid': 'engine' });
    const { button, popover } = menuOf(this, {
      menu: 'models',
      label: 'Model and engine',
      icon: 'chip',
      content: [title, engine],
      signal: this.signal,
    });
    popover.append(this.#models(), this.#progress(), this.#own(), this.#engine());
    this.append(button, popover);
    this.watch(
      (s) => s.engine,
      (now) => {
        setText(title, now?.title ?? 'No model yet');
        setText(engine, now ? ENGINE_NAMES[now.kind] : '');
        // What the user asked for is no misfortune.
        const asked = now?.fallback?.code === 'engine-requested';
        button.classList.toggle('fallback', now !== null && now.fallback !== null && !asked);
      },
    );
  }

  #models(): HTMLElement {
    const list = h('ul', { class: 'choices', 'data-testid': 'model-list' });
    const render = () => {
      const { models, engine } = this.context.store.state;
      list.replaceChildren(
        this.#choice(
          null,
          'Automatic',
          engine ? 'The network that suits this machine' : 'Measured at the start',
        ),
        ...models.map((m) => this.#choice(m, m.title, m.note)),
      );
    };
    this.watch((s) => s.models, render);
    this.watch((s) => s.engine, render);
    this.watch((s) => s.loading, render);
    return h('section', { class: 'menu-section' }, h('h3', {}, icon('chip'), 'Model'), list);
  }

  #choice(choice: ModelChoice | null, name: string, note: string): HTMLElement {
    const { engine, loading } = this.context.store.state;
    const running = this.context.models.isWish(choice) && engine !== null;
    const button = h(
      'button',
      {
        type: 'button',
        class: 'choice',
        'aria-pressed': String(running),
        'data-testid': `model-${choice?.name ?? 'auto'}`,
        onclick: () => void this.context.models.pick(choice),
      },
      h('span', { class: 'choice-mark' }, running ? icon('check') : null),
      h('span', { class: 'choice-name' }, name),
      h('span', { class: 'choice-note' }, loading === name ? 'loading…' : note),
    );
    return h('li', {}, button);
  }

  #progress(): HTMLElement {
    const text = h('span', { class: 'hint', 'data-testid': 'model-progress' });
    this.watch(progressText, (value) => {
      setText(text, value);
      text.hidden = value === '';
    });
    return text;
  }

  #own(): HTMLElement {
    const input = h('input', {
      type: 'file',
      accept: '.onnx',
      class: 'sr-only',
      tabindex: -1,
      'data-testid': 'model-input',
      onchange: () => {
        const file = input.files?.[0];
        input.value = '';
        if (!file) return;
        this.context.page.closeMenu('models');
        void this.context.models.bring(file);
      },
    });
    nameControl(input, 'ONNX file');
    return h(
      'section',
      { class: 'menu-section' },
      h('h3', {}, icon('upload'), 'Your own'),
      h(
        'p',
        { class: 'hint' },
        'A segmentation network as .onnx, up to 256 MB. It stays on this machine. Or drop it anywhere.',
      ),
      h(
        'button',
        { type: 'button', class: 'button', 'data-testid': 'model-bring', onclick: () => input.click() },
        'Choose an ONNX file…',
      ),
      input,
    );
  }

  #engine(): HTMLElement {
    const choice = segmented<EngineChoice>({
      label: 'Engine',
      id: 'engine-choice',
      items: [
        { value: 'auto', label: 'Automatic' },
        { value: 'webgpu', label: 'WebGPU' },
        { value: 'cpu', label: 'Processor' },
        { value: 'wasm', label: 'ONNX on the processor' },
      ],
      onchange: (value) => void this.context.models.chooseEngine(value),
    });
    const reason = h('p', { class: 'hint', 'data-testid': 'engine-reason' });
    this.watch((s) => s.engineChoice, choice.select);
    this.watch(
      (s) => s.engine,
      (now) => setText(reason, reasonText(now)),
    );
    return h(
      'section',
      { class: 'menu-section' },
      h('h3', {}, icon('chip'), 'Engine'),
      choice.element,
      reason,
    );
  }
}

/** Why this engine and this model run; what runs where nothing needs a reason. */
function reasonText(now: EngineReport | null): string {
  if (!now) return '';
  return [now.fallback?.message ?? now.description, now.choice].filter(Boolean).join(' ');
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

declare global {
  interface HTMLElementTagNameMap {
    'cw-models': CwModels;
  }
}
