/** From what a recording is made of to an open one. Runs in workers. */
import { CarriagewayError } from '../../errors';
import { Cameras, type OpenCamera } from './cameras';
import { splitHybrid } from './hybrid-file';
import { PictureSet } from './picture-set';
import { type NamedRecording, Playlist } from './playlist';
import { nameOf, type Recording, type RecordingParts } from './recording';
import { VideoFile } from './video-file';

/**
 * Opens a recording.
 * @throws CarriagewayError a `source-` code; of several files the detail names the one it is about. Nothing is left behind
 */
export async function openRecording(parts: RecordingParts): Promise<Recording> {
  switch (parts.kind) {
    case 'videos':
      return openVideos(parts.videos);
    case 'pictures':
      return PictureSet.open(parts.pictures, parts.paths);
    case 'cameras':
      return openCameras(parts);
  }
}

async function openCameras({
  cameras,
  offset,
  event,
}: RecordingParts & { kind: 'cameras' }): Promise<Recording> {
  const opened: { name: string; clips: OpenCamera['clips'][number][] }[] = [];
  try {
    for (const { name, clips } of cameras) {
      const camera: (typeof opened)[number] = { name, clips: [] };
      opened.push(camera);
      for (const { file, clock } of clips)
        camera.clips.push({ name: nameOf(file), recording: await openNamed(file), clock });
    }
    return new Cameras(timed(opened), offset, event);
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
  return cameras.map(({ name, clips }) => ({
    name,
    clips: clips.map((clip) => ({ ...clip, clock: clip.recording.info.began ?? null })),
  }));
}

async function openVideos(videos: readonly Blob[]): Promise<Recording> {
  const [first] = videos;
  if (!first) throw new CarriagewayError('source-empty', 'no videos');
  if (videos.length === 1) return openVideo(first);
  const clips: NamedRecording[] = [];
  try {
    for (const video of videos) clips.push({ name: nameOf(video), recording: await openNamed(video) });
    return new Playlist(clips);
  } catch (thrown) {
    for (const { recording } of clips) recording[Symbol.dispose]();
    throw thrown;
  }
}

/** One file; what is stored in it in two ways is played in one go. */
async function openVideo(video: Blob): Promise<Recording> {
  const parts = await splitHybrid(video);
  if (!parts) return VideoFile.open(video);
  const clips: NamedRecording[] = [];
  try {
    for (const part of parts) clips.push({ name: '', recording: await VideoFile.open(part) });
    return new Playlist(clips, true);
  } catch (thrown) {
    for (const { recording } of clips) recording[Symbol.dispose]();
    throw thrown;
  }
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
