/** The bar below the picture: time, playback, the overlay's controls and the tools. */
import { html, noChange, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { say } from '../../words/words';
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
      <div class="bar-controls" role="group" aria-label=${say('bar.controls')}>
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
        aria-valuetext=${seekable ? say('bar.position-of', { at: formatClock(seconds), end: formatClock(duration) }) : nothing}
        @input=${({ target }: Event) => {
          this.#dragging = true;
          this.context.sources.seekTo(Number((target as HTMLInputElement).value));
        }}
        @change=${() => {
          this.#dragging = false;
        }}
        ${named(say('bar.position'))}
      ><span class="endless" aria-hidden="true" ?hidden=${seekable}></span>
      <span class="figure muted" data-testid="duration">${seekable ? formatClock(duration) : say('bar.live')}</span>
    </div>`;
  }

  #transport(): TemplateResult {
    const { playback, paused } = this.state;
    const { sources } = this.context;
    // Whether the picture moves, as far as the user is concerned.
    const playing = playback?.playing !== false && !paused;
    return html`<div class="row">${iconButton({
      icon: playing ? 'pause' : 'play',
      label: say(playing ? 'bar.pause' : 'bar.play'),
      id: 'play',
      action: 'play',
      onclick: () => void sources.togglePlay(),
      primary: true,
      disabled: playback === null,
    })}${iconButton({
      icon: 'loop',
      label: say('bar.repeat'),
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
      label: say('bar.overlay'),
      id: 'mode',
      items: MODES.map((mode) => ({ value: mode, label: say(`mode.${mode}`) })),
      value: mode,
      onchange: (mode) => view.setMode(mode),
    })}${percentSlider({
      label: say('bar.opacity'),
      id: 'opacity',
      share: opacity,
      oninput: (share) => view.setOpacity(share),
    })}${iconButton({
      icon: 'outline',
      label: say('key.outline'),
      id: 'outline',
      action: 'outline',
      onclick: () => view.toggleOutline(),
      pressed: outline,
    })}${iconButton({
      icon: 'split',
      label: say('bar.split'),
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
      label: say('bar.sync'),
      id: 'sync',
      items: [
        { value: 'synced', label: say('bar.synced') },
        { value: 'live', label: say('bar.live-picture') },
      ],
      value: sync,
      onchange: (value) => this.context.view.setSync(value),
      title: say('bar.sync-hint'),
    })}<span class="sync-age"><span class="muted">${say(sync === 'live' ? 'bar.age' : 'bar.delay')}</span> <span
      class="figure" data-testid="mask-age">${figure} ${unit}</span></span></div>`;
  }

  #tools(): TemplateResult {
    const { page, regions } = this.context;
    const { fullScreen, editingRegion, blur } = this.state;
    return html`<div class="row bar-tools">${iconButton({
      icon: 'region',
      label: say('key.region'),
      id: 'region',
      action: 'region',
      onclick: () => regions.toggleEdit(),
      pressed: editingRegion,
    })}<div class="joined" role="group" aria-label=${say('bar.snapshot-group')}>${iconButton({
      icon: 'snapshot',
      label: say('key.snapshot'),
      id: 'snapshot',
      action: 'snapshot',
      onclick: () => void page.snapshot(true),
    })}<button
      type="button"
      class="button quiet"
      data-testid="snapshot-raw"
      @click=${() => void page.snapshot(false)}
      ${named(say('bar.raw-hint'), 'snapshot-raw')}
    >${say('bar.raw')}</button><button
      type="button"
      class="button quiet"
      aria-pressed=${blur}
      data-testid="snapshot-blur"
      @click=${() => page.setBlur(!blur)}
      ${named(say('bar.blur-hint'))}
    >${say('bar.blur')}</button></div>${iconButton({
      icon: fullScreen ? 'shrink' : 'expand',
      label: say(fullScreen ? 'bar.leave-full-screen' : 'bar.full-screen'),
      id: 'full-screen',
      action: 'full-screen',
      onclick: () => void page.toggleFullScreen(),
      hidden: !page.canFullScreen,
    })}</div>`;
  }
}

customElements.define('cw-bar', CwBar);
