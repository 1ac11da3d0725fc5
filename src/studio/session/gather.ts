/**
 * What files that were dropped or chosen together are meant to be: a network, labels, or a recording of one or several
 * videos, of several cameras, or of pictures with their labels. Told by names alone; what is in them is judged on opening.
 */
import { type LabelParts, labelParts } from '../../labels/label-parts';
import {
  isPanopticName,
  isReadableLabel,
  looseStem,
  ofTheirVersion,
  pictureStem,
  readLabelName,
} from '../../labels/reading/label-names';
import {
  ARCHIVE,
  FOREIGN_ARCHIVE,
  FOREIGN_PICTURE,
  FOREIGN_VIDEO,
  PICTURE,
  SHARED_MASKS,
  SMALL_COPY,
  TRACK,
  VIDEO,
} from '../../media/file-kinds';
import { belowCommonFolder, compareNames, isHidden } from '../../media/file-names';
import { groupedBy } from '../../media/grouped';
import { readCameraFile } from '../../sources/recording/drive-files/camera-names';
import {
  CAMERAS_MAX,
  type LeftReason,
  type PlannedDrive,
  planDrives,
} from '../../sources/recording/drive-files/plan-drives';
import { type CameraClips, nameOf, type RecordingParts } from '../../sources/recording/recording';
import { sameName } from '../../telemetry/lay-track';
import { say } from '../../words/words';
import { cameraLabel } from '../shell/names';
import { looseLabels } from './loose-labels';
import type { SourceRequest } from './open-source';

/** A file and where it lay: its path below what was dropped, or just its name. */
export interface GatheredFile {
  readonly path: string;
  readonly file: File;
}

/** What they are. */
export type Gathered =
  | { readonly kind: 'network'; readonly file: File }
  | { readonly kind: 'tracks'; readonly files: readonly File[] }
  | { readonly kind: 'labels'; readonly labels: LabelParts; readonly name: string }
  | {
      readonly kind: 'recording';
      readonly request: FileRequest;
      /** Other drives that were among the files. */
      readonly others: readonly FileRequest[];
      /** What belongs to none, and why. */
      readonly left: readonly Left[];
      /** What a Tesla says of the event: a JSON file. */
      readonly event: File | null;
    };

/** A file that is left out, and why, in words. */
export interface Left {
  readonly path: string;
  readonly why: string;
}

/** A request for a recording. */
export type FileRequest = Extract<SourceRequest, { kind: 'file' }>;

/** Previews of an event. */
const PREVIEW = /(^|\/)(thumb|event|preview)[^/]*$/i;

/** What may be a track, too, where it has the name of a video. */
const NAMED_TRACK = /\.(log|txt)$/i;

/** A COCO file; and what may lie beside labels and say what their numbers mean. */
const LABEL_TEXT = /\.json$/i;
/** Labels of one picture in words, which are not read. */
const TEXT_LABEL = /\.(json|xml)$/i;
const ABOUT_LABELS =
  /(^|\/)(labelmap\.txt|label_colors\.txt|(class(_name|e)s|labels)\.txt|_?class(es|_dict)\.csv|objectinfo150\.txt|config[^/]*\.json|class_list\.json|obj_class_to_machine_color\.json)$/i;

const inOrder = (a: GatheredFile, b: GatheredFile): number => compareNames(a.path, b.path);

