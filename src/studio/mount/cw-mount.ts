/** How the camera stands over the ground: presets, sliders with the horizon drawn, and what was found by itself. */
import type { CameraPresetName } from '../../scene/camera-presets';
import { CAMERA_PRESETS } from '../../scene/camera-presets';
import type { AppState } from '../shell/app-state';
import { CwElement } from '../shell/base';
import { h, setText } from '../shell/dom';
import { NO_FIGURE } from '../shell/format';
import type { GroundField } from './mount-actions';

const DEGREE = Math.PI / 180;

/** Sliders: shown value = parameter / unit. */
const SLIDERS: readonly {
  readonly field: GroundField;
  readonly label: string;
  readonly unit: number;
  readonly suffix: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}[] = [
  { field: 'height', label: 'Height', unit: 1, suffix: ' m', min: 0.5, max: 4, step: 0.05 },
  { field: 'pitch', label: 'Pitch', unit: DEGREE, suffix: '°', min: -15, max: 30, step: 0.1 },
  { field: 'roll', label: 'Roll', unit: DEGREE, suffix: '°', min: -20, max: 20, step: 0.1 },
  { field: 'hfov', label: 'Field of view', unit: DEGREE, suffix: '°', min: 20, max: 140, step: 1 },
];

/** What the state of the calibration means. */
const STATE_WORDS = {
  'by-hand': 'set by hand',
  prior: 'nothing found yet; the preset stands',
  converging: 'found, not yet sure',
  converged: 'found, to half a degree',
  doubtful: 'doubtful: nothing found, or vehicles contradict it',
} as const;

/** `<cw-ground>` */
export class CwGround extends CwElement {
  protected build(): void {
    const { ground, scene } = this.context;
    const fold = h(
      'details',
      {
        class: 'panel-section',
        'data-testid': 'ground',
        // One cannot set a horizon that one does not see.
        ontoggle: () => scene.setHorizon(fold.open),
      },
      h('summary', {}, h('h2', {}, 'Camera and ground')),
      this.#preset(),
      this.#finds(),
      ...SLIDERS.map((slider) => this.#slider(slider)),
      this.#found(),
      h(
        'button',
        {
          type: 'button',
          class: 'button',
          'data-testid': 'ground-reset',
          onclick: () => ground.reset(),
        },
        'Back to automatic',
      ),
    );
    this.append(fold);
  }

  #preset(): HTMLElement {
    const { ground } = this.context;
    const own = h('option', { value: 'own' }, 'Set by hand');
    const select = h(
      'select',
      {
        class: 'small',
        'data-testid': 'ground-preset',
        onchange: () => ground.usePreset(select.value as CameraPresetName),
      },
      ...Object.entries(CAMERA_PRESETS).map(([name, { title }]) => h('option', { value: name }, title)),
      own,
    );
    this.watch(
      (s) => s.ground,
      () => {
        own.hidden = ground.preset !== null;
        own.disabled = ground.preset !== null;
        select.value = ground.preset ?? 'own';
      },
    );
    return h('label', { class: 'ground-row' }, h('span', {}, 'Camera'), select);
  }

  #finds(): HTMLElement {
    const { ground } = this.context;
    const input = h('input', {
      type: 'checkbox',
      'data-testid': 'ground-finds',
      onchange: () => ground.setFinds(input.checked),
    });
    this.watch(
      (s) => s.ground,
      () => {
        input.checked = ground.finds;
      },
    );
    return h('label', { class: 'check' }, input, 'Find the angles by itself');
  }

  #slider({ field, label, unit, suffix, min, max, step }: (typeof SLIDERS)[number]): HTMLElement {
    const { ground } = this.context;
    const output = h('output', { class: 'figure', 'data-testid': `ground-${field}-value` });
    const input = h('input', {
      type: 'range',
      min,
      max,
      step,
      'data-testid': `ground-${field}`,
      oninput: () => ground.set(field, Number(input.value) * unit),
    });
    this.watch(
      // The scene's own angles are shown while they are looked for.
      (s) =>
        `${s.ground === null} ${s.report?.scene?.camera[field]} ${JSON.stringify(s.ground)} ${s.picture?.width}`,
      () => {
        const value = ground.camera[field] / unit;
        if (document.activeElement !== input || ground.finds) input.value = String(value);
        const text = `${value.toFixed(field === 'height' ? 2 : field === 'hfov' ? 0 : 1)}${suffix}`;
        input.setAttribute('aria-valuetext', text);
        input.style.setProperty('--fill', `${(100 * (Number(input.value) - min)) / (max - min)}%`);
        setText(output, text);
      },
    );
    return h('label', { class: 'slider ground-row' }, h('span', {}, label), input, output);
  }

  #found(): HTMLElement {
    const line = (id: string, label: string, value: (state: Readonly<AppState>) => string) => {
      const text = h('dd', { 'data-testid': `ground-${id}` });
      this.watch(value, (words) => setText(text, words));
      return h('div', {}, h('dt', {}, label), text);
    };
    const angle = (name: 'pitch' | 'yaw' | 'roll') => (s: Readonly<AppState>) => {
      const found = s.report?.scene?.calibration[name];
      if (!found) return NO_FIGURE;
      return `${(found.value / DEGREE).toFixed(1)}° ± ${(found.sigma / DEGREE).toFixed(1)}°`;
    };
    return h(
      'dl',
      { class: 'facts' },
      line('state', 'Angles', (s) => {
        const state = s.report?.scene?.calibration.state;
        return state ? STATE_WORDS[state] : NO_FIGURE;
      }),
      line('found-pitch', 'Pitch', angle('pitch')),
      line('found-yaw', 'Heading', angle('yaw')),
      line('found-roll', 'Roll', angle('roll')),
      line('vehicles', 'Check', (s) => {
        const vehicles = s.report?.scene?.calibration.vehicles;
        if (!vehicles) return 'no vehicles seen yet';
        return `${vehicles.count} vehicles, ${vehicles.height.toFixed(1)} m tall (usual: 1.6)`;
      }),
    );
  }
}

customElements.define('cw-ground', CwGround);

declare global {
  interface HTMLElementTagNameMap {
    'cw-ground': CwGround;
  }
}
