/** The bar below the picture: time, playback, the overlay's controls and the tools. */
import { html, noChange, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { MODES } from '../overlay/view-actions';
import { iconButton, named, percentSlider, segmented } from './controls';
import { CwElement } from './element';
import { formatClock, formatDelay } from './format';

/** `<cw-bar>` */
export class CwBar extends CwElement {
  /** While a finger drags, the source's own times would pull the thumb back. */
  #dragging = false;

  protected override render(): TemplateResult {
    return html`${this.#timeline()}
      <div class="bar-controls" role="group" aria-label="Controls">
        ${this.#transport()}${this.#overlay()}${this.#sync()}${this.#tools()}
      </div>`;
  }

  #timeline(): TemplateResult {
    const { playback } = this.state;
    const duration = playback?.canSeek ? playback.info.duration : undefined;
    const seekable = duration !== undefined;
    const seconds = playback?.seconds ?? 0;
    // A camera has no time of its own; nought would look like a clock that stands.
    const clock = seekable || seconds ? formatClock(seconds) : '';
    const fill = duration ? (seconds / duration) * 100 : 0;
    return html`<div class="bar-timeline">
      <span class="figure" data-testid="time">${clock}</span>
      <input
        type="range"
        class="seek"
        min="0"
        step="any"
        max=${duration ?? nothing}
        data-testid="seek"
        ?hidden=${!seekable}
        .value=${this.#dragging || !seekable ? noChange : live(String(seconds))}
        .style=${`--fill: ${fill}%`}
        aria-valuetext=${seekable ? `${formatClock(seconds)} of ${formatClock(duration)}` : nothing}
        @input=${({ target }: Event) => {
          this.#dragging = true;
          this.context.sources.seekTo(Number((target as HTMLInputElement).value));
        }}
        @change=${() => {
          this.#dragging = false;
        }}
        ${named('Position in the video')}
      ><span class="endless" aria-hidden="true" ?hidden=${seekable}></span>
      <span class="figure muted" data-testid="duration">${seekable ? formatClock(duration) : 'live'}</span>
    </div>`;
  }

  #transport(): TemplateResult {
    const { playback, paused } = this.state;
    const { sources } = this.context;
    // Whether the picture moves, as far as the user is concerned.
    const playing = playback?.playing !== false && !paused;
    return html`<div class="row">${iconButton({
      icon: playing ? 'pause' : 'play',
      label: playing ? 'Pause' : 'Play',
      id: 'play',
      action: 'play',
      onclick: () => void sources.togglePlay(),
      primary: true,
      disabled: playback === null,
    })}${iconButton({
      icon: 'loop',
      label: 'Repeat',
      id: 'loop',
      action: 'loop',
      onclick: () => void sources.toggleLoop(),
      pressed: playback?.loop === true,
      disabled: playback?.canLoop !== true,
    })}</div>`;
  }

  #overlay(): TemplateResult {
    const { mode, opacity, outline, split } = this.state.view;
    const { view } = this.context;
    return html`<div class="row bar-overlay">${segmented({
      label: 'Overlay',
      id: 'mode',
      items: MODES.map(({ mode, label }) => ({ value: mode, label })),
      value: mode,
      onchange: (mode) => view.setMode(mode),
    })}${percentSlider({
      label: 'Opacity',
      id: 'opacity',
      share: opacity,
      oninput: (share) => view.setOpacity(share),
    })}${iconButton({
      icon: 'outline',
      label: 'Outline of the drivable area',
      id: 'outline',
      action: 'outline',
      onclick: () => view.toggleOutline(),
      pressed: outline,
    })}${iconButton({
      icon: 'split',
      label: 'Split view',
      id: 'split',
      action: 'split',
      onclick: () => view.toggleSplit(),
      pressed: split !== null,
    })}</div>`;
  }

  #sync(): TemplateResult {
    const { sync } = this.state.view;
    const { figure, unit } = formatDelay(this.state.report?.maskAge);
    return html`<div class="row bar-sync">${segmented({
      label: 'Picture and mask',
      id: 'sync',
      items: [
        { value: 'synced', label: 'Synced' },
        { value: 'live', label: 'Live' },
      ],
      value: sync,
      onchange: (value) => this.context.view.setSync(value),
      title:
        'Synced: each picture waits for its own mask. Live: the newest picture under the newest mask. (Y)',
    })}<span class="sync-age"><span class="muted">${sync === 'live' ? 'age' : 'delay'}</span> <span
      class="figure" data-testid="mask-age">${figure} ${unit}</span></span></div>`;
  }

  #tools(): TemplateResult {
    const { page, regions } = this.context;
    const { fullScreen, editingRegion, blur } = this.state;
    return html`<div class="row bar-tools">${iconButton({
      icon: 'region',
      label: 'Mask out the own bonnet',
      id: 'region',
      action: 'region',
      onclick: () => regions.toggleEdit(),
      pressed: editingRegion,
    })}<div class="joined" role="group" aria-label="Snapshot">${iconButton({
      icon: 'snapshot',
      label: 'Snapshot with the overlay',
      id: 'snapshot',
      action: 'snapshot',
      onclick: () => void page.snapshot(true),
    })}<button
      type="button"
      class="button quiet"
      data-testid="snapshot-raw"
      @click=${() => void page.snapshot(false)}
      ${named('Raw snapshot: the picture only', 'snapshot-raw')}
    >Raw</button><button
      type="button"
      class="button quiet"
      aria-pressed=${blur}
      data-testid="snapshot-blur"
      @click=${() => page.setBlur(!blur)}
      ${named('Blur people and vehicles, as far as the model sees them, in snapshots and exported video')}
    >Blur</button></div>${iconButton({
      icon: fullScreen ? 'shrink' : 'expand',
      label: fullScreen ? 'Leave full screen' : 'Full screen',
      id: 'full-screen',
      action: 'full-screen',
      onclick: () => void page.toggleFullScreen(),
      hidden: !page.canFullScreen,
    })}</div>`;
  }
}

customElements.define('cw-bar', CwBar);
