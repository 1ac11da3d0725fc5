/** What viewers' networks saw of recorded vehicles, as labels: `live/mask-file.ts` says how they are kept. */
import { CarriagewayError } from '../../errors';
import { type KeptMask, readMaskFile } from '../../live/mask-file';
import { decodeMask } from '../../live/shared-mask';
import { CLASSES } from '../../taxonomy/classes';
import type { LabelPicture } from '../png';
import { dictionaryFrom } from './dictionary';
import type { LabelSet } from './label-set';

/** Most bytes of masks that are read: a day of two vehicles. */
const BYTES_MAX = 512 * 1024 * 1024;

/** Number of what is not labelled. */
const UNLABELLED = 255;

/**
 * Opens shared masks. Each is decoded when it is asked for.
 * @throws CarriagewayError `labels-unreadable`
 */
export function openSharedMasks(bytes: Uint8Array): LabelSet {
  if (bytes.length > BYTES_MAX) throw new CarriagewayError('labels-unreadable', 'too many shared masks');
  const kept = [...readMaskFile(bytes)];
  if (kept.length === 0) throw new CarriagewayError('labels-unreadable', 'no shared masks in it');
  return {
    entries: kept.map((mask) => ({
      name: `${mask.camera} ${new Date(mask.clock).toISOString()}`,
      read: async () => pictureOf(mask),
    })),
    clocks: kept.map(({ camera, clock }) => ({ camera, clock })),
    seconds: null,
    given: false,
    own: dictionaryFrom('Shared masks', 'numbers', [
      ...CLASSES.map(({ id, name }) => ({ value: id, name })),
      { value: UNLABELLED, name: 'unlabelled' },
    ]),
    hint: null,
  };
}

function pictureOf({ camera, bytes }: KeptMask): LabelPicture {
  const mask = decodeMask(bytes);
  if (!mask) throw new CarriagewayError('labels-unreadable', `a shared mask of ${camera} is damaged`);
  const { width, height, classes } = mask;
  return { width, height, kind: 'numbers', values: classes, palette: null };
}