/** Sorts files out; null when there are none. */
export function gather(files: readonly GatheredFile[]): Gathered | null {
  const sorted = files.filter(({ path }) => !isHidden(path)).toSorted(inOrder);
  const [only] = sorted;
  if (!only) return null;
  const tracks = sorted.filter(({ path }) => TRACK.test(path));
  if (tracks.length === sorted.length) return { kind: 'tracks', files: tracks.map(({ file }) => file) };
  const masks = sorted.filter(({ path }) => SHARED_MASKS.test(path));
  if (masks.length === sorted.length)
    return { kind: 'labels', labels: labelParts(together(masks)), name: only.file.name };
  if (sorted.length === 1) {
    const { file } = only;
    if (/\.onnx$/i.test(file.name)) return { kind: 'network', file };
    if ([ARCHIVE, FOREIGN_ARCHIVE, LABEL_TEXT].some((kind) => kind.test(file.name)))
      return { kind: 'labels', labels: labelParts(file), name: file.name };
    // A file of an unknown kind is tried as a video, which is judged by its content.
    if (!PICTURE.test(file.name)) return recording({ kind: 'videos', videos: [file] }, file.name);
  }
  const isVideo = ({ name, type }: File): boolean =>
    VIDEO.test(name) || (type.startsWith('video/') && !PICTURE.test(name) && !FOREIGN_VIDEO.test(name));
  const videos = sorted.filter(({ file }) => isVideo(file));
  if (videos.length > 0) return drivesOf(videos, sorted);
  const loose = looseLabels(sorted);
  const rest = loose ? sorted.filter((file) => !loose.taken.has(file)) : sorted;
  const pictures = rest.filter(({ file }) => PICTURE.test(file.name));
  if (pictures.length > 0) return pictureSet(pictures, rest, loose?.parts ?? null);
  if (loose) return { kind: 'labels', labels: loose.parts, name: folderName(sorted) };
  const labels = labelsBeside(sorted);
  if (labels) return { kind: 'labels', labels, name: (labels.files as File).name };
  // Nothing is known by its name: all are tried as one recording, which says what is wrong with them.
  return recording({ kind: 'videos', videos: sorted.map(({ file }) => file) }, titleOf(sorted));
}

/** Why a file belongs to no drive. */
const LEFT_WORDS: Readonly<Record<LeftReason, () => string>> = {
  copy: () => say('left.copy'),
  'no-camera': () => say('left.no-camera'),
  'too-many-cameras': () => say('left.cameras', { count: CAMERAS_MAX }),
};

function titleOf(files: readonly { readonly file: Blob }[]): string {
  const name = nameOf(files[0]!.file);
  return files.length === 1 ? name : say('left.title', { name, count: files.length - 1 });
}

/** Videos and pictures among files that cannot be read, so that they are not left out without a word. */
function foreign(all: readonly GatheredFile[]): readonly Left[] {
  return all.flatMap(({ path }) => {
    if (SMALL_COPY.test(path)) return [{ path, why: say('left.copy') }];
    const unread = [FOREIGN_VIDEO, FOREIGN_PICTURE, FOREIGN_ARCHIVE].some((kind) => kind.test(path));
    return unread ? [{ path, why: say('left.foreign') }] : [];
  });
}

function recording(
  parts: RecordingParts,
  title: string,
  labels: FileRequest['labels'] = null,
  left: readonly Left[] = [],
): Gathered {
  return {
    kind: 'recording',
    request: { kind: 'file', parts, title, labels },
    others: [],
    left,
    event: null,
  };
}

/** Pictures among videos, but for the previews that recorders keep beside them. */
function picturesBeside(videos: readonly GatheredFile[], all: readonly GatheredFile[]): readonly Left[] {
  const stems = new Set(videos.map(({ path }) => path.replace(/\.[^./]+$/, '').toLowerCase()));
  return all.flatMap(({ path }) => {
    const preview = stems.has(path.replace(/\.[^./]+$/, '').toLowerCase()) || PREVIEW.test(path);
    return PICTURE.test(path) && !preview ? [{ path, why: say('left.picture') }] : [];
  });
}

/** Shared masks of several vehicles and minutes: one file behind the other is one file. */
function together(masks: readonly GatheredFile[]): Blob {
  return new Blob(masks.map(({ file }) => file));
}

/** Labels in a file of their own beside videos or pictures: an archive, or a COCO file. */
function labelsBeside(all: readonly GatheredFile[]): LabelParts | null {
  const file = all.find(({ path }) => ARCHIVE.test(path))?.file ?? cocoAmong(all);
  return file && labelParts(file);
}

