/** From what a recording is made of to an open one. Runs in workers. */
import { CarriagewayError } from '../../errors';
import { PictureSet } from './picture-set';
import { type NamedRecording, Playlist } from './playlist';
import { nameOf, type Recording, type RecordingParts } from './recording';
import { SideBySide } from './side-by-side';
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
      return PictureSet.open(parts.pictures);
    case 'pair': {
      const front = await openVideos(parts.front);
      try {
        return new SideBySide(front, await openVideos(parts.rear), parts.offset);
      } catch (thrown) {
        front[Symbol.dispose]();
        throw thrown;
      }
    }
  }
}

async function openVideos(videos: readonly Blob[]): Promise<Recording> {
  const [first] = videos;
  if (!first) throw new CarriagewayError('source-empty', 'no videos');
  if (videos.length === 1) return VideoFile.open(first);
  const clips: NamedRecording[] = [];
  try {
    for (const video of videos) clips.push({ name: nameOf(video), recording: await openNamed(video) });
    return new Playlist(clips);
  } catch (thrown) {
    for (const { recording } of clips) recording[Symbol.dispose]();
    throw thrown;
  }
}

async function openNamed(video: Blob): Promise<Recording> {
  try {
    return await VideoFile.open(video);
  } catch (thrown) {
    if (!(thrown instanceof CarriagewayError)) throw thrown;
    const detail = [nameOf(video), thrown.detail].filter(Boolean).join(': ');
    throw new CarriagewayError(thrown.code, detail, { cause: thrown });
  }
}
