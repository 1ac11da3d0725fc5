/** The drive as the recording tells it: speed and heading now, and the track as a map without a map server. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { approachesOf, checkDrive, type DriveCheck, differs } from '../../jobs/drive-check';
import { anglesOf, type StraightView, straightView } from '../../jobs/drive-mount';
import type { FrameRecord } from '../../jobs/frame-record';
import { momentAt, placeOf, type Track, type TrackPoint } from '../../telemetry/track';
import { formatDegrees, formatPlace, formatSpeed, type SpeedUnit, windOf } from '../../telemetry/words';
import { decimals, type PlainKey, say, sayOr } from '../../words/words';
import { filePicker, segmented, textButton } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatClock, formatPercent, NO_FIGURE } from '../shell/format';
import { writtenWords } from '../shell/written';
import { anglesDiffer, anglesWords, checkWords, heightBy, originWords } from './drive-words';
import './cw-base-map';
import type { TrackColour } from './telemetry-state';
import { drawnAt, layMap, MAP, RAMP, type TrackMap, timeNear } from './track-map';

const UNITS: readonly { readonly value: SpeedUnit; readonly label: string }[] = [
  { value: 'km/h', label: 'km/h' },
  { value: 'mph', label: 'mph' },
];

const COLOURS: readonly { readonly value: TrackColour; readonly label: PlainKey }[] = [
  { value: 'speed', label: 'track.colour-speed' },
  { value: 'drivable', label: 'track.colour-drivable' },
];

/** Milliseconds between two looks at growing results of an analysis: laying out a long track takes some of them. */
const REFRESH = 1000;

