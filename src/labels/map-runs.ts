/**
 * A coarse class map as text, a few hundred letters, so that every frame of an analysis can keep one: runs of the same
 * class row by row, a letter for the class (`A` is class 0, `_` nothing) and the length behind it where it is not 1.
 */
import type { ClassMap } from '../perception/engine';
import { CLASS_COUNT, VOID_CLASS } from '../taxonomy/classes';

/** Columns that are kept: enough to see what is where in a preview of 200 pixels. */
const COLUMNS_MAX = 64;

const LETTER = 'A'.charCodeAt(0);

/** A class map as it is kept. */
export interface MapRuns {
  readonly width: number;
  readonly height: number;
  readonly runs: string;
}

/** Packs a class map, made coarser by taking the cell under the centre of each larger one. */
export function packMap({ width, height, classes }: ClassMap): MapRuns {
  const step = Math.max(1, width / COLUMNS_MAX);
  const [w, h] = [Math.max(1, Math.round(width / step)), Math.max(1, Math.round(height / step))];
  let runs = '';
  let last = -1;
  let length = 0;
  const flush = (): void => {
    if (length > 0)
      runs += (last === VOID_CLASS ? '_' : String.fromCharCode(LETTER + last)) + (length > 1 ? length : '');
  };
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [cx, cy] = [Math.floor(((x + 0.5) * width) / w), Math.floor(((y + 0.5) * height) / h)];
      const raw = classes[cy * width + cx]!;
      const id = raw < CLASS_COUNT ? raw : VOID_CLASS;
      if (id === last) {
        length++;
        continue;
      }
      flush();
      last = id;
      length = 1;
    }
  flush();
  return { width: w, height: h, runs };
}

/** Undoes `packMap`; text that makes no sense becomes void. */
export function unpackMap({ width, height, runs }: MapRuns): Uint8Array {
  const ids = new Uint8Array(width * height).fill(VOID_CLASS);
  let at = 0;
  for (const [, letter, digits] of runs.matchAll(/([A-Z_])(\d*)/g)) {
    const length = digits ? Number(digits) : 1;
    const id = letter === '_' ? VOID_CLASS : letter!.charCodeAt(0) - LETTER;
    ids.fill(id, at, Math.min(ids.length, at + length));
    at += length;
  }
  return ids;
}
