/** What the dashboard shows around its tiles: the head, the grid, the focused vehicle's controls, charts and notices. */
import { html, render } from 'lit';
import type { ErrorReport } from '../errors';
import type { Leaving, Vehicle } from '../live/protocol';
import type { SessionState } from '../live/session';
import type { OverlayMode } from '../overlay/view';
import type { LiveObjects, ViewReport } from '../stage/stage-api';
import { MODES } from '../studio/overlay/view-actions';
import { formatMetres } from '../studio/scene/scene-words';
import { percentSlider, segmented, textButton } from '../studio/shell/controls';
import { formatCount, formatDelay, formatPercent, formatRate, NO_FIGURE } from '../studio/shell/format';
import { type PlainKey, say, sentenceOf } from '../words/words';
import { type AlarmActions, AlarmDesk } from './alarm-desk';
import { Charts } from './charts';
import { Departed } from './departed';
import { h, setText } from './dom';
import { EventLog } from './event-log';
import { liveHead } from './head';
import type { History } from './history';
import { Invitation } from './invitation';
import { type LiveParams, liveAddress } from './params';
import { RecordingsSheet } from './recordings-sheet';
import { leavingWords, linkWords, type Tile } from './tile';

/** What a person does with the dashboard as a whole. */
export interface DashboardActions extends AlarmActions {
  setMode(mode: OverlayMode): void;
  setOpacity(opacity: number): void;
  unfocus(): void;
}

const STATE_TEXTS: Readonly<Record<SessionState, PlainKey>> = {
  joining: 'live.joining',
  joined: 'live.joined-room',
  reconnecting: 'live.reconnecting',
  refused: 'live.refused',
  left: 'live.left',
};

/** Milliseconds a notice stays. */
const NOTICE_LASTS = 15_000;

