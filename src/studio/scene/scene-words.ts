/** The scene in words: what ends the road, what is wrong, what happened. Tables, so that a new kind does not compile without. */

import type { LowConfidenceReason, SceneEvent } from '../../scene/events';
import { type FreeEnd, isKnown } from '../../scene/free-space';
import type { SceneDigest } from '../../scene/scene-digest';
import { CLASSES } from '../../taxonomy/classes';
import { NO_FIGURE } from '../shell/format';

/** What ends free ground. */
const END_WORDS: Readonly<Record<FreeEnd, string>> = {
  kerb: 'to the kerb',
  building: 'to a building',
  fence: 'to a fence',
  post: 'to a post',
  vegetation: 'to the verge',
  sky: 'to the horizon',
  person: 'to a person',
  cyclist: 'to a cyclist',
  vehicle: 'to a vehicle',
  'picture-edge': 'to the picture’s edge',
  unseen: 'as far as is seen',
  unclear: 'to something unclear',
  range: 'and farther',
};

/** Why a scene is not to be relied on. */
export const REASON_WORDS: Readonly<Record<LowConfidenceReason, string>> = {
  'no-road': 'no road in the picture',
  'only-road': 'nothing but road',
  'no-edges': 'no edges in sight',
  undecided: 'the network is undecided',
  'camera-doubtful': 'the camera’s position is doubtful',
};

/** Metres as they are read at a glance; a dash for nothing. */
export function formatMetres(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_FIGURE;
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

/** The free distance, where it is known well enough to be said: until the camera is found, it may be a guess. */
export function knownFree(scene: SceneDigest | null): SceneDigest['free'] {
  return scene?.free && isKnown(scene.free) ? scene.free : null;
}

/** What ends the free road, or why there is no figure. */
export function freeWords({ free }: SceneDigest): string {
  if (!free) return 'no road ahead';
  return isKnown(free) ? END_WORDS[free.end] : 'not known well enough';
}

function nameOf(classId: number): string {
  return CLASSES[classId]?.name ?? 'something';
}

/** The kinds of events, as a filter names them. */
export const EVENT_KINDS: Readonly<Record<SceneEvent['type'], string>> = {
  'obstacle-entered': 'Somebody comes',
  'obstacle-left': 'Somebody goes',
  'free-distance': 'Free distance',
  boundary: 'Road edges',
  'low-confidence': 'Reliability',
  'scene-cut': 'Cuts',
};

/**
 * A name of an event that is the same whenever the recording is played again: its kind, its hundredth of a second, and
 * what it is about. Numbers of obstacles are not: they are counted anew each time.
 */
export function eventKey(event: SceneEvent): string {
  const about =
    event.type === 'boundary'
      ? event.side
      : event.type === 'obstacle-entered' || event.type === 'obstacle-left'
        ? nameOf(event.classId)
        : '';
  return `${event.type}@${(event.timestamp / 1e6).toFixed(2)}${about && `:${about}`}`;
}

/** What happened, as one short line. */
export function eventWords(event: SceneEvent): string {
  switch (event.type) {
    case 'boundary':
      return `${event.side === 'left' ? 'Left' : 'Right'} edge ${event.seen ? 'in sight' : 'out of sight'}`;
    case 'obstacle-entered': {
      const far = event.distance === null ? '' : ` at ${formatMetres(event.distance)} m`;
      return `${capital(nameOf(event.classId))} ${event.id}${far}${event.inPath ? ', in the path' : ''}`;
    }
    case 'obstacle-left':
      return `${capital(nameOf(event.classId))} ${event.id} gone after ${event.age.toFixed(1)} s`;
    case 'free-distance': {
      if (event.distance === null) return 'No free road ahead';
      if (event.sigma !== null && !isKnown({ distance: event.distance, sigma: event.sigma }))
        return 'Free distance not known well enough';
      const sure = event.sigma === null ? '' : ` ± ${formatMetres(event.sigma)}`;
      const time = event.timeToObstacle === null ? '' : `, ${event.timeToObstacle.toFixed(1)} s`;
      return `Free ${formatMetres(event.distance)}${sure} m ${event.end ? END_WORDS[event.end] : ''}${time}`;
    }
    case 'low-confidence': {
      const why = event.reasons.map((reason) => REASON_WORDS[reason]).join(', ');
      return event.low ? `Not to be relied on${why ? `: ${why}` : ''}` : 'Reliable again';
    }
    case 'scene-cut':
      return event.reason === 'time' ? 'Time jumped' : 'Another place';
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
