/**
 * Which recordings are in the files that were dropped together: the pieces of one recording in their order, cameras of
 * one moment beside each other, events apart. Decided by names and by the times in them; nothing is opened here.
 */
import { compareNames } from '../../../media/file-names';
import type { CameraClips } from '../recording';
import { byCamera, type CameraFile, readCameraFile } from './camera-names';

/** A file and where it lay: its path below what was dropped, or just its name. */
export interface DriveFile {
  readonly path: string;
  readonly file: File;
}

/** One drive. */
export interface PlannedDrive {
  /** Front first; at least one, each with at least one clip, in order. A single camera may have no name. */
  readonly cameras: readonly CameraClips[];
  /** What a Tesla says of the event: a JSON file. */
  readonly event: File | null;
}

/** What was found. */
export interface DrivePlan {
  /** The one to open first, then the others. */
  readonly drives: readonly PlannedDrive[];
  /** What belongs to none. */
  readonly left: readonly LeftFile[];
}

/** A file that belongs to no drive. */
export interface LeftFile {
  readonly path: string;
  readonly why: LeftReason;
}

/** Why one is left: it is a copy of another one, its name says nothing of a camera, or there are too many cameras. */
export type LeftReason = 'copy' | 'no-camera' | 'too-many-cameras';

/** Cameras at most: what a grid shows and a network still sees. */
export const CAMERAS_MAX = 6;

/** Seconds by which the files of two cameras of one moment may begin apart. */
const MEETS = 90;

interface Named extends DriveFile, CameraFile {}

const inOrder = (a: Named, b: Named): number => {
  if (a.clock !== null && b.clock !== null && a.clock !== b.clock) return a.clock - b.clock;
  if (a.order && b.order && a.maker === b.maker)
    return a.order[0] - b.order[0] || a.order[1] - b.order[1] || byPath(a, b);
  return byPath(a, b);
};

const byPath = (a: DriveFile, b: DriveFile): number => compareNames(a.path, b.path);

/** @param files videos; at least one. @param events `event.json` files */
export function planDrives(files: readonly DriveFile[], events: readonly DriveFile[] = []): DrivePlan {
  const left: LeftFile[] = [];
  const named = files.map((file): Named => ({ ...readCameraFile(file.path), ...file }));
  const originals = new Set(named.flatMap((file) => (file.copy ? [] : [momentOf(file)])));
  const whole = named.filter((file) => {
    const twin = file.copy && originals.has(momentOf(file));
    if (twin) left.push({ path: file.path, why: 'copy' });
    return !twin;
  });
  const folders = new Set(events.map(({ path }) => folderOf(path)));
  const drives = apart(whole, folders).map((group) => {
    const cameras = camerasOf(group, left);
    const event = events.find(({ path }) => folderOf(path) === folderOf(group[0]!.path))?.file ?? null;
    return { cameras, event };
  });
  // The one that something happened in, else the longest.
  const weight = (drive: PlannedDrive): number => drive.cameras.reduce((sum, c) => sum + c.clips.length, 0);
  const [first] = drives.toSorted(
    (a, b) => Number(b.event !== null) - Number(a.event !== null) || weight(b) - weight(a),
  );
  return { drives: [first!, ...drives.filter((drive) => drive !== first)], left };
}

/** Camera and moment, as one text. */
function momentOf({ maker, camera, clock, order }: CameraFile): string {
  return [maker, camera, clock ?? '', order?.join() ?? ''].join('\n');
}

/**
 * Groups that are drives of their own: the folders of a Tesla's events, cards that were dropped together, and folders
 * of one camera's files that hold the same moments twice.
 */
function apart(files: readonly Named[], events: ReadonlySet<string>): Named[][] {
  const groups = new Map<string, Named[]>();
  const twice = hasTwins(files);
  const makers = new Set(files.map(({ maker }) => maker));
  for (const file of files) {
    const folder = folderOf(file.path);
    const event = events.has(folder) || TESLA_FOLDER.test(folder) ? folder : null;
    const card = twice ? cardOf(file.path) : '';
    const key = [event ?? '', event === null ? card : '', makers.size > 1 ? file.maker : ''].join('\n');
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()].map((group) => group.toSorted(inOrder));
}