/** The page's elements; owns the charts. */
export class DashboardView {
  readonly #grid = h('ul', {
    class: 'dashboard',
    'data-testid': 'dashboard',
    'aria-label': say('dashboard.vehicles'),
  });
  readonly #empty = h('div', { class: 'dashboard-empty', 'data-testid': 'dashboard-empty' });
  readonly #state = h('span', { class: 'live-state', role: 'status', 'data-testid': 'session' });
  readonly #engine = h(
    'span',
    { class: 'live-engine muted', 'data-testid': 'engine' },
    say('viewer.starting'),
  );
  readonly #count = h('span', { class: 'muted', 'data-testid': 'count' });
  readonly #total = h('span', { class: 'figure muted', 'data-testid': 'total-rate' });
  readonly #notice = h('p', { class: 'live-notice', role: 'alert', hidden: true, 'data-testid': 'notice' });
  readonly #hud = h('section', {
    class: 'dashboard-hud',
    hidden: true,
    'aria-label': say('dashboard.enlarged'),
  });
  readonly #hudName = h('h2', {});
  readonly #hudFigures = h('dl', { class: 'dashboard-hud-figures', 'data-testid': 'hud' });
  /** Who was here and is not. */
  readonly #departed = new Departed();
  /** What happened in the room, shown below the charts. */
  readonly events = new EventLog();
  /** What somebody has to see to, beside them. */
  readonly alarms: AlarmDesk;
  readonly #charts: Charts;
  readonly #chartsPlace = h('section', {
    class: 'dashboard-charts',
    hidden: true,
    'aria-label': say('dashboard.last-minutes'),
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
      say('dashboard.charts'),
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
      h('p', {}, say('dashboard.empty')),
      h('p', { class: 'muted' }, say('dashboard.empty-next')),
    );
    // Who came by an invitation may not send by it.
    if (params.token === null) this.#empty.append(driveLink(params.room));
    this.#chartsPlace.append(this.#charts.element, this.events.element);
    root.classList.add('live');
    root.replaceChildren(
      head,
      h(
        'main',
        { class: 'dashboard-main' },
        this.#notice,
        this.#departed.element,
        this.#empty,
        this.#grid,
        this.#hud,
        this.alarms.element,
        this.#chartsPlace,
      ),
      recordings.sheet,
      invitation.sheet,
    );
    document.title = say('live.title-of', { title: params.room });
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
    const vehicles = say('dashboard.count', { count: shown });
    const rest = all - shown;
    const text = rest > 0 ? say('dashboard.more', { vehicles, more: rest }) : vehicles;
    setText(this.#count, all === 0 ? '' : text);
  }

  session(state: SessionState, error: ErrorReport | null): void {
    setText(this.#state, say(STATE_TEXTS[state]));
    this.#state.dataset.state = state;
    if (error) this.notice(error, state === 'refused');
    else if (state === 'joined') this.#notice.hidden = true;
  }

  came(vehicle: string): void {
    this.events.tell(vehicle, 'came', say('room-events.came'), Date.now());
  }

  /** It is said beyond the end of its tile, until it comes back. */
  left(vehicle: string, reason: Leaving | null): void {
    const why = leavingWords(reason);
    this.events.tell(vehicle, 'left', say('room-events.left', { why }), Date.now());
    this.#departed.left(vehicle, why, Date.now());
  }

  /** A vehicle's picture does not come. */
  failed(vehicle: string, error: ErrorReport): void {
    this.events.tell(
      vehicle,
      'failed',
      say('room-events.no-picture', { why: sentenceOf(error) }),
      Date.now(),
    );
  }

  /** All that are here. */
  present(vehicles: readonly Vehicle[]): void {
    this.#departed.meet(vehicles.map(({ name }) => name));
  }

  engine(text: string): void {
    setText(this.#engine, text);
    // It is cut off first where the window is narrow.
    this.#engine.title = text;
  }

  /** @param stays whether it stays until something changes */
  notice(error: ErrorReport, stays = false): void {
    setText(this.#notice, sentenceOf(error));
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
    setText(this.#total, total > 0 ? say('dashboard.total', { rate: formatRate(total) }) : '');
    if (!focused || !report) return;
    const delay = (ms: number | null) => {
      const { figure, unit } = formatDelay(ms);
      return `${figure} ${unit}`;
    };
    const link = focused.figures;
    const rows: readonly (readonly [string, string])[] = [
      [say('tile.drivable'), `${formatPercent(report.drivableShare)} %`],
      [say('tile.free'), `${formatMetres(report.scene?.free?.distance ?? null)} m`],
      [
        say('tile.pictures'),
        say('dashboard.pictures-of', {
          rate: formatRate(report.pictureFps),
          source: formatRate(report.sourceFps),
        }),
      ],
      [say('tile.masks'), `${formatRate(report.inferenceFps)} /s`],
      [
        say('tile.latency'),
        link?.delay == null ? delay(null) : `${delay(link.delay)}, ${say(`delay.${link.delayFrom}`)}`,
      ],
      [say('tile.mask-in'), delay(report.latencyP50)],
      [say('tile.mask-age'), delay(report.maskAge)],
      [say('tile.link'), `${linkWords(link?.quality ?? null, null)}, ${delay(link?.roundTrip ?? null)}`],
      [say('tile.layer'), layerWords(focused.element.dataset.layer)],
      [
        say('tile.frames'),
        say('dashboard.not-segmented', {
          frames: formatCount(report.frames),
          dropped: formatCount(report.dropped),
        }),
      ],
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
          label: say('bar.overlay'),
          id: 'mode',
          items: MODES.map((mode) => ({ value: mode, label: say(`mode.${mode}`) })),
          value: mode,
          onchange: (chosen) => {
            mode = chosen;
            actions.setMode(chosen);
          },
        })}${percentSlider({
          label: say('bar.opacity'),
          id: 'opacity',
          share,
          oninput: (chosen) => {
            draw(chosen);
            actions.setOpacity(chosen);
          },
        })}${textButton('unfocus', say('dashboard.all'), () => actions.unfocus())}`,
        controls,
      );
    };
    draw(0.5);
    return controls;
  }
}

/** Which layer of a picture comes; a word for none, while it is paused. */
function layerWords(layer: string | undefined): string {
  return layer === 'none' ? say('link.none') : (layer ?? NO_FIGURE);
}

/** What an empty room offers: a vehicle that every machine has, on a page of its own. */
function driveLink(room: string): HTMLElement {
  const href = liveAddress(location.href, { room, publish: 'drive', name: say('live.first-name') });
  const attributes = { class: 'button', href, target: '_blank', 'data-testid': 'send-drive' };
  return h('a', attributes, say('dashboard.empty-drive'));
}
