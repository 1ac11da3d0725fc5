/**
 * Label Studio writes a picture for each tag: `task-7-annotation-3-by-1-tag-Road-0.png`, white where the tag is; `tag` is
 * what the project calls its brush. Together they are the label map of one task.
 */

import { CarriagewayError } from '../../errors';
import type { ArchiveEntry } from '../archive';
import { type LabelPicture, OPEN_PIXEL, readPng } from '../png';
import { dictionaryFrom } from './dictionary';
import { brushOf } from './label-names';
import type { LabelSet } from './label-set';

interface Layer {
  readonly value: number;
  readonly entry: ArchiveEntry;
}

/** The set that such pictures make; null when they are none. */
export function layersOf(pictures: readonly ArchiveEntry[]): LabelSet | null {
  const tags = new Map<string, number>();
  const tasks = new Map<number, Layer[]>();
  for (const entry of pictures) {
    const found = brushOf(entry.name);
    if (!found) return null;
    const value = tags.get(found.tag) ?? tags.size;
    tags.set(found.tag, value);
    const { task } = found;
    const layers = tasks.get(task);
    if (layers) layers.push({ value, entry });
    else tasks.set(task, [{ value, entry }]);
  }
  const sorted = [...tasks].sort(([a], [b]) => a - b);
  return {
    entries: sorted.map(([task, layers]) => ({ name: `task-${task}`, read: () => together(layers) })),
    seconds: null,
    given: false,
    own: dictionaryFrom(
      'Label Studio’s tags',
      'numbers',
      [...tags].map(([name, value]) => ({ name, value })),
    ),
    hint: null,
  };
}

/** Tags over each other, the later ones on top. */
async function together(layers: readonly Layer[]): Promise<LabelPicture> {
  let values: Uint32Array | null = null;
  let size = { width: 0, height: 0 };
  for (const { value, entry } of layers) {
    const picture = await readPng(await entry.read());
    if (!values) {
      size = { width: picture.width, height: picture.height };
      values = new Uint32Array(size.width * size.height).fill(OPEN_PIXEL);
    }
    if (picture.width !== size.width || picture.height !== size.height)
      throw new CarriagewayError(
        'labels-unreadable',
        `${entry.name} is of another size than its task's others`,
      );
    for (const [i, shown] of picture.values.entries())
      if (shown !== 0 && shown !== OPEN_PIXEL) values[i] = value;
  }
  return { ...size, kind: 'numbers', values: values ?? new Uint32Array(0), palette: null };
}
