/** What the samples of a soak say. */
import { medianOf } from '../metrics.ts';

/** One look at the running page. */
export interface Sample {
  /** Since the first mask. */
  readonly minutes: number;
  /** Live frames, buffers and textures. */
  readonly objects: readonly number[];
  /** Bytes of the page and its workers; NaN where the browser did not say in time. */
  readonly heap: number;
  /** Masks so far; a worker that took another's place counts from nought. */
  readonly masks: number;
}

/** A time between two samples in which no mask was made, in minutes since the first mask. */
export interface EmptyInterval {
  readonly from: number;
  readonly to: number;
}

/** Until then caches fill: compiled code, masks handed out for the first time. */
const WARM_MINUTES = 1;

/**
 * Samples at either end that count, at the least, and their share of a long run. Of the objects, the least and the most of them are compared: what is never given
 * back raises both, while frames in flight (nine tiles have up to nineteen, and seldom all) raise one or the other by
 * chance. Of the heap it is the median, since a collection may have been before or after.
 */
const ENDS = 3;
const ENDS_SHARE = 0.1;

/**
 * Numbers of a text, in order.
 * @param text such as `1 frames, 20 buffers, 9 textures`
 */
export function parseObjects(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}

const warmOf = (samples: readonly Sample[]) => samples.filter((sample) => sample.minutes >= WARM_MINUTES);

/** Whether samples suffice to tell one end from the other. */
export function enough(samples: readonly Sample[]): boolean {
  return warmOf(samples).length >= 2 * ENDS;
}

/** Masks between two samples. Where the count fell, its worker was replaced, and what it has now was made since. */
function masksBetween(before: Sample, after: Sample): number {
  return after.masks < before.masks ? after.masks : after.masks - before.masks;
}

/** The samples at both ends that count. @throws RangeError when too few lie behind the first minute */
function endsOf<S extends Sample>(samples: readonly S[]): { first: readonly S[]; last: readonly S[] } {
  if (!enough(samples)) throw new RangeError('The run was too short to say anything.');
  const warm = samples.filter((sample) => sample.minutes >= WARM_MINUTES);
  const ends = Math.max(ENDS, Math.floor(warm.length * ENDS_SHARE));
  return { first: warm.slice(0, ends), last: warm.slice(-ends) };
}

/**
 * How many more of something were there at the end than after a minute: the smaller growth of the least and of the most.
 * @throws RangeError when too few samples lie behind the first minute
 */
export function countGrowth<S extends Sample>(samples: readonly S[], of: (sample: S) => number): number {
  const { first, last } = endsOf(samples);
  const growth = (end: (...counts: number[]) => number) => end(...last.map(of)) - end(...first.map(of));
  return Math.min(growth(Math.min), growth(Math.max));
}

/** The same in per cent of the most that was there after a minute. */
export function countGrowthPercent<S extends Sample>(
  samples: readonly S[],
  of: (sample: S) => number,
): number {
  return (countGrowth(samples, of) / Math.max(...endsOf(samples).first.map(of))) * 100;
}

/**
 * The end against the state after a minute.
 * @returns growth of all objects together, of the heap in per cent (NaN where it is not known at an end), the masks
 *   from the first sample to the last, the fewest between two samples, and the times between two without any: a page
 *   that stopped
 * @throws RangeError when too few samples lie behind the first minute
 */
export function summaryOf(samples: readonly Sample[]): {
  objectsGrowth: number;
  heapGrowth: number;
  masks: number;
  fewestMasks: number;
  empty: readonly EmptyInterval[];
} {
  const { first, last } = endsOf(samples);
  const heap = (part: readonly Sample[]) =>
    medianOf(part.map((sample) => sample.heap).filter(Number.isFinite)) ?? Number.NaN;
  const intervals = samples.slice(1).map((after, i) => {
    const before = samples[i]!;
    return { from: before.minutes, to: after.minutes, masks: masksBetween(before, after) };
  });
  const masks = intervals.map((interval) => interval.masks);
  return {
    objectsGrowth: countGrowth(samples, ({ objects }) => objects.reduce((a, b) => a + b, 0)),
    heapGrowth: (heap(last) / heap(first) - 1) * 100,
    masks: masks.reduce((a, b) => a + b, 0),
    fewestMasks: Math.min(...masks),
    empty: intervals.filter((interval) => interval.masks === 0).map(({ from, to }) => ({ from, to })),
  };
}
