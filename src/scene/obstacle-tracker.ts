/**
 * Obstacles over time: the same thing keeps its id, a flicker is no obstacle, and a missed frame is no departure.
 * Association is greedy over pairs of a track and an obstacle, by overlap of their boxes or nearness on the ground.
 */
import { classIdOf } from '../taxonomy/classes';
import { DistanceFilter } from './distance-filter';
import type { Obstacle } from './obstacles';

/** An obstacle with a history. */
export interface TrackedObstacle extends Obstacle {
  /** Stays with it; never used again. */
  readonly id: number;
  /** Seconds since it was first seen. */
  readonly age: number;
  /** Seconds since it was last seen; 0 when it is in this frame. Its place is the last one seen. */
  readonly unseen: number;
  /** Metres per second at which the distance shrinks (negative when it grows); null until it can be told. */
  readonly closing: number | null;
}

/** What came and went with a frame. */
export interface ObstacleChanges {
  /** All that are confirmed and not yet given up, by id. */
  readonly obstacles: readonly TrackedObstacle[];
  readonly entered: readonly TrackedObstacle[];
  /** As they were last seen. */
  readonly left: readonly TrackedObstacle[];
}

/** Frames in which something must have been seen before it counts: one more than a mistaken frame and its echo. */
const CONFIRM_FRAMES = 3;
/** Seconds unseen after which it is gone: longer than a blink of the network, shorter than a look away. */
const GONE_AFTER = 0.5;
/** A candidate that was never confirmed is forgotten sooner. */
const CANDIDATE_GONE_AFTER = 0.2;
/** Frames in a row that must have missed it as well: on a slow machine half a second is a frame or less. */
const GONE_MISSES = 2;
/** Seconds between frames from which one sighting counts: three would be a whole street, and echoes are long over. */
const SLOW = 0.35;
/** A single sighting must then be this sure of itself. */
const SLOW_CONFIDENCE = 0.5;
/** Overlap of boxes (intersection over union) from which two are the same thing. */
const SAME_OVERLAP = 0.2;
/** Or this near on the ground: metres, and per metre of distance (depth is that uncertain). */
const SAME_METRES = 1;
const SAME_PER_METRE = 0.1;
/** Seconds of history before a closing speed is told: below, it is noise divided by a small number. */
const SPEED_AFTER = 0.5;

const VEHICLE = classIdOf('vehicle')!;

interface Track {
  readonly id: number;
  readonly born: number;
  last: Obstacle;
  lastSeen: number;
  frames: number;
  /** Frames in a row without it. */
  missed: number;
  confirmed: boolean;
  /** Null until it is told how far it is. */
  filter: DistanceFilter | null;
}

/** The obstacles of one stream. */
export class ObstacleTracker {
  #tracks: Track[] = [];
  #nextId = 1;
  #seconds: number | null = null;

  /** Gives up all tracks; ids go on counting. Returns the confirmed ones, as left. */
  reset(seconds: number): TrackedObstacle[] {
    const left = this.#tracks.filter((track) => track.confirmed).map((track) => publicOf(track, seconds));
    this.#tracks = [];
    this.#seconds = null;
    return left;
  }

