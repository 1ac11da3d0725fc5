/** From what a recording is made of to an open one. Runs in workers. */
import { CarriagewayError } from '../../errors';
import { Cameras, type OpenCamera } from './cameras';
import { KnownFile } from './clock/known-file';
import { Excerpt } from './excerpt';
import { splitHybrid } from './hybrid-file';
import { splitJoined } from './joined-file';
import { LazyVideo } from './lazy-video';
import { PictureSet } from './picture-set';
import { type NamedRecording, Playlist } from './playlist';
import { nameOf, type Recording, type RecordingInfo, type RecordingParts } from './recording';
import { RemoteFile } from './remote-file';
import { VideoFile } from './video-file';

/** Files of a recording up to which each is opened at once, with its first picture. */
const OPENED_AT_ONCE = 12;
/** Files looked at together where there are more, and how many of them are fetched in one question. */
const LOOKED_AT_ONCE = 64;
const FETCHED_AT_ONCE = 16;

/** Told of files as they are opened, where there are many. */
export type OpeningTold = (done: number, of: number) => void;

/**
 * Opens a recording.
 * @throws CarriagewayError a `source-` code; of several files the detail names the one it is about. Nothing is left behind
 */
export async function openRecording(parts: RecordingParts, told: OpeningTold = () => {}): Promise<Recording> {
  switch (parts.kind) {
    case 'videos':
      return openVideos(parts.videos, told);
    case 'address':
      return openVideo(new RemoteFile(parts));
    case 'pictures':
      return PictureSet.open(parts.pictures, parts.paths, parts.unread);
    case 'cameras':
      return openCameras(parts, told);
  }
}

async function openCameras(
  { cameras, offset, event, camera }: RecordingParts & { kind: 'cameras' },
  told: OpeningTold,
): Promise<Recording> {
  if (camera !== undefined && !cameras[camera]) throw new CarriagewayError('source-empty', 'no such camera');
  const opened: (OpenCamera & { clips: OpenCamera['clips'][number][] })[] = [];
  const all = cameras.reduce((sum, { clips }) => sum + clips.length, 0);
  const many = all > OPENED_AT_ONCE;
  let done = 0;
  try {
    for (const { clips, ...camera } of cameras) {
      const lane: (typeof opened)[number] = { ...camera, clips: [] };
      opened.push(lane);
      await openAll(
        clips.map(({ file }) => file),
        many,
        (recording, n) => {
          const { file, ...when } = clips[n]!;
          lane.clips.push({ name: nameOf(file), recording, ...when });
          if (many) told(++done, all);
        },
      );
    }
    return new Cameras(timed(opened), offset, event, camera ?? null);
  } catch (thrown) {
    for (const { clips } of opened) for (const { recording } of clips) recording[Symbol.dispose]();
    throw thrown;
  }
}

/** Where names do not tell the time of every clip, the files themselves may. */
function timed(cameras: readonly OpenCamera[]): readonly OpenCamera[] {
  const all = cameras.flatMap(({ clips }) => clips);
  if (all.every(({ clock }) => clock !== null)) return cameras;
  if (!all.every(({ recording }) => recording.info.began !== undefined)) return cameras;
  return cameras.map(({ clips, ...camera }) => ({
    ...camera,
    clips: clips.map((clip) => ({ ...clip, clock: clip.recording.info.began ?? null })),
  }));
}

async function openVideos(videos: readonly Blob[], told: OpeningTold): Promise<Recording> {
  const [first] = videos;
  if (!first) throw new CarriagewayError('source-empty', 'no videos');
  if (videos.length === 1) return openVideo(first);
  const clips: NamedRecording[] = [];
  try {
    const many = videos.length > OPENED_AT_ONCE;
    await openAll(videos, many, (recording, n) => {
      clips.push({ name: nameOf(videos[n]!), recording });
      if (many) told(clips.length, videos.length);
    });
    return new Playlist(clips);
  } catch (thrown) {
    for (const { recording } of clips) recording[Symbol.dispose]();
    throw thrown;
  }
}

/**
 * Opens files of one camera, in order. Of many only the first is opened, since what opens also plays; the others are
 * looked at, several at a time.
 * @param take called once for each file, in order; whatever was taken is the caller's
 */
async function openAll(
  files: readonly Blob[],
  many: boolean,
  take: (recording: Recording, n: number) => void,
): Promise<void> {
  const [first, ...others] = files;
  const opened = await openNamed(first!);
  take(opened, 0);
  const step = many ? LOOKED_AT_ONCE : 1;
  const fetch = (from: number) => (many ? fetched(others.slice(from, from + step)) : []);
  let coming = fetch(0);
  for (let from = 0; from < others.length; from += step) {
    const some = others.slice(from, from + step);
    const known = await coming;
    // The next ones are on their way while these are looked at.
    coming = fetch(from + step);
    const found = await Promise.all(some.map((file, i) => looked(file, known[i] ?? null, opened.info)));
    // What its index does not tell is opened at once.
    for (const [i, file] of some.entries()) take(found[i] ?? (await openNamed(file)), 1 + from + i);
  }
}

/** Beginnings and ends of files, in their order; null for those that cannot be read. */
async function fetched(files: readonly Blob[]): Promise<readonly (KnownFile | null)[]> {
  const groups = Array.from({ length: Math.ceil(files.length / FETCHED_AT_ONCE) }, (_, i) =>
    files.slice(i * FETCHED_AT_ONCE, (i + 1) * FETCHED_AT_ONCE),
  );
  return (await Promise.all(groups.map((group) => KnownFile.ofEach(group)))).flat();
}

/** Looks at a file without opening it; null when that does not tell how long it is. */
async function looked(file: Blob, known: KnownFile | null, like: RecordingInfo): Promise<LazyVideo | null> {
  const found = known && (await LazyVideo.look(file, like, known));
  // What is several in one is opened at once; other containers were never looked at.
  return found && (await piecesOf(known)) ? null : found;
}

/** The pieces that a file is read as; null where it is one. */
async function piecesOf(file: Blob): Promise<readonly Blob[] | null> {
  return (await splitHybrid(file)) ?? splitJoined(file);
}

/** One file; what is stored in it in several ways, or one behind the other, is played in one go. */
async function openVideo(video: Blob): Promise<Recording> {
  const parts = await piecesOf(video);
  if (!parts) return asEdited(await VideoFile.open(video));
  const clips: NamedRecording[] = [];
  try {
    for (const part of parts) clips.push({ name: '', recording: asEdited(await VideoFile.open(part)) });
    return new Playlist(clips, true);
  } catch (thrown) {
    for (const { recording } of clips) recording[Symbol.dispose]();
    throw thrown;
  }
}

/** A file as its edit list shows it. */
function asEdited(video: VideoFile): Recording {
  const { ranges } = video;
  if (ranges.length === 0) return video;
  const clips = ranges.map(({ from, to }) => ({ name: '', recording: new Excerpt(video, from, to) }));
  return clips.length === 1 ? clips[0]!.recording : new Playlist(clips, true);
}

async function openNamed(video: Blob): Promise<Recording> {
  try {
    return await openVideo(video);
  } catch (thrown) {
    if (!(thrown instanceof CarriagewayError)) throw thrown;
    const detail = [nameOf(video), thrown.detail].filter(Boolean).join(': ');
    throw new CarriagewayError(thrown.code, detail, { cause: thrown });
  }
}
