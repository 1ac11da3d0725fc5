import { describe, expect, test, vi } from 'vitest';
import type { ClassMap } from '../../../src/perception/engine';
import { findBoundary, placeBoundary } from '../../../src/scene/boundary';
import { CameraModel, type CameraParameters } from '../../../src/scene/camera-model';
import { fitEgoPath, STRAIGHT_PATH } from '../../../src/scene/ego-path';
import { findEgoRegion } from '../../../src/scene/ego-region';
import { GroundCalibration, type GroundEstimate } from '../../../src/scene/ground-calibration';
import type { TrackedObstacle } from '../../../src/scene/obstacle-tracker';
import { findRoadLines } from '../../../src/scene/road-lines';
import {
  car,
  ID,
  type RoadOptions,
  render,
  roadWorld,
  testCamera,
  uniform,
  type WorldBox,
} from './synthetic';

// Rendering is slow while others use the machine; a time limit is no assertion.
vi.setConfig({ testTimeout: 120_000 });

const DEGREE = Math.PI / 180;
const STEP = 0.15;

/** Shows a calibration that starts from `prior` a drive seen by `truth`. */
function drive(
  truth: CameraModel,
  prior: Partial<CameraParameters>,
  roadAt: (index: number) => RoadOptions,
  frames: number,
  calibration = new GroundCalibration({ ...truth.parameters, ...prior }, truth.width, truth.height),
): { estimate: GroundEstimate; history: GroundEstimate[]; calibration: GroundCalibration } {
  const history: GroundEstimate[] = [];
  const start = clock;
  for (let i = 0; i < frames; i++) {
    const map = render(roadWorld(roadAt(i)), truth, { blur: 0.8, noise: 0.3, seed: i + 1 });
    clock = start + (i + 1) * STEP;
    look(calibration, map, truth, clock);
    history.push(calibration.estimate);
  }
  return { estimate: history.at(-1)!, history, calibration };
}
let clock = 0;

/** One frame, as a scene would feed it: with what is believed of the camera so far. */
function look(calibration: GroundCalibration, map: ClassMap, truth: CameraModel, seconds: number): void {
  const camera = new CameraModel(calibration.estimate.parameters, truth.width, truth.height);
  const region = findEgoRegion(map);
  const lines = findBoundary(region);
  const path = fitEgoPath(placeBoundary(lines, region, camera));
  calibration.update(findRoadLines(lines, region, camera, path.curvature), path, [], seconds);
}

/** A street that is mostly straight, with markings; the vehicle wanders in its lane. */
const street = (i: number): RoadOptions => ({
  width: 7.5,
  offset: 1 + 0.3 * Math.sin(i / 5),
  heading: 0.01 * Math.sin(i / 3),
  curvature: 0.001 * Math.sin(i / 7),
  markings: true,
});

const poles: WorldBox[] = [-6, 6, -7, 7].map((x, i) => {
  return { classId: ID.pole, x, z: 9 + 3 * i, width: 0.25, height: 6, length: 0.25 };
});

