/**
 * What a scene tells, as it happens: one stream for the log, the dashboard, the timeline and the exports. Every event
 * is plain data (it survives `structuredClone` and JSON) and carries the media time of its frame in microseconds.
 */
import type { BoundarySide } from './boundary';
import type { FreeEnd } from './free-space';

/** An edge of the ego road came into sight or went out of it, for longer than a blink. */
interface BoundaryEvent {
  readonly type: 'boundary';
  readonly timestamp: number;
  readonly side: BoundarySide;
  readonly seen: boolean;
}

/** Something stands on or beside the road that was not there before. Once for each id. */
interface ObstacleEnteredEvent {
  readonly type: 'obstacle-entered';
  readonly timestamp: number;
  readonly id: number;
  /** Person, cyclist or vehicle. */
  readonly classId: number;
  /** Metres; null where the camera cannot tell. */
  readonly distance: number | null;
  readonly inPath: boolean;
}

/** It is gone: out of the picture, hidden for half a second, or lost in a cut. Once for each id that entered. */
interface ObstacleLeftEvent {
  readonly type: 'obstacle-left';
  readonly timestamp: number;
  readonly id: number;
  readonly classId: number;
  /** Where it was last seen, metres. */
  readonly distance: number | null;
  /** How long it was there, seconds. */
  readonly age: number;
}

/** The free distance ahead changed by more than it is uncertain, or what ends it did. */
interface FreeDistanceEvent {
  readonly type: 'free-distance';
  readonly timestamp: number;
  /** Metres of free road ahead; null when there is no road. */
  readonly distance: number | null;
  /** One standard deviation, metres. */
  readonly sigma: number | null;
  readonly end: FreeEnd | null;
  /** Seconds until it is used up at its present rate; null when nothing closes in. */
  readonly timeToObstacle: number | null;
}

/** Why a scene is not to be relied on. */
export type LowConfidenceReason =
  /** No ego road in the picture. */
  | 'no-road'
  /** Road wherever one looks: no edge, perhaps no road at all. */
  | 'only-road'
  /** The road's edges are hidden, outside the picture, or too blurred to place. */
  | 'no-edges'
  /** The network is undecided about much of the picture. */
  | 'undecided'
  /** The camera's position was not found, or contradicts what is seen: metres are guesses. */
  | 'camera-doubtful';

/** Confidence fell below what can be relied on, or rose again (`low` false). */
interface LowConfidenceEvent {
  readonly type: 'low-confidence';
  readonly timestamp: number;
  readonly low: boolean;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly LowConfidenceReason[];
}

/** The picture shows another place, or time jumped: everything in time starts afresh. */
interface SceneCutEvent {
  readonly type: 'scene-cut';
  readonly timestamp: number;
  /** `picture`: seen in the class map. `time`: the source sought, looped or stalled. */
  readonly reason: 'picture' | 'time';
  /** Share of cells whose class changed, 0 to 1. */
  readonly change: number;
}

/** Any event of a scene. */
export type SceneEvent =
  | BoundaryEvent
  | ObstacleEnteredEvent
  | ObstacleLeftEvent
  | FreeDistanceEvent
  | LowConfidenceEvent
  | SceneCutEvent;
