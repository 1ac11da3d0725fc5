/** What a Tesla says of an event. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTeslaEvent } from '../../../../src/sources/recording/drive-files/tesla-event';

test('its moment by the clock of the clips’ names, its camera, its reason; its place is not taken', () => {
  const text = JSON.stringify({
    timestamp: '2026-03-01T10:15:40',
    city: 'Somewhere',
    est_lat: '1.5',
    est_lon: '2.5',
    reason: 'sentry_aware_object_detection',
    camera: '7',
  });
  expect(parseTeslaEvent(text)).toEqual({
    clock: Date.UTC(2026, 2, 1, 10, 15, 40),
    camera: 'rear',
    note: 'sentry aware object detection',
  });
});

test('without a camera or a reason it is an event all the same', () => {
  expect(parseTeslaEvent('{"timestamp":"2026-03-01 10:15:40.5","camera":99}')).toEqual({
    clock: Date.UTC(2026, 2, 1, 10, 15, 40),
    camera: null,
    note: 'event',
  });
});

test('what is none is none', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{}',
    '{"timestamp":5}',
    '{"timestamp":"soon"}',
    '{"timestamp":"2026-19-41T99:00:00"}',
  ])
    expect(parseTeslaEvent(text)).toBeNull();
  fc.assert(
    fc.property(fc.json(), (text) => {
      const event = parseTeslaEvent(text);
      expect(event === null || Number.isFinite(event.clock)).toBe(true);
    }),
  );
});
