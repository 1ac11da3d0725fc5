/**
 * Maps of single cameras, told by the clock, as maps of the picture in which these cameras stand: each camera has the
 * map nearest to the moment that it shows.
 */
import type { CameraCell } from '../sources/recording/recording';
import { VOID_CLASS } from '../taxonomy/class-list';
import type { LabelPicture } from './png';
import type { LabelEntry } from './reading/label-set';

/** Milliseconds between a picture and the nearest map of it at most: they come twice a second, some are lost. */
const NEAR = 1000;

/** Sides of the joint map of several cameras, in cells: as fine as shared masks are, three beside each other. */
const JOINT_SIDE = 288;

/** Maps that are kept decoded: the same is asked for by a dozen pictures. */
const DECODED = 16;

interface Clocked {
  readonly clock: number;
  readonly entry: LabelEntry;
}

/** Finds and joins them. */
export class ClockedMaps {
  /** By camera, in order of time. */
  readonly #cameras = new Map<string, Clocked[]>();
  readonly #decoded = new Map<LabelEntry, Promise<LabelPicture>>();

  /** @param clocks of each entry: its camera, and milliseconds since 1970 */
  constructor(
    entries: readonly (LabelEntry | null)[],
    clocks: readonly { readonly camera: string; readonly clock: number }[],
  ) {
    for (const [i, entry] of entries.entries()) {
      const { camera, clock } = clocks[i]!;
      if (!entry) continue;
      const list = this.#cameras.get(camera);
      if (list) list.push({ clock, entry });
      else this.#cameras.set(camera, [{ clock, entry }]);
    }
    for (const list of this.#cameras.values()) list.sort((a, b) => a.clock - b.clock);
  }

  /**
   * The map of a picture; null when there is none of any of its cameras.
   * @throws CarriagewayError `labels-unreadable` when one is damaged
   */
  async at(cells: readonly CameraCell[]): Promise<LabelPicture | null> {
    const found: { readonly cell: CameraCell; readonly picture: LabelPicture }[] = [];
    for (const cell of cells) {
      const entry = this.#nearest(cell);
      if (entry) found.push({ cell, picture: await this.#read(entry) });
    }
    const [first] = found;
    if (!first) return null;
    return found.length === 1 && fills(first.cell) ? first.picture : joint(found);
  }

  #nearest({ name, clock }: CameraCell): LabelEntry | null {
    const list = this.#cameras.get(name) ?? [];
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]!.clock < clock) low = middle + 1;
      else high = middle;
    }
    const near = list
      .slice(Math.max(0, low - 1), low + 1)
      .sort((a, b) => Math.abs(a.clock - clock) - Math.abs(b.clock - clock))[0];
    return near && Math.abs(near.clock - clock) <= NEAR ? near.entry : null;
  }

  #read(entry: LabelEntry): Promise<LabelPicture> {
    const known = this.#decoded.get(entry);
    if (known) return known;
    const reading = entry.read();
    this.#decoded.set(entry, reading);
    const [oldest] = this.#decoded.keys();
    if (this.#decoded.size > DECODED && oldest) this.#decoded.delete(oldest);
    return reading;
  }
}

function fills({ place }: CameraCell): boolean {
  return place.x === 0 && place.y === 0 && place.width === 1 && place.height === 1;
}

/** Lays maps where their cameras stand; the rest is void. */
function joint(
  found: readonly { readonly cell: CameraCell; readonly picture: LabelPicture }[],
): LabelPicture {
  const [width, height] = [JOINT_SIDE, JOINT_SIDE];
  const values = new Uint8Array(width * height).fill(VOID_CLASS);
  for (const { cell, picture } of found) {
    const { place } = cell;
    const [left, right] = [place.x * width, (place.x + place.width) * width].map(Math.round) as [
      number,
      number,
    ];
    const [top, bottom] = [place.y * height, (place.y + place.height) * height].map(Math.round) as [
      number,
      number,
    ];
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) {
        // The cell of the map under the middle of this one.
        const column = Math.floor(((x - left + 0.5) / (right - left)) * picture.width);
        const row = Math.floor(((y - top + 0.5) / (bottom - top)) * picture.height);
        values[y * width + x] = picture.values[row * picture.width + column]!;
      }
  }
  return { width, height, kind: 'numbers', values, palette: null };
}
