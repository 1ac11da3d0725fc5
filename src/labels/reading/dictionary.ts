/**
 * What numbers and colours of label pictures mean: dictionaries of known data sets, of ours, and those that sets bring
 * along themselves.
 */
import { CLASSES, classIdOf } from '../../taxonomy/classes';
import { meaningOf } from '../../taxonomy/meanings';
import { PALETTES } from '../../taxonomy/palette';
import type { LabelPicture } from '../png';
import { CAMVID_COLOURS, CAMVID_NUMBERS, CARLA_NUMBERS, CITYSCAPES, type Row } from './data-sets';
import {
  A2D2_COLOURS,
  APOLLOSCAPE_NUMBERS,
  BDD100K_DRIVABLE,
  BDD100K_DRIVABLE_COLOURS,
  BDD100K_DRIVABLE_IDS,
  BDD100K_PANOPTIC,
  BDD100K_THINGS,
  COMMA10K_COLOURS,
  IDD_NUMBERS,
} from './driving-sets';

/** One value and what it means. */
export interface DictionaryEntry {
  /** A number, or a colour as 0xRRGGBB. */
  readonly value: number;
  /** As its data set calls it. */
  readonly name: string;
  /** Name of the class of ours; null for unlabelled, undefined where it has a name and none of ours is it: asked about. */
  readonly ours: string | null | undefined;
}

/** A dictionary. Plain data. */
export interface Dictionary {
  readonly id: string;
  /** For people. */
  readonly title: string;
  readonly kind: LabelPicture['kind'];
  readonly entries: readonly DictionaryEntry[];
}

/** Number that nearly all sets keep for what is not labelled. */
const UNLABELLED = 255;

const OURS: readonly Dictionary[] = [
  {
    id: 'ours',
    title: 'Our numbers',
    kind: 'numbers',
    entries: [
      ...CLASSES.map(({ id, name }) => ({ value: id, name, ours: name })),
      { value: UNLABELLED, name: 'unlabelled', ours: null },
    ],
  },
  ...Object.entries(PALETTES).map(
    ([name, palette]): Dictionary => ({
      id: `ours-${name}`,
      title: `Our colours (${name})`,
      kind: 'colours',
      entries: withBlack(
        CLASSES.flatMap(({ id, name }) => {
          const colour = palette[id];
          return colour ? [{ value: Number.parseInt(colour.slice(1), 16), name, ours: name }] : [];
        }),
      ),
    }),
  ),
];

/** All that are known, the likelier ones first. */
export const DICTIONARIES: readonly Dictionary[] = [
  ...OURS,
  {
    id: 'cityscapes-train-ids',
    title: 'Cityscapes train ids (BDD100K)',
    kind: 'numbers',
    entries: [
      ...CITYSCAPES.filter(([, , trainId]) => trainId !== UNLABELLED).map(([name, , value, , ours]) => ({
        value,
        name,
        ours: known(ours),
      })),
      { value: UNLABELLED, name: 'ignored', ours: null },
    ],
  },
  {
    id: 'cityscapes-ids',
    title: 'Cityscapes ids (KITTI)',
    kind: 'numbers',
    entries: [
      ...CITYSCAPES.map(([name, value, , , ours]) => ({ value, name, ours: known(ours) })),
      // Its number is −1, which files of 8 and 16 bits have as their highest.
      ...[255, 65535].map((value) => ({ value, name: 'license plate', ours: null })),
    ],
  },
  {
    id: 'cityscapes-colours',
    title: 'Cityscapes colours (BDD100K, KITTI)',
    kind: 'colours',
    entries: firstOfEach(
      CITYSCAPES.map(([name, , , value, ours]) => ({ value, name, ours: value === 0 ? null : known(ours) })),
    ),
  },
  listed('camvid-colours', 'CamVid colours', 'colours', CAMVID_COLOURS),
  listed('camvid-numbers', 'CamVid numbers', 'numbers', CAMVID_NUMBERS),
  listed('carla-numbers', 'CARLA numbers', 'numbers', CARLA_NUMBERS),
  listed('a2d2-colours', 'A2D2 colours', 'colours', A2D2_COLOURS),
  listed('comma10k-colours', 'comma10k colours', 'colours', COMMA10K_COLOURS),
  listed('apolloscape-ids', 'ApolloScape ids', 'numbers', APOLLOSCAPE_NUMBERS),
  listed('idd-ids', 'IDD ids', 'numbers', IDD_NUMBERS),
  listed('bdd100k-drivable', 'BDD100K drivable area', 'numbers', BDD100K_DRIVABLE),
  listed('bdd100k-drivable-ids', 'BDD100K drivable area, older', 'numbers', BDD100K_DRIVABLE_IDS),
  listed('bdd100k-panoptic', 'BDD100K panoptic', 'numbers', BDD100K_PANOPTIC),
  listed('bdd100k-things', 'BDD100K things', 'numbers', BDD100K_THINGS),
  listed('bdd100k-drivable-colours', 'BDD100K drivable area', 'colours', BDD100K_DRIVABLE_COLOURS),
];

