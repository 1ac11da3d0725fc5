/** Records of frames: made, kept line by line, drawn. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analysisKey, fingerprintOf, networkId } from '../../../src/jobs/fingerprint';
import {
  csvColumns,
  csvLine,
  type FrameRecord,
  frameRecordSchema,
  recordOf,
} from '../../../src/jobs/frame-record';
import type { JobProgress } from '../../../src/jobs/job';
import { JobClock } from '../../../src/jobs/job-clock';
import { type AnalysisHeader, lineOf, readLines } from '../../../src/jobs/result-lines';
import { overflow } from '../../../src/jobs/result-store';
import { inRange } from '../../../src/jobs/table-export';
import { curvesOf, momentsOf, recordAt } from '../../../src/jobs/timeline';
import { packMap, unpackMap } from '../../../src/labels/map-runs';
import type { ClassMap } from '../../../src/perception/engine';
import { Scene } from '../../../src/scene/scene';
import { parseClassList } from '../../../src/taxonomy/class-list';
import { DRIVING } from '../../../src/taxonomy/classes';

const HEADER: AnalysisHeader = {
  format: 'carriageway-analysis',
  version: 1,
  name: 'clip.mp4',
  model: 'Tiny',
  width: 640,
  height: 360,
  duration: 10,
};

/** Sky above, road below, with a vehicle on it. */
function classMap(): ClassMap {
  const [width, height] = [80, 45];
  const classes = new Uint8Array(width * height).map((_, i) => (i < (width * height) / 2 ? 8 : 0));
  for (let y = 24; y < 28; y++) for (let x = 38; x < 44; x++) classes[y * width + x] = 11;
  const drivable = classes.map((id) => (id === 0 ? 250 : 5));
  return { width, height, classes, drivable };
}

function record(t: number, patch: Partial<FrameRecord> = {}): FrameRecord {
  return {
    n: Math.round(t * 10),
    t,
    areas: new Array<number>(12).fill(0),
    own: 0,
    undecided: 0,
    broken: 0,
    drivable: 0.4,
    decided: 0.9,
    confidence: 0.8,
    free: null,
    boundary: [],
    obstacles: [],
    events: [],
    agreement: null,
    map: { width: 1, height: 1, runs: 'A' },
    ...patch,
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a record', () => {
  const made = recordOf(
    3,
    0.12,
    classMap(),
    DRIVING,
    new Scene().update(classMap(), {
      timestamp: 120_000,
      epoch: 0,
      width: 640,
      height: 360,
    }),
  );

  test('fits its own schema, before and after JSON', () => {
    expect(frameRecordSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
    expect(made.areas.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
    expect(made.drivable).toBeCloseTo(0.5 - 24 / 3600, 3);
    expect(unpackMap(made.map).length).toBe(made.map.width * made.map.height);
  });

  test('is a line of CSV with a value for each column', () => {
    const line = csvLine(made, DRIVING).split(',');
    expect(line).toHaveLength(csvColumns(DRIVING).length);
    expect(line.slice(0, 2)).toEqual(['3', '0.12']);
  });

  test('leaves the own car out of every share, and says how much it covers', () => {
    const half = {
      width: 4,
      height: 2,
      classes: Uint8Array.of(12, 12, 12, 12, 0, 8, 254, 253),
      drivable: new Uint8Array(8),
    };
    const of = recordOf(0, 0, half, DRIVING, null);
    expect(of).toMatchObject({ own: 0.5, undecided: 0.125, broken: 0.125 });
    expect([of.areas[0], of.areas[8], of.areas[12]]).toEqual([0.25, 0.25, 0]);
    expect(of.drivable).toBeCloseTo(1 / 3, 3);
    const row = csvLine(of, DRIVING).split(',');
    const column = (name: string) => row[csvColumns(DRIVING).indexOf(name)];
    expect([column('own_car'), column('undecided'), column('broken')]).toEqual(['0.5', '0.125', '0.125']);
    expect(csvColumns(DRIVING)).not.toContain('area_own_car');
    expect(recordOf(0, 0, half, DRIVING.slice(0, 12), null).own).toBeNull();
  });

  test('is of the model’s own classes: no road, no scene', () => {
    const land = parseClassList(['water', 'wood, old', 'town']);
    const map = { width: 2, height: 2, classes: Uint8Array.of(0, 1, 1, 2), drivable: new Uint8Array(4) };
    const of = recordOf(0, 0, map, land, null);
    expect(frameRecordSchema.parse(of)).toEqual(of);
    expect(of).toMatchObject({
      areas: [0.25, 0.5, 0.25],
      drivable: null,
      decided: null,
      own: null,
      boundary: [],
    });
    expect(csvColumns(land).slice(-4)).toEqual(['area_water', '"area_wood,_old"', 'area_town', 'events']);
  });
});

test('class maps come back from their text, made coarser when they are large', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 9 }),
      fc.infiniteStream(fc.nat(255)),
      (width, height, ids) => {
        const classes = Uint8Array.from({ length: width * height }, () => ids.next().value as number);
        const packed = packMap({ width, height, classes, drivable: classes });
        expect(unpackMap(packed)).toEqual(classes);
      },
    ),
  );
  const large = packMap(classMap());
  expect([large.width, large.height]).toEqual([64, 36]);
});

