/**
 * A ZIP of photographs, which is a folder that somebody packed: its files, so that they are opened as those of a folder
 * are. A ZIP of labels stays one.
 */

import { CarriagewayError } from '../../errors';
import { readArchive } from '../../labels/archive';
import { readLabelName } from '../../labels/reading/label-names';
import type { GatheredFile } from './gather';

const PICTURE = /\.(png|jpe?g|webp|avif|bmp|gif)$/i;
const BESIDE = /\.(json|txt|csv)$/i;

/** Pictures that are unpacked at most, and their bytes. */
const PICTURES_MAX = 10_000;
const BYTES_MAX = 2 ** 30;

/**
 * The files of an archive that is to be opened as a folder of pictures; null where it holds labels, or no pictures.
 * @param beside whether a recording is open that labels could belong to
 * @throws CarriagewayError `source-too-large`; `labels-unreadable` where it is damaged
 */
export async function picturesOfArchive(
  archive: Blob,
  beside: boolean,
): Promise<readonly GatheredFile[] | null> {
  const entries = await readArchive(archive);
  const pictures = entries.filter(({ name }) => PICTURE.test(name));
  const photographs = pictures.filter(({ name }) => readLabelName(name) === null);
  const photographed = new Set(photographs);
  const labels = entries.filter((entry) => /\.(png|json)$/i.test(entry.name) && !photographed.has(entry));
  const coloured = photographs.filter(({ name }) => !/\.png$/i.test(name));
  // Maps of classes are PNG files; an export of ours, or of an editor, says so by what lies beside them.
  const own = entries.some(({ name }) => /(^|\/)(index\.json|labelmap\.txt)$/i.test(name));
  const isFolder = beside
    ? coloured.length > 0 && labels.length === 0 && coloured.length === pictures.length
    : photographs.length > 0 && (coloured.length > 0 || (!own && labels.length === 0));
  if (!isFolder) return null;
  const wanted = entries.filter(({ name }) => PICTURE.test(name) || BESIDE.test(name));
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  if (wanted.length > PICTURES_MAX || bytes > BYTES_MAX)
    throw new CarriagewayError('source-too-large', `${wanted.length} files of ${bytes} bytes in one ZIP`);
  const files: GatheredFile[] = [];
  for (const { name, read } of wanted)
    files.push({ path: name, file: new File([await read()], name.slice(name.lastIndexOf('/') + 1)) });
  return files;
}