/** The dictionary of that id; undefined when there is none. */
export function dictionaryOf(id: string): Dictionary | undefined {
  return DICTIONARIES.find((dictionary) => dictionary.id === id);
}

/**
 * A dictionary that a set brings along: names for values. A name that means none of our classes is left out, so that it
 * is asked about.
 */
export function dictionaryFrom(
  title: string,
  kind: Dictionary['kind'],
  named: readonly { readonly value: number; readonly name: string }[],
): { readonly dictionary: Dictionary; readonly unknown: ReadonlyMap<number, string> } {
  const unknown = new Map<number, string>();
  const entries = named.flatMap(({ value, name }): DictionaryEntry[] => {
    const ours = classByName(name);
    if (ours !== undefined) return [{ value, name, ours }];
    unknown.set(value, name);
    return [];
  });
  return { dictionary: { id: 'own', title, kind, entries: firstOfEach(entries) }, unknown };
}

/**
 * The class of ours that a name means; null where it stands for nothing, undefined where nobody knows. Mapillary's names
 * are paths (`construction--flat--road`): what stands at their end counts.
 */
export function classByName(name: string): string | null | undefined {
  const words = name.split('--').map((word) =>
    word
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .replaceAll(/[-_.]+/g, ' ')
      .replaceAll(/\((general|.*)\)/g, '')
      .replace(/\s+\d+$/, '')
      .trim(),
  );
  const last = words.at(-1)!;
  if (
    /^(background|void|unlabell?ed|ignored?|none|out of roi|rectification border|static|dynamic|other)$/.test(
      last,
    )
  )
    return null;
  // It ends like a road and is none.
  if (/\b(non|not|un) ?drivable\b/.test(last)) return undefined;
  if (words.some((word) => word === 'marking' || word === 'lane marking')) return 'lane marking';
  for (const word of [last, ...words.slice(0, -1).reverse()]) {
    const id = meaningOf(word) ?? meaningOf(word.replace(/s$/, '')) ?? meaningOf(word.split(' ').at(-1)!);
    const meant = id === undefined ? undefined : CLASSES[id]?.name;
    if (meant !== undefined) return meant;
  }
  return undefined;
}

/** A class of ours, or unlabelled where our list has no such class. */
function known(ours: string | null): string | null {
  return ours !== null && classIdOf(ours) !== undefined ? ours : null;
}

function listed(id: string, title: string, kind: Dictionary['kind'], rows: readonly Row[]): Dictionary {
  return { id, title, kind, entries: rows.map(([name, value, ours]) => ({ value, name, ours })) };
}

/** Black is unlabelled, unless a class has it. */
function withBlack(entries: readonly DictionaryEntry[]): readonly DictionaryEntry[] {
  if (entries.some(({ value }) => value === 0)) return entries;
  return [...entries, { value: 0, name: 'unlabelled', ours: null }];
}

/** Of entries with one value the first counts. */
function firstOfEach(entries: readonly DictionaryEntry[]): readonly DictionaryEntry[] {
  const seen = new Set<number>();
  return entries.filter(({ value }) => !seen.has(value) && seen.add(value));
}
