import { describe, expect, test } from 'vitest';
import { Scene } from '../../../src/scene/scene';
import type { SceneResult } from '../../bench/scene/job';
import {
  boundaryMetres,
  boundaryPixels,
  flickerOf,
  type Labels,
  obstacleCounts,
  pitchError,
  quantile,
} from '../../bench/scene/score';
import { car, render, roadWorld, testCamera } from '../scene/synthetic';

const camera = testCamera();
const { width, height } = camera;

/** A synthetic frame as the page reports it; the kerbs of its truth are moved outwards by `off` metres. */
function resultOf(off = 0): { result: SceneResult; labels: Labels } {
  const world = roadWorld({ boxes: [car(0, 14)] });
  const scene = new Scene({ from: camera.parameters, calibrate: false });
  const map = render(world, camera, { blur: 0.8 });
  let state = scene.update(map, { timestamp: 0, epoch: 0, width, height });
  for (let i = 1; i < 6; i++) state = scene.update(map, { timestamp: i * 100_000, epoch: 0, width, height });
  const plain = { width: map.width, height: map.height, classes: [...map.classes] };
  const along = (right: number) => Array.from({ length: 13 }, (_, i) => ({ right, ahead: i * 5 }));
  const { classes: ids } = render(world, camera, { cells: { width, height } });
  return {
    labels: { width, height, ids },
    result: {
      run: 0,
      item: { kind: 'drive', seed: 1, seconds: 2, warm: false },
      state,
      raw: plain,
      smoothed: plain,
      inferenceMs: 10,
      sceneMs: 1,
      truth: {
        pitchDeg: (camera.parameters.pitch * 180) / Math.PI + 0.5,
        height: camera.parameters.height,
        leftKerb: along(-3.5 - off),
        rightKerb: along(3.5 + off),
        obstacles: [
          { at: { right: 0, ahead: 16 }, classId: 11, yawDeg: 0, length: 4, width: 1.8 },
          // Behind the car: not to be asked for.
          { at: { right: 0.2, ahead: 24 }, classId: 9, yawDeg: 0, length: 0.5, width: 0.5 },
        ],
      },
      labels: null,
    },
  };
}

describe('edges', () => {
  const { result, labels } = resultOf();

  test('lie on the labels’ edges to a pixel or two, and move away with them', () => {
    const errors = boundaryPixels(result, labels);
    expect(errors.length).toBeGreaterThan(20);
    expect(quantile(errors, 0.5)).toBeLessThan(2);
    const empty = { ...labels, ids: new Uint8Array(width * height).fill(8) };
    expect(boundaryPixels(result, empty).every((error) => error === 40)).toBe(true);
  });

  test('in metres', () => {
    expect(quantile(boundaryMetres(result, 0, 20), 0.5)).toBeLessThan(0.3);
    expect(quantile(boundaryMetres(resultOf(2).result, 0, 20), 0.5)).toBeGreaterThan(1.5);
    expect(boundaryMetres({ ...result, truth: null }, 0, 20)).toEqual([]);
    const all = boundaryMetres(result, 0, 40);
    expect(boundaryMetres(result, 0, 10).length + boundaryMetres(result, 10, 40).length).toBe(all.length);
  });
});

describe('obstacles', () => {
  test('the visible one is found; the hidden one is not asked for', () => {
    const { result, labels } = resultOf();
    const counts = obstacleCounts(result, labels);
    expect(counts).toMatchObject({ found: 1, real: 1, matched: 1 });
    expect(counts.errors[0]).toBeLessThan(0.1);
  });

  test('without truth nothing counts', () => {
    const { result, labels } = resultOf();
    expect(obstacleCounts({ ...result, truth: null }, labels)).toMatchObject({ found: 0, real: 0 });
  });
});

test('pitch is off by what it is off', () => {
  expect(pitchError(resultOf().result)).toBeCloseTo(0.5, 6);
});

test('flicker counts changes of labels and answers, and what smoothing puts right', () => {
  const { result } = resultOf();
  const map = (...classes: number[]) => ({ width: 2, height: 2, classes });
  const labels = (...ids: number[]): Labels => ({ width: 2, height: 2, ids: Uint8Array.from(ids) });
  const before = { ...result, raw: map(0, 0, 2, 2), smoothed: map(0, 0, 2, 2) };
  const after = { ...result, raw: map(0, 2, 0, 2), smoothed: map(0, 0, 0, 2) };
  expect(flickerOf(before, after, labels(0, 0, 2, 255), labels(0, 0, 0, 2))).toEqual({
    label: 1,
    raw: 2,
    smoothed: 1,
    rightRaw: 2,
    rightSmoothed: 3,
    cells: 3,
  });
});
