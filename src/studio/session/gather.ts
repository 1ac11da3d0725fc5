/**
 * What files that were dropped or chosen together are meant to be: a network, labels, or a recording of one or several
 * videos, of two cameras, or of pictures with their labels. Told by names alone; what is in them is judged on opening.
 */
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
  | { readonly kind: 'recording'; readonly request: Extract<SourceRequest, { kind: 'file' }> };

const PICTURE = /\.(png|jpe?g|webp|avif|bmp)$/i;
const VIDEO = /\.(mp4|m4v|mov|webm|mkv|ts|mts|m2ts|mpe?gts)$/i;
const ARCHIVE = /\.zip$/i;

/** Folders and endings by which data sets tell labels from pictures. */
const LABEL_FOLDER = /(^|\/)(labels?|masks?|annotations?|annot|gt|truth|ground[-_ ]?truth)(?=\/|$)/i;
const LABEL_ENDING = /[-_](labels?|masks?|gt|labelids|l)$/i;

/** How dashcams with two lenses name what each saw. */
const FRONT_ENDING = /(^|[^a-z])(f|front|a)$/i;
const REAR_ENDING = /(^|[^a-z])(r|rear|back|b)$/i;

const inOrder = (a: GatheredFile, b: GatheredFile): number =>
  a.path.localeCompare(b.path, 'en', { numeric: true });

/** Sorts files out; null when there are none. */
export function gather(files: readonly GatheredFile[]): Gathered | null {
  const sorted = files.filter(({ path }) => !/(^|\/)\./.test(path)).toSorted(inOrder);
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
  if (videos.length > 0) {
    const archive = sorted.find(({ file }) => ARCHIVE.test(file.name))?.file ?? null;
    return recording(partsOf(videos), titleOf(videos), archive);
  }
  const pictures = sorted.filter(({ file }) => PICTURE.test(file.name));
  if (pictures.length > 0) return pictureSet(pictures);
  return recording({ kind: 'videos', videos: [only.file] }, only.file.name);
}

/** The request for one video. */
export function requestOf(file: File): Extract<SourceRequest, { kind: 'file' }> {
  return { kind: 'file', parts: { kind: 'videos', videos: [file] }, title: file.name, labels: null };
}

function recording(
  parts: RecordingParts,
  title: string,
  labels: Extract<SourceRequest, { kind: 'file' }>['labels'] = null,
): Gathered {
  return { kind: 'recording', request: { kind: 'file', parts, title, labels } };
}

/** Two cameras when every name says which of two it is, else one drive. */
function partsOf(videos: readonly GatheredFile[]): RecordingParts {
  const filesOf = (ending: RegExp): File[] =>
    videos.filter(({ file }) => ending.test(stemOf(file.name))).map(({ file }) => file);
  const [front, rear] = [filesOf(FRONT_ENDING), filesOf(REAR_ENDING)];
  if (front.length > 0 && rear.length > 0 && front.length + rear.length === videos.length)
    return { kind: 'pair', front, rear, offset: 0 };
  return { kind: 'videos', videos: videos.map(({ file }) => file) };
}

function titleOf(videos: readonly GatheredFile[]): string {
  const name = videos[0]!.file.name;
  return videos.length === 1 ? name : `${name} and ${videos.length - 1} more`;
}

/** Pictures, each with the label file whose name is the same but for what marks it as labels. */
function pictureSet(files: readonly GatheredFile[]): Gathered {
  const isLabel = ({ path, file }: GatheredFile): boolean =>
    /\.png$/i.test(file.name) && (LABEL_FOLDER.test(folderOf(path)) || LABEL_ENDING.test(stemOf(file.name)));
  const pictures = files.filter((file) => !isLabel(file));
  // Labels alone are pictures to look at.
  if (pictures.length === 0)
    return recording({ kind: 'pictures', pictures: files.map(({ file }) => file) }, folderName(files));
  const byStem = new Map(files.filter(isLabel).map(({ file }) => [bareStem(file.name), file]));
  const labels = pictures.map(({ file }) => byStem.get(bareStem(file.name)) ?? null);
  return recording(
    { kind: 'pictures', pictures: pictures.map(({ file }) => file) },
    folderName(pictures),
    labels.some((label) => label !== null) ? labels : null,
  );
}

const stemOf = (name: string): string => name.replace(/\.[^.]+$/, '');
const bareStem = (name: string): string => stemOf(name).replace(LABEL_ENDING, '').toLowerCase();
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function folderName(files: readonly GatheredFile[]): string {
  const top = files[0]!.path.split('/');
  if (top.length > 1) return top[0]!;
  return files.length === 1 ? files[0]!.file.name : `${files.length} pictures`;
}
