/** A set of label maps for the frames of a recording: exported here, edited, or made by other tools. */
import { CarriagewayError } from '../errors';
import type { LabelMap } from '../media/timed-frame';
import { SAME_TIME } from '../media/times';
import type { CameraCell } from '../sources/recording/recording';
import { type ClassList, VOID_CLASS } from '../taxonomy/class-list';
import { classIdOf } from '../taxonomy/classes';
import { ClockedMaps } from './clocked-maps';
import type { FrameRule, LabelParts, LabelReading } from './label-parts';
import type { LabelPicture } from './png';
import { framesOf } from './reading/frame-numbers';
import type { LabelEntry, LabelSet } from './reading/label-set';
import { readingOf } from './reading/label-survey';
import { openLabels } from './reading/open-labels';
import { surveyOf } from './reading/survey';

/** Label maps by frame. */
export class MaskSet {
  readonly #entries: readonly (LabelEntry | null)[];
  readonly #seconds: readonly number[] | null;
  readonly #byFrame: ReadonlyMap<number, LabelEntry>;
  /** For maps of single cameras, told by the clock. */
  readonly #byClock: ClockedMaps | null;
  readonly #ids: ReadonlyMap<number, number>;
  /** The set's own classes, where its numbers are read as they are. */
  readonly #list: ClassList | null;

  private constructor(
    set: LabelSet,
    private readonly reading: LabelReading,
    pictures: readonly string[] | null,
  ) {
    this.#entries = set.entries;
    this.#seconds = reading.frames === 'time' ? set.seconds : null;
    this.#byFrame = byFrame(set, reading.frames, pictures);
    this.#byClock = set.clocks ? new ClockedMaps(set.entries, set.clocks) : null;
    this.#list = reading.classes === null ? (set.list ?? null) : null;
    this.#ids = new Map(
      (reading.classes ?? []).map(([value, ours]) => [
        value,
        (ours === null ? undefined : classIdOf(ours)) ?? VOID_CLASS,
      ]),
    );
  }

  /** See `LabelReading`. */
  get drawnStored(): boolean {
    return this.reading.drawnStored ?? false;
  }

  /** Number of label maps. */
  get size(): number {
    return this.#entries.filter((entry) => entry !== null).length;
  }

  /**
   * Opens labels.
   * @param pictures paths of the pictures that they are laid beside; null for videos
   * @throws CarriagewayError `labels-unreadable`; `labels-unclear` when nobody was asked how to read them and the set
   *   does not say it either
   */
  static async open(parts: LabelParts, pictures: readonly string[] | null = null): Promise<MaskSet> {
    const set = await openLabels(parts);
    if (parts.reading) return new MaskSet(set, parts.reading, pictures);
    const survey = await surveyOf(set, { count: null, names: pictures });
    if (survey.unsure.length > 0) throw new CarriagewayError('labels-unclear', survey.unsure.join(', '));
    return new MaskSet(set, readingOf(survey), pictures);
  }

  /**
   * The label map of a frame, or null when the set has none for it. What its reading does not know is void.
   * @param n number of the frame, from 0
   * @param seconds its time
   * @param cells its cameras, where their files tell the time
   * @throws CarriagewayError `labels-unreadable` when its file is damaged
   */
  async at(n: number, seconds: number, cells: readonly CameraCell[] = []): Promise<LabelMap | null> {
    if (this.#byClock) {
      const joint = await this.#byClock.at(cells);
      return joint && this.#meant(joint);
    }
    const entry = this.#seconds ? this.#atTime(this.#seconds, seconds) : this.#byFrame.get(n);
    return entry ? this.#meant(await entry.read()) : null;
  }

  #meant(picture: LabelPicture): LabelMap {
    const map = this.#mapOf(picture);
    return picture.upright ? { ...map, upright: true } : map;
  }

  #mapOf({ width, height, kind, values }: LabelPicture): LabelMap {
    if (this.#list) {
      const ids = Uint8Array.from(values, (value) => Math.min(value, VOID_CLASS));
      return { width, height, ids, list: this.#list };
    }
    const ids = new Uint8Array(width * height).fill(VOID_CLASS);
    // A map of a set of numbers in the red channel may be black all over: then it looks like colours.
    const shift = this.reading.kind === 'numbers' && kind === 'colours' ? 16 : 0;
    if (shift === 0 && kind !== this.reading.kind) return { width, height, ids };
    for (const [i, value] of values.entries()) {
      const id = shift === 0 || (value & 0xffff) === 0 ? this.#ids.get(value >>> shift) : undefined;
      if (id !== undefined) ids[i] = id;
    }
    return { width, height, ids };
  }

  #atTime(times: readonly number[], seconds: number): LabelEntry | null {
    let [low, high] = [0, times.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const difference = times[middle]! - seconds;
      if (Math.abs(difference) <= SAME_TIME) return this.#entries[middle] ?? null;
      if (difference < 0) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }
}

/** Maps by the numbers of their frames. Of two maps of one frame the first counts. */
function byFrame(
  set: LabelSet,
  rule: FrameRule,
  pictures: readonly string[] | null,
): ReadonlyMap<number, LabelEntry> {
  const result = new Map<number, LabelEntry>();
  const frames = set.given
    ? set.entries.map((_, n) => n)
    : framesOf(
        set.entries.map((entry) => entry?.name ?? ''),
        rule,
        pictures,
      );
  set.entries.forEach((entry, i) => {
    const frame = frames[i]!;
    if (entry && !result.has(frame)) result.set(frame, entry);
  });
  return result;
}
