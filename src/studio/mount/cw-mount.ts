/** How the camera stands over the ground: presets, sliders with the horizon drawn, and what was found by itself. */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CameraPresetName } from '../../scene/camera-presets';
import { CAMERA_PRESETS } from '../../scene/camera-presets';
import { checkbox, textButton } from '../shell/controls';
import { CwElement } from '../shell/element';
import { NO_FIGURE } from '../shell/format';
import type { MountField } from './mount-actions';

const DEGREE = Math.PI / 180;

/** Sliders: shown value = parameter / unit. */
const SLIDERS: readonly {
  readonly field: MountField;
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

/** `<cw-mount>` */
export class CwMount extends CwElement {
  protected override render(): TemplateResult {
    const { mount, scene } = this.context;
    // One cannot set a horizon that one does not see.
    const toggled = ({ currentTarget }: Event) =>
      scene.setHorizon((currentTarget as HTMLDetailsElement).open);
    return html`<details class="panel-section" data-testid="ground" @toggle=${toggled}>
      <summary><h2>Camera and ground</h2></summary>
      ${this.#preset()}
      ${checkbox({
        id: 'ground-finds',
        label: 'Find the angles by itself',
        checked: mount.finds,
        onchange: (finds) => mount.setFinds(finds),
      })}
      ${SLIDERS.map((slider) => this.#slider(slider))}${this.#found()}
      ${textButton('ground-reset', 'Back to automatic', () => mount.reset())}
    </details>`;
  }

  #preset(): TemplateResult {
    const { mount } = this.context;
    const chosen = mount.preset;
    const choose = ({ target }: Event) =>
      mount.usePreset((target as HTMLSelectElement).value as CameraPresetName);
    return html`<label class="ground-row"><span>Camera</span><select class="small" data-testid="ground-preset" @change=${choose}>
      ${Object.entries(CAMERA_PRESETS).map(
        ([name, { title }]) =>
          html`<option value=${name} .selected=${live(name === chosen)}>${title}</option>`,
      )}<option value="own" ?hidden=${chosen !== null} ?disabled=${chosen !== null} .selected=${live(chosen === null)}>Set by hand</option>
    </select></label>`;
  }

  #slider({ field, label, unit, suffix, min, max, step }: (typeof SLIDERS)[number]): TemplateResult {
    const { mount } = this.context;
    const value = mount.camera[field] / unit;
    const shown = Math.min(max, Math.max(min, value));
    const text = `${value.toFixed(field === 'height' ? 2 : field === 'hfov' ? 0 : 1)}${suffix}`;
    const input = ({ target }: Event) => mount.set(field, Number((target as HTMLInputElement).value) * unit);
    return html`<label class="slider ground-row"><span>${label}</span><input
      type="range"
      min=${min}
      max=${max}
      step=${step}
      data-testid="ground-${field}"
      .value=${live(String(value))}
      .style=${`--fill: ${(100 * (shown - min)) / (max - min)}%`}
      aria-valuetext=${text}
      @input=${input}
    ><output class="figure" data-testid="ground-${field}-value">${text}</output></label>`;
  }

  #found(): TemplateResult {
    const calibration = this.state.report?.scene?.calibration;
    const line = (id: string, label: string, text: string) =>
      html`<div><dt>${label}</dt><dd data-testid="ground-${id}">${text}</dd></div>`;
    const angle = (name: 'pitch' | 'yaw' | 'roll') => {
      const found = calibration?.[name];
      if (!found) return NO_FIGURE;
      return `${(found.value / DEGREE).toFixed(1)}° ± ${(found.sigma / DEGREE).toFixed(1)}°`;
    };
    const vehicles = calibration?.vehicles;
    return html`<dl class="facts">
      ${line('state', 'Angles', calibration ? STATE_WORDS[calibration.state] : NO_FIGURE)}
      ${line('found-pitch', 'Pitch', angle('pitch'))}
      ${line('found-yaw', 'Heading', angle('yaw'))}
      ${line('found-roll', 'Roll', angle('roll'))}
      ${line('vehicles', 'Check', vehicles ? `${vehicles.count} vehicles, ${vehicles.height.toFixed(1)} m tall (usual: 1.6)` : 'no vehicles seen yet')}
    </dl>`;
  }
}

customElements.define('cw-mount', CwMount);
