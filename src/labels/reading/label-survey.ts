/** What a look at labels found, as plain data, and the reading that it amounts to. Pages speak of it without reading any. */
import type { FrameRule, LabelReading } from '../label-parts';
import type { LabelPicture } from '../png';

/** A value that occurs. */
export interface SurveyedValue {
  /** A number, or a colour as 0xRRGGBB. */
  readonly value: number;
  /** What its data set calls it; null where nobody says. */
  readonly name: string | null;
  /** Class of ours; null for unlabelled, undefined where nobody knows: then it is asked about. */
  readonly ours: string | null | undefined;
  /** Share of the labelled pixels looked at. */
  readonly share: number;
  /** Name of a map that holds it. */
  readonly example: string;
}

/** What was seen. Plain data. */
export interface LabelSurvey {
  /** Number of maps. */
  readonly maps: number;
  readonly kind: LabelPicture['kind'];
  /** Id of the dictionary that is taken. */
  readonly dictionary: string;
  /** Others that could be taken, with their titles; the one that is taken among them. */
  readonly dictionaries: readonly { readonly id: string; readonly title: string }[];
  /** All that the dictionary knows, also of values that did not occur in the maps looked at. */
  readonly known: NonNullable<LabelReading['classes']>;
  /** Values that occur in the maps looked at, the most frequent first. */
  readonly values: readonly SurveyedValue[];
  readonly frames: FrameRule;
  /** Rules that are possible, the likeliest first; none where names have to be trusted (`time`, files given by frame). */
  readonly rules: readonly FrameRule[];
  /** For each of `rules` which map would lie on which frame, for the first few. */
  readonly pairs: readonly (readonly { readonly name: string; readonly frame: number }[])[];
  /**
   * Whether maps were drawn on the pixels as they are stored; null where their proportions tell it, or the recording's
   * pictures are stored upright.
   */
  readonly drawnStored: boolean | null;
  /** Share of the pixels looked at whose colours are mixed of two, as on smooth edges: they stay unlabelled. */
  readonly blended: number;
  /** What has to be answered before anything is scored. */
  readonly unsure: readonly ('meaning' | 'frames' | 'turn')[];
  /** Maps that were looked at and cannot be read, and why. */
  readonly problems: readonly string[];
}

/** Id of the dictionary that is a class list of the set's own: it is not read as ours. */
export const OWN_LIST = 'own-list';

/** The reading that a survey amounts to. Values that nobody knows stay out of it. */
export function readingOf(survey: LabelSurvey): LabelReading {
  const { kind, known, values, frames, dictionary, drawnStored } = survey;
  if (dictionary === OWN_LIST) return { kind, classes: null, frames };
  const seen = values.flatMap(({ value, ours }) => (ours === undefined ? [] : [[value, ours] as const]));
  const classes = [...new Map([...known, ...seen])];
  return { kind, classes, frames, ...(drawnStored ? { drawnStored } : {}) };
}
