/** Turns what changes from state to state into events, with enough hysteresis that a log of them can be read. */
import { type Boundary, type BoundarySide, isRoadEdge } from './boundary';
import type { SceneEvent } from './events';
import { type FreeEnd, type FreeStretch, isObstacle } from './free-space';
import type { ObstacleChanges, TrackedObstacle } from './obstacle-tracker';
import type { Confidence } from './scene-confidence';

/** What of a frame may become events. */
export interface Happenings {
  readonly boundary: Boundary;
  readonly obstacles: ObstacleChanges;
  readonly ahead: FreeStretch | null;
  readonly timeToObstacle: number | null;
  readonly confidence: Confidence;
}

/** Seconds an edge must be seen, or not, before it is said. */
const EDGE_AFTER = 0.4;
/** Points of an edge from which it counts as seen: some four cells. */
const EDGE_POINTS = 4;
/** Least change of the free distance that is said: this share, or this many standard deviations. */
const DISTANCE_SHARE = 0.1;
const DISTANCE_SIGMAS = 2;
/** Whatever the rest says, half a metre is no news. */
const LEAST_DISTANCE = 0.5;
/** Free distances are said this often at most, seconds; no road, and a new obstacle, at once. */
const DISTANCE_EVERY = 0.25;
/** Confidence below the first is low, above the second good again. */
const LOW = 0.35;
const GOOD = 0.5;

/** Makes the events of one stream. */
export class EventMaker {
  readonly #edges = new Map<BoundarySide, { seen: boolean; since: number | null }>([
    ['left', { seen: false, since: null }],
    ['right', { seen: false, since: null }],
  ]);
  #said: { distance: number | null; end: FreeEnd | null; seconds: number } | null = null;
  #low = false;

  /**
   * The events of a frame.
   * @param timestamp media time, microseconds
   * @param seconds a clock that never goes back
   */
  update(happenings: Happenings, timestamp: number, seconds: number): SceneEvent[] {
    return [
      ...this.#boundary(happenings.boundary, timestamp, seconds),
      ...happenings.obstacles.entered.map((obstacle): SceneEvent => {
        const { id, classId, distance, inPath } = obstacle;
        return { type: 'obstacle-entered', timestamp, id, classId, distance, inPath };
      }),
      ...happenings.obstacles.left.map((obstacle) => leftEvent(obstacle, timestamp)),
      ...this.#freeDistance(happenings, timestamp, seconds),
      ...this.#confidence(happenings.confidence, timestamp),
    ];
  }

  *#boundary(boundary: Boundary, timestamp: number, seconds: number): Generator<SceneEvent> {
    for (const [side, state] of this.#edges) {
      let points = 0;
      for (const segment of boundary.segments)
        if (segment.side === side && isRoadEdge(segment.kind)) points += segment.points.length;
      const seen = points >= EDGE_POINTS;
      if (seen === state.seen) state.since = null;
      else if (state.since === null) state.since = seconds;
      else if (seconds - state.since >= EDGE_AFTER) {
        state.seen = seen;
        state.since = null;
        yield { type: 'boundary', timestamp, side, seen };
      }
    }
  }

  *#freeDistance(happenings: Happenings, timestamp: number, seconds: number): Generator<SceneEvent> {
    const { ahead, timeToObstacle } = happenings;
    const said = this.#said;
    const now = { distance: ahead?.distance ?? null, end: ahead?.end ?? null };
    if (said) {
      // Whether houses or trees end the road is of no interest; whether somebody stands there is.
      const sameEnd = said.end === now.end || (!blocked(said.end) && !blocked(now.end));
      const vanished = (said.distance === null) !== (now.distance === null);
      if (!vanished && seconds - said.seconds < DISTANCE_EVERY) return;
      if (!vanished && sameEnd) {
        if (!ahead || said.distance === null) return;
        const limit = Math.max(DISTANCE_SHARE * said.distance, DISTANCE_SIGMAS * ahead.sigma, LEAST_DISTANCE);
        if (Math.abs(ahead.distance - said.distance) < limit) return;
      }
    }
    this.#said = { ...now, seconds };
    yield { type: 'free-distance', timestamp, ...now, sigma: ahead?.sigma ?? null, timeToObstacle };
  }

  *#confidence({ confidence, reasons }: Confidence, timestamp: number): Generator<SceneEvent> {
    const low = this.#low ? confidence < GOOD : confidence < LOW;
    if (low === this.#low) return;
    this.#low = low;
    yield { type: 'low-confidence', timestamp, low, confidence, reasons };
  }
}

const blocked = (end: FreeEnd | null) => end !== null && isObstacle(end);

/** The event of an obstacle that is gone. */
export function leftEvent({ id, classId, distance, age }: TrackedObstacle, timestamp: number): SceneEvent {
  return { type: 'obstacle-left', timestamp, id, classId, distance, age };
}
