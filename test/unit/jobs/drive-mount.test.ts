/** How the camera looks, by the road while the vehicle drove straight: bends do not count, whatever the edges say. */
import { expect, test } from 'vitest';
import { anglesOf, straightView } from '../../../src/jobs/drive-mount';
import type { FrameRecord } from '../../../src/jobs/frame-record';
import { CameraModel } from '../../../src/scene/camera-model';
import type { Track } from '../../../src/telemetry/track';

const [WIDTH, HEIGHT] = [1280, 720];
const HFOV = 1.2;

/** A road of seven metres, as a camera sees its edges; in a bend they are moved aside. */
function edgesSeen(pitch: number, yaw: number, bend: number): FrameRecord['boundary'] {
  const camera = new CameraModel({ height: 1.3, pitch, yaw, roll: 0, hfov: HFOV }, WIDTH, HEIGHT);
  return (['left', 'right'] as const).map((side) => ({
    side,
    kind: 'kerb',
    points: [6, 8, 10, 14, 20, 30].map((z) => {
      const x = (side === 'left' ? -3.5 : 3.5) + (bend * z * z) / 2;
      const seen = camera.groundToImage({ x, z })!;
      return [seen.x / WIDTH, seen.y / HEIGHT] as [number, number];
    }),
  }));
}

function drive(turning: boolean, pitch = 0.06, yaw = -0.03) {
  const points = Array.from({ length: 61 }, (_, t) => ({
    ...{ t, utc: null, latitude: null, longitude: null, steering: null, brake: null, speed: 12 },
    // Half of it is a bend.
    heading: turning && t > 30 ? (t - 30) * 4 : 0,
  }));
  const track = { points, format: 'gpx', holes: [], derived: [], left: 0 } as unknown as Track;
  const records = Array.from({ length: 600 }, (_, i) => {
    const bend = turning && i > 300 ? 0.02 : 0;
    return { t: i / 10, boundary: edgesSeen(pitch, yaw, bend) } as unknown as FrameRecord;
  });
  return { track, records };
}

test.for([
  [0.06, -0.03],
  [-0.04, 0.08],
  [0, 0],
] as const)('pitch %f, yaw %f', ([pitch, yaw]) => {
  for (const turning of [false, true]) {
    const { track, records } = drive(turning, pitch, yaw);
    const found = anglesOf(straightView(records, track)!, WIDTH / HEIGHT, HFOV);
    expect(found.pitch).toBeCloseTo(pitch, 3);
    expect(found.yaw).toBeCloseTo(yaw, 3);
    expect(found.sigma).toBeLessThan(0.002);
  }
});

test('without a heading, without speed, and without edges on both sides nothing is said', () => {
  const { track, records } = drive(false);
  const with_ = (change: object): Track => ({
    ...track,
    points: track.points.map((p) => ({ ...p, ...change })),
  });
  expect(straightView(records, with_({ heading: null }))).toBeNull();
  expect(straightView(records, with_({ speed: 1 }))).toBeNull();
  const oneSided = records.map((record) => ({ ...record, boundary: record.boundary.slice(0, 1) }));
  expect(straightView(oneSided, track)).toBeNull();
  expect(straightView(records.slice(0, 30), track)).toBeNull();
});
