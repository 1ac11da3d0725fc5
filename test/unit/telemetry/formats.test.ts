/** What recorders write of a drive is read as it was driven, and what is damaged costs no more than itself. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGpx } from '../../../src/telemetry/formats/gpx';
import { readNmea } from '../../../src/telemetry/formats/nmea';
import { parsePlace, readBeside, readVideo } from '../../../src/telemetry/read-telemetry';
import type { Reading } from '../../../src/telemetry/reading';
import { box, fileWith, joined, letters, words } from '../../fixtures/telemetry/boxes';
import {
  BEGAN,
  drive,
  type FreeGpsLayout,
  freeGps,
  freeGpsList,
  gpmfTrack,
  gpx,
  nmea,
  rmc,
  teslaPicture,
} from '../../fixtures/telemetry/recorders';

const MOMENTS = drive(12);
const south = (): typeof MOMENTS =>
  MOMENTS.map((moment) => ({ ...moment, latitude: -moment.latitude, longitude: -moment.longitude }));

/** The drive as a Tesla tells it, a picture every tenth of a second. */
const TESLA = {
  handler: 'vide',
  coding: 'avc1',
  duration: 0.1,
  samples: MOMENTS.map((moment, i) => teslaPicture({ ...moment, steering: 4 * i - 20, brake: i > 8 })),
};

function expectDrive(reading: Reading | null, moments = MOMENTS, digits = 5): asserts reading is Reading {
  expect(reading).not.toBeNull();
  expect(reading!.fixes).toHaveLength(moments.length);
  for (const [i, fix] of reading!.fixes.entries()) {
    expect(fix.latitude).toBeCloseTo(moments[i]!.latitude, digits);
    expect(fix.longitude).toBeCloseTo(moments[i]!.longitude, digits);
  }
}

describe('NMEA', () => {
  test('sentences beside a video: places on both sides of equator and Greenwich, knots, UTC', () => {
    for (const moments of [MOMENTS, south()]) {
      const reading = readNmea(nmea(moments));
      expectDrive(reading, moments);
      expect(reading.fixes[3]).toMatchObject({ clock: BEGAN + 3000, heading: 90 });
      expect(reading.fixes[3]!.speed).toBeCloseTo(5, 2);
      expect(reading).toMatchObject({ clock: 'utc', zone: null, damaged: 0 });
    }
  });

  test('a recorder that writes its own clock before them tells its zone', () => {
    const reading = readNmea(nmea(MOMENTS, 3_600_000 + 1400));
    expectDrive(reading);
    expect(reading.zone).toBe(60);
  });

  test('a damaged sentence is left out; where all sums are wrong they say nothing', () => {
    const lines = nmea(MOMENTS).split('\r\n');
    lines[4] = lines[4]!.replace(',N,', ',S,');
    const reading = readNmea(lines.join('\n'));
    expect(reading).toMatchObject({ damaged: 1 });
    expect(reading!.fixes).toHaveLength(11);
    const edited = readNmea(nmea(MOMENTS).replaceAll(/\*../g, '*00'));
    expectDrive(edited);
  });

  test('without a fix only the time counts; dates that do not exist are damaged', () => {
    const void_ = rmc(MOMENTS[0]!).replace(',A,', ',V,').replace(/\*.*/, '');
    expect(readNmea(void_)!.fixes[0]).toMatchObject({ clock: BEGAN, latitude: null, speed: null });
    const never = rmc(MOMENTS[0]!).replace(',010326,', ',310226,').replace(/\*.*/, '');
    expect(readNmea(`${void_}\n${never}`)).toMatchObject({ damaged: 1 });
    expect(readNmea(never)).toBeNull();
    expect(readNmea('no sentence at all\n')).toBeNull();
  });
});

