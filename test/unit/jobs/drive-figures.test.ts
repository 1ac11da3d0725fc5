/** What of a drive is in the files that jobs write. */
import { describe, expect, test } from 'vitest';
import {
  driveCells,
  driveColumns,
  driveFields,
  driveLines,
  type JobDrive,
} from '../../../src/jobs/drive-figures';
import { WRITTEN_IN_ENGLISH } from '../../../src/media/written-words';
import { sharedTrack } from '../../../src/telemetry/share-track';
import type { Track } from '../../../src/telemetry/track';
import { drive } from '../../fixtures/telemetry/recorders';

const TRACK: Track = {
  points: drive(30).map(({ utc, ...moment }, t) => ({
    ...moment,
    t,
    utc,
    steering: t - 5.25,
    brake: t > 20,
  })),
  format: 'tesla',
  from: '',
  clock: 'file',
  zone: null,
  holes: [{ from: 24, to: 25 }],
  derived: [],
  left: 0,
};

const job = (places: boolean, cut = 0): JobDrive => ({
  track: sharedTrack(TRACK, { places, cut }),
  places,
  burn: true,
  unit: 'km/h',
});

describe('in tables', () => {
  test('speed, heading, steering and brake; no place unless it is asked for', () => {
    expect(driveColumns(job(false))).toEqual(['speed_m_s', 'heading_deg', 'steering_deg', 'brake']);
    expect(driveCells(job(false), 3.5)).toEqual(['5.5', '90', '-1.8', '0']);
    expect(JSON.stringify([driveFields(job(false), 3.5), driveLines(job(false), 3.5)])).not.toMatch(
      /52\.0|13\.0|lat/,
    );
  });

  test('with places: as many cells as columns, empty where nothing is known', () => {
    const cells = driveCells(job(true), 21);
    expect(cells).toHaveLength(driveColumns(job(true)).length);
    expect(cells[3]).toBe('1');
    expect(Number(cells[4])).toBeCloseTo(TRACK.points[21]!.latitude!, 7);
    expect(Number(cells[5])).toBeCloseTo(TRACK.points[21]!.longitude!, 7);
    expect(driveCells(job(true), 99)).toEqual(['', '', '', '', '', '']);
  });

  test('the surroundings of start and end have speed and brake alone', () => {
    expect(driveFields(job(true, 100), 2)).toEqual({
      speed: 4,
      heading: null,
      steering: null,
      brake: false,
      latitude: null,
      longitude: null,
    });
    expect(driveFields(job(true, 100), 15).latitude).not.toBeNull();
  });
});

test('on a picture: in the unit that was chosen, the place only when asked for', () => {
  expect(driveLines(job(false), 10)).toEqual(['43 km/h', 'heading 90° E', 'steering 5°', 'brake off']);
  expect(driveLines({ ...job(true), unit: 'mph' }, 10)).toEqual([
    '27 mph',
    'heading 90° E',
    'steering 5°',
    'brake off',
    expect.stringMatching(/^52\.00000° N, 13\.00\d{3}° E$/),
  ]);
  expect(driveLines(job(true), 99)).toEqual(['– km/h']);
});

test('on a picture in another language: in the words that were handed over', () => {
  const words = {
    ...WRITTEN_IN_ENGLISH,
    heading: 'Richtung {degrees}° {wind}',
    steering: 'Lenkung {degrees}°',
    brakeOff: 'Bremse aus',
    winds: { E: 'O' },
  };
  const lines = driveLines(job(false), 10, words);
  expect(lines).toEqual(['43 km/h', 'Richtung 90° O', 'Lenkung 5°', 'Bremse aus']);
});
