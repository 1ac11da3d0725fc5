/**
 * Alarms of a room on the dashboard: judges what the tiles show by the room's rules and tells the server, which decides;
 * lists what became an alarm, newest first, for somebody to see to.
 */
import { AlarmJudge } from '../live/alarm-judge';
import { ALARM_KINDS, type Alarm, type AlarmKind, type AlarmRule } from '../live/alarms';
import type { ViewReport } from '../stage/stage-api';
import { decimals, say } from '../words/words';
import { clockOf } from './clock';
import { h, setText } from './dom';
import type { Tile } from './tile';

/** Lines that are kept. */
const LINES = 50;

/** Hertz and seconds of the sound. */
const TONE = 880;
const TONE_LASTS = 0.25;

/** What the desk asks of the room. Never rejects. */
export interface AlarmActions {
  raise(vehicle: string, kind: AlarmKind, value: number): void;
  acknowledge(alarm: string): void;
}

/** What an alarm says, for people. */
export function alarmWords({ kind, value }: Pick<Alarm, 'kind' | 'value'>): string {
  const { unit } = ALARM_KINDS[kind];
  const what = say(`alarm.${kind}`);
  if (value === null || kind === 'frozen') return what;
  const shown = decimals(String(kind === 'drivable' ? Math.round(value * 100) : Math.round(value * 10) / 10));
  return say('alarms.value', { what, value: unit === '' ? shown : `${shown} ${unit}` });
}

/** Owns the sound; `element`, and the `button` that opens it, are put on the page by their owner. */
export class AlarmDesk {
  readonly element: HTMLElement;
  readonly button = h(
    'button',
    { type: 'button', class: 'button', 'aria-expanded': 'false', 'data-testid': 'alarms-button' },
    say('alarms.heading'),
  );
  /** Said by screen readers, also while the list is closed. */
  readonly news = h('span', { class: 'alarm-news', role: 'status', 'data-testid': 'alarm-news' });
  readonly #list = h('ol', { class: 'event-list', 'data-testid': 'alarms', tabindex: 0 });
  readonly #empty = h('p', { class: 'muted' }, say('alarms.none'));
  readonly #sound = h('input', { type: 'checkbox', 'data-testid': 'alarm-sound' });
  readonly #alarms = new Map<string, Alarm>();
  #judge = new AlarmJudge([]);
  #audio: AudioContext | null = null;

  constructor(private readonly actions: AlarmActions) {
    this.#list.setAttribute('aria-label', say('alarms.list'));
    this.element = h(
      'section',
      { class: 'dashboard-events dashboard-alarms', 'aria-label': say('alarms.heading'), hidden: true },
      h('h2', {}, say('alarms.heading')),
      h('label', { class: 'row' }, this.#sound, ` ${say('alarms.sound')}`),
      this.#empty,
      this.#list,
    );
    this.button.addEventListener('click', () => {
      this.element.hidden = !this.element.hidden;
      this.button.setAttribute('aria-expanded', String(!this.element.hidden));
    });
  }

  /** Joined, or taken up again. @param alarms of before, the newest last */
  meet(rules: readonly AlarmRule[], alarms: readonly Alarm[]): void {
    this.#judge = new AlarmJudge(rules);
    this.#alarms.clear();
    for (const each of alarms) this.#alarms.set(each.id, each);
    this.#draw();
  }

  /** An alarm is new, or somebody sees to it. */
  hear(alarm: Alarm): void {
    const known = this.#alarms.has(alarm.id);
    this.#alarms.set(alarm.id, alarm);
    const [oldest] = this.#alarms.keys();
    if (this.#alarms.size > LINES && oldest !== undefined) this.#alarms.delete(oldest);
    this.#draw();
    if (!known && this.#sound.checked) this.#beep();
  }

  /** Judges what a tile shows now. @param now milliseconds, monotonic */
  look(tile: Tile, report: ViewReport | null, now: number): void {
    const { id, silent } = tile.vehicle;
    const scene = report?.scene ?? null;
    const reading = {
      drivable: report?.drivableShare ?? null,
      path: scene?.inPath ?? null,
      free: scene?.free?.distance ?? null,
      // Whoever is silent is told of by the server.
      frozen: report === null || silent ? null : Number(report.stalled),
      late: tile.figures?.delay ?? null,
    };
    for (const { kind, value } of this.#judge.judge(id, reading, now)) this.actions.raise(id, kind, value);
  }

  /** A vehicle has left. */
  forget(vehicle: string): void {
    this.#judge.forget(vehicle);
  }

  dispose(): void {
    void this.#audio?.close();
    this.element.remove();
  }

  #draw(): void {
    const all = [...this.#alarms.values()].reverse();
    const open = all.filter(({ acknowledged }) => acknowledged === null);
    this.#empty.hidden = all.length > 0;
    const [newest] = open;
    setText(this.news, newest ? `${newest.name}: ${alarmWords(newest)}` : '');
    setText(
      this.button,
      open.length > 0 ? say('alarms.open', { count: open.length }) : say('alarms.heading'),
    );
    const focused = document.activeElement?.closest<HTMLElement>('[data-alarm]')?.dataset.alarm;
    this.#list.replaceChildren(...all.map((alarm) => this.#line(alarm)));
    // The line was drawn anew under the keyboard.
    if (focused)
      this.#list.querySelector<HTMLElement>(`[data-alarm="${CSS.escape(focused)}"] button`)?.focus();
  }

  #line(alarm: Alarm): HTMLLIElement {
    const { id, level, name, at, acknowledged } = alarm;
    return h(
      'li',
      { class: `event alarm-${level}`, 'data-alarm': id, 'data-level': level },
      h('span', { class: 'figure muted' }, clockOf(at)),
      h('span', { class: 'event-vehicle' }, name),
      h('span', {}, say('alarms.line', { level: say(`alarm-level.${level}`), what: alarmWords(alarm) })),
      acknowledged
        ? h('span', { class: 'muted' }, say('alarms.seen-to', { who: acknowledged.by }))
        : h(
            'button',
            {
              type: 'button',
              class: 'button small',
              'aria-label': say('alarms.see-to-what', { what: alarmWords(alarm), name }),
              onclick: () => this.actions.acknowledge(id),
            },
            say('alarms.see-to'),
          ),
    );
  }

  /** A page may sound once a person has touched it: ticking the box was that. */
  #beep(): void {
    this.#audio ??= new AudioContext();
    const tone = this.#audio.createOscillator();
    tone.frequency.value = TONE;
    tone.connect(this.#audio.destination);
    tone.start();
    tone.stop(this.#audio.currentTime + TONE_LASTS);
  }
}