describe('GPX', () => {
  test('points of a track; comments and other text are none', () => {
    const reading = readGpx(gpx(MOMENTS));
    expectDrive(reading, MOMENTS, 7);
    expect(reading.fixes[2]).toMatchObject({ clock: BEGAN + 2000, speed: null, heading: null });
  });

  test('speed and course from the extensions, times with a zone', () => {
    const text = gpx(MOMENTS, 'all').replaceAll('10:15', '12:15').replaceAll('Z</time>', '+02:00</time>');
    const reading = readGpx(text);
    expectDrive(reading, MOMENTS, 7);
    expect(reading.fixes[0]).toMatchObject({ clock: BEGAN, speed: 2, heading: 90 });
  });

  test('empty and broken points count as damaged; a list of waypoints alone is no track', () => {
    const text = '<gpx><trkpt lat="1" lon="2"/><trkpt lat="x" lon="2"></trkpt><trkpt lat="3"/></gpx>';
    expect(readGpx(text)).toMatchObject({ damaged: 2, fixes: [{ latitude: 1, longitude: 2, clock: null }] });
    expect(readGpx('<gpx><wpt lat="1" lon="2"/></gpx>')).toBeNull();
    expect(readGpx('<kml><trkpt lat="1" lon="2"/></kml>')).toBeNull();
  });
});

describe('siblings of a logger', () => {
  const point = (time: string, more = '', lon = 13.4): string =>
    `<trkpt lat="52.5" lon="${lon}"><time>${time}</time>${more}</trkpt>`;
  const file = (points: string): string => `<gpx><trk><trkseg>${points}</trkseg></trk></gpx>`;

  test.for([
    ['2026-03-01T10:15Z'],
    ['2026-03-01T11:15:00+0100'],
    ['2026-03-01T11:15:00+01'],
    ['<![CDATA[2026-03-01T10:15:00Z]]>'],
  ])('a time as %s', ([time]) => {
    expect(readGpx(file(point(time!)))!.fixes[0]!.clock).toBe(Date.UTC(2026, 2, 1, 10, 15));
  });

  test('a speed whose unit is named is turned into metres a second', () => {
    const speed = (unit: string): number =>
      readGpx(file(point('2026-03-01T10:15:00Z', `<speed unit="${unit}">36</speed>`)))!.fixes[0]!.speed!;
    expect(speed('km/h')).toBeCloseTo(10, 6);
    expect(speed('mph')).toBeCloseTo(16.09, 2);
    expect(speed('m/s')).toBe(36);
  });

  test('so is one that the places prove: ten metres a second, written as 36, 22.4 or 19.4', () => {
    // A degree of longitude has 67.7 km there.
    const moving = (speed: number): string =>
      file(
        Array.from({ length: 12 }, (_, n) =>
          point(`2026-03-01T10:15:${10 + n}Z`, `<speed>${speed}</speed>`, 13.4 + (n * 10) / 67_690),
        ).join(''),
      );
    for (const written of [10, 36, 22.37, 19.44])
      expect(readGpx(moving(written))!.fixes[5]!.speed).toBeCloseTo(10, 1);
    // Neither: it is left as it stands.
    expect(readGpx(moving(15))!.fixes[5]!.speed).toBe(15);
  });

  test('text of two bytes a letter, and a long comment in front', async () => {
    const text = file(point('2026-03-01T10:15:00Z'));
    const wide = new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer);
    expect((await readBeside(new Blob([Uint8Array.of(0xff, 0xfe), wide])))!.fixes).toHaveLength(1);
    expect(readGpx(`<!-- ${'x'.repeat(9000)} -->${text}`)!.fixes).toHaveLength(1);
  });

  test('sentences that no line ends, or those of other systems', () => {
    const lines = nmea(MOMENTS).trim().split(/\r?\n/);
    for (const end of ['\r', '', ' ', '\n\n']) expectDrive(readNmea(lines.join(end)));
    const many = Array.from({ length: 200 }, () => lines.join('')).join('');
    expect(readNmea(many)!.fixes).toHaveLength(200 * MOMENTS.length);
  });
});

