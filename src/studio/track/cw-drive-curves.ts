/** Speed and heading, steering and brake as curves on the timeline's axis. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Track } from '../../telemetry/track';
import { formatSpeed } from '../../telemetry/words';
import { say } from '../../words/words';
import { CwElement } from '../shell/element';
import { BOX, type DriveCurves, driveCurves } from './drive-curves';

/** The curves: names and colours of the page. */
const SERIES = [
  { key: 'speed', label: 'track.speed', colour: '--accent' },
  { key: 'heading', label: 'track.heading-figure', colour: '--text-3' },
  { key: 'steering', label: 'track.steering', colour: '--text' },
  { key: 'brake', label: 'track.brake', colour: '--warning' },
] as const;

/** `<cw-drive-curves>`: hidden where nothing but places is told. */
export class CwDriveCurves extends CwElement {
  #curves: DriveCurves | null = null;
  #drawn: { readonly track: Track; readonly duration: number } | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { telemetry, playback, speedUnit } = this.state;
    const { track } = telemetry;
    const duration = playback?.info.duration ?? 0;
    const curves = track && duration > 0 ? this.#curvesOf(track, duration) : null;
    const there = SERIES.filter(({ key }) => curves?.[key]);
    this.hidden = there.length === 0;
    if (!curves || there.length === 0) return nothing;
    const most = `${formatSpeed(curves.fastest, speedUnit)} ${speedUnit}`;
    const names = there.map(({ label }) => say(label).toLowerCase()).join(', ');
    return html`<p class="timeline-legend" aria-hidden="true">${there.map(
      ({ key, label, colour }) =>
        html`<span><span class="swatch" .style=${`background: var(${colour})`}></span>${key === 'speed' ? say('track.curve-to', { name: say(label), most }) : say(label)}</span>`,
    )}</p>
    <svg
      class="drive-drawing"
      viewBox="0 0 ${BOX.width} ${BOX.height}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${say('track.curves', { names, most })}
      data-testid="drive-curves"
    ><path class="drive-speed" d=${curves.speed}></path><path
      class="drive-heading" d=${curves.heading}></path><path
      class="drive-steering" d=${curves.steering}></path><path
      class="drive-brake" d=${curves.brake}></path></svg>`;
  }

  #curvesOf(track: Track, duration: number): DriveCurves {
    if (this.#curves && this.#drawn?.track === track && this.#drawn.duration === duration)
      return this.#curves;
    this.#drawn = { track, duration };
    this.#curves = driveCurves(track, duration);
    return this.#curves;
  }
}

customElements.define('cw-drive-curves', CwDriveCurves);

declare global {
  interface HTMLElementTagNameMap {
    'cw-drive-curves': CwDriveCurves;
  }
}
