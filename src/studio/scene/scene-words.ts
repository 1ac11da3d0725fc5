/** The scene in words: what ends the road, what is wrong, what happened. Tables, so that a new kind does not compile without. */

import type { LowConfidenceReason, SceneEvent } from '../../scene/events';
import { isKnown } from '../../scene/free-space';
import type { SceneDigest } from '../../scene/scene-digest';
import { CLASSES } from '../../taxonomy/classes';
import { decimals, say } from '../../words/words';
import { NO_FIGURE } from '../shell/format';
import { className } from '../shell/names';

/** Why a scene is not to be relied on; empty for no reason. */
export function reasonWords(reasons: readonly LowConfidenceReason[]): string {
  return reasons.map((reason) => say(`reason.${reason}`)).join(', ');
}

/** Metres as they are read at a glance; a dash for nothing. */
export function formatMetres(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_FIGURE;
  return decimals(value < 9.95 ? value.toFixed(1) : value.toFixed(0));
}

/** The free distance, where it is known well enough to be said: until the camera is found, it may be a guess. */
export function knownFree(scene: SceneDigest | null): SceneDigest['free'] {
  return scene?.free && isKnown(scene.free) ? scene.free : null;
}

/** What ends the free road, or why there is no figure. */
export function freeWords({ free }: SceneDigest): string {
  if (!free) return say('scene.no-road');
  return isKnown(free) ? say(`end.${free.end}`) : say('scene.not-known');
}

function nameOf(classId: number): string {
  return CLASSES[classId]?.name ?? 'something';
}

/** The kinds of events, as a filter offers them. */
export const EVENT_KINDS: readonly SceneEvent['type'][] = [
  'obstacle-entered',
  'obstacle-left',
  'free-distance',
  'boundary',
  'low-confidence',
  'scene-cut',
];

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
      return say(`event.${event.side}-${event.seen ? 'seen' : 'lost'}`);
    case 'obstacle-entered': {
      const { id, distance } = event;
      const who = capital(className(nameOf(event.classId)));
      const what =
        distance === null
          ? say('event.who', { who, id })
          : say('event.at', { who, id, metres: formatMetres(distance) });
      return event.inPath ? say('event.in-path', { event: what }) : what;
    }
    case 'obstacle-left': {
      const who = capital(className(nameOf(event.classId)));
      return say('event.gone', { who, id: event.id, seconds: decimals(event.age.toFixed(1)) });
    }
    case 'free-distance': {
      if (event.distance === null) return say('event.no-free');
      if (event.sigma !== null && !isKnown({ distance: event.distance, sigma: event.sigma }))
        return say('event.free-not-known');
      const sure = event.sigma === null ? '' : ` ± ${formatMetres(event.sigma)}`;
      const time = event.timeToObstacle === null ? '' : `, ${decimals(event.timeToObstacle.toFixed(1))} s`;
      const metres = `${formatMetres(event.distance)}${sure}`;
      return `${say('event.free', { metres, end: event.end ? say(`end.${event.end}`) : '' })}${time}`;
    }
    case 'low-confidence': {
      if (!event.low) return say('event.reliable');
      const reasons = reasonWords(event.reasons);
      return reasons ? say('event.unreliable-why', { reasons }) : say('event.unreliable');
    }
    case 'scene-cut':
      return say(event.reason === 'time' ? 'event.time-jumped' : 'event.another-place');
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
