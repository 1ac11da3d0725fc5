/** Tracks as other loggers write them: routes, other sentences, names and times taken lightly, places that are hidden. */
import { describe, expect, test } from 'vitest';
import { readGpx } from '../../../src/telemetry/formats/gpx';
import { readNmea } from '../../../src/telemetry/formats/nmea';
import { layBeside } from '../../../src/telemetry/lay-track';
import { readVideo } from '../../../src/telemetry/read-telemetry';
import { TelemetryService } from '../../../src/telemetry/telemetry-service';
import { momentAt } from '../../../src/telemetry/track';
import { box, fileWith, letters, words } from '../../fixtures/telemetry/boxes';
import {
  BEGAN,
  drive,
  freeGps,
  gpmfTrack,
  hiddenFreeGps,
  type Moment,
  nmea,
  summed,
} from '../../fixtures/telemetry/recorders';

const MOMENTS = drive(12);
const FTYP = box('ftyp', letters('isom'), words(0));
const TIME = '2026-03-01T10:15:00Z';

describe('GPX', () => {
  const file = (points: string): string => `<gpx version="1.1">${points}</gpx>`;
  const first = (points: string) => readGpx(file(points))?.fixes[0];

  test.for([
    ['a route', `<rte><rtept lat="52.5" lon="13.4"><time>${TIME}</time></rtept></rte>`],
    ['marks', `<wpt lat="52.5" lon="13.4"><time>${TIME}</time></wpt>`],
    ['capitals', `<TRKPT LAT="52.5" LON="13.4"><TIME>${TIME}</TIME></TRKPT>`],
    ['names in full', `<trkpt latitude='52.5' Longitude='13.4'><Time>${TIME}</Time></trkpt>`],
  ] as const)('of %s', ([, points]) => {
    expect(first(points)).toMatchObject({ clock: BEGAN, latitude: 52.5, longitude: 13.4 });
  });

  test('a plan of a drive says of no moment; beside a track, routes and marks are none of it', () => {
    expect(first('<rte><rtept lat="52.5" lon="13.4"/></rte>')).toBeUndefined();
    const both = `<wpt lat="1" lon="2"><time>${TIME}</time></wpt><trk><trkpt lat="3" lon="4"/></trk>`;
    expect(readGpx(file(both))?.fixes).toMatchObject([{ latitude: 3 }]);
  });

  test.for([
    ['2026-03-01 10:15:00 UTC'],
    ['2026-03-01T12:15:00 +02:00'],
    ['2026-03-01T12:15:00&#43;02:00'],
    ['2026/03/01 10:15:00'],
    ['20260301T101500Z'],
    ['2026-03-01T10:14:60Z'],
    ['2026-03-01T10:15:00.00000000001Z'],
    ['2026-03-01T06:45:00-0330'],
  ])('a time as %s', ([time]) => {
    expect(first(`<trkpt lat="1" lon="2"><time>${time}</time></trkpt>`)).toMatchObject({ clock: BEGAN });
  });

  test('something else called time, in front of it, is not taken for it', () => {
    const point = `<trkpt lat="1" lon="2"><extensions><time>3</time></extensions><time>${TIME}</time></trkpt>`;
    expect(first(point)).toMatchObject({ clock: BEGAN });
  });
});

