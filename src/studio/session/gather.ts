/**
 * What files that were dropped or chosen together are meant to be: a network, labels, or a recording of one or several
 * videos, of several cameras, or of pictures with their labels. Told by names alone; what is in them is judged on opening.
 */
import { belowCommonFolder, isHidden } from '../../media/file-names';
import {
  type DrivePlan,
  type PlannedDrive,
  planDrives,
} from '../../sources/recording/drive-files/plan-drives';
import type { RecordingParts } from '../../sources/recording/recording';
import type { SourceRequest } from './open-source';

/** A file and where it lay: its path below what was dropped, or just its name. */
export interface GatheredFile {
  readonly path: string;
  readonly file: File;
}

/** What they are. */
export type Gathered =
  | { readonly kind: 'network'; readonly file: File }
  | { readonly kind: 'labels'; readonly file: File }
  | {
      readonly kind: 'recording';
      readonly request: FileRequest;
      /** Other drives that were among the files. */
      readonly others: readonly FileRequest[];
      /** What belongs to none, and why. */
      readonly left: DrivePlan['left'];
      /** What a Tesla says of the event: a JSON file. */
      readonly event: File | null;
    };

/** A request for a recording. */
export type FileRequest = Extract<SourceRequest, { kind: 'file' }>;

const PICTURE = /\.(png|jpe?g|webp|avif|bmp)$/i;
const VIDEO = /\.(mp4|m4v|mov|webm|mkv|ts|mts|m2ts|mpe?gts)$/i;
const ARCHIVE = /\.zip$/i;

/** Folders and endings by which data sets tell labels from pictures. */
const LABEL_FOLDER = /(^|\/)(labels?|masks?|annotations?|annot|gt|truth|ground[-_ ]?truth)(?=\/|$)/i;
const LABEL_ENDING = /[-_](labels?|masks?|gt|labelids|l)$/i;

const inOrder = (a: GatheredFile, b: GatheredFile): number =>
  a.path.localeCompare(b.path, 'en', { numeric: true });

/** Sorts files out; null when there are none. */
export function gather(files: readonly GatheredFile[]): Gathered | null {
  const sorted = files.filter(({ path }) => !isHidden(path)).toSorted(inOrder);
  const [only] = sorted;
  if (!only) return null;
  if (sorted.length === 1) {
    const { file } = only;
    if (/\.onnx$/i.test(file.name)) return { kind: 'network', file };
    if (ARCHIVE.test(file.name)) return { kind: 'labels', file };
    // A file of an unknown kind is tried as a video, which is judged by its content.
    if (!PICTURE.test(file.name)) return recording({ kind: 'videos', videos: [file] }, file.name);
  }
  const isVideo = ({ name, type }: File): boolean =>
    VIDEO.test(name) || (type.startsWith('video/') && !PICTURE.test(name));
  const videos = sorted.filter(({ file }) => isVideo(file));
  if (videos.length > 0) return drivesOf(videos, sorted);
  const pictures = sorted.filter(({ file }) => PICTURE.test(file.name));
  if (pictures.length > 0) return pictureSet(pictures);
  return recording({ kind: 'videos', videos: [only.file] }, only.file.name);
}

/** The request for one video. */
export function requestOf(file: File): FileRequest {
  return { kind: 'file', parts: { kind: 'videos', videos: [file] }, title: file.name, labels: null };
}

function recording(parts: RecordingParts, title: string, labels: FileRequest['labels'] = null): Gathered {
  return {
    kind: 'recording',
    request: { kind: 'file', parts, title, labels },
    others: [],
    left: [],
    event: null,
  };
}

/** The drives that videos make; an archive beside them has the first one's labels. */
function drivesOf(videos: readonly GatheredFile[], all: readonly GatheredFile[]): Gathered {
  const labels = all.find(({ file }) => ARCHIVE.test(file.name))?.file ?? null;
  const events = all.filter(({ file }) => file.name.toLowerCase() === 'event.json');
  const { drives, left } = planDrives(videos, events);
  const [first, ...others] = drives.map((drive) => requestOfDrive(drive));
  return {
    kind: 'recording',
    request: { ...first!, labels },
    others,
    left,
    event: drives[0]!.event,
  };
}

/** One camera is a video, or several one behind the other. */
function requestOfDrive({ cameras, title }: PlannedDrive): FileRequest {
  const [first] = cameras;
  const parts: RecordingParts =
    cameras.length === 1
      ? { kind: 'videos', videos: first!.clips.map(({ file }) => file) }
      : { kind: 'cameras', cameras, offset: 0, event: null };
  return { kind: 'file', parts, title, labels: null };
}

/** Pictures, each with the label file whose name is the same but for what marks it as labels. */
function pictureSet(files: readonly GatheredFile[]): Gathered {
  const isLabel = ({ path, file }: GatheredFile): boolean =>
    /\.png$/i.test(file.name) && (LABEL_FOLDER.test(folderOf(path)) || LABEL_ENDING.test(stemOf(file.name)));
  const pictures = files.filter((file) => !isLabel(file));
  // Labels alone are pictures to look at.
  if (pictures.length === 0) return recording(picturesOf(files), folderName(files));
  const byStem = new Map(files.filter(isLabel).map(({ file }) => [bareStem(file.name), file]));
  const labels = pictures.map(({ file }) => byStem.get(bareStem(file.name)) ?? null);
  return recording(
    picturesOf(pictures),
    folderName(pictures),
    labels.some((label) => label !== null) ? labels : null,
  );
}

/** Pictures under the names they have in their folders: two folders may hold the same ones. */
function picturesOf(files: readonly GatheredFile[]): RecordingParts {
  const paths = belowCommonFolder(files.map(({ path }) => path));
  return { kind: 'pictures', pictures: files.map(({ file }) => file), paths };
}

const stemOf = (name: string): string => name.replace(/\.[^.]+$/, '');
const bareStem = (name: string): string => stemOf(name).replace(LABEL_ENDING, '').toLowerCase();
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function folderName(files: readonly GatheredFile[]): string {
  const top = files[0]!.path.split('/');
  if (top.length > 1) return top[0]!;
  return files.length === 1 ? files[0]!.file.name : `${files.length} pictures`;
}
