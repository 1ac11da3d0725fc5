/** How the camera stands over the ground: presets, sliders with the horizon drawn, and what was found by itself. */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CameraPresetName } from '../../scene/camera-presets';
import { CAMERA_PRESETS } from '../../scene/camera-presets';
import { decimals, say } from '../../words/words';
import { checkbox, textButton } from '../shell/controls';
import { CwElement } from '../shell/element';
import { NO_FIGURE } from '../shell/format';
import type { MountField } from './mount-actions';

const DEGREE = Math.PI / 180;

const PRESETS = Object.keys(CAMERA_PRESETS) as CameraPresetName[];

/** Sliders: shown value = parameter / unit. */
const SLIDERS: readonly {
  readonly field: MountField;
  readonly unit: number;
  readonly suffix: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}[] = [
  { field: 'height', unit: 1, suffix: ' m', min: 0.5, max: 4, step: 0.05 },
  { field: 'pitch', unit: DEGREE, suffix: '°', min: -15, max: 30, step: 0.1 },
  { field: 'roll', unit: DEGREE, suffix: '°', min: -20, max: 20, step: 0.1 },
  { field: 'hfov', unit: DEGREE, suffix: '°', min: 20, max: 140, step: 1 },
];

/** `<cw-mount>` */
export class CwMount extends CwElement {
  protected override render(): TemplateResult {
    const { mount, scene } = this.context;
    // One cannot set a horizon that one does not see.
    const toggled = ({ currentTarget }: Event) =>
      scene.setHorizon((currentTarget as HTMLDetailsElement).open);
    return html`<details class="panel-section" data-testid="ground" @toggle=${toggled}>
      <summary><h2>${say('mount.heading')}</h2></summary>
      ${this.#preset()}
      ${checkbox({
        id: 'ground-finds',
        label: say('mount.finds'),
        checked: mount.finds,
        onchange: (finds) => mount.setFinds(finds),
      })}
      ${SLIDERS.map((slider) => this.#slider(slider))}${this.#found()}
      ${textButton('ground-reset', say('mount.reset'), () => mount.reset())}
    </details>`;
  }

  #preset(): TemplateResult {
    const { mount } = this.context;
    const chosen = mount.preset;
    const choose = ({ target }: Event) =>
      mount.usePreset((target as HTMLSelectElement).value as CameraPresetName);
    return html`<label class="ground-row"><span>${say('mount.camera')}</span><select class="small" data-testid="ground-preset" @change=${choose}>
      ${PRESETS.map(
        (name) =>
          html`<option value=${name} .selected=${live(name === chosen)}>${say(`preset.${name}`)}</option>`,
      )}<option value="own" ?hidden=${chosen !== null} ?disabled=${chosen !== null} .selected=${live(chosen === null)}>${say('mount.by-hand')}</option>
    </select></label>`;
  }

  #slider({ field, unit, suffix, min, max, step }: (typeof SLIDERS)[number]): TemplateResult {
    const { mount } = this.context;
    const value = mount.camera[field] / unit;
    const shown = Math.min(max, Math.max(min, value));
    const text = `${decimals(value.toFixed(field === 'height' ? 2 : field === 'hfov' ? 0 : 1))}${suffix}`;
    const input = ({ target }: Event) => mount.set(field, Number((target as HTMLInputElement).value) * unit);
    return html`<label class="slider ground-row"><span>${say(`mount.${field}`)}</span><input
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
      const degrees = (angle: number) => decimals((angle / DEGREE).toFixed(1));
      return `${degrees(found.value)}° ± ${degrees(found.sigma)}°`;
    };
    const vehicles = calibration?.vehicles;
    return html`<dl class="facts">
      ${line('state', say('mount.angles'), calibration ? say(`mount-state.${calibration.state}`) : NO_FIGURE)}
      ${line('found-pitch', say('mount.pitch'), angle('pitch'))}
      ${line('found-yaw', say('mount.heading-angle'), angle('yaw'))}
      ${line('found-roll', say('mount.roll'), angle('roll'))}
      ${line(
        'vehicles',
        say('mount.check'),
        vehicles
          ? say('mount.vehicles', { number: vehicles.count, metres: decimals(vehicles.height.toFixed(1)) })
          : say('mount.no-vehicles'),
      )}
    </dl>`;
  }
}

customElements.define('cw-mount', CwMount);
