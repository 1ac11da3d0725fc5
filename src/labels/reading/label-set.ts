/** What opened labels look like, whatever they came in. */
import type { ClassList } from '../../taxonomy/class-list';
import type { LabelPicture } from '../png';
import type { dictionaryFrom } from './dictionary';

/** One label map. */
export interface LabelEntry {
  /** Name of its file, or of the picture that it is of. */
  readonly name: string;
  /** @throws CarriagewayError `labels-unreadable` */
  read(): Promise<LabelPicture>;
}

/** What a set says of its values itself. */
export type OwnDictionary = ReturnType<typeof dictionaryFrom> & {
  /** The same for maps that have numbers and no palette, where the order of its colours is theirs. */
  readonly numbered?: ReturnType<typeof dictionaryFrom>;
};

/** What a set brings along. */
export interface LabelSet {
  /** Maps; null where a frame has none (files given frame by frame). */
  readonly entries: readonly (LabelEntry | null)[];
  /** Seconds of each entry's frame; null where the set does not tell. */
  readonly seconds: readonly number[] | null;
  /** Whether the n-th entry belongs to the n-th frame, as files given picture by picture do. */
  readonly given: boolean;
  /** The set's own dictionary, and names of it that mean nothing to us. */
  readonly own: OwnDictionary | null;
  /** Others of the same kind that it brings along: the one that knows the labels' values is theirs. */
  readonly rivals?: readonly OwnDictionary[];
  /** Id of the dictionary that names speak for. */
  readonly hint: string | null;
  /** For maps of single cameras, told by the clock: the camera and the milliseconds since 1970 of each entry. */
  readonly clocks?: readonly { readonly camera: string; readonly clock: number }[];
  /** A class list other than ours that the numbers are ids of. */
  readonly list?: ClassList;
}
