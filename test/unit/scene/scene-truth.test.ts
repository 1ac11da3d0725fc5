import { describe, expect, test } from 'vitest';
import { Scene, type SceneState } from '../../../src/scene/scene';
import {
  inVehicleFrame,
  matchObstacles,
  medianOf,
  type SceneTruth,
  sceneError,
} from '../../../src/scene/scene-truth';
import { car, render, roadWorld, testCamera } from './synthetic';

const camera = testCamera();

function stateOf(): SceneState {
  const scene = new Scene({ from: camera.parameters, calibrate: false });
  const map = render(roadWorld({ boxes: [car(0.3, 14)] }), camera, { blur: 0.8 });
  let state: SceneState | null = null;
  for (let i = 0; i < 6; i++)
    state = scene.update(map, {
      timestamp: i * 100_000,
      epoch: 0,
      width: camera.width,
      height: camera.height,
    });
  return state!;
}

/** The world of `stateOf`, told as the drive tells it; the kerbs moved outwards by `off`. */
function truthOf(off = 0): SceneTruth {
  const along = (right: number) => Array.from({ length: 13 }, (_, i) => ({ right, ahead: i * 5 }));
  const { yaw, pitch, height } = camera.parameters;
  expect(yaw).toBe(0);
  return {
    pitchDeg: (pitch * 180) / Math.PI,
    height,
    leftKerb: along(-3.5 - off),
    rightKerb: along(3.5 + off),
    obstacles: [
      { at: { right: 0.3, ahead: 16 }, classId: 11, yawDeg: 0, length: 4, width: 1.8 },
      { at: { right: 30, ahead: 16 }, classId: 11, yawDeg: 0, length: 4, width: 1.8 },
    ],
  };
}

describe('against the truth', () => {
  const state = stateOf();

  test('a scene with the right camera is off by little, and the error says by how much', () => {
    const error = sceneError(state, truthOf());
    expect(error.edges[0]).toBeLessThan(0.2);
    expect(error.edges[1]).toBeLessThan(0.4);
    expect(error.pitchDeg).toBeCloseTo(0, 6);
    expect(error.distance).toBeLessThan(0.1);
    const moved = sceneError(state, truthOf(1));
    expect(moved.edges[0]! - error.edges[0]!).toBeGreaterThan(0.7);
  });

  test('each obstacle is matched with the one in its direction', () => {
    const matches = matchObstacles(state, truthOf());
    expect(matches.map(({ index }) => index)).toEqual([0]);
    expect(matches[0]!.real).toBeCloseTo(Math.hypot(0.3, 14), 1);
  });

  test('a camera that looks to the right sees the way it travels on its left', () => {
    const ahead = inVehicleFrame({ right: 0, ahead: 10 }, 0.1);
    expect(ahead.x).toBeCloseTo(10 * Math.sin(0.1), 9);
    expect(ahead.z).toBeCloseTo(10 * Math.cos(0.1), 9);
  });

  test('medians', () => {
    expect([medianOf([]), medianOf([3]), medianOf([1, 9, 2]), medianOf([1, 2, 3, 10])]).toEqual([
      null,
      3,
      2,
      2.5,
    ]);
  });
});
