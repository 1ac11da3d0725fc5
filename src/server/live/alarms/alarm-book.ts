/** The alarms of this process's rooms: what was told, what is held off, and who has seen to it. */
import { randomUUID } from 'node:crypto';
import { type Alarm, type AlarmKind, type AlarmRule, DEFAULT_RULES } from '../../../live/alarms.ts';
import type { Notification, Vehicle } from '../../../live/protocol.ts';
import { Refused } from '../refused.ts';

/** Alarms that a room remembers, and rooms that are remembered: the oldest give way. */
const ALARMS_MAX = 100;
const ROOMS_MAX = 1000;

/** Rules by name of the room; `*` for those that are not named. */
export type RulesByRoom = Readonly<Record<string, readonly AlarmRule[]>>;

/** Where alarms go beside their room. */
export interface AlarmOutlet extends AsyncDisposable {
  /** Never throws, and keeps nobody waiting. */
  publish(alarm: Alarm): void;
}

/** A room, as far as alarms are concerned. */
export interface AlarmRoom {
  readonly name: string;
  readonly vehicles: readonly Vehicle[];
  tell(message: Notification): void;
}

interface Page {
  readonly alarms: Alarm[];
  /** Until when nothing is told, by vehicle's name and kind. */
  readonly heldUntil: Map<string, number>;
}

/** Owns what was told, not the outlets. */
export class AlarmBook {
  readonly #pages = new Map<string, Page>();

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly rules: RulesByRoom = {},
    private readonly outlets: readonly AlarmOutlet[] = [],
    private readonly now: () => number = Date.now,
  ) {}

  /** The rules of a room. */
  rulesOf(room: string): readonly AlarmRule[] {
    const own = Object.hasOwn(this.rules, room) ? this.rules[room] : this.rules['*'];
    return own ?? DEFAULT_RULES;
  }

  /** What was told in a room, the newest last; of all rooms without one. */
  list(room: string | null): readonly Alarm[] {
    if (room !== null) return this.#pages.get(room)?.alarms ?? [];
    return [...this.#pages.values()].flatMap((page) => page.alarms).sort((a, b) => a.at - b.at);
  }

  /**
   * Somebody saw something. What the room has no rule for, or was told a moment ago, is let pass.
   * @param value in the unit of the kind
   * @returns the alarm that was made; null when none was
   * @throws Refused `not-found` for a vehicle that is not there
   */
  raise(room: AlarmRoom, kind: AlarmKind, vehicle: string, value: number | null): Alarm | null {
    const rule = this.rulesOf(room.name).find((each) => each.kind === kind);
    const of = room.vehicles.find(({ id }) => id === vehicle);
    if (!of) throw new Refused('not-found');
    if (!rule) return null;
    const page = this.#page(room.name);
    // By name: who leaves and comes again is the same to whoever looks.
    const key = `${kind} ${of.name}`;
    const now = this.now();
    if ((page.heldUntil.get(key) ?? 0) > now) return null;
    page.heldUntil.set(key, now + rule.holdOff * 1000);
    for (const [each, until] of page.heldUntil) if (until <= now) page.heldUntil.delete(each);
    const { level } = rule;
    const made: Alarm = {
      id: randomUUID(),
      room: room.name,
      kind,
      level,
      vehicle,
      name: of.name,
      value,
      at: now,
      acknowledged: null,
    };
    page.alarms.push(made);
    if (page.alarms.length > ALARMS_MAX) page.alarms.shift();
    this.#tell(room, made);
    return made;
  }

  /** Somebody sees to it; who did so first stays. @throws Refused `not-found` */
  acknowledge(room: AlarmRoom, id: string, by: string): Alarm {
    const page = this.#pages.get(room.name);
    const index = page?.alarms.findIndex((each) => each.id === id) ?? -1;
    const known = page?.alarms[index];
    if (!page || !known) throw new Refused('not-found');
    if (known.acknowledged) return known;
    const seen: Alarm = { ...known, acknowledged: { by, at: this.now() } };
    page.alarms[index] = seen;
    this.#tell(room, seen);
    return seen;
  }

  #tell(room: AlarmRoom, alarm: Alarm): void {
    room.tell({ event: 'alarm', alarm });
    for (const outlet of this.outlets) outlet.publish(alarm);
  }

  #page(room: string): Page {
    const present = this.#pages.get(room);
    if (present) return present;
    const [oldest] = this.#pages.keys();
    if (this.#pages.size >= ROOMS_MAX && oldest !== undefined) this.#pages.delete(oldest);
    const page: Page = { alarms: [], heldUntil: new Map() };
    this.#pages.set(room, page);
    return page;
  }
}
