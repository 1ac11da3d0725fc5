/** What the dashboard shows around its tiles: the head, the grid, the focused vehicle's controls, charts and notices. */
import { html, render } from 'lit';
import type { ErrorReport } from '../errors';
import type { SessionState } from '../live/session';
import type { OverlayMode } from '../overlay/view';
import type { LiveObjects, ViewReport } from '../stage/stage-api';
import { MODES } from '../studio/overlay/view-actions';
import { formatMetres } from '../studio/scene/scene-words';
import { percentSlider, segmented, textButton } from '../studio/shell/controls';
import { formatCount, formatDelay, formatPercent, formatRate } from '../studio/shell/format';
import { say } from '../words/words';
import { type AlarmActions, AlarmDesk } from './alarm-desk';
import { Charts } from './charts';
import { h, setText } from './dom';
import { EventLog } from './event-log';
import { liveHead } from './head';
import type { History } from './history';
import { Invitation } from './invitation';
import type { LiveParams } from './params';
import { RecordingsSheet } from './recordings-sheet';
import { DELAYS, type Tile } from './tile';

/** What a person does with the dashboard as a whole. */
export interface DashboardActions extends AlarmActions {
  setMode(mode: OverlayMode): void;
  setOpacity(opacity: number): void;
  unfocus(): void;
}

const STATE_TEXTS: Readonly<Record<SessionState, string>> = {
  joining: 'Joining…',
  joined: 'Live',
  reconnecting: 'Reconnecting…',
  refused: 'Not joined',
  left: 'Left',
};

/** Milliseconds a notice stays. */
const NOTICE_LASTS = 15_000;

