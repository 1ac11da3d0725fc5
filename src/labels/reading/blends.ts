/**
 * Colours between those of classes: tools that draw with smooth edges mix two classes where they meet. They are few
 * pixels of many colours, and no class.
 */
import type { ValueCounts } from './choose-dictionary';
import type { Dictionary } from './dictionary';

/** Share of all pixels that one mixed colour has at most. */
const RARE = 0.001;
/** Share that the colours of a list must have, for what is left to be its edges. */
const COVERED = 0.9;
/** From so many rare colours on they are mixtures, whatever they are; fewer must lie between two of the list. */
const MANY = 16;
/** Levels of a channel by which a mixture may miss the line between two colours. */
const NEAR = 3;

/** See `withoutBlends`. */
export interface Unblended {
  readonly counts: ValueCounts;
  /** Share of the pixels whose colours are mixed. */
  readonly blended: number;
}

/** Counts without the mixed colours of drawn edges. */
export function withoutBlends(counts: ValueCounts, { entries }: Dictionary): Unblended {
  const { kind, pixels } = counts;
  if (kind !== 'colours') return { counts, blended: 0 };
  const all = [...pixels.values()].reduce((a, b) => a + b, 0);
  const known = entries.map(({ value }) => value).filter((value) => pixels.has(value));
  const covered = known.reduce((sum, value) => sum + pixels.get(value)!, 0);
  if (covered < all * COVERED) return { counts, blended: 0 };
  const listed = new Set(known);
  const rare = [...pixels].filter(([value, count]) => !listed.has(value) && count < all * RARE);
  const mixed = rare.length >= MANY ? rare : rare.filter(([value]) => isBetween(value, known));
  if (mixed.length === 0) return { counts, blended: 0 };
  const kept = new Map(pixels);
  for (const [value] of mixed) kept.delete(value);
  const blended = mixed.reduce((sum, [, count]) => sum + count, 0) / all;
  return { counts: { ...counts, pixels: kept }, blended };
}

/** Whether a colour lies on a line between two others. */
function isBetween(colour: number, others: readonly number[]): boolean {
  return others.some((one, i) => others.slice(i + 1).some((other) => isMixture(colour, one, other)));
}

function isMixture(colour: number, one: number, other: number): boolean {
  const [from, to, at] = [channels(one), channels(other), channels(colour)];
  const way = to.map((value, c) => value - from[c]!);
  const length = way.reduce((sum, value) => sum + value * value, 0);
  const part = at.reduce((sum, value, c) => sum + (value - from[c]!) * way[c]!, 0) / length;
  return part > 0 && part < 1 && at.every((value, c) => Math.abs(value - from[c]! - part * way[c]!) <= NEAR);
}

function channels(colour: number): readonly number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}
