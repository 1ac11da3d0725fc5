/** Which recordings are in files, when nobody is there to look. */
import { filesOfLabels } from '../labels/label-parts';
import { ARCHIVE } from '../media/file-kinds';
import { readCameraFile } from '../sources/recording/drive-files/camera-names';
import { filesOf } from '../sources/recording/recording';
import { type FileRequest, type GatheredFile, gather } from '../studio/session/gather';
import { say } from '../words/words';
import type { BatchPlan } from './batch-api';

/**
 * Recordings among files, as the page finds them. But several videos whose names tell neither time nor order are a
 * recording each: the page plays them one behind the other, since somebody chose them together.
 */
export function planOf(files: readonly GatheredFile[]): BatchPlan {
  const found = gather(files);
  if (found?.kind !== 'recording') {
    // The page opens recordings that lie in a ZIP; here a task is named by its files.
    const packed = files.filter(({ path }) => ARCHIVE.test(path));
    return { recordings: [], left: packed.map(({ path }) => ({ path, why: say('left.packed') })) };
  }
  const places = new Map<Blob, number>(files.map(({ file }, n) => [file, n]));
  const placesOf = (used: readonly Blob[]): number[] => used.flatMap((file) => places.get(file) ?? []);
  const eventAt = found.event ? placesOf([found.event]) : [];
  const recordings = [found.request, ...found.others].flatMap((request, n) => {
    const { parts, title } = request;
    if (parts.kind === 'videos' && parts.videos.length > 1) {
      const all = placesOf(parts.videos);
      const strangers = all.every((place) => {
        const { clock, order } = readCameraFile(files[place]!.path);
        return clock === null && order === null;
      });
      if (strangers) return all.map((place) => ({ title: files[place]!.path, files: [place] }));
    }
    return { title, files: [...placesOf(filesAsked(request)), ...(n === 0 ? eventAt : [])] };
  });
  return { recordings, left: found.left };
}

/** Every file that a recording and its labels are made of. */
function filesAsked({ parts, labels }: FileRequest): readonly Blob[] {
  return [...filesOf(parts), ...(labels ? [...filesOfLabels(labels), ...labels.about] : [])].filter(
    (file) => file !== null,
  );
}
