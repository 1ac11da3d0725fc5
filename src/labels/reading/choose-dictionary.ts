/** Finds the dictionary of a set of labels from what its names say and from the values that occur. */
import { type LabelPicture, OPEN_PIXEL } from '../png';
import { DICTIONARIES, type Dictionary, type DictionaryEntry, dictionaryOf } from './dictionary';
import type { OwnDictionary } from './label-set';

/** Values of some label pictures. */
export interface ValueCounts {
  readonly kind: LabelPicture['kind'];
  /** Pixels of each value. */
  readonly pixels: ReadonlyMap<number, number>;
  /** Colour of each number that occurs; empty without palettes. */
  readonly colours: ReadonlyMap<number, number>;
}

/** What was found. */
export interface DictionaryChoice {
  /** The likeliest. */
  readonly dictionary: Dictionary;
  /** Whether it must be this one, and knows every value. */
  readonly sure: boolean;
}

/** Counts the values of pictures. Of two kinds in one set the one that more pictures have counts. */
export function countValues(pictures: readonly LabelPicture[]): ValueCounts {
  const colourful = pictures.filter(({ kind }) => kind === 'colours').length;
  const kind = colourful * 2 > pictures.length ? 'colours' : 'numbers';
  const pixels = new Map<number, number>();
  const colours = new Map<number, number>();
  for (const picture of pictures) {
    if (picture.kind !== kind) continue;
    for (const value of picture.values)
      if (value !== OPEN_PIXEL) pixels.set(value, (pixels.get(value) ?? 0) + 1);
    for (const value of pixels.keys()) {
      const colour = picture.palette?.[value];
      if (colour !== undefined) colours.set(value, colour);
    }
  }
  return { kind, pixels, colours };
}

/**
 * Chooses. Sure are: a dictionary that the set brings along; one that its names speak for and that knows all values; one
 * of colours with whose meanings all others agree that know all values; and one of numbers that the palette confirms.
 */
export function chooseDictionary(
  counts: ValueCounts,
  hint: string | null,
  own: OwnDictionary | null,
): DictionaryChoice {
  const values = [...counts.pixels.keys()];
  const knows = ({ entries }: Dictionary): boolean => {
    const known = new Set(entries.flatMap(({ value, ours }) => (ours === undefined ? [] : [value])));
    return values.every((value) => known.has(value));
  };
  if (own && own.dictionary.kind === counts.kind) {
    const dictionary = publishedAs(own) ?? own.dictionary;
    return { dictionary, sure: knows(dictionary) };
  }
  const greys = own && counts.kind === 'numbers' ? asNumbers(own.dictionary) : null;
  if (greys) return { dictionary: greys, sure: knows(greys) };
  // Pictures of a palette whose colours the set explains.
  if (own && counts.kind === 'numbers' && counts.colours.size > 0) {
    const dictionary = throughPalette(own.dictionary, counts.colours);
    return { dictionary, sure: knows(dictionary) };
  }
  const hinted = hint === null ? undefined : dictionaryOf(hint);
  // What a set says of its colours speaks against numbers of somebody else's.
  const denied = own !== null && own.dictionary.entries.length > 0;
  if (hinted?.kind === counts.kind) return { dictionary: hinted, sure: !denied && knows(hinted) };
  if (hinted && counts.colours.size > 0) {
    const dictionary = throughPalette(hinted, counts.colours);
    return { dictionary, sure: knows(dictionary) };
  }
  const fitting = DICTIONARIES.filter((dictionary) => dictionary.kind === counts.kind && knows(dictionary));
  const [first, ...others] = fitting;
  if (!first) return { dictionary: bestOf(counts), sure: false };
  if (counts.kind === 'colours' && others.every((other) => agrees(first, other, values)))
    return { dictionary: first, sure: true };
  // Numbers alone say nothing: all lists begin at 0, and those of things that no list here has do as well.
  const confirmed = fitting.filter((dictionary) => isConfirmed(dictionary, counts));
  const [best] = confirmed;
  if (best && confirmed.every((other) => agrees(best, other, values)))
    return { dictionary: best, sure: true };
  return { dictionary: first, sure: false };
}

/** The known list that a set brings along: what its names mean was looked up, not guessed. Null where it is none. */
function publishedAs({ dictionary, unknown }: OwnDictionary): Dictionary | null {
  const names = new Map([...unknown, ...dictionary.entries.map(({ value, name }) => [value, name] as const)]);
  const found = DICTIONARIES.find(({ kind, entries }) => {
    if (kind !== dictionary.kind || entries.length < names.size) return false;
    const byValue = new Map(entries.map(({ value, name }) => [value, name]));
    return [...names].every(([value, name]) => byValue.get(value)?.toLowerCase() === name.toLowerCase());
  });
  return found && names.size > 0 ? { ...found, id: dictionary.id, title: dictionary.title } : null;
}

function agrees(one: Dictionary, other: Dictionary, values: readonly number[]): boolean {
  const [a, b] = [meanings(one), meanings(other)];
  return values.every((value) => a.get(value) === b.get(value));
}

/** Whether some list of colours says of the palette what this one says of the numbers. */
function isConfirmed(dictionary: Dictionary, { pixels, colours }: ValueCounts): boolean {
  const numbers = meanings(dictionary);
  return DICTIONARIES.some((other) => {
    if (other.kind !== 'colours') return false;
    const byColour = meanings(other);
    let said = 0;
    for (const value of pixels.keys()) {
      const ours = numbers.get(value);
      const meant = byColour.get(colours.get(value) ?? -1);
      // Unlabelled is black in every palette, and numbers of it differ.
      if (ours === null) continue;
      if (meant !== ours) return false;
      said++;
    }
    return said > 0;
  });
}

/** Colours that are all greys are numbers, where the pictures hold numbers (Supervisely's); null where they are not. */
function asNumbers(dictionary: Dictionary): Dictionary | null {
  const { kind, entries } = dictionary;
  if (kind !== 'colours' || entries.length === 0) return null;
  if (entries.some(({ value }) => value !== (value & 0xff) * 0x010101)) return null;
  return {
    ...dictionary,
    kind: 'numbers',
    entries: entries.map((entry) => ({ ...entry, value: entry.value & 0xff })),
  };
}

/** Numbers of a palette, by what a list of colours says. */
function throughPalette(dictionary: Dictionary, colours: ReadonlyMap<number, number>): Dictionary {
  const byColour = new Map(dictionary.entries.map((entry) => [entry.value, entry]));
  const entries = [...colours].flatMap(([value, colour]) => {
    const entry = byColour.get(colour);
    return entry ? [{ ...entry, value }] : [];
  });
  return { ...dictionary, kind: 'numbers', entries };
}

/** The dictionary that knows most of the pixels. */
function bestOf({ kind, pixels }: ValueCounts): Dictionary {
  const covered = ({ entries }: Dictionary): number =>
    entries.reduce((sum, { value }) => sum + (pixels.get(value) ?? 0), 0);
  const candidates = DICTIONARIES.filter((dictionary) => dictionary.kind === kind);
  return candidates.reduce((best, each) => (covered(each) > covered(best) ? each : best));
}

function meanings({ entries }: Dictionary): Map<number, DictionaryEntry['ours']> {
  return new Map(entries.map(({ value, ours }) => [value, ours]));
}
