import { beforeEach, describe, expect, test } from 'vitest';
import type { ErrorReport } from '../../../src/errors';
import type { ClassMap } from '../../../src/perception/engine';
import type { SceneEvent } from '../../../src/scene/events';
import type { SceneState } from '../../../src/scene/scene';
import { SceneRunner } from '../../../src/scene/scene-runner';
import { car, render, roadWorld, testCamera } from './synthetic';

const camera = testCamera();
const map = render(roadWorld({ boxes: [car(0, 14)] }), camera, { blur: 0.8 });
const frameAt = (index: number) => ({
  timestamp: index * 100_000,
  epoch: 0,
  width: camera.width,
  height: camera.height,
});

let states: (SceneState | null)[];
let events: SceneEvent[];
let errors: ErrorReport[];
let runner: SceneRunner;

beforeEach(() => {
  [states, events, errors] = [[], [], []];
  let clock = 0;
  runner = new SceneRunner(
    {
      onState: (state) => states.push(state),
      onEvents: (told) => events.push(...told),
      onError: (error) => errors.push(error),
    },
    () => clock++,
  );
});

describe('the scene of a stream', () => {
  test('each map gives a state, its events and a digest of what is ahead', () => {
    for (let i = 0; i < 8; i++) runner.update(map, frameAt(i));
    expect(states).toHaveLength(8);
    expect(events.map(({ type }) => type)).toContain('obstacle-entered');
    const digest = runner.digest()!;
    expect(digest.obstacles).toBe(1);
    expect(digest.inPath).toBe(1);
    expect(digest.free!.end).toBe('vehicle');
    // The car's back stands 14 m ahead; the usual camera is not the one it was rendered with.
    expect(digest.free!.distance).toBeGreaterThan(7);
    expect(digest.free!.distance).toBeLessThan(25);
    expect(digest.milliseconds).toBe(1);
  });

  test('another stream starts with nothing', () => {
    runner.update(map, frameAt(0));
    runner.restart();
    expect(states.at(-1)).toBeNull();
    expect(runner.digest()).toBeNull();
  });

  test('the camera that was set is used, also for the next stream, until it is taken back', () => {
    const from = { ...camera.parameters, height: 2.2 };
    runner.setCamera({ from, calibrate: false });
    runner.restart();
    runner.update(map, frameAt(0));
    expect(runner.digest()!.camera.height).toBe(2.2);
    runner.setCamera(null);
    runner.update(map, frameAt(1));
    expect(runner.digest()!.camera.height).not.toBe(2.2);
  });

  test('a camera out of range is refused and the one before stays', () => {
    runner.setCamera({ from: camera.parameters, calibrate: false });
    expect(() => runner.setCamera({ from: { ...camera.parameters, height: 99 }, calibrate: false })).toThrow(
      expect.objectContaining({ code: 'camera-model-invalid' }),
    );
    runner.update(map, frameAt(0));
    expect(runner.digest()!.camera).toEqual(camera.parameters);
  });

  test('a map that does not fit is told once, and takes the drawing away', () => {
    const broken: ClassMap = { ...map, width: map.width + 1 };
    runner.update(map, frameAt(0));
    runner.update(broken, frameAt(1));
    runner.update(broken, frameAt(2));
    expect(errors.map(({ code }) => code)).toEqual(['class-map-invalid']);
    expect(states.at(-1)).toBeNull();
    runner.update(map, frameAt(3));
    expect(states.at(-1)).not.toBeNull();
  });
});
