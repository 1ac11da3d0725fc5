/**
 * A look at labels before they are used: what they are, what their numbers mean, which frames they are of, and what of
 * that somebody has to be asked.
 */
import { CarriagewayError } from '../../errors';
import type { ClassList } from '../../taxonomy/class-list';
import type { FrameRule, LabelParts } from '../label-parts';
import type { LabelPicture } from '../png';
import { withoutBlends } from './blends';
import { chooseDictionary, countValues } from './choose-dictionary';
import { DICTIONARIES, type Dictionary } from './dictionary';
import { framesOf, NO_FRAME, pairingOf, type RecordedFrames } from './frame-numbers';
import type { LabelEntry, LabelSet, OwnDictionary } from './label-set';
import { type LabelSurvey, OWN_LIST, type SurveyedValue } from './label-survey';
import { openLabels } from './open-labels';

/** Maps looked at: enough to meet every class, few enough to be done at once. */
const LOOKED_AT = 12;
/** Pairs shown of each rule. */
const PAIRS_SHOWN = 4;
/** Values of a set at most; more are no labels but pictures. */
const VALUES_MAX = 256;

/**
 * Looks at labels.
 * @param frames of the recording; a number says how many there are, null that nobody counted
 * @param dictionary id of the one to read them by; null for the likeliest
 * @throws CarriagewayError `labels-unreadable` when no map can be read, or they are pictures and no labels
 */
export async function surveyLabels(
  parts: LabelParts,
  frames: RecordedFrames | number | null,
  dictionary: string | null = null,
): Promise<LabelSurvey> {
  const recorded = typeof frames === 'object' && frames !== null ? frames : { count: frames, names: null };
  return surveyOf(await openLabels(parts), recorded, dictionary);
}

/** See `surveyLabels`. */
export async function surveyOf(
  opened: LabelSet,
  frames: RecordedFrames,
  chosen: string | null = null,
): Promise<LabelSurvey> {
  const entries = opened.entries.filter((entry) => entry !== null);
  if (entries.length === 0) throw new CarriagewayError('labels-unreadable', 'no labels in it');
  const { pictures, problems } = await someOf(entries);
  const seen = countValues(pictures.map(({ picture }) => picture));
  const set = ownAsCounted(opened, seen);
  const { counts, blended } = withoutBlends(seen, chooseDictionary(seen, set.hint, set.own).dictionary);
  if (counts.pixels.size > VALUES_MAX)
    throw new CarriagewayError(
      'labels-unreadable',
      `${entries[0]!.name} has more than ${VALUES_MAX} ${counts.kind}: it is a picture, not labels`,
    );
  if (set.list) return ownList(set, set.list, entries.length, counts, pictures, problems);
  const found = chooseDictionary(counts, set.hint, set.own);
  const taken =
    (chosen === null
      ? undefined
      : choicesOf(counts.kind, set, found.dictionary).find(({ id }) => id === chosen)) ?? found.dictionary;
  const values = valuesOf(counts.pixels, taken, set, pictures);
  const pairing = timing(set, entries, frames);
  const unsure: LabelSurvey['unsure'][number][] = [];
  const asks = values.some(({ ours }) => ours === undefined);
  if (asks || (chosen === null && (!found.sure || set.contested))) unsure.push('meaning');
  if (!pairing.sure) unsure.push('frames');
  // Our own exports are drawn upright.
  const asksTurn =
    frames.hidden === true && !set.seconds && pictures.some(({ picture }) => picture.upright !== true);
  if (asksTurn) unsure.push('turn');
  const names = entries.map(({ name }) => name);
  return {
    maps: entries.length,
    kind: counts.kind,
    dictionary: taken.id,
    dictionaries: choicesOf(counts.kind, set, found.dictionary).map(({ id, title }) => ({ id, title })),
    known: taken.entries.flatMap(({ value, ours }) => (ours === undefined ? [] : [[value, ours] as const])),
    values,
    frames: pairing.rule,
    rules: pairing.rules,
    pairs: pairing.rules.map((rule) =>
      framesOf(names, rule, frames.names)
        .map((frame, n) => ({ name: names[n]!, frame }))
        .filter(({ frame }) => frame !== NO_FRAME)
        .slice(0, PAIRS_SHOWN),
    ),
    drawnStored: asksTurn ? false : null,
    blended,
    unsure,
    problems,
  };
}

