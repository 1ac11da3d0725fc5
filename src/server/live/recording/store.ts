/**
 * Recordings as they lie on the disk: a folder for each room, files that say by their names when they begin (UTC, to the
 * millisecond) and whose picture they hold. What is being written has a name of its own kind until it is done, so that
 * one that a killed server left is known, and named, at the next start.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { MASK_FILE_ENDING } from '../../../live/mask-file.ts';
import { roomName } from '../../../live/names.ts';

/** How much is kept. */
export interface Keep {
  /** Bytes of all recordings together. */
  readonly bytes: number;
  /** Milliseconds after which a recording goes. */
  readonly age: number;
}

/** A file that is done. */
export interface Recorded {
  readonly room: string;
  /** Name of the file. */
  readonly file: string;
  /** Of the vehicle, as it can stand in a name. */
  readonly vehicle: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** The same, of its last picture, to a second. */
  readonly end: number;
  readonly bytes: number;
  /** Seconds without a picture between the file before and this one; 0 where they meet, or there is none before. */
  readonly gap: number;
}

/** Files by their endings: of pictures, and of what viewers' networks saw in them. */
const ENDINGS = { pictures: '.mkv', masks: MASK_FILE_ENDING } as const;
type Ending = (typeof ENDINGS)[keyof typeof ENDINGS];

/** A file that is done, or is being written. */
const DONE = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_(\d{3})_(.{1,64})(\.mkv|\.masks)$/u;
const WRITING = /^\.writing-(.{1,64})-[0-9a-f]{12}-\d{5}\.mkv$/u;

/** Smaller files hold a header at most. */
const BYTES_MIN = 1024;

/** Seconds between two files that are no gap: pictures come ten times a second or more often. */
const MEETS = 1.5;

/** Owns the folder. */
export class RecordingStore {
  /**
   * @param folder made when it is not there
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly folder: string,
    private readonly keep: Keep,
    private readonly now: () => number = Date.now,
  ) {
    mkdirSync(folder, { recursive: true });
    for (const room of this.#rooms()) this.recover(room, '');
  }

  /**
   * Where ffmpeg writes a vehicle's files.
   * @param run twelve hexadecimal digits of its own
   * @returns a pattern for five digits (`%05d`)
   */
  pattern(room: string, vehicle: string, run: string): string {
    mkdirSync(join(this.folder, room), { recursive: true });
    // A percent sign would be read as a pattern.
    return join(this.folder.replaceAll('%', '%%'), room, `.writing-${plain(vehicle)}-${run}-%05d.mkv`);
  }

  /** A file is done. @param name as it was written @param start of its first picture, in milliseconds since 1970 */
  done(room: string, name: string, start: number): void {
    const path = join(this.folder, room, name);
    const vehicle = WRITING.exec(name)?.[1];
    if (vehicle === undefined || !existsSync(path)) return;
    if (statSync(path).size < BYTES_MIN) rmSync(path);
    else renameSync(path, join(this.folder, room, nameOf(start, vehicle, ENDINGS.pictures)));
  }

  /** A place for shared masks of a vehicle, and its name as files have it. @param start in milliseconds since 1970 */
  masksFrom(
    room: string,
    vehicle: string,
    start: number,
  ): { readonly path: string; readonly camera: string } {
    mkdirSync(join(this.folder, room), { recursive: true });
    const camera = plain(vehicle);
    return { path: join(this.folder, room, nameOf(start, camera, ENDINGS.masks)), camera };
  }

  /** All pictures that are done, the oldest first. @param room of one room, or of all */
  list(room: string | null): readonly Recorded[] {
    const found = this.#sorted(room, ENDINGS.pictures);
    const ends = new Map<string, number>();
    return found.map((file) => {
      const key = `${file.room}\n${file.vehicle}`;
      const before = ends.get(key);
      ends.set(key, file.end);
      const gap = before === undefined ? 0 : (file.start - before) / 1000;
      return { ...file, gap: gap > MEETS ? gap : 0 };
    });
  }

  /** What viewers shared meanwhile, the oldest first; the last of each vehicle may still grow. */
  masks(room: string | null): readonly Omit<Recorded, 'gap'>[] {
    return this.#sorted(room, ENDINGS.masks);
  }

  /** Path of a file that is done; null where there is none of that name. */
  find(room: string, file: string): { readonly path: string; readonly stats: Stats } | null {
    if (!roomName.safeParse(room).success || !DONE.test(file) || file.includes('/')) return null;
    const path = join(this.folder, room, file);
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? { path, stats } : null;
  }

  /** Deletes one. @returns whether there was one */
  delete(room: string, file: string): boolean {
    const found = this.find(room, file);
    if (found) rmSync(found.path);
    return found !== null;
  }

  /** Deletes what is too old, and the oldest of what is too much. */
  prune(): void {
    const files = [...this.list(null), ...this.masks(null)].sort((a, b) => a.start - b.start);
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files) {
      if (bytes <= this.keep.bytes && this.now() - file.end <= this.keep.age) continue;
      this.delete(file.room, file.file);
      bytes -= file.bytes;
    }
  }

  /**
   * Takes up what was left half written: it is as good as what was written of it.
   * @param run of one run; all without it, at the start
   */
  recover(room: string, run: string): void {
    for (const name of readdirSync(join(this.folder, room))) {
      if (!WRITING.test(name) || !name.includes(run)) continue;
      const { birthtimeMs, mtimeMs } = statSync(join(this.folder, room, name));
      this.done(room, name, birthtimeMs > 0 ? birthtimeMs : mtimeMs);
    }
  }

  #rooms(): string[] {
    return readdirSync(this.folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && roomName.safeParse(entry.name).success)
      .map((entry) => entry.name);
  }

  #sorted(room: string | null, ending: Ending): Omit<Recorded, 'gap'>[] {
    const rooms = room === null ? this.#rooms() : [room];
    return rooms.flatMap((each) => this.#files(each, ending)).sort((a, b) => a.start - b.start);
  }

  #files(room: string, ending: Ending): Omit<Recorded, 'gap'>[] {
    const folder = join(this.folder, room);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((file) => {
      if (!file.endsWith(ending)) return [];
      const [, year, month, day, hour, minute, second, milliseconds, vehicle] = DONE.exec(file) ?? [];
      const stats =
        vehicle === undefined ? undefined : statSync(join(folder, file), { throwIfNoEntry: false });
      if (vehicle === undefined || !stats) return [];
      const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
      if (Number.isNaN(start)) return [];
      return { room, file, vehicle, start, end: Math.max(start, stats.mtimeMs), bytes: stats.size };
    });
  }
}

/** A name as it can stand in a file's: letters and digits of any script. */
function plain(name: string): string {
  return (
    name
      .replaceAll(/[^\p{L}\p{N}-]+/gu, ' ')
      .trim()
      .replaceAll(' ', '_') || 'vehicle'
  );
}

function nameOf(start: number, vehicle: string, ending: Ending): string {
  const [date = '', time = ''] = new Date(start).toISOString().split('T');
  return `${date.replaceAll('-', '')}_${time.replaceAll(':', '').replace('.', '_').replace('Z', '')}_${vehicle}${ending}`;
}
