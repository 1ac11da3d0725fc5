/**
 * What counts as a jump of a recording's clock, for every container. A recorder that starts its clock anew, that is set
 * by a satellite in the middle of a recording, or that stamps one picture with a wrong time must not make a recording of
 * six seconds last for hours.
 */

/** A place at which the clock of a recording does not simply run on. */
export interface ClockJump {
  /** Time of the first picture behind it, in seconds of the file's clock once it is mended. */
  readonly at: number;
  /** By how much more than one picture the clock went forward, in seconds; below 0 it went back. */
  readonly by: number;
  /** Whether the jump was closed, so that pictures follow each other; else it is a gap that is left as long as it is. */
  readonly closed: boolean;
}

/** Seconds without a picture from which on a gap is told, where pictures otherwise come closely. */
const GAP = 1;

/** Seconds without anything from which on nobody waits for the next picture: the gap is closed. */
const CLOSED_GAP = 10;

/** A gap is at least so many times as long as what lies between two pictures usually: a time-lapse has none. */
const TIMES_USUAL = 20;

/** Seconds that a picture lasts until it is known better: 25 a second. */
export const USUAL_STEP = 0.04;

/** What a step of the clock is, from one picture to the next in the order in which they are stored. */
export type StepKind = 'usual' | 'gap' | 'jump';

/**
 * Judges a step.
 * @param step seconds from one picture to the next
 * @param usual seconds of the steps before
 * @param back how far times may go back without a jump, in seconds, where pictures are not stored in their order
 */
export function judgeStep(step: number, usual: number, back = 0): StepKind {
  if (step < -back) return 'jump';
  if (step > Math.max(CLOSED_GAP, TIMES_USUAL * usual)) return 'jump';
  return step > Math.max(GAP, TIMES_USUAL * usual) ? 'gap' : 'usual';
}

/** The usual step after another one was seen: a slow mean of those that are neither gaps nor jumps. */
export function usualAfter(usual: number | null, step: number): number {
  return usual === null ? step : usual + (step - usual) / 8;
}