describe('the file of an analysis', () => {
  const records = [record(0), record(0.1), record(0.2)];
  const whole = [HEADER, ...records].map(lineOf).join('') + lineOf({ end: true, frames: 3 });

  test('comes back whole', () => {
    expect(readLines(bytesOf(whole))).toEqual({
      header: HEADER,
      records,
      complete: true,
      goodBytes: bytesOf(whole).length,
    });
  });

  test('cut off at any byte it keeps the whole lines before, and knows where to go on', () => {
    const bytes = bytesOf(whole);
    for (let length = 0; length < bytes.length; length += 7) {
      const kept = readLines(bytes.subarray(0, length));
      if (!kept) {
        expect(length).toBeLessThan(lineOf(HEADER).length);
        continue;
      }
      expect(kept.complete).toBe(false);
      expect(kept.goodBytes).toBeLessThanOrEqual(length);
      expect(records.slice(0, kept.records.length)).toEqual(kept.records);
      expect(bytes[kept.goodBytes - 1]).toBe(0x0a);
    }
  });

  test('of another format, or garbage, nothing is taken', () => {
    expect(readLines(bytesOf('{"format":"other"}\n'))).toBeNull();
    expect(readLines(bytesOf('\n\n'))).toBeNull();
    expect(readLines(bytesOf(`${lineOf(HEADER)}{"n":1}\n`))).toMatchObject({ records: [] });
  });
});

test('the oldest analyses go first, the one at hand never', () => {
  const kept = [1, 2, 3, 4].map((n) => ({ key: `k${n}`, bytes: 10, changed: n }));
  expect(overflow(kept, 'k1', 25)).toEqual(['k2', 'k3']);
  expect(overflow(kept, 'k4', 40)).toEqual([]);
});

describe('keys', () => {
  test('tell recordings, networks and settings apart', async () => {
    const file = (fill: number, size = 300_000) => new Blob([new Uint8Array(size).fill(fill)]);
    const prints = await Promise.all([file(1), file(2), file(1, 300_001)].map(fingerprintOf));
    expect(new Set(prints).size).toBe(3);
    expect(await fingerprintOf(file(1))).toBe(prints[0]);
    const keys = await Promise.all([
      analysisKey(prints[0]!, 'a', null),
      analysisKey(prints[0]!, 'b', null),
      analysisKey(prints[0]!, 'a', [{ x: 0, y: 0 }]),
    ]);
    expect(new Set(keys).size).toBe(3);
  });

  test('a network is the same whichever of its files runs', () => {
    const file = (sha256: string) => ({ precision: 'fp32' as const, path: 'x', bytes: 1, sha256 });
    expect(networkId({ files: [file('b'), file('a')] })).toBe(networkId({ files: [file('a'), file('b')] }));
  });
});

test('a job tells its share, its rate and the time left', () => {
  let now = 0;
  const told: JobProgress[] = [];
  const clock = new JobClock(
    10,
    20,
    0,
    (progress) => told.push(progress),
    () => now,
  );
  for (let i = 1; i <= 10; i++) {
    now += 100;
    clock.done(10 + i, record(10 + i));
  }
  clock.tell(20);
  expect(told.at(-1)).toMatchObject({ frames: 10, share: 0.5, rate: 10, left: 1 });
  expect(told.flatMap(({ records }) => records)).toHaveLength(10);
  expect(told.length).toBeLessThan(7);
});

describe('the timeline', () => {
  test('keeps the most telling frame of each point', () => {
    const records = Array.from({ length: 100 }, (_, i) =>
      record(i / 10, { drivable: i === 37 ? 0.01 : 0.5 }),
    );
    const curves = curvesOf(records, 10);
    expect(curves.seconds).toHaveLength(10);
    expect(Math.min(...curves.drivable.map((v) => v ?? 1))).toBe(0.01);
  });

  test('marks what happens, once', () => {
    const obstacle = {
      id: 4,
      classId: 11,
      box: [0, 0, 0.1, 0.1] as [number, number, number, number],
      distance: 9,
    };
    const records = Array.from({ length: 60 }, (_, i) =>
      record(i / 10, {
        drivable: i < 20 ? 0.4 : 0.1,
        obstacles: i >= 40 ? [{ ...obstacle, inPath: true }] : [],
        events: i === 30 ? [{ type: 'scene-cut' }] : i === 50 ? [{ type: 'low-confidence', low: true }] : [],
      }),
    );
    expect(momentsOf(records)).toEqual([
      { kind: 'road-lost', t: 2 },
      { kind: 'cut', t: 3 },
      { kind: 'in-path', t: 4 },
      { kind: 'unsure', t: 5 },
    ]);
  });

  test('finds the record of a time', () => {
    const records = [record(0), record(0.5), record(1)];
    expect([-1, 0, 0.49, 0.5, 7].map((t) => recordAt(records, t)?.t)).toEqual([undefined, 0, 0, 0.5, 1]);
    expect(inRange(records, { from: 0.5, to: 1 }).map(({ t }) => t)).toEqual([0.5, 1]);
    expect(inRange(records, null)).toHaveLength(3);
  });
});