/** A set whose own list is that of the values that occur: of numbers without a palette, the order of its colours. */
function ownAsCounted(
  set: LabelSet,
  { kind, colours, pixels }: ReturnType<typeof countValues>,
): LabelSet & { readonly contested?: boolean } {
  if (!set.own) return set;
  const bare = kind === 'numbers' && colours.size === 0;
  const [first, ...rivals] = [set.own, ...(set.rivals ?? [])].map((own) => (bare && own.numbered) || own);
  if (rivals.length === 0) return { ...set, own: first! };
  // Pixels of a palette are known by their colours.
  const values = [...pixels.keys()].map((value) =>
    kind === 'numbers' && !bare ? colours.get(value)! : value,
  );
  const named = rivals.concat(first!).map((own) => ({ own, names: namesOf(own) }));
  const known = ({ names }: (typeof named)[number]): number =>
    values.filter((value) => names.has(value)).length;
  const most = Math.max(...named.map(known));
  const [best, ...others] = named.filter((each) => known(each) === most);
  const contested = others.some(({ names }) =>
    values.some((value) => names.get(value) !== best!.names.get(value)),
  );
  return { ...set, own: best!.own, contested };
}

/** What a set's own dictionary calls its values, those among them that mean nothing to us. */
function namesOf({ dictionary, unknown }: OwnDictionary): ReadonlyMap<number, string> {
  return new Map([...unknown, ...dictionary.entries.map(({ value, name }) => [value, name] as const)]);
}

/** Masks of a foreign network, exported here: their numbers are its classes, and nothing is to be asked. */
function ownList(
  set: LabelSet,
  list: ClassList,
  maps: number,
  { pixels }: ReturnType<typeof countValues>,
  pictures: readonly { readonly name: string; readonly picture: LabelPicture }[],
  problems: readonly string[],
): LabelSurvey {
  const entries = list.map(({ name }, value) => ({ value, name, ours: name }));
  const dictionary: Dictionary = { id: OWN_LIST, title: 'Its own classes', kind: 'numbers', entries };
  const values = valuesOf(pixels, dictionary, set, pictures).map((each) => ({
    ...each,
    ours: each.ours ?? null,
  }));
  return {
    ...{ maps, kind: 'numbers', dictionary: OWN_LIST, known: [], values, problems },
    dictionaries: [{ id: OWN_LIST, title: dictionary.title }],
    frames: 'time',
    rules: [],
    pairs: [],
    drawnStored: null,
    blended: 0,
    unsure: [],
  };
}

/** Some maps, spread over all; what cannot be read is told, and when nothing can, thrown. */
async function someOf(entries: readonly LabelEntry[]): Promise<{
  pictures: { name: string; picture: LabelPicture }[];
  problems: string[];
}> {
  const count = Math.min(LOOKED_AT, entries.length);
  const pictures: { name: string; picture: LabelPicture }[] = [];
  const problems: string[] = [];
  let first: unknown = null;
  for (let k = 0; k < count; k++) {
    const entry = entries[Math.floor((k * entries.length) / count)]!;
    try {
      pictures.push({ name: entry.name, picture: await entry.read() });
    } catch (thrown) {
      first ??= thrown;
      const why = thrown instanceof CarriagewayError ? thrown.detail : String(thrown);
      problems.push(`${entry.name}: ${why}`);
    }
  }
  if (pictures.length === 0) throw first;
  return { pictures, problems };
}

function valuesOf(
  pixels: ReadonlyMap<number, number>,
  dictionary: Dictionary,
  set: LabelSet,
  pictures: readonly { readonly name: string; readonly picture: LabelPicture }[],
): SurveyedValue[] {
  const known = new Map(dictionary.entries.map((entry) => [entry.value, entry]));
  const all = [...pixels.values()].reduce((a, b) => a + b, 0);
  return [...pixels]
    .sort(([, a], [, b]) => b - a)
    .map(([value, count]) => {
      const entry = known.get(value);
      return {
        value,
        name: entry?.name ?? set.own?.unknown.get(value) ?? null,
        ours: entry === undefined ? undefined : entry.ours,
        share: count / all,
        example: pictures.find(({ picture }) => picture.values.includes(value as never))?.name ?? '',
      };
    });
}

/** Dictionaries that can be chosen from: those of the kind, and the set's own. */
function choicesOf(kind: LabelPicture['kind'], set: LabelSet, found: Dictionary): readonly Dictionary[] {
  const all = DICTIONARIES.filter((dictionary) => dictionary.kind === kind);
  const own = set.own?.dictionary;
  const listed = own && own.kind === kind ? [own, ...all] : all;
  return listed.some(({ id }) => id === found.id)
    ? listed.map((each) => (each.id === found.id ? found : each))
    : [found, ...listed];
}

function timing(
  set: LabelSet,
  entries: readonly LabelEntry[],
  frames: RecordedFrames,
): { rule: FrameRule; sure: boolean; rules: readonly FrameRule[] } {
  if (set.seconds || set.clocks) return { rule: 'time', sure: true, rules: [] };
  if (set.given) return { rule: 'order', sure: true, rules: [] };
  const { rule, sure, possible } = pairingOf(
    entries.map(({ name }) => name),
    frames,
  );
  return { rule, sure, rules: possible };
}
