/** Which frame each label file is of, by the numbers in names, or by the names of pictures. */
import { groupedBy } from '../../media/grouped';
import type { FrameRule } from '../label-parts';
import { looseStem, pictureStem, readLabelName, stemOf } from './label-names';

/** What is known of the frames of a recording. */
export interface RecordedFrames {
  /** How many there are; null when nobody counted. */
  readonly count: number | null;
  /** Paths of the pictures that they come from; null for videos. */
  readonly names: readonly string[] | null;
  /** Whether some are stored in a way that the proportions of their labels do not tell. */
  readonly hidden?: boolean;
}

/** What names say about frames. */
export interface FramePairing {
  /** The likeliest rule. */
  readonly rule: FrameRule;
  /** Whether nothing else is possible; otherwise somebody has to be asked. */
  readonly sure: boolean;
  /** Rules that give each map a frame of the recording, the likeliest first. */
  readonly possible: readonly FrameRule[];
}

/** Most names of which a number is found by its place. */
const PLACES_MAX = 12;

/**
 * The number in each name that tells it from the others: of several the last one that differs in all. Null when no
 * number does.
 */
export function numbersIn(names: readonly string[]): readonly number[] | null {
  const found = names.map((name) => stemOf(name).match(/\d+/g) ?? []);
  const places = found[0]?.length ?? 0;
  if (places === 0 || places > PLACES_MAX || found.some(({ length }) => length !== places)) return null;
  for (let place = places - 1; place >= 0; place--) {
    const numbers = found.map((groups) => Number(groups[place]));
    const distinct = new Set(numbers).size === numbers.length;
    if (distinct && numbers.every(Number.isSafeInteger)) return numbers;
  }
  return null;
}

/**
 * Decides how maps and frames belong together.
 * @param names of the maps
 */
export function pairingOf(
  names: readonly string[],
  { count, names: pictures }: RecordedFrames,
): FramePairing {
  const counted = countedPairing(names, count);
  const named = framesOf(names, 'name', pictures).filter((frame) => frame !== NO_FRAME);
  if (named.length === 0) return counted;
  // What is called like no picture has none here: a part of a set was opened.
  const most = named.length * 2 >= names.length && new Set(named).size === named.length;
  if (most) return { rule: 'name', sure: true, possible: ['name', ...counted.possible] };
  return { ...counted, sure: false, possible: [...counted.possible, 'name'] };
}

/** By numbers and order alone. */
function countedPairing(names: readonly string[], frames: number | null): FramePairing {
  const numbers = numbersIn(names);
  const count = frames ?? Number.POSITIVE_INFINITY;
  const fitsOrder = names.length <= count;
  if (!numbers) {
    const possible: FrameRule[] = fitsOrder ? ['order'] : [];
    // One picture alone needs no number.
    return { rule: 'order', sure: names.length === 1 && frames === 1, possible };
  }
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const fits0 = most < count;
  const fits1 = least >= 1 && most <= count;
  const possible: FrameRule[] = [];
  if (fits0) possible.push('number');
  if (fits1) possible.push('number-from-1');
  // Counted from 1 in all likelihood: without a hole, or every tenth as 1, 11, 21.
  if (fits1 && least === 1) possible.reverse();
  if (fitsOrder) possible.push('order');
  const rule = possible[0] ?? 'number';
  // A map number 0 is counted from 0; one with the number of the last frame, counted from 1, is that one.
  const only =
    (fits0 && !fits1) ||
    (fits1 && !fits0) ||
    (fits1 && least === 1 && most === frames && names.length === frames);
  return { rule, sure: possible.length > 0 && only, possible };
}

/** Stands for the frame of a map that is of none. */
export const NO_FRAME = -1;

/** The frame of each map under a rule, from 0. @param pictures see `RecordedFrames` */
export function framesOf(
  names: readonly string[],
  rule: FrameRule,
  pictures: readonly string[] | null = null,
): readonly number[] {
  if (rule === 'name') return framesByName(names, pictures ?? []);
  const numbers = rule === 'order' || rule === 'time' ? null : numbersIn(names);
  if (!numbers) return names.map((_, n) => n);
  return numbers.map((number) => (rule === 'number-from-1' ? number - 1 : number));
}

/** The picture that each map is called like: of several the one that lies nearest to it, of equally near ones none. */
function framesByName(names: readonly string[], pictures: readonly string[]): readonly number[] {
  const named = pictures.map((path, frame) => ({
    stem: pictureStem(path),
    picture: { frame, folders: new Set(path.split('/').slice(0, -1)) },
  }));
  const byStem = groupedBy(named, ({ stem }) => stem);
  const byLooseStem = groupedBy(named, ({ stem }) => looseStem(stem));
  return names.map((name) => {
    const stem = readLabelName(name)?.stem ?? '';
    const alike =
      byStem.get(pictureStem(name)) ??
      byStem.get(stem) ??
      byLooseStem.get(looseStem(stem || pictureStem(name)));
    const found = (alike ?? []).map(({ picture }) => picture);
    const folders = name.split('/').slice(0, -1);
    const shared = found.map((picture) => folders.filter((folder) => picture.folders.has(folder)).length);
    const most = Math.max(...shared);
    const nearest = found.filter((_, i) => shared[i] === most);
    return nearest.length === 1 ? nearest[0]!.frame : NO_FRAME;
  });
}
