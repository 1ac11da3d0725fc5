/**
 * Cost of a frame, on a map as large as they come (`npx vitest bench --project unit test/unit/scene`). Aim: 2 ms.
 * Nothing is asserted: the machine is shared.
 */
import { bench, describe } from 'vitest';
import { Scene } from '../../../src/scene/scene';
import { car, person, render, roadWorld, testCamera } from './synthetic';

const camera = testCamera();
const maps = Array.from({ length: 20 }, (_, i) => {
  const boxes = [car(1.5, 18 - i * 0.3), car(-4.5, 10), car(-4.5, 20), person(4.5, 14), person(-5, 9)];
  const world = roadWorld({ curvature: 0.003, markings: true, boxes });
  return render(world, camera, { cells: { width: 112, height: 72 }, blur: 1, noise: 0.5, seed: i + 1 });
});

/** Long enough for the compiler to have settled on a busy machine. Milliseconds. */
const MEASURE = { warmupTime: 2000, time: 4000 };

describe('scene', () => {
  const scene = new Scene();
  let frames = 0;
  bench(
    'one class map of 112 × 72 cells',
    () => {
      const frame = { timestamp: frames * 66_000, epoch: 0, width: camera.width, height: camera.height };
      scene.update(maps[frames++ % maps.length]!, frame);
    },
    MEASURE,
  );
});
