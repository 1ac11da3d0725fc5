/** Which rooms and vehicles are recorded: wishes that outlive the process, and a recorder for each vehicle that is there. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { roomName, vehicleName } from '../../../live/names.ts';
import type { SharedMask } from '../../../live/shared-mask.ts';
import type { Log } from '../../log.ts';
import { Refused } from '../refused.ts';
import type { Rooms } from '../rooms.ts';
import { MaskLog } from './mask-log.ts';
import { Recorder } from './recorder.ts';
import { type Keep, RecordingStore } from './store.ts';
import { tapOf } from './tap.ts';
import { FILE_SECONDS } from './writer.ts';

/** Milliseconds between two looks at who is there, and between two at what is too much. */
const LOOK_INTERVAL = 1000;
const PRUNE_INTERVAL = 30_000;

/** Most wishes, and most vehicles at a time: each is a process. */
const WISHES_MAX = 200;
const RECORDERS_MAX = 32;

/** What is to be recorded. */
export const recordingWish = z.object({
  room: roomName,
  /** Name of a vehicle; all of the room without. */
  vehicle: vehicleName.nullable().default(null),
});
const wishes = z.array(recordingWish.extend({ id: z.string().max(64) })).max(WISHES_MAX);
type Wish = z.output<typeof wishes>[number];

/** How it is recorded. */
export interface RecordingOptions {
  readonly folder: string;
  readonly keep: Keep;
  /** Seconds of one file, if other than usual. */
  readonly seconds?: number;
}

/** A vehicle that is recorded. */
interface Recorded {
  readonly recorder: Recorder;
  readonly masks: MaskLog;
}

/** Owns the recorders. */
export class Recordings implements AsyncDisposable {
  readonly store: RecordingStore;
  readonly #path: string;
  #wishes: Wish[];
  /** By vehicle. */
  readonly #recorders = new Map<string, Recorded>();
  #timer: NodeJS.Timeout | undefined;
  #prunedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: RecordingOptions,
    private readonly rooms: Rooms,
    private readonly log: Log,
  ) {
    this.store = new RecordingStore(options.folder, options.keep);
    this.#path = join(options.folder, 'wishes.json');
    this.#wishes = readWishes(this.#path, log);
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_INTERVAL);
    this.#timer.unref();
  }

  /** Begins; what is wished already is not wished twice. @returns its id @throws Refused `too-many` */
  begin({ room, vehicle }: z.output<typeof recordingWish>): string {
    const present = this.#wishes.find((wish) => wish.room === room && wish.vehicle === vehicle);
    if (present) return present.id;
    if (this.#wishes.length >= WISHES_MAX) throw new Refused('too-many');
    const id = randomUUID();
    this.#keep([...this.#wishes, { id, room, vehicle }]);
    return id;
  }

  /** Ends one. @returns whether there was one */
  end(id: string): boolean {
    const others = this.#wishes.filter((wish) => wish.id !== id);
    if (others.length === this.#wishes.length) return false;
    this.#keep(others);
    return true;
  }

  /** @param room of one room, or of all */
  wishes(room: string | null): readonly Wish[] {
    return this.#wishes.filter((wish) => room === null || wish.room === room);
  }

  /** Vehicles that are being recorded. */
  get active(): number {
    return this.#recorders.size;
  }

  /** A viewer shares what its network saw of a vehicle. @param bytes as it was sent */
  keepMask(mask: SharedMask, bytes: Uint8Array): void {
    this.#recorders.get(mask.vehicle)?.masks.keep(mask, bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#recorders.keys()].map((vehicle) => this.#stop(vehicle)));
  }

  #keep(wanted: Wish[]): void {
    this.#wishes = wanted;
    // Under another name first: whoever is killed leaves the list as it was.
    writeFileSync(`${this.#path}.part`, `${JSON.stringify(wanted, null, 2)}\n`);
    renameSync(`${this.#path}.part`, this.#path);
    this.#look();
  }

  #look(): void {
    const there = new Set<string>();
    for (const room of this.rooms)
      for (const vehicle of room.vehicles) {
        const home = room.homeOf(vehicle.id);
        // Who is silent has nothing to be written; what comes in elsewhere is recorded there.
        if (!home || vehicle.silent || !this.#wants(room.name, vehicle.name)) continue;
        there.add(vehicle.id);
        if (this.#recorders.has(vehicle.id) || this.#recorders.size >= RECORDERS_MAX) continue;
        const { seconds = FILE_SECONDS } = this.options;
        const log = this.log.child({ room: room.name, vehicle: vehicle.id });
        const of = { room: room.name, vehicle: vehicle.name, seconds };
        const tap = () => tapOf(home.producer, home.home.router);
        this.#recorders.set(vehicle.id, {
          recorder: new Recorder({ ...of, tap }, this.store, log),
          masks: new MaskLog(of, this.store, log),
        });
        log.info({ name: vehicle.name }, 'recording begins');
      }
    for (const vehicle of this.#recorders.keys()) if (!there.has(vehicle)) void this.#stop(vehicle);
    if (performance.now() - this.#prunedAt < PRUNE_INTERVAL) return;
    this.#prunedAt = performance.now();
    this.store.prune();
  }

  #wants(room: string, name: string): boolean {
    return this.#wishes.some((wish) => wish.room === room && (wish.vehicle ?? name) === name);
  }

  async #stop(vehicle: string): Promise<void> {
    const recorded = this.#recorders.get(vehicle);
    this.#recorders.delete(vehicle);
    await recorded?.recorder[Symbol.asyncDispose]();
    if (recorded) this.log.info({ vehicle }, 'recording ended');
  }
}

function readWishes(path: string, log: Log): Wish[] {
  if (!existsSync(path)) return [];
  try {
    return wishes.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    log.error({ err: thrown, path }, 'the list of what is recorded cannot be read; nothing is');
    return [];
  }
}
