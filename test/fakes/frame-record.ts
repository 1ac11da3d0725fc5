/** What an analysis kept of a frame, of which most does not matter. */
import type { FrameRecord } from '../../src/jobs/frame-record';

/** The record of frame `n`, a second behind that before it. */
export function fakeRecord(n: number, patch: Partial<FrameRecord> = {}): FrameRecord {
  return {
    n,
    t: n,
    areas: new Array<number>(12).fill(0),
    own: 0,
    undecided: 0,
    broken: 0,
    drivable: 0.4,
    decided: 0.9,
    confidence: 0.8,
    free: null,
    boundary: [],
    obstacles: [],
    events: [],
    agreement: null,
    map: { width: 2, height: 1, runs: 'AB' },
    ...patch,
  };
}