describe('pitch', () => {
  test.each([
    ['looking down', testCamera({ pitch: 0.08 })],
    ['looking up', testCamera({ pitch: -0.04 })],
    ['portrait', testCamera({ pitch: 0.05, hfov: 0.7 }, { width: 720, height: 1280 })],
  ])('%s: found within 0.4 degrees from a wrong start, and knows how well', (_, camera) => {
    const { estimate, history } = drive(camera, { pitch: 0.02 }, street, 45);
    const error = Math.abs(estimate.pitch.value - camera.parameters.pitch);
    expect(error).toBeLessThan(0.4 * DEGREE);
    expect(error).toBeLessThan(3.5 * estimate.pitch.sigma);
    expect(estimate.state).toBe('converged');
    expect(estimate.confidence).toBeGreaterThan(0.7);
    expect(history[3]!.state).toBe('prior');
    for (let i = 1; i < history.length; i++) {
      const step = Math.abs(history[i]!.pitch.value - history[i - 1]!.pitch.value);
      expect(step).toBeLessThan(0.3 * DEGREE);
    }
  });

  test('a camera aimed far higher than the preset is found, though all the road it believes in lies within metres', () => {
    const camera = testCamera({ pitch: -0.07 });
    const wide = (i: number): RoadOptions => ({ ...street(i), width: 14, offset: 3 });
    const { estimate } = drive(camera, { pitch: 0.035 }, wide, 70);
    expect(Math.abs(estimate.pitch.value - camera.parameters.pitch)).toBeLessThan(0.6 * DEGREE);
    expect(estimate.state).not.toBe('doubtful');
  });

  test.each([0.004, 0.008, -0.012])(
    'on a bend of %d per metre it is found, too, and yaw stays',
    (curvature) => {
      const camera = testCamera({ pitch: 0.05 });
      const { estimate } = drive(camera, { pitch: 0.02 }, (i) => ({ ...street(i), curvature }), 45);
      const error = Math.abs(estimate.pitch.value - 0.05);
      expect(error).toBeLessThan(0.5 * DEGREE);
      expect(error).toBeLessThan(3.5 * estimate.pitch.sigma);
      expect(Math.abs(estimate.yaw.value)).toBeLessThan(2 * DEGREE);
    },
  );

  test('yaw of a camera that looks aside is found, too', () => {
    const { estimate } = drive(testCamera({ yaw: 0.06 }), { yaw: 0 }, street, 45);
    expect(Math.abs(estimate.yaw.value - 0.06)).toBeLessThan(0.8 * DEGREE);
  });

  test('a few frames of another place do not move it; a camera that was turned is found again, slowly', () => {
    const camera = testCamera({ pitch: 0.04 });
    const settled = drive(camera, {}, street, 30);
    const knocked = testCamera({ pitch: 0.12 });
    const few = drive(knocked, {}, street, 6, settled.calibration);
    expect(Math.abs(few.estimate.pitch.value - 0.04)).toBeLessThan(0.4 * DEGREE);
    const many = drive(knocked, {}, street, 60, settled.calibration);
    expect(Math.abs(many.estimate.pitch.value - 0.12)).toBeLessThan(0.5 * DEGREE);
  });
});

test('roll is found from poles', () => {
  const camera = testCamera({ roll: 0.05, pitch: 0.03 });
  const { estimate } = drive(camera, { roll: 0 }, (i) => ({ ...street(i), boxes: poles }), 45);
  expect(Math.abs(estimate.roll.value - 0.05)).toBeLessThan(0.7 * DEGREE);
  expect(estimate.roll.sigma).toBeLessThan(1 * DEGREE);
  expect(Math.abs(estimate.pitch.value - 0.03)).toBeLessThan(0.5 * DEGREE);
});

describe('where nothing can be found', () => {
  test.each([
    ['no road', uniform(ID.building, 0.01)],
    ['road everywhere', uniform(ID.road, 0.99)],
    ['upside down', render(roadWorld(), testCamera({ roll: Math.PI }))],
  ])('%s: the preset stands, and is called doubtful', (_, map) => {
    const base = testCamera().parameters;
    const calibration = new GroundCalibration(base, 1280, 720);
    for (let i = 0; i < 80; i++) look(calibration, map, testCamera(), i * STEP);
    const { parameters, state, confidence } = calibration.estimate;
    expect(parameters).toEqual(base);
    expect(state).toBe('doubtful');
    expect(confidence).toBe(0);
  });
});

test('vehicles that would be three metres high call the camera’s height in doubt', () => {
  const camera = testCamera();
  const see = (wrongHeight: number) => {
    const { calibration } = drive(camera, { height: wrongHeight }, street, 20);
    const obstacles = Array.from({ length: 8 }, (_, i): TrackedObstacle => {
      const { x, z, width, height } = car(-3 + i, 8 + 2 * i);
      const from = camera.groundToImage({ x: x - width / 2, z })!;
      const to = camera.groundToImage({ x: x + width / 2, z })!;
      const top = camera.groundToImage({ x, z }, height)!.y;
      return {
        id: i,
        classId: ID.vehicle,
        box: { x: from.x, y: top, width: to.x - from.x, height: from.y - top },
        contact: [from, to],
        contactSeen: true,
        ground: { x, z },
        distance: z,
        distanceSigma: 1,
        standing: 'road',
        inPath: false,
        confidence: 1,
        age: 1,
        unseen: 0,
        closing: null,
      };
    });
    calibration.update({ along: [], upright: [] }, STRAIGHT_PATH, obstacles, clock + STEP);
    return calibration.estimate;
  };
  const right = see(1.4);
  expect(right.vehicles!.height).toBeCloseTo(1.5, 0);
  expect(right.state).not.toBe('doubtful');
  const wrong = see(2.9);
  expect(wrong.vehicles!.height).toBeGreaterThan(2.7);
  expect(wrong.state).toBe('doubtful');
  expect(wrong.uncertainty.height).toBeGreaterThan(1);
});
