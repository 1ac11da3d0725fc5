import { describe, expect, test } from 'vitest';
import type { SceneEvent } from '../../../src/scene/events';
import { appended } from '../../../src/studio/scene/scene-actions';
import { eventWords, formatMetres } from '../../../src/studio/scene/scene-words';

const timestamp = 1_500_000;

describe('events in words', () => {
  test.each<[SceneEvent, string]>([
    [{ type: 'boundary', timestamp, side: 'left', seen: true }, 'Left edge in sight'],
    [
      { type: 'obstacle-entered', timestamp, id: 3, classId: 11, distance: 12.34, inPath: true },
      'Vehicle 3 at 12 m, in the path',
    ],
    [
      { type: 'obstacle-left', timestamp, id: 3, classId: 9, distance: null, age: 2.04 },
      'Person 3 gone after 2.0 s',
    ],
    [
      { type: 'free-distance', timestamp, distance: 8.06, sigma: 0.5, end: 'vehicle', timeToObstacle: 3.3 },
      'Free 8.1 ± 0.5 m to a vehicle, 3.3 s',
    ],
    [
      { type: 'free-distance', timestamp, distance: 48, sigma: 87, end: 'vehicle', timeToObstacle: null },
      'Free distance not known well enough',
    ],
    [
      { type: 'free-distance', timestamp, distance: null, sigma: null, end: null, timeToObstacle: null },
      'No free road ahead',
    ],
    [
      { type: 'low-confidence', timestamp, low: true, confidence: 0.1, reasons: ['no-road'] },
      'Not to be relied on: no road in the picture',
    ],
    [{ type: 'scene-cut', timestamp, reason: 'picture', change: 0.8 }, 'Another place'],
  ])('%o', (event, words) => {
    expect(eventWords(event)).toBe(words);
  });

  test('metres have one place below ten, none above, and a dash for nothing', () => {
    expect([3.12, 9.96, 48.2, null, Number.POSITIVE_INFINITY].map(formatMetres)).toEqual([
      '3.1',
      '10',
      '48',
      '–',
      '–',
    ]);
  });

  test('the log keeps the newest', () => {
    const event: SceneEvent = { type: 'boundary', timestamp, side: 'left', seen: true };
    const old = Array.from({ length: 199 }, (_, i) => ({ ...event, timestamp: i }));
    const log = appended(old, [event, { ...event, timestamp: 7 }]);
    expect(log).toHaveLength(200);
    expect(log[0]!.timestamp).toBe(1);
    expect(log.at(-1)!.timestamp).toBe(7);
  });
});