/** The drives that videos make; labels beside them are the first one's, or shared masks are. */
function drivesOf(videos: readonly GatheredFile[], all: readonly GatheredFile[]): Gathered {
  const masks = all.filter(({ path }) => SHARED_MASKS.test(path));
  const loose = looseLabels(all);
  const labels = labelsBeside(all) ?? loose?.parts ?? (masks.length > 0 ? labelParts(together(masks)) : null);
  const events = all.filter(({ file }) => file.name.toLowerCase() === 'event.json');
  const { drives, left } = planDrives(videos, events);
  const tracks = all.flatMap(({ path, file }) =>
    TRACK.test(path) || (NAMED_TRACK.test(path) && videos.some((video) => sameName(video.path, path)))
      ? [file]
      : [],
  );
  const clocked = masks.length > 0;
  const [first, ...others] = drives.map((drive) => requestOfDrive(drive, tracks, videos, clocked));
  return {
    kind: 'recording',
    request: { ...first!, labels, ...(clocked ? { showsLabels: true } : {}) },
    others,
    left: [
      ...left.map(({ path, why }) => ({ path, why: LEFT_WORDS[why]() })),
      ...foreign(all),
      ...picturesBeside(videos, loose ? all.filter((file) => !loose.taken.has(file)) : all),
    ],
    event: drives[0]!.event,
  };
}

/**
 * One camera is a video, or several one behind the other. Of files that tell where drives went it gets those with the
 * name of a video of its own, and those with the name of none.
 * @param clocked whether pictures are to know their time: shared masks are found by it
 */
function requestOfDrive(
  { cameras }: PlannedDrive,
  tracks: readonly File[],
  videos: readonly GatheredFile[],
  clocked: boolean,
): FileRequest {
  const [first] = cameras;
  const own = new Set<Blob>(cameras.flatMap(({ clips }) => clips.map(({ file }) => file)));
  const mine = tracks.filter((track) => {
    const named = videos.filter(({ file }) => sameName(file.name, track.name));
    return named.length === 0 || named.some(({ file }) => own.has(file));
  });
  const parts: RecordingParts =
    cameras.length === 1 && !clocked
      ? { kind: 'videos', videos: first!.clips.map(({ file }) => file) }
      : { kind: 'cameras', cameras: cameras.map(named).map(withEmpty), offset: 0, event: null };
  const title = titleOf(cameras.flatMap(({ clips }) => clips));
  return { kind: 'file', parts, title, labels: null, ...(mine.length > 0 ? { tracks: mine } : {}) };
}

/** A camera alone has no name in a plan; its files may have one. */
function named(camera: CameraClips): CameraClips {
  const [first] = camera.clips;
  return camera.name === '' && first
    ? { ...camera, name: readCameraFile(nameOf(first.file)).camera ?? '' }
    : camera;
}

/** With what stands in its place where it recorded nothing. */
function withEmpty(camera: CameraClips): CameraClips {
  return { ...camera, empty: say('cameras.empty', { name: cameraLabel(camera.name) }) };
}

/** A COCO file beside videos, by its name: annotations, instances, panoptic, coco. */
function cocoAmong(files: readonly GatheredFile[]): File | null {
  return files.find(({ path }) => /(annotations|instances|coco)[^/]*\.json$/i.test(path))?.file ?? null;
}

/**
 * Pictures, each with the label file whose name is the same but for what marks it as labels. Of several kinds of labels
 * the best is taken: numbers before colours.
 * @param loose labels that say themselves what they are of, where there are no better ones
 */