/** `<cw-track>`: hidden where nothing is told. */
export class CwTrack extends CwElement {
  #map: TrackMap | null = null;
  #checked: {
    track: Track;
    records: readonly FrameRecord[];
    check: DriveCheck | null;
    view: StraightView | null;
  } | null = null;
  #laid: { track: Track; colour: TrackColour; records: readonly FrameRecord[]; at: number } | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { telemetry, playback } = this.state;
    const { track } = telemetry;
    this.hidden = track === null;
    if (!track || !playback) return nothing;
    const map = this.#layOut(track);
    const now = momentAt(track, playback.seconds);
    return html`<section class="panel-section" aria-labelledby="track-heading" data-testid="track">
      <h2 id="track-heading">${say('track.heading')}</h2>
      ${track.format === 'place' ? this.#placeOnly(track) : this.#figures(track, now)}
      ${map && map.dots.length > 1 ? this.#mapOf(map, track, now) : nothing}
      <p class="hint" data-testid="track-origin">${originWords(track)}</p>
      ${this.#check(track)}
      ${telemetry.beside.length > 0 && track.clock !== 'file' ? this.#ahead() : nothing}
    </section>`;
  }

  /** The layout of the track; of an analysis that grows, again every now and then. */
  #layOut(track: Track): TrackMap | null {
    const { trackColour: colour, records, analysis } = this.state;
    const laid = this.#laid;
    const known = laid?.track === track && laid.colour === colour;
    const used = colour === 'drivable' ? records : [];
    const waits = analysis.running && laid !== null && performance.now() - laid.at < REFRESH;
    if (known && (laid.records === used || waits)) return this.#map;
    this.#laid = { track, colour, records: used, at: performance.now() };
    this.#map = layMap(track, colour, used);
    return this.#map;
  }

  /** What the scene saw come nearer against what was driven; once there is an analysis. */
  #check(track: Track): TemplateResult | typeof nothing {
    const { records, analysis } = this.state;
    if (records.length === 0 || track.format === 'place') return nothing;
    if (this.#checked?.track !== track || (this.#checked.records !== records && !analysis.running))
      this.#checked = {
        ...{ track, records, check: checkDrive(approachesOf(records, track)) },
        view: straightView(records, track),
      };
    const { check, view } = this.#checked;
    const height = check && heightBy(check);
    return html`<p class="hint" data-testid="drive-check">${checkWords(check, analysis.running)}</p>
      ${
        check && height && differs(check)
          ? textButton(
              'drive-check-use',
              say('track.take-height', { metres: decimals(height.toFixed(2)) }),
              () => this.context.mount.set('height', height),
            )
          : nothing
      }${view ? this.#angles(view) : nothing}`;
  }

  /** How the camera looks by the measured heading; offered where it is held otherwise. */
  #angles(view: StraightView): TemplateResult | typeof nothing {
    const { picture } = this.state;
    if (!picture) return nothing;
    const { camera } = this.context.mount;
    const angles = anglesOf(view, picture.width / picture.height, camera.hfov);
    return html`<p class="hint" data-testid="drive-angles">${anglesWords(angles)}</p>
      ${
        anglesDiffer(angles, camera)
          ? textButton('drive-angles-use', say('track.take-angles'), () =>
              this.context.mount.setAngles(angles),
            )
          : nothing
      }`;
  }

  #placeOnly(track: Track): TemplateResult {
    return html`<p class="track-place" data-testid="track-place">${say('track.recorded-at')} <span class="figure">${formatPlace(
      track.points[0]!,
      writtenWords(),
    )}</span></p>`;
  }

  #figures({ points }: Track, now: TrackPoint | null): TemplateResult {
    const unit = this.state.speedUnit;
    const told = (name: 'steering' | 'brake'): boolean => points.some((point) => point[name] !== null);
    return html`<dl class="scene-figures track-figures">
      ${figure('speed', say('track.speed'), formatSpeed(now?.speed, unit), unit)}
      ${figure('heading', say('track.heading-figure'), formatDegrees(now?.heading), `° ${windWords(now)}`)}
      ${told('steering') ? figure('steering', say('track.steering'), formatDegrees(now?.steering), '°') : nothing}
      ${told('brake') ? figure('brake', say('track.brake'), now?.brake == null ? NO_FIGURE : say(now.brake ? 'track.on' : 'track.off'), '') : nothing}
    </dl>
    ${segmented({
      label: say('track.unit'),
      id: 'speed-unit',
      items: UNITS,
      value: unit,
      onchange: (chosen) => this.context.track.setUnit(chosen),
    })}`;
  }

  #mapOf(map: TrackMap, track: Track, now: TrackPoint | null): TemplateResult {
    const { trackColour, playback } = this.state;
    const place = now && placeOf(now);
    const at = place && drawnAt(map, place);
    const go = (event: MouseEvent) => {
      const box = (event.currentTarget as SVGElement).getBoundingClientRect();
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      this.context.sources.seekTo(timeNear(map, (x / box.width) * MAP.width, (y / box.height) * MAP.height));
    };
    const [first, last] = [Math.max(0, track.points[0]!.t), track.points.at(-1)!.t];
    const seconds = Math.min(last, Math.max(first, playback!.seconds));
    const slide = ({ target }: Event) =>
      this.context.sources.seekTo(Number((target as HTMLInputElement).value));
    const spoken = `${formatClock(seconds)}, ${formatSpeed(now?.speed, this.state.speedUnit)} ${this.state.speedUnit}, ${
      windWords(now) || say('track.no-heading')
    }`;
    return html`<div class="track-map">
      <div class="track-sheet"><cw-base-map .context=${this.context} .layout=${map}></cw-base-map><svg
        class="track-drawing"
        viewBox="0 0 ${MAP.width} ${MAP.height}"
        role="img"
        aria-label=${say('track.map')}
        data-testid="track-map"
        @click=${go}
      >${this.state.baseMap ? map.lines.map(({ path }) => svg`<path d=${path} class="track-casing"></path>`) : nothing}${map.lines.map(
        ({ step, path }) =>
          svg`<path d=${path} class="track-line" stroke=${RAMP[step] ?? 'var(--edge)'}></path>`,
      )}${
        at
          ? svg`<g data-testid="track-marker" transform="translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})">
              <circle r="6.5" class="track-halo"></circle><circle r="4.5" class="track-dot"></circle>
              ${now.heading === null ? nothing : svg`<path d="M0 -11 3.5 -5.5h-7z" class="track-dot" transform="rotate(${now.heading.toFixed(0)})"></path>`}
            </g>`
          : nothing
      }${scaleBar(map)}</svg></div>
      <input
        type="range"
        class="track-slider"
        min=${first}
        max=${last}
        step="0.1"
        data-testid="track-slider"
        .value=${live(String(seconds))}
        .style=${`--fill: ${(100 * (seconds - first)) / Math.max(0.1, last - first)}%`}
        aria-label=${say('track.along')}
        aria-valuetext=${spoken}
        @input=${slide}
      >
    </div>
    <div class="track-legend">
      ${segmented({
        label: say('track.colour'),
        id: 'track-colour',
        items: COLOURS.map(({ value, label }) => ({ value, label: say(label) })),
        value: trackColour,
        onchange: (chosen) => this.context.track.setColour(chosen),
      })}${this.#ramp(map)}
    </div>
    ${this.#mapUnder()}`;
  }

  /** Whose the map under the track is, and how it goes; or how one gets there. */
  #mapUnder(): TemplateResult {
    const { baseMap } = this.state;
    const { map } = this.context;
    if (baseMap) {
      const words = [baseMap.name, baseMap.attribution].filter(Boolean).join(' · ') || say('map.unnamed');
      return html`<p class="track-under"><span class="hint" data-testid="map-credit">${say('map.credit', { words })}</span>
        ${textButton('map-remove', say('map.remove'), () => {
          map.remove();
          // The button is gone, and the focus goes to the one in its place.
          this.querySelector<HTMLElement>('[data-testid="map-choose"]')?.focus();
        })}</p>`;
    }
    return html`<p class="track-under">
      ${textButton('map-choose', say('map.choose'), () => this.querySelector<HTMLInputElement>('[data-testid="map-input"]')?.click())}
      ${filePicker({ id: 'map-input', label: say('map.choose-label'), accept: '.pmtiles', onpick: ([file]) => void map.open(file) })}
    </p>`;
  }

  #ramp({ values }: TrackMap): TemplateResult {
    const { trackColour, speedUnit } = this.state;
    if (!values) return html`<span class="hint" data-testid="track-ramp">${say('track.analyse')}</span>`;
    const text = (value: number): string =>
      trackColour === 'speed' ? formatSpeed(value, speedUnit) : formatPercent(value);
    const unit = trackColour === 'speed' ? speedUnit : '%';
    return html`<span class="track-ramp" data-testid="track-ramp"><span class="figure">${text(values.low)}</span><span
      class="track-ramp-bar"
      aria-hidden="true"
      .style=${`background: linear-gradient(to right, ${RAMP.join(', ')})`}
    ></span><span class="figure">${text(values.high)}</span> ${unit}</span>`;
  }

  /** By how much the clock of the files beside the recording is ahead. */
  #ahead(): TemplateResult {
    const change = ({ target }: Event) =>
      void this.context.track.setAhead((target as HTMLInputElement).valueAsNumber);
    return html`<label class="track-ahead"><span>${say('track.ahead')}</span><input
      type="number"
      step="0.1"
      data-testid="track-ahead"
      .value=${live(String(this.state.telemetry.ahead))}
      @change=${change}
    ><span>s</span></label>`;
  }
}

/** The wind of a heading, as the language shortens it; empty where there is none. */
function windWords(now: TrackPoint | null): string {
  const wind = windOf(now?.heading);
  return sayOr(`wind.${wind}`, wind);
}

function figure(id: string, label: string, value: string, unit: string): TemplateResult {
  return html`<div><dt>${label}</dt><dd><span class="figure" data-testid="hud-${id}">${value}</span> <span
    class="unit" data-testid="hud-${id}-unit">${unit}</span></dd></div>`;
}

function scaleBar({ bar }: TrackMap): TemplateResult {
  const [right, y] = [MAP.width - 8, MAP.height - 8];
  const text = bar.metres >= 1000 ? `${bar.metres / 1000} km` : `${bar.metres} m`;
  return svg`<path class="track-bar" d="M${(right - bar.units).toFixed(1)} ${y - 4}v4H${right}v-4"></path>
    <text class="track-bar-text" x=${(right - bar.units / 2).toFixed(1)} y=${y - 6} text-anchor="middle" data-testid="track-scale">${text}</text>`;
}

customElements.define('cw-track', CwTrack);

declare global {
  interface HTMLElementTagNameMap {
    'cw-track': CwTrack;
  }
}
