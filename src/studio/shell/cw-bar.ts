/** The bar below the picture: time, playback, the overlay's controls and the tools. */

import { MODES } from '../overlay/view-actions';
import type { AppState, Playback } from './app-state';
import { CwElement } from './base';
import { iconButton, nameControl, percentSlider, segmented } from './controls';
import { h, setText } from './dom';
import { formatClock, formatDelay } from './format';
import { type icon, setIcon } from './icons';

/** `<cw-bar>` */
export class CwBar extends CwElement {
  protected build(): void {
    this.append(
      this.#timeline(),
      h(
        'div',
        { class: 'bar-controls', role: 'group', 'aria-label': 'Controls' },
        this.#transport(),
        this.#overlay(),
        this.#sync(),
        this.#tools(),
      ),
    );
  }

  #timeline(): HTMLElement {
    const clock = h('span', { class: 'figure', 'data-testid': 'time' });
    const length = h('span', { class: 'figure muted', 'data-testid': 'duration' });
    // While a finger drags, the source's own times would pull the thumb back.
    let dragging = false;
    const seek = h('input', {
      type: 'range',
      class: 'seek',
      min: 0,
      step: 'any',
      'data-testid': 'seek',
      oninput: () => {
        dragging = true;
        this.context.sources.seekTo(Number(seek.value));
      },
      onchange: () => {
        dragging = false;
      },
    });
    nameControl(seek, 'Position in the video');
    const endless = h('span', { class: 'endless', 'aria-hidden': 'true' });
    this.watch(
      (s) => s.playback,
      (playback) => {
        const duration = playback?.info.duration;
        const seekable = playback?.canSeek === true && duration !== undefined;
        seek.hidden = !seekable;
        endless.hidden = seekable;
        // A camera has no time of its own; nought would look like a clock that stands.
        const timeless = !seekable && !playback?.seconds;
        setText(clock, timeless ? '' : formatClock(playback.seconds));
        setText(length, seekable ? formatClock(duration) : 'live');
        if (!seekable) return;
        seek.max = String(duration);
        seek.style.setProperty('--fill', `${duration > 0 ? (playback.seconds / duration) * 100 : 0}%`);
        if (!dragging) seek.value = String(playback.seconds);
        seek.setAttribute('aria-valuetext', `${formatClock(playback.seconds)} of ${formatClock(duration)}`);
      },
    );
    return h('div', { class: 'bar-timeline' }, clock, seek, endless, length);
  }

  #transport(): HTMLElement {
    const play = iconButton({
      icon: 'pause',
      label: 'Pause',
      id: 'play',
      action: 'play',
      onclick: () => void this.context.sources.togglePlay(),
    });
    play.classList.add('primary');
    const loop = this.#toggle('loop', 'loop', 'Repeat', () => void this.context.sources.toggleLoop());
    this.watch(isPlaying, (playing) => {
      setIcon(play, playing ? 'pause' : 'play');
      nameControl(play, playing ? 'Pause' : 'Play', 'play');
    });
    this.watch(
      (s) => s.playback === null,
      (none) => {
        play.disabled = none;
      },
    );
    this.watch(
      (s) => s.playback,
      (playback: Playback | null) => {
        loop.disabled = playback?.canLoop !== true;
        loop.setAttribute('aria-pressed', String(playback?.loop === true));
      },
    );
    return h('div', { class: 'row' }, play, loop);
  }

  #overlay(): HTMLElement {
    const { view } = this.context;
    const modes = segmented({
      label: 'Overlay',
      id: 'mode',
      items: MODES.map(({ mode, label }) => ({ value: mode, label })),
      onchange: (mode) => view.setMode(mode),
    });
    const opacity = percentSlider({
      label: 'Opacity',
      id: 'opacity',
      oninput: (share) => view.setOpacity(share),
    });
    const outline = this.#toggle('outline', 'outline', 'Outline of the drivable area', () =>
      view.toggleOutline(),
    );
    const split = this.#toggle('split', 'split', 'Split view', () => view.toggleSplit());
    this.watch((s) => s.view.mode, modes.select);
    this.watch((s) => s.view.opacity, opacity.set);
    this.watch(
      (s) => s.view.outline,
      (on) => outline.setAttribute('aria-pressed', String(on)),
    );
    this.watch(
      (s) => s.view.split !== null,
      (on) => split.setAttribute('aria-pressed', String(on)),
    );
    return h('div', { class: 'row bar-overlay' }, modes.element, opacity.element, outline, split);
  }

  #sync(): HTMLElement {
    const sync = segmented({
      label: 'Picture and mask',
      id: 'sync',
      items: [
        { value: 'synced', label: 'Synced' },
        { value: 'live', label: 'Live' },
      ],
      onchange: (value) => this.context.view.setSync(value),
    });
    sync.element.title =
      'Synced: each picture waits for its own mask. Live: the newest picture under the newest mask. (Y)';
    const name = h('span', { class: 'muted' });
    const age = h('span', { class: 'figure', 'data-testid': 'mask-age' });
    this.watch(
      (s) => s.view.sync,
      (value) => {
        sync.select(value);
        setText(name, value === 'live' ? 'age' : 'delay');
      },
    );
    this.watch(
      (s) => s.report?.maskAge,
      (ms) => {
        const { figure, unit } = formatDelay(ms);
        setText(age, `${figure} ${unit}`);
      },
    );
    return h(
      'div',
      { class: 'row bar-sync' },
      sync.element,
      h('span', { class: 'sync-age' }, name, ' ', age),
    );
  }

  #tools(): HTMLElement {
    const { page, regions } = this.context;
    const region = this.#toggle('region', 'region', 'Mask out the own bonnet', () => regions.toggleEdit());
    const full = iconButton({
      icon: 'expand',
      label: 'Full screen',
      id: 'full-screen',
      action: 'full-screen',
      onclick: () => void page.toggleFullScreen(),
    });
    full.hidden = !page.canFullScreen;
    const raw = h(
      'button',
      {
        type: 'button',
        class: 'button quiet',
        'data-testid': 'snapshot-raw',
        onclick: () => void page.snapshot(false),
      },
      'Raw',
    );
    nameControl(raw, 'Snapshot of the picture only', 'snapshot-raw');
    this.watch(
      (s) => s.editingRegion,
      (on) => region.setAttribute('aria-pressed', String(on)),
    );
    this.watch(
      (s) => s.fullScreen,
      (on) => {
        setIcon(full, on ? 'shrink' : 'expand');
        nameControl(full, on ? 'Leave full screen' : 'Full screen', 'full-screen');
      },
    );
    return h(
      'div',
      { class: 'row bar-tools' },
      region,
      h(
        'div',
        { class: 'joined', role: 'group', 'aria-label': 'Snapshot' },
        iconButton({
          icon: 'snapshot',
          label: 'Snapshot with the overlay',
          id: 'snapshot',
          action: 'snapshot',
          onclick: () => void page.snapshot(true),
        }),
        raw,
      ),
      full,
    );
  }

  #toggle(
    id: 'loop' | 'outline' | 'split' | 'region',
    image: Parameters<typeof icon>[0],
    label: string,
    onclick: () => void,
  ): HTMLButtonElement {
    const button = iconButton({ icon: image, label, id, action: id, onclick });
    button.setAttribute('aria-pressed', 'false');
    return button;
  }
}

/** Whether the picture moves, as far as the user is concerned. */
function isPlaying(state: Readonly<AppState>): boolean {
  return state.playback?.playing !== false && !state.paused;
}

customElements.define('cw-bar', CwBar);

declare global {
  interface HTMLElementTagNameMap {
    'cw-bar': CwBar;
  }
}