function pictureSet(
  files: readonly GatheredFile[],
  all: readonly GatheredFile[],
  loose: LabelParts | null,
): Gathered {
  const said = files.map((file) => ({ ...file, label: readLabelName(file.path) }));
  const plain = new Set(said.flatMap(({ path, label }) => (label ? [] : [looseStem(pictureStem(path))])));
  // In a form in which numbers do not survive, or which nothing here reads: no labels, and no pictures either.
  const unread = said.filter(
    ({ path, label }) => label && !isReadableLabel(path) && plain.has(looseStem(label.stem)),
  );
  const named = said
    .filter((file) => !unread.includes(file))
    .map(({ label, ...file }) => ({ ...file, label: isReadableLabel(file.path) ? label : null }));
  // What labelme, CVAT and others write for each picture.
  const stems = new Set(files.map(({ path }) => looseStem(pictureStem(path))));
  const texts = all.filter(({ path }) => TEXT_LABEL.test(path) && stems.has(looseStem(pictureStem(path))));
  const isAbout = ({ path }: GatheredFile): boolean => ABOUT_LABELS.test(path);
  const left = [
    ...[...unread, ...texts].map(({ path }) => ({ path, why: say('left.label-format') })),
    ...foreign(all),
  ];
  const pictures = named.filter(({ label }) => label === null);
  // Labels alone are pictures to look at.
  if (pictures.length === 0) return recording(picturesOf(files), folderName(files), null, left);
  const labelled = named.flatMap(({ label, ...file }) =>
    label === null || label.rank === null ? [] : [{ ...file, label }],
  );
  const byStem = groupedBy(labelled, ({ label }) => label.stem);
  const byLooseStem = groupedBy(labelled, ({ label }) => looseStem(label.stem));
  const paired = pictures.map(({ path }) => {
    const stem = pictureStem(path);
    return nearestTo(path, byStem.get(stem) ?? byLooseStem.get(looseStem(stem)) ?? []);
  });
  // One kind for all: a set is read by one dictionary.
  const ranks = paired.flatMap((found) => found.map(({ label }) => label.rank!));
  const best = Math.min(...ranks);
  const labels = paired.map((found) => found.find(({ label }) => label.rank === best) ?? null);
  const hints = new Set(labels.flatMap((found) => (found ? [found.label.dictionary] : [])));
  const found = ranks.length === 0 ? (loose ?? labelsBeside(all)) : null;
  const one = labels.find((each) => each !== null)?.label;
  if (!one && !found) {
    // What may have been meant as labels is not left out without a word.
    const segments = files.filter(({ path }) => isPanopticName(path));
    left.push(...segments.map(({ path }) => ({ path, why: say('left.panoptic') })));
    const unknown = all.filter(
      (file) => LABEL_TEXT.test(file.path) && !isAbout(file) && !texts.includes(file),
    );
    left.push(...unknown.map(({ path }) => ({ path, why: say('left.json') })));
  }
  const notes = all.filter(isAbout).map(({ path, file }) => ({ name: path, file }));
  const paths = labels.flatMap((each) => each?.path ?? []);
  return recording(
    picturesOf(pictures),
    folderName(pictures),
    one
      ? {
          ...labelParts(labels.map((found) => found?.file ?? null)),
          hint: hints.size === 1 ? [...hints][0]! : null,
          about: ofTheirVersion(notes, paths).map(({ file }) => file),
          ...(one.instances ? { instances: one.instances } : {}),
        }
      : found,
    left,
  );
}

/** Pictures under the names they have in their folders: two folders may hold the same ones. */
function picturesOf(files: readonly GatheredFile[]): RecordingParts {
  const paths = belowCommonFolder(files.map(({ path }) => path));
  return { kind: 'pictures', pictures: files.map(({ file }) => file), paths, unread: say('pictures.unread') };
}

/** Of files with the stem of a picture those that lie nearest to it: `val/a.png` belongs to `val`, not to `train`. */
function nearestTo<T extends GatheredFile>(path: string, found: readonly T[]): readonly T[] {
  const folders = new Set(path.split('/').slice(0, -1));
  const shared = (file: T): number => file.path.split('/').filter((folder) => folders.has(folder)).length;
  const most = Math.max(...found.map(shared));
  return found.filter((file) => shared(file) === most);
}

const folderName = (files: readonly GatheredFile[]): string => {
  const top = files[0]!.path.split('/');
  if (top.length > 1) return top[0]!;
  return files.length === 1 ? files[0]!.file.name : `${files.length} pictures`;
};