describe('NMEA', () => {
  /** Places without dates. */
  const gga = ({ utc, latitude, longitude }: Moment): string => {
    const clock = new Date(utc).toISOString().slice(11, 19).replaceAll(':', '');
    const minutes = (degrees: number): string =>
      (Math.trunc(degrees) * 100 + (degrees % 1) * 60).toFixed(5).padStart(10, '0');
    return summed(`GNGGA,${clock}.00,${minutes(latitude)},N,${minutes(longitude)},E,1,8,0.9,34,M,45,M,,`);
  };

  test('sentences in small letters, with blanks, of other talkers', () => {
    const lower = nmea(MOMENTS).toLowerCase();
    const spaced = nmea(MOMENTS).replaceAll(/\*../g, '').replaceAll(',', ', ');
    for (const text of [
      lower,
      spaced,
      ...['GN', 'GL', 'GA', 'BD'].map((t) => lower.replaceAll('$gp', `$${t}`)),
    ])
      expect(readNmea(text)!.fixes[2]).toMatchObject({ clock: BEGAN + 2000, latitude: expect.any(Number) });
  });

  test('a place that a receiver simulates, and a clock of 1980, say nothing', () => {
    const moments = nmea(MOMENTS).replaceAll(/\*../g, '');
    const [sentence] = moments.split(/[\r\n]/);
    const fields = sentence!.split(',').slice(0, 10).join(',');
    expect(readNmea(`${fields},,,S`)!.fixes[0]).toMatchObject({ latitude: null });
    expect(readNmea(`${fields},,,D`)!.fixes[0]).toMatchObject({ latitude: expect.any(Number) });
    expect(readNmea(fields.replace(',010326', ',060180'))).toBeNull();
  });

  test('places and times of day without a date are laid on the day of the recording, past midnight too', () => {
    const began = BEGAN + 13 * 3_600_000 + 44 * 60_000 + 55_000;
    const late = drive(12, began);
    const reading = readNmea(late.map(gga).join('\n'))!;
    expect(reading).toMatchObject({ undated: true });
    const clip = { name: 'a.mp4', start: 0, end: 12, containerStart: 0, began: [{ ms: began, zone: 0 }] };
    const track = layBeside([clip], [{ name: 'a.log', reading }])!;
    expect(track).toMatchObject({ clock: 'matched' });
    expect(momentAt(track, 8)!.longitude).toBeCloseTo(late[8]!.longitude, 5);
    expect(momentAt(track, 8)!.utc).toBeNull();
  });

  test('ZDA tells the date of all, VTG speed and course; no fix is no place', () => {
    const [one, two, three] = MOMENTS.map(gga);
    const text = [
      one,
      summed('GNVTG,090.0,T,,M,010.0,N,018.5,K,A'),
      summed('GNZDA,101500.00,01,03,2026,00,00'),
      two,
      three!.replace(',E,1,', ',E,0,').replace(/\*.*/, ''),
    ].join('\r\n');
    const { fixes, clock } = readNmea(text)!;
    expect(clock).toBe('utc');
    expect(fixes.map((fix) => fix.clock)).toEqual([BEGAN, BEGAN + 1000, BEGAN + 2000]);
    expect(fixes[0]).toMatchObject({ heading: 90 });
    expect(fixes[0]!.speed).toBeCloseTo(5.144, 3);
    expect(fixes[2]).toMatchObject({ latitude: null });
  });
});

test('GPMF whose divisors are broken numbers', async () => {
  const whole = fileWith(gpmfTrack(MOMENTS));
  const view = new DataView(whole.buffer);
  const text = new TextDecoder('latin1').decode(whole);
  for (let at = text.indexOf('SCALl'); at >= 0; at = text.indexOf('SCALl', at + 1)) {
    view.setUint8(at + 4, 'f'.charCodeAt(0));
    for (let i = 0; i < 5; i++) view.setFloat32(at + 8 + 4 * i, view.getInt32(at + 8 + 4 * i));
  }
  const { fixes } = (await readVideo(new Blob([whole])))!;
  expect(fixes[0]!.latitude).toBeCloseTo(MOMENTS[0]!.latitude, 6);
});

describe('places in a form that is not read', () => {
  const videoOf = (blocks: readonly Uint8Array<ArrayBuffer>[]): Blob => new Blob([FTYP, ...blocks]);
  const asked = async (file: Blob) =>
    new TelemetryService().read({
      clips: [{ name: 'a.mp4', start: 0, end: 12, containerStart: 0, began: [], file }],
      ...{ beside: [], first: 'inside', ahead: 0, place: null },
    });

  test('blocks that are encrypted are told, and nothing is guessed', async () => {
    const encrypted = MOMENTS.map((moment) => {
      const block = freeGps(moment);
      return block.map((byte, i) => (i < 12 ? byte : byte ^ (0xaa + (i % 7))));
    });
    expect(await asked(videoOf(encrypted))).toEqual({ track: null, unread: [], obscured: ['a.mp4'] });
  });

  test.for([48, 12, 12.3])('so are places that were moved, at %i° too', async (latitude) => {
    const there = drive(30).map((moment) => ({ ...moment, latitude: latitude + moment.latitude - 52 }));
    const { track, obscured } = await asked(videoOf(there.map(hiddenFreeGps)));
    expect(obscured).toEqual(['a.mp4']);
    expect(track!.points.every((point) => point.latitude === null)).toBe(true);
    expect(track!.points[5]!.speed).toBeCloseTo(7, 3);
  });

  test('a receiver that waits all the time, or is not there, hides nothing', async () => {
    const waiting = MOMENTS.map((moment) => freeGps(moment, 'late', false));
    const absent = MOMENTS.map(() => box('free', letters('GPS '), new Uint8Array(248)));
    for (const blocks of [waiting, absent, MOMENTS.map((moment) => freeGps(moment))])
      expect((await asked(videoOf(blocks))).obscured).toEqual([]);
  });
});

test('a file of places that says nothing of when is named as unread', async () => {
  const beside = [{ name: 'plan.gpx', file: new Blob(['<gpx><trkpt lat="1" lon="2"/></gpx>']) }];
  const clips = [{ name: 'a.mp4', start: 0, end: 9, containerStart: 0, began: [], file: new Blob([FTYP]) }];
  const { track, unread } = await new TelemetryService().read({
    ...{ clips, beside, first: 'beside', ahead: 0, place: null },
  });
  expect(track).toBeNull();
  expect(unread).toEqual(['plan.gpx']);
});