/** Folders in which a Tesla keeps events, and what it recorded of late. */
const TESLA_FOLDER = /(^|\/)(saved|sentry|recent)clips(?=\/|$)/i;

/** What was dropped that a file lies in; empty for files that were dropped by themselves. */
function cardOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** Whether a camera was at two places at once: files of two cards. */
function hasTwins(files: readonly Named[]): boolean {
  const seen = new Map<string, string>();
  for (const file of files) {
    if (file.clock === null && file.order === null) continue;
    const key = [momentOf(file), file.bare].join('\n');
    const card = cardOf(file.path);
    const other = seen.get(key);
    if (other !== undefined && other !== card) return true;
    seen.set(key, card);
  }
  return false;
}

/** The cameras of one drive; what says nothing of a camera among files that do is left. */
function camerasOf(files: readonly Named[], left: LeftFile[]): CameraClips[] {
  const lanes = new Map<string, Named[]>();
  for (const file of files) {
    if (file.camera === null) continue;
    const lane = lanes.get(file.camera);
    if (lane) lane.push(file);
    else lanes.set(file.camera, [file]);
  }
  if (lanes.size < 2 || !belongTogether([...lanes.values()])) return [laneOf('', files, null)];
  const names = [...lanes.keys()].sort(byCamera);
  for (const { path, camera } of files) if (camera === null) left.push({ path, why: 'no-camera' });
  for (const name of names.slice(CAMERAS_MAX))
    for (const { path } of lanes.get(name)!) left.push({ path, why: 'too-many-cameras' });
  const shown = names.slice(0, CAMERAS_MAX);
  const moments = momentsOf(shown.map((name) => lanes.get(name)!));
  return shown.map((name) => laneOf(name, lanes.get(name)!, moments));
}

/** Whether cameras saw the same moments: by their times where names have them, else by the rest of their names. */
function belongTogether(lanes: readonly (readonly Named[])[]): boolean {
  const [first, ...others] = lanes;
  const clocks = first!.flatMap(({ clock }) => (clock === null ? [] : [clock]));
  const names = new Set(first!.flatMap((file) => [file.bare, ...(file.order ? [file.order.join()] : [])]));
  const meets = (file: Named): boolean =>
    file.clock !== null && clocks.length > 0
      ? clocks.some((clock) => Math.abs(clock - file.clock!) <= MEETS * 1000)
      : names.has(file.bare) || (file.order !== null && names.has(file.order.join()));
  return others.some((lane) => lane.some(meets));
}

/**
 * Which files began together where no clock tells: those whose names are the same but for the camera, or that are the same
 * piece of a recording. Null where names do not tell either.
 */
function momentsOf(lanes: readonly (readonly Named[])[]): ReadonlyMap<Named, number> | null {
  for (const keyOf of [({ order }: Named) => order?.join() ?? null, ({ bare }: Named) => bare]) {
    const keys = lanes.map((lane) => lane.map(keyOf));
    const each = keys.every((lane) => !lane.includes(null) && new Set(lane).size === lane.length);
    const [first, ...others] = keys;
    if (!each || !others.some((lane) => lane.some((key) => first!.includes(key)))) continue;
    const files = lanes.flat().toSorted(inOrder);
    const all = [...new Set(files.map(keyOf))].toSorted((a, b) => compareNames(a!, b!));
    const places = new Map(all.map((key, n) => [key, n]));
    return new Map(files.map((file) => [file, places.get(keyOf(file))!]));
  }
  return null;
}

function laneOf(
  name: string,
  files: readonly Named[],
  moments: ReadonlyMap<Named, number> | null,
): CameraClips {
  // Times count only where all have one, and each its own: order and clock must not contradict each other.
  const clocks = new Set(files.map(({ clock }) => clock));
  const clocked = !clocks.has(null) && clocks.size === files.length;
  return {
    name,
    clips: files.map((each) => {
      const moment = moments?.get(each);
      const { file, clock } = each;
      return { file, clock: clocked ? clock : null, ...(moment === undefined ? {} : { moment }) };
    }),
  };
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
