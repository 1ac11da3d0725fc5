/** What the samples of a soak say. */
import { medianOf } from '../metrics.ts';

/** One look at the running page. */
export interface Sample {
  /** Since the first mask. */
  readonly minutes: number;
  /** Live frames, buffers and textures. */
  readonly objects: readonly number[];
  /** Bytes of the page and its workers. */
  readonly heap: number;
  /** Masks so far. */
  readonly masks: number;
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

/**
 * The end against the state after a minute.
 * @returns growth of all objects together, of the heap in per cent, the masks from the first sample to the last, and
 *   the fewest between two samples: a page that stopped has none there
 * @throws RangeError when too few samples lie behind the first minute
 */
export function summaryOf(samples: readonly Sample[]): {
  objectsGrowth: number;
  heapGrowth: number;
  masks: number;
  fewestMasks: number;
} {
  const warm = warmOf(samples);
  if (!enough(samples)) throw new RangeError('The run was too short to say anything.');
  const ends = Math.max(ENDS, Math.floor(warm.length * ENDS_SHARE));
  const [first, last] = [warm.slice(0, ends), warm.slice(-ends)];
  const of = (part: readonly Sample[], value: (sample: Sample) => number) => medianOf(part.map(value))!;
  const objects = (sample: Sample) => sample.objects.reduce((a, b) => a + b, 0);
  const heap = (sample: Sample) => sample.heap;
  const growth = (end: (...counts: number[]) => number) =>
    end(...last.map(objects)) - end(...first.map(objects));
  return {
    objectsGrowth: Math.min(growth(Math.min), growth(Math.max)),
    heapGrowth: (of(last, heap) / of(first, heap) - 1) * 100,
    masks: samples.at(-1)!.masks - samples[0]!.masks,
    fewestMasks: Math.min(...samples.slice(1).map(({ masks }, i) => masks - samples[i]!.masks)),
  };
}