describe('GoPro', () => {
  test.for(['GPS5', 'GPS9'] as const)('%s in its own track', async (kind) => {
    const reading = await readVideo(new Blob([fileWith(gpmfTrack(MOMENTS, kind))]));
    expect(reading).toMatchObject({ format: 'gpmf', clock: 'utc', damaged: 0 });
    const seconds = reading!.fixes.filter(({ seconds }) => Math.abs(seconds! % 1) < 1e-6);
    expect(seconds).toHaveLength(11);
    for (const [i, fix] of seconds.entries()) {
      expect(fix.seconds).toBeCloseTo(i, 6);
      expect(fix.clock).toBeCloseTo(BEGAN + 1000 * i, -1);
      expect(fix.latitude).toBeCloseTo(MOMENTS[i]!.latitude, 6);
      expect(fix.longitude).toBeCloseTo(MOMENTS[i]!.longitude, 6);
      expect(fix.speed).toBeCloseTo(MOMENTS[i]!.speed, 2);
    }
    // 18 a second were written: no more than some ten are taken.
    expect(reading!.fixes.length).toBeLessThanOrEqual(11 * 18);
  });

  test('a receiver without a fix has no place', async () => {
    const { gpmfPayload } = await import('../../fixtures/telemetry/recorders');
    for (const kind of ['GPS5', 'GPS9'] as const) {
      const samples = [gpmfPayload(MOMENTS[0]!, MOMENTS[1]!, kind, 0)];
      const reading = await readVideo(
        new Blob([fileWith({ handler: 'meta', coding: 'gpmd', samples, duration: 1 })]),
      );
      expect(reading!.fixes.every(({ latitude, speed }) => latitude === null && speed === null)).toBe(true);
    }
  });
});

describe('Novatek', () => {
  const FTYP = box('ftyp', letters('isom'), words(0));

  test.for(['late', 'early', 'doubles', 'sentence'] as const)('blocks laid out %s', async (layout) => {
    for (const moments of [MOMENTS, south()]) {
      const blocks = moments.map((moment) => freeGps(moment, layout));
      const reading = await readVideo(new Blob([FTYP, ...blocks]));
      expectDrive(reading, moments, 4);
      expect(reading.format).toBe('freegps');
      expect(reading.fixes.map(({ seconds }) => seconds)).toEqual(moments.map((_, i) => i));
      expect(reading.fixes[5]!.speed).toBeCloseTo(7, 3);
      expect(reading.fixes[5]!.clock).toBe(BEGAN + 5000);
    }
  });

  test('where the index lists them, wherever they lie', async () => {
    const blocks = MOMENTS.map((moment) => freeGps(moment));
    const media = box('mdat', new Uint8Array(100), ...blocks);
    const at = FTYP.length + 8 + 100;
    const list = freeGpsList(blocks.map(({ length }, i) => ({ at: at + i * length, size: length })));
    expectDrive(await readVideo(new Blob([FTYP, media, box('moov', list)])), MOMENTS, 4);
  });

  test('a lost block is a hole; a clock that is set on the way, and a receiver that starts, are none', async () => {
    const layout: FreeGpsLayout = 'late';
    const lost = MOMENTS.filter((_, i) => i < 3 || i > 6).map((moment) => freeGps(moment, layout));
    const reading = await readVideo(new Blob([FTYP, ...lost]));
    expect(reading!.fixes.map(({ seconds }) => seconds)).toEqual([0, 1, 2, 7, 8, 9, 10, 11]);
    const cold = MOMENTS.map((moment, i) =>
      i < 4 ? freeGps({ ...moment, utc: moment.utc - 7_200_000 }, layout, false) : freeGps(moment, layout),
    );
    const started = await readVideo(new Blob([FTYP, ...cold]));
    expect(started!.fixes.map(({ seconds }) => seconds)).toEqual(MOMENTS.map((_, i) => i));
    expect(started!.fixes.map(({ latitude }) => latitude === null)).toEqual(MOMENTS.map((_, i) => i < 4));
  });
});

describe('Tesla', () => {
  test('messages before the pictures: speed, steering, brake and place', async () => {
    const reading = await readVideo(new Blob([fileWith(TESLA)]));
    expectDrive(reading, MOMENTS, 9);
    expect(reading.format).toBe('tesla');
    for (const [i, fix] of reading.fixes.entries()) {
      expect(fix.seconds).toBeCloseTo(i / 10, 6);
      expect(fix.speed).toBeCloseTo(MOMENTS[i]!.speed, 5);
      expect(fix.heading).toBeCloseTo(MOMENTS[i]!.heading, 9);
      expect(fix).toMatchObject({ clock: null, steering: 4 * i - 20, brake: i > 8 });
    }
  });

  test('a car that does not know where it is still knows its speed', async () => {
    const samples = [
      teslaPicture({ ...MOMENTS[3]!, latitude: 0, longitude: 0, heading: 0, steering: 0, brake: false }),
    ];
    const reading = await readVideo(new Blob([fileWith({ ...TESLA, samples })]));
    expect(reading!.fixes[0]).toMatchObject({ latitude: null, longitude: null, speed: 5, brake: false });
  });

  test('a video without them has no telemetry', async () => {
    const samples = Array.from({ length: 60 }, () => joined(words(4), Uint8Array.of(0x65, 1, 2, 3)));
    expect(await readVideo(new Blob([fileWith({ ...TESLA, samples })]))).toBeNull();
  });
});