  /**
   * Takes the obstacles of a frame.
   * @param seconds media time, not before the last call's
   */
  update(obstacles: readonly Obstacle[], seconds: number): ObstacleChanges {
    const slow = this.#seconds !== null && seconds - this.#seconds >= SLOW;
    this.#seconds = seconds;
    const free = new Set(obstacles);
    const waiting = new Set(this.#tracks);
    for (const { track, obstacle } of pairs(this.#tracks, obstacles)) {
      if (!waiting.has(track) || !free.has(obstacle)) continue;
      waiting.delete(track);
      free.delete(obstacle);
      advance(track, obstacle, seconds);
    }
    for (const track of waiting) track.missed++;
    for (const obstacle of free) this.#tracks.push(this.#born(obstacle, seconds));
    const entered: TrackedObstacle[] = [];
    const left: TrackedObstacle[] = [];
    this.#tracks = this.#tracks.filter((track) => {
      const patience = track.confirmed ? GONE_AFTER : CANDIDATE_GONE_AFTER;
      const misses = track.confirmed ? GONE_MISSES : 1;
      const gone = seconds - track.lastSeen > patience && track.missed >= misses;
      const enough = slow && track.last.confidence >= SLOW_CONFIDENCE ? 1 : CONFIRM_FRAMES;
      if (gone && track.confirmed) left.push(publicOf(track, seconds));
      if (!gone && !track.confirmed && track.frames >= enough) {
        track.confirmed = true;
        entered.push(publicOf(track, seconds));
      }
      return !gone;
    });
    const confirmed = this.#tracks.filter((track) => track.confirmed);
    return { obstacles: confirmed.map((track) => publicOf(track, seconds)), entered, left };
  }

  #born(obstacle: Obstacle, seconds: number): Track {
    return {
      id: this.#nextId++,
      born: seconds,
      last: obstacle,
      lastSeen: seconds,
      frames: 1,
      missed: 0,
      confirmed: false,
      filter: filterOf(obstacle),
    };
  }
}

/** Possible pairs, the most alike first. Only like goes with like: a person is never continued as a vehicle. */
function pairs(
  tracks: readonly Track[],
  obstacles: readonly Obstacle[],
): { track: Track; obstacle: Obstacle }[] {
  const found: { track: Track; obstacle: Obstacle; score: number }[] = [];
  for (const track of tracks) {
    for (const obstacle of obstacles) {
      if (!alike(track.last.classId, obstacle.classId)) continue;
      const overlap = overlapOf(track.last.box, obstacle.box);
      const nearness = nearnessOf(track.last, obstacle);
      if (overlap < SAME_OVERLAP && nearness <= 0) continue;
      found.push({ track, obstacle, score: overlap + nearness });
    }
  }
  return found.sort((a, b) => b.score - a.score || a.track.id - b.track.id);
}

/** Person and cyclist change into each other as the network makes up its mind; neither changes into a vehicle. */
function alike(a: number, b: number): boolean {
  return (a === VEHICLE) === (b === VEHICLE);
}

function overlapOf(a: Obstacle['box'], b: Obstacle['box']): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** 1 at the same place on the ground, 0 at the limit of being the same, negative beyond. */
function nearnessOf(a: Obstacle, b: Obstacle): number {
  if (!a.ground || !b.ground) return 0;
  const limit = SAME_METRES + SAME_PER_METRE * a.ground.z;
  return 1 - Math.hypot(a.ground.x - b.ground.x, a.ground.z - b.ground.z) / limit;
}

/** Moves a track on: its distance is filtered, all else is as seen. */
function advance(track: Track, obstacle: Obstacle, seconds: number): void {
  const elapsed = seconds - track.lastSeen;
  track.last = obstacle;
  track.lastSeen = seconds;
  track.frames++;
  track.missed = 0;
  const { distance, distanceSigma } = obstacle;
  if (distance === null || distanceSigma === null) return;
  if (!track.filter || elapsed <= 0) track.filter = filterOf(obstacle);
  else track.filter.look(distance, distanceSigma, elapsed);
}

function filterOf({ distance, distanceSigma }: Obstacle): DistanceFilter | null {
  return distance === null || distanceSigma === null ? null : new DistanceFilter(distance, distanceSigma);
}

function publicOf(track: Track, seconds: number): TrackedObstacle {
  const age = seconds - track.born;
  return {
    ...track.last,
    distance: track.filter?.distance ?? null,
    id: track.id,
    age,
    unseen: seconds - track.lastSeen,
    closing: age >= SPEED_AFTER && track.filter ? -track.filter.speed : null,
  };
}
