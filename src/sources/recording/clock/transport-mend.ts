/** Gives out a transport stream with the times that its mended clock says. */

import type { Shift, TransportClock } from './transport-clock';
import { MODULUS, PACKET, ticksBetween, timesAt, type UnitTimes, writeTime } from './transport-packets';

/**
 * Bytes of a file with times that run on.
 * @param from first byte, `to` the one behind the last
 */
export async function readMended(
  { blob, layout, shifts }: TransportClock,
  from: number,
  to: number,
): Promise<Uint8Array> {
  const { stride, offset } = layout;
  // Whole packets: a time may lie across either end.
  const start = Math.max(0, Math.floor((from - offset) / stride) * stride + offset);
  const end = Math.min(blob.size, Math.ceil((to - offset) / stride) * stride + offset);
  const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
  for (let p = start < offset ? offset - start : 0; p + PACKET <= bytes.length; p += stride) {
    const unit = timesAt(bytes, p);
    if (!unit) continue;
    const time = unit.pts + shiftFor(shifts, start + p, unit);
    writeTime(bytes, unit.ptsAt, ((time % MODULUS) + MODULUS) % MODULUS);
  }
  return bytes.subarray(from - start, to - start);
}

/**
 * What is added to a unit's time. Around a jump of the pictures' clock, sound may lie on the wrong side of it: of the
 * shifts on both sides the one counts that brings it nearest to where the pictures are.
 */
function shiftFor(shifts: readonly Shift[], at: number, unit: UnitTimes): number {
  let [low, high] = [0, shifts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (shifts[middle]!.from <= at) low = middle;
    else high = middle - 1;
  }
  const own = shifts[low]!;
  if (unit.video || shifts.length === 1) return own.add;
  const before = shifts[low - 1];
  const after = shifts[low + 1];
  if (before && at - own.from < INTERLEAVED) return nearer(own, before, own.seam, unit.pts).add;
  if (after && after.from - at < INTERLEAVED) return nearer(own, after, after.seam, unit.pts).add;
  return own.add;
}

/** Bytes on either side of a jump in which sound of the other side may lie. */
const INTERLEAVED = 1024 * 1024;

/** Of two shifts the one that brings a time nearer to the seam between them. */
function nearer(own: Shift, other: Shift, seam: number, pts: number): Shift {
  const far = (shift: Shift): number => Math.abs(ticksBetween(seam, pts + shift.add));
  return far(other) < far(own) ? other : own;
}
