/**
 * What the names of other lists mean in ours: the role a name suggests, and the class of ours that stands for it. Used
 * to offer roles, to read a scene off any list, and to score an answer in one list against labels in another.
 */

import {
  BROKEN_CLASS,
  type ClassList,
  type ClassRole,
  isDrivableRole,
  isSameList,
  UNDECIDED_CLASS,
  VOID_CLASS,
} from './class-list';
import { classIdOf, DRIVING, ownId } from './classes';

/** Other names of our classes, as data sets write them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  drivable: 'road',
  'drivable area': 'road',
  street: 'road',
  carriageway: 'road',
  parking: 'road',
  lane: 'lane marking',
  'lane line': 'lane marking',
  mark: 'lane marking',
  marking: 'lane marking',
  'road marking': 'lane marking',
  pavement: 'sidewalk',
  curb: 'sidewalk',
  kerb: 'sidewalk',
  wall: 'building',
  house: 'building',
  skyscraper: 'building',
  'guard rail': 'fence',
  railing: 'fence',
  column: 'pole',
  'street lamp': 'pole',
  streetlight: 'pole',
  'traffic light': 'sign',
  'traffic sign': 'sign',
  signboard: 'sign',
  tree: 'vegetation',
  plant: 'vegetation',
  terrain: 'vegetation',
  grass: 'vegetation',
  pedestrian: 'person',
  human: 'person',
  people: 'person',
  rider: 'cyclist',
  bicycle: 'cyclist',
  bicyclist: 'cyclist',
  motorcycle: 'cyclist',
  motorbike: 'cyclist',
  car: 'vehicle',
  truck: 'vehicle',
  bus: 'vehicle',
  train: 'vehicle',
  van: 'vehicle',
  'ego vehicle': 'own car',
  ego: 'own car',
  bonnet: 'own car',
  hood: 'own car',
};

/** Names that stand for nothing in particular. */
const NOTHING = new Set([
  '-',
  'null',
  'none',
  'none of these',
  'void',
  'unlabelled',
  'unlabeled',
  'background',
  'other',
  'ignore',
  'unknown',
]);

/** The class of ours that stands for a role where the name says nothing. */
const STANDS_FOR: Readonly<Record<ClassRole, string | null>> = {
  drivable: 'road',
  marking: 'lane marking',
  boundary: 'building',
  obstacle: 'vehicle',
  person: 'person',
  ground: 'sidewalk',
  sky: 'sky',
  'own car': 'own car',
  nothing: null,
};

/** A name as it is compared: small letters, one space between words. */
function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, ' ');
}

/** Id of the class of ours that a name means, by itself or as another word for it; undefined when it means none. */
export function meaningOf(name: string): number | undefined {
  const word = plain(name);
  const own = classIdOf(word) ?? (SYNONYMS[word] === undefined ? undefined : classIdOf(SYNONYMS[word]));
  if (own !== undefined) return own;
  // `wall, fence` and `car;auto` (as ADE20K writes its names): the first that is known.
  for (const part of word.split(/[,;]/).slice(0, 8)) {
    const id = classIdOf(part.trim()) ?? classIdOf(SYNONYMS[part.trim()] ?? '');
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The role that a name suggests; null when it suggests none. An offer: whoever brings the network decides. */
export function roleByName(name: string): ClassRole | null {
  const id = meaningOf(name);
  if (id !== undefined) return DRIVING[id]?.role ?? null;
  return NOTHING.has(plain(name)) ? 'nothing' : null;
}

/**
 * For each id of a list the class of ours that it is: by its name where the role agrees with it, else by its role.
 * Undecided where neither says anything: an answer that is none of ours. Void and broken stay what they are.
 * @returns 256 entries
 */
export function drivingIds(list: ClassList): Uint8Array {
  const ids = new Uint8Array(256).fill(UNDECIDED_CLASS);
  list.forEach(({ name, role }, id) => {
    const byName = meaningOf(name);
    const agrees = byName !== undefined && (role === null || DRIVING[byName]?.role === role);
    const standIn = role === null ? null : STANDS_FOR[role];
    if (agrees) ids[id] = byName;
    else if (standIn !== null) ids[id] = ownId(standIn);
  });
  ids[BROKEN_CLASS] = BROKEN_CLASS;
  ids[UNDECIDED_CLASS] = UNDECIDED_CLASS;
  ids[VOID_CLASS] = VOID_CLASS;
  return ids;
}

/**
 * For each id of one list its id in another: the same name, else the same meaning in ours, which only one of the other
 * list's classes may have; undecided where there is none. Void and broken stay.
 * @returns 256 entries
 */
export function translation(from: ClassList, to: ClassList): Uint8Array {
  const ids = new Uint8Array(256).fill(UNDECIDED_CLASS);
  ids[BROKEN_CLASS] = BROKEN_CLASS;
  ids[VOID_CLASS] = VOID_CLASS;
  if (isSameList(from, to)) {
    from.forEach((_, id) => {
      if (id < BROKEN_CLASS) ids[id] = id;
    });
    return ids;
  }
  const names = new Map(to.map(({ name }, id) => [plain(name), id]));
  const meanings = drivingIds(from);
  const targets = drivingIds(to);
  from.forEach(({ name }, id) => {
    if (id >= BROKEN_CLASS) return;
    const same = names.get(plain(name));
    const meaning = meanings[id]!;
    const alike = meaning < BROKEN_CLASS ? targets.indexOf(meaning) : -1;
    const only = alike >= 0 && targets.indexOf(meaning, alike + 1) < 0;
    if (same !== undefined) ids[id] = same;
    else if (only) ids[id] = alike;
  });
  return ids;
}

/** Why nothing about the road can be said with a list; null when it can. */
export function whyNoRoad(list: ClassList): string | null {
  if (list.some(({ role }) => isDrivableRole(role))) return null;
  return 'None of this model’s classes is drivable: give one of them that role to see the road.';
}