test('a place of a container: degrees, minutes, seconds', () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ['+27.9881+086.9250+8848/', 27.9881, 86.925],
    ['-33.8568+151.2153/', -33.8568, 151.2153],
    ['+4807.038-01131.000/', 48.1173, -11.516667],
    ['+481230.5-0113045/', 48.208472, -11.5125],
  ];
  for (const [text, latitude, longitude] of cases) {
    const place = parsePlace(text);
    expect(place!.latitude).toBeCloseTo(latitude, 4);
    expect(place!.longitude).toBeCloseTo(longitude, 4);
  }
  for (const text of ['', 'here', '+95.0+010.0/', '+1+2/']) expect(parsePlace(text)).toBeNull();
});

describe('bad input', () => {
  const FILES: readonly Uint8Array<ArrayBuffer>[] = [
    fileWith(gpmfTrack(drive(4))),
    fileWith(gpmfTrack(drive(4), 'GPS9')),
    joined(box('ftyp', letters('isom'), words(0)), ...drive(4).map((moment) => freeGps(moment))),
    fileWith({ ...TESLA, samples: TESLA.samples.slice(0, 4) }),
  ];
  const TEXTS = [gpx(drive(4), 'all'), nmea(drive(4), 0)].map((text) => new TextEncoder().encode(text));

  test('cut at any byte: never throws, and says nothing that was not written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(FILES.length - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (n, share) => {
          const file = FILES[n]!;
          const reading = await readVideo(new Blob([file.subarray(0, Math.floor(share * file.length))]));
          for (const { latitude } of reading?.fixes ?? [])
            if (latitude !== null) expect(latitude).toBeCloseTo(52, 2);
        },
      ),
      { numRuns: 300 },
    );
    for (const text of TEXTS)
      for (let length = 0; length < text.length; length++) {
        const reading = await readBeside(new Blob([text.subarray(0, length)]));
        for (const { latitude } of reading?.fixes ?? [])
          if (latitude !== null) expect(latitude).toBeCloseTo(52, 2);
      }
  });

  test('any bytes changed, sizes and counts among them: never throws, and reads no more than there is', async () => {
    const change = fc.record({ at: fc.nat(), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(FILES.length - 1),
        fc.array(change, { minLength: 1, maxLength: 12 }),
        async (n, changes) => {
          const file = FILES[n]!.slice();
          for (const { at, value } of changes) file[at % file.length] = value;
          const reading = await readVideo(new Blob([file]));
          expect(reading?.fixes.length ?? 0).toBeLessThan(1000);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('a table of four thousand million samples in a small file is read as far as it goes', async () => {
    const file = fileWith(gpmfTrack(drive(4)));
    const view = new DataView(file.buffer);
    const at = new TextDecoder('latin1').decode(file).indexOf('stsz');
    // Every sample has the same size, and there are as many as a number can say.
    view.setUint32(at + 8, 1);
    view.setUint32(at + 12, 0xffffffff);
    expect(await readVideo(new Blob([file]))).toBeNull();
  });

  test('text that opens everything and closes nothing', async () => {
    for (const text of [
      `<gpx>${'<trkpt lat="1" lon="1">'.repeat(20_000)}`,
      `<gpx>${'<!--'.repeat(20_000)}`,
      `<gpx><trkpt ${'lat="1" '.repeat(20_000)}`,
      `<gpx>${'<a '.repeat(20_000)}`,
      `<gpx ${' '.repeat(100_000)}`,
      `$GPRMC,${'1,'.repeat(100_000)}`,
      '$'.repeat(100_000),
    ])
      expect((await readBeside(new Blob([text])))?.fixes.length ?? 0).toBeLessThan(20_001);
  });
});