/** The page's elements; owns the charts. */
export class DashboardView {
  readonly #grid = h('ul', { class: 'dashboard', 'data-testid': 'dashboard', 'aria-label': 'Vehicles' });
  readonly #empty = h('div', { class: 'dashboard-empty', 'data-testid': 'dashboard-empty' });
  readonly #state = h('span', { class: 'live-state', role: 'status', 'data-testid': 'session' });
  readonly #engine = h('span', { class: 'live-engine muted', 'data-testid': 'engine' }, 'Starting…');
  readonly #count = h('span', { class: 'muted', 'data-testid': 'count' });
  readonly #total = h('span', { class: 'figure muted', 'data-testid': 'total-rate' });
  readonly #notice = h('p', { class: 'live-notice', role: 'alert', hidden: true, 'data-testid': 'notice' });
  readonly #hud = h('section', { class: 'dashboard-hud', hidden: true, 'aria-label': 'Enlarged vehicle' });
  readonly #hudName = h('h2', {});
  readonly #hudFigures = h('dl', { class: 'dashboard-hud-figures', 'data-testid': 'hud' });
  /** What happened on the roads, shown below the charts. */
  readonly events = new EventLog();
  /** What somebody has to see to, beside them. */
  readonly alarms: AlarmDesk;
  readonly #charts: Charts;
  readonly #chartsPlace = h('section', {
    class: 'dashboard-charts',
    hidden: true,
    'aria-label': 'Last five minutes',
  });
  readonly #chartsButton: HTMLButtonElement;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    params: LiveParams & { readonly room: string },
    history: History,
    actions: DashboardActions,
  ) {
    this.#charts = new Charts(history);
    this.alarms = new AlarmDesk(actions);
    this.#chartsButton = h(
      'button',
      {
        type: 'button',
        class: 'button',
        'aria-expanded': 'false',
        'data-testid': 'charts-button',
        onclick: () => this.#toggleCharts(),
      },
      'Charts',
    );
    const invitation = new Invitation(params.room, params.token);
    const recordings = new RecordingsSheet(params.room, params.token);
    void recordings.look();
    const head = liveHead(
      h('span', { class: 'live-room', 'data-testid': 'room' }, params.room),
      this.#state,
      h('div', { class: 'live-facts' }, this.#count, this.#engine, this.#total, this.alarms.news),
      h(
        'div',
        { class: 'live-actions' },
        this.alarms.button,
        this.#chartsButton,
        recordings.button,
        invitation.button,
      ),
    );
    this.#hud.append(this.#hudName, this.#hudControls(params, actions), this.#hudFigures);
    this.#empty.append(
      h('p', {}, 'Nobody drives here yet.'),
      h('p', { class: 'muted' }, 'Invite a vehicle, or send a dashcam’s video from the command line.'),
    );
    this.#chartsPlace.append(this.#charts.element, this.events.element);
    root.classList.add('live');
    root.replaceChildren(
      head,
      h(
        'main',
        { class: 'dashboard-main' },
        this.#notice,
        this.#empty,
        this.#grid,
        this.#hud,
        this.alarms.element,
        this.#chartsPlace,
      ),
      recordings.sheet,
      invitation.sheet,
    );
    document.title = `${params.room} – Carriageway`;
  }

  /** Puts the tiles in order; those that are there are moved, never made anew. */
  order(tiles: readonly Tile[]): void {
    tiles.forEach((tile, i) => {
      const present = this.#grid.children[i];
      if (present !== tile.element) this.#grid.insertBefore(tile.element, present ?? null);
    });
    this.#grid.dataset.count = String(tiles.length);
    this.#empty.hidden = tiles.length > 0;
  }

  counts(shown: number, all: number): void {
    const rest = all > shown ? `, ${all - shown} more without a place` : '';
    setText(this.#count, all === 0 ? '' : `${shown} vehicle${shown === 1 ? '' : 's'}${rest}`);
  }

  session(state: SessionState, error: ErrorReport | null): void {
    setText(this.#state, STATE_TEXTS[state]);
    this.#state.dataset.state = state;
    if (error) this.notice(error, state === 'refused');
    else if (state === 'joined') this.#notice.hidden = true;
  }

  engine(text: string): void {
    setText(this.#engine, text);
    // It is cut off first where the window is narrow.
    this.#engine.title = text;
  }

  /** @param stays whether it stays until something changes */
  notice(error: ErrorReport, stays = false): void {
    setText(this.#notice, error.message);
    this.#notice.dataset.code = error.code;
    this.#notice.title = error.detail;
    this.#notice.hidden = false;
    clearTimeout(this.#noticeTimer);
    if (!stays) this.#noticeTimer = setTimeout(() => (this.#notice.hidden = true), NOTICE_LASTS);
  }

  setFocused(tile: Tile | null): void {
    this.#grid.classList.toggle('has-focus', tile !== null);
    this.#hud.hidden = tile === null;
    if (tile) setText(this.#hudName, tile.vehicle.name);
  }

  /** What the worker holds: for people who look for leaks, and for the soak. */
  holds({ frames, buffers, textures }: LiveObjects): void {
    this.#grid.dataset.objects = `${frames} frames, ${buffers} buffers, ${textures} textures`;
  }

  figures(focused: Tile | null, report: ViewReport | null, total: number): void {
    setText(this.#total, total > 0 ? `${formatRate(total)} masks/s` : '');
    if (!focused || !report) return;
    const delay = (ms: number | null) => {
      const { figure, unit } = formatDelay(ms);
      return `${figure} ${unit}`;
    };
    const link = focused.figures;
    const rows: readonly (readonly [string, string])[] = [
      ['Drivable', `${formatPercent(report.drivableShare)} %`],
      ['Free ahead', `${formatMetres(report.scene?.free?.distance ?? null)} m`],
      ['Pictures', `${formatRate(report.pictureFps)} /s of ${formatRate(report.sourceFps)}`],
      ['Masks', `${formatRate(report.inferenceFps)} /s`],
      [
        'Latency',
        link?.delay == null ? delay(null) : `${delay(link.delay)}, ${DELAYS[link.delayFrom].words}`,
      ],
      ['Mask in', delay(report.latencyP50)],
      ['Mask age', delay(report.maskAge)],
      ['Link', `${link?.quality ?? '–'}, ${delay(link?.roundTrip ?? null)}`],
      ['Layer', focused.element.dataset.layer ?? '–'],
      ['Frames', `${formatCount(report.frames)}, ${formatCount(report.dropped)} not segmented`],
    ];
    rows.forEach(([name, value], i) => {
      let row = this.#hudFigures.children[i];
      if (!row) {
        row = h('div', {}, h('dt', {}, name), h('dd', { class: 'figure' }));
        this.#hudFigures.append(row);
      }
      setText(row.lastElementChild!, value);
    });
  }

  /** Draws the newest values, while the charts are open. */
  charts(): void {
    if (!this.#chartsPlace.hidden) this.#charts.update();
  }

  dispose(): void {
    clearTimeout(this.#noticeTimer);
    this.#charts.dispose();
    this.alarms.dispose();
    this.root.replaceChildren();
    this.root.classList.remove('live');
  }

  #toggleCharts(): void {
    this.#chartsPlace.hidden = !this.#chartsPlace.hidden;
    this.#chartsButton.setAttribute('aria-expanded', String(!this.#chartsPlace.hidden));
    this.charts();
  }

  #hudControls(params: LiveParams, actions: DashboardActions): HTMLElement {
    const controls = h('div', { class: 'row' });
    let { mode } = params;
    const draw = (share: number): void => {
      render(
        html`${segmented({
          label: 'Overlay',
          id: 'mode',
          items: MODES.map((mode) => ({ value: mode, label: say(`mode.${mode}`) })),
          value: mode,
          onchange: (chosen) => {
            mode = chosen;
            actions.setMode(chosen);
          },
        })}${percentSlider({
          label: 'Opacity',
          id: 'opacity',
          share,
          oninput: (chosen) => {
            draw(chosen);
            actions.setOpacity(chosen);
          },
        })}${textButton('unfocus', 'All vehicles', () => actions.unfocus())}`,
        controls,
      );
    };
    draw(0.5);
    return controls;
  }
}
