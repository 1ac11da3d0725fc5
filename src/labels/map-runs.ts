/**
 * A coarse class map as text, a few hundred letters, so that every frame of an analysis can keep one: runs of the same
 * class row by row, a letter for the class (`A` is class 0, `_` void, `(26)` what is beyond `Z`) and the length behind it
 * where it is not 1.
 */
import type { ClassMap } from '../perception/engine';
import { VOID_CLASS } from '../taxonomy/class-list';

/** Columns that are kept: enough to see what is where in a preview of 200 pixels. */
const COLUMNS_MAX = 64;

const LETTER = 'A'.charCodeAt(0);
const LETTERS = 26;

function signOf(id: number): string {
  if (id === VOID_CLASS) return '_';
  return id < LETTERS ? String.fromCharCode(LETTER + id) : `(${id})`;
}

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
    if (length > 0) runs += signOf(last) + (length > 1 ? length : '');
  };
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [cx, cy] = [Math.floor(((x + 0.5) * width) / w), Math.floor(((y + 0.5) * height) / h)];
      const id = classes[cy * width + cx]!;
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
  for (const [, sign, number, digits] of runs.matchAll(/([A-Z_]|\((\d{1,3})\))(\d*)/g)) {
    const length = digits ? Number(digits) : 1;
    const known = number === undefined ? sign!.charCodeAt(0) - LETTER : Number(number);
    const id = sign === '_' || known > VOID_CLASS ? VOID_CLASS : known;
    ids.fill(id, at, Math.min(ids.length, at + length));
    at += length;
  }
  return ids;
}
