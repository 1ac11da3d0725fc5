/**
 * Which recordings are in the files that were dropped together: the pieces of one recording in their order, cameras of
 * one moment beside each other, events apart. Decided by names and by the times in them; nothing is opened here.
 */
import type { CameraClips } from '../recording';
import { byCamera, type CameraFile, readCameraFile } from './camera-names';

/** A file and where it lay: its path below what was dropped, or just its name. */
export interface DriveFile {
  readonly path: string;
  readonly file: File;
}

/** One drive. */
export interface PlannedDrive {
  /** Shown to people. */
  readonly title: string;
  /** Front first; at least one, each with at least one clip, in order. A single camera may have no name. */
  readonly cameras: readonly CameraClips[];
  /** What a Tesla says of the event: a JSON file. */
  readonly event: File | null;
}

/** What was found. */
export interface DrivePlan {
  /** The one to open first, then the others. */
  readonly drives: readonly PlannedDrive[];
  /** Paths of what belongs to none, and why, in words. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

/** Cameras at most: what a grid shows and a network still sees. */
const CAMERAS_MAX = 6;

/** Seconds by which the files of two cameras of one moment may begin apart. */
const MEETS = 90;

interface Named extends DriveFile, CameraFile {}

const inOrder = (a: Named, b: Named): number => {
  if (a.clock !== null && b.clock !== null && a.clock !== b.clock) return a.clock - b.clock;
  if (a.order && b.order && a.maker === b.maker)
    return a.order[0] - b.order[0] || a.order[1] - b.order[1] || byPath(a, b);
  return byPath(a, b);
};

const byPath = (a: DriveFile, b: DriveFile): number => a.path.localeCompare(b.path, 'en', { numeric: true });

/** @param files videos; at least one. @param events `event.json` files */
export function planDrives(files: readonly DriveFile[], events: readonly DriveFile[] = []): DrivePlan {
  const left: { path: string; why: string }[] = [];
  const named = files.map((file): Named => ({ ...readCameraFile(file.path), ...file }));
  const originals = new Set(named.flatMap((file) => (file.copy ? [] : [momentOf(file)])));
  const whole = named.filter((file) => {
    const twin = file.copy && originals.has(momentOf(file));
    if (twin) left.push({ path: file.path, why: 'a smaller copy of another file' });
    return !twin;
  });
  const drives = apart(whole).map((group) => {
    const cameras = camerasOf(group, left);
    const event = events.find(({ path }) => folderOf(path) === folderOf(group[0]!.path))?.file ?? null;
    return { title: titleOf(cameras), cameras, event };
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
  return [maker, camera, clock ?? order?.join()].join('\n');
}

/**
 * Groups that are drives of their own: the folders of a Tesla's events, cards that were dropped together, and folders
 * of one camera's files that hold the same moments twice.
 */
function apart(files: readonly Named[]): Named[][] {
  const groups = new Map<string, Named[]>();
  const twice = hasTwins(files);
  const makers = new Set(files.map(({ maker }) => maker));
  for (const file of files) {
    const folder = folderOf(file.path);
    const event = /(^|\/)(saved|sentry|recent)clips(?=\/|$)/i.test(folder) ? folder : '';
    const card = twice ? (file.path.split('/')[0] ?? '') : '';
    const key = [event, event ? '' : card, makers.size > 1 ? file.maker : ''].join('\n');
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()].map((group) => group.toSorted(inOrder));
}

/** Whether a camera was at two places at once: files of two cards. */
function hasTwins(files: readonly Named[]): boolean {
  const seen = new Map<string, string>();
  for (const { path, camera, clock, order, maker } of files) {
    if (clock === null && order === null) continue;
    const key = [maker, camera, clock, order?.join()].join('\n');
    const card = path.split('/')[0]!;
    const other = seen.get(key);
    if (other !== undefined && other !== card) return true;
    seen.set(key, card);
  }
  return false;
}

/** The cameras of one drive; what says nothing of a camera among files that do is left. */
function camerasOf(files: readonly Named[], left: { path: string; why: string }[]): CameraClips[] {
  const lanes = new Map<string, Named[]>();
  for (const file of files) {
    if (file.camera === null) continue;
    const lane = lanes.get(file.camera);
    if (lane) lane.push(file);
    else lanes.set(file.camera, [file]);
  }
  if (lanes.size < 2 || !belongTogether([...lanes.values()])) return [laneOf('', files)];
  const names = [...lanes.keys()].sort(byCamera);
  for (const { path, camera } of files)
    if (camera === null) left.push({ path, why: 'its name says nothing of a camera' });
  for (const name of names.slice(CAMERAS_MAX))
    for (const { path } of lanes.get(name)!) left.push({ path, why: `more than ${CAMERAS_MAX} cameras` });
  return names.slice(0, CAMERAS_MAX).map((name) => laneOf(name, lanes.get(name)!));
}

/** Whether cameras saw the same moments: by their times where names have them, else by the rest of their names. */
function belongTogether(lanes: readonly (readonly Named[])[]): boolean {
  const [first, ...others] = lanes;
  const clocks = first!.flatMap(({ clock }) => (clock === null ? [] : [clock]));
  const names = new Set(
    first!.flatMap((file) => [bareName(file), ...(file.order ? [file.order.join()] : [])]),
  );
  const meets = (file: Named): boolean =>
    file.clock !== null && clocks.length > 0
      ? clocks.some((clock) => Math.abs(clock - file.clock!) <= MEETS * 1000)
      : names.has(bareName(file)) || (file.order !== null && names.has(file.order.join()));
  return others.some((lane) => lane.some(meets));
}

/** A name without what it says of the camera and of the file's number. */
function bareName({ path, camera }: Named): string {
  const stem = path
    .split('/')
    .at(-1)!
    .replace(/\.[^.]+$/, '')
    .toLowerCase();
  const words: Readonly<Record<string, RegExp>> = {
    front: /front|forward|f$/,
    rear: /rear|back|[rb]$/,
    inside: /inside|interior|cabin|i$/,
    left: /left/,
    right: /right/,
  };
  return stem
    .replace(words[camera ?? ''] ?? /$^/, '')
    .replaceAll(/[-_. ]+/g, ' ')
    .trim();
}

function laneOf(name: string, files: readonly Named[]): CameraClips {
  // Times count only where all have one: order and clock must not contradict each other.
  const clocked = files.every(({ clock }) => clock !== null);
  return { name, clips: files.map(({ file, clock }) => ({ file, clock: clocked ? clock : null })) };
}

function titleOf(cameras: readonly CameraClips[]): string {
  const files = cameras.flatMap(({ clips }) => clips);
  const name = (files[0]!.file as File).name;
  return files.length === 1 ? name : `${name} and ${files.length - 1} more`;
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
