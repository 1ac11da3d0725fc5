import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import type { ClassMap } from '../../../src/perception/engine';
import { isRoadEdge } from '../../../src/scene/boundary';
import { Scene, type SceneCamera, type SceneState } from '../../../src/scene/scene';
import {
  car,
  ID,
  person,
  type RoadOptions,
  random,
  render,
  roadWorld,
  testCamera,
  uniform,
} from './synthetic';

// Rendering is slow while others use the machine; a time limit is no assertion.
vi.setConfig({ testTimeout: 120_000 });

const camera = testCamera();
const byHand: SceneCamera = { from: camera.parameters, calibrate: false };
const STEP = 100_000;

/** Shows maps to a scene, a tenth of a second apart. */
function show(scene: Scene, maps: readonly ClassMap[], start = 0, epoch = 0): SceneState[] {
  return maps.map((map, i) =>
    scene.update(map, { timestamp: start + i * STEP, epoch, width: camera.width, height: camera.height }),
  );
}
const view = (road: RoadOptions, seed = 1) =>
  render(roadWorld(road), camera, { blur: 0.8, noise: 0.3, seed });
const repeat = (map: ClassMap, count: number) => Array.from({ length: count }, () => map);
const typesOf = (states: readonly SceneState[]) =>
  states.flatMap(({ events }) => events.map((event) => event.type));

describe('a drive', () => {
  const frames = Array.from({ length: 25 }, (_, i) =>
    view({ offset: 1.2, boxes: [car(0.2, 28 - i * 0.6), person(5.4, 16)] }, i + 1),
  );
  const states = show(new Scene(byHand), frames);
  const last = states.at(-1)!;

  test('both edges are where they are, in metres', () => {
    for (const [side, truth] of [
      ['left', -2.3],
      ['right', 4.7],
    ] as const) {
      const near = last.boundary.segments
        .filter((segment) => segment.side === side && isRoadEdge(segment.kind))
        .flatMap((segment) => segment.points)
        .filter(({ ground }) => ground && ground.z < 15);
      expect(near.length).toBeGreaterThan(5);
      for (const { ground } of near) expect(Math.abs(ground!.x - truth)).toBeLessThan(0.4);
    }
  });

  test('the car ahead is one obstacle all along, closing in at its speed, and gives a time', () => {
    const vehicles = last.obstacles.filter(({ classId }) => classId === ID.vehicle);
    expect(vehicles).toHaveLength(1);
    expect(vehicles[0]!.inPath).toBe(true);
    expect(Math.abs(vehicles[0]!.distance! - 13.6)).toBeLessThan(1);
    expect(Math.abs(vehicles[0]!.closing! - 6)).toBeLessThan(1.5);
    expect(Math.abs(last.freeSpace.ahead!.distance - 13.6)).toBeLessThan(1);
    expect(Math.abs(last.timeToObstacle! - 13.6 / 6)).toBeLessThan(0.6);
  });

  test('the events tell it: edges seen, two obstacles in, free distance falling, nothing lost', () => {
    const types = typesOf(states);
    expect(types.filter((type) => type === 'boundary')).toHaveLength(2);
    expect(types.filter((type) => type === 'obstacle-entered')).toHaveLength(2);
    expect(types).not.toContain('obstacle-left');
    expect(types).not.toContain('scene-cut');
    expect(types).not.toContain('low-confidence');
    const distances = states
      .flatMap(({ events }) => events)
      .flatMap((event) =>
        event.type === 'free-distance' && event.end === 'vehicle' ? [event.distance!] : [],
      );
    expect(distances.length).toBeGreaterThan(2);
    expect(distances.length).toBeLessThan(12);
    expect(distances.at(-1)!).toBeLessThan(distances[0]!);
  });

  test('a state is plain data', () => {
    expect(structuredClone(last)).toEqual(last);
  });
});

describe('jumps', () => {
  const here = view({ offset: 0, boxes: [car(0, 14)] });
  const elsewhere = {
    ...here,
    classes: here.classes.map((id) => (id === ID.sky ? ID.vegetation : id === ID.road ? ID.sidewalk : id)),
    drivable: here.drivable.map(() => 10),
  };

  test.each([
    ['a cut', elsewhere, 10 * STEP, 0, 'picture'],
    ['a seek', here, 3 * STEP, 1, 'time'],
    ['time running backwards', here, 2 * STEP, 0, 'time'],
    ['a long silence', here, 100 * STEP, 0, 'time'],
  ] as const)('%s is told, and lets everything leave that was there', (_, map, timestamp, epoch, reason) => {
    const scene = new Scene(byHand);
    const [before] = show(scene, repeat(here, 10)).slice(-1);
    expect(before!.obstacles).toHaveLength(1);
    const { events, obstacles } = scene.update(map, { timestamp, epoch, width: 1280, height: 720 });
    expect(events[0]).toMatchObject({ type: 'scene-cut', reason, timestamp });
    expect(events[1]).toMatchObject({ type: 'obstacle-left', id: before!.obstacles[0]!.id });
    expect(obstacles).toEqual([]);
  });
});

describe('bad pictures: nothing jumps, nothing invents a road, confidence says so', () => {
  const next = random(5);
  const nonsense = (): ClassMap => {
    const map = uniform(ID.building, 0.5);
    for (let i = 0; i < map.classes.length; i++) {
      map.drivable[i] = 90 + 75 * next();
      map.classes[i] = map.drivable[i]! > 127 ? ID.road : ID.building;
    }
    return map;
  };
  test.each([
    ['no road', 'no-road', () => uniform(ID.building, 0.02)],
    ['road everywhere', 'only-road', () => uniform(ID.road, 0.98)],
    ['upside down', 'no-road', () => render(roadWorld(), testCamera({ roll: Math.PI }))],
    ['a picture the network makes nothing of', 'undecided', nonsense],
  ] as const)('%s', (_, reason, map) => {
    const states = show(
      new Scene(),
      Array.from({ length: 12 }, () => map()),
    );
    const { confidence, reasons, events, boundary } = states[0]!;
    expect(confidence).toBeLessThan(0.35);
    expect(reasons).toContain(reason);
    expect(events).toContainEqual(expect.objectContaining({ type: 'low-confidence', low: true }));
    const sure = boundary.segments.filter(({ kind }) => isRoadEdge(kind)).flatMap(({ points }) => points);
    expect(sure.filter((point) => point.confidence > 0.6)).toEqual([]);
    const pitches = new Set(states.map((state) => state.camera.pitch));
    expect(pitches.size).toBe(1);
  });

  test('a dashboard and wipers leave what is seen, and nothing beyond it', () => {
    const map = render(roadWorld(), camera, { bonnet: { rows: 16, classId: ID.building } });
    const [state] = show(new Scene(byHand), [map]);
    const lowest = ((map.height - 16) / map.height) * camera.height;
    for (const segment of state!.boundary.segments)
      for (const { y } of segment.points) expect(y).toBeLessThanOrEqual(lowest + 1e-6);
    expect(state!.freeSpace.ahead!.from).toBeGreaterThan(4);
  });

  test('a portrait picture works like any other', () => {
    const portrait = testCamera({ hfov: 0.65 }, { width: 720, height: 1280 });
    const map = render(roadWorld({ boxes: [car(0, 12)] }), portrait, { cells: { width: 63, height: 112 } });
    const scene = new Scene({ from: portrait.parameters, calibrate: false });
    const { freeSpace } = scene.update(map, { timestamp: 0, epoch: 0, width: 720, height: 1280 });
    expect(Math.abs(freeSpace.ahead!.distance - 12)).toBeLessThan(0.6);
  });

  test('a fish-eye lens bends lines, and neither a bend nor a road is made of that', () => {
    const straight = view({ boxes: [car(0, 12)] });
    const { width, height } = straight;
    const bent: ClassMap = {
      width,
      height,
      classes: new Uint8Array(width * height),
      drivable: new Uint8Array(width * height),
    };
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [u, v] = [(x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5];
        // Barrel: what lies at the corner of the picture came from a quarter farther out.
        const out = 1 + 0.5 * (u * u + v * v);
        const [sx, sy] = [Math.floor((u * out + 0.5) * width), Math.floor((v * out + 0.5) * height)];
        const from = Math.min(height - 1, Math.max(0, sy)) * width + Math.min(width - 1, Math.max(0, sx));
        bent.classes[y * width + x] = straight.classes[from]!;
        bent.drivable[y * width + x] = straight.drivable[from]!;
      }
    const last = show(new Scene(byHand), repeat(bent, 8)).at(-1)!;
    expect(Math.abs(last.path.curvature)).toBeLessThan(0.01);
    expect(Math.abs(last.obstacles[0]!.distance! - 12)).toBeLessThan(4);
    expect(Math.abs(last.freeSpace.ahead!.distance - 12)).toBeLessThan(4);
    for (const { kind, points } of last.boundary.segments)
      if (isRoadEdge(kind)) for (const { y } of points) expect(y).toBeGreaterThan(0.4 * camera.height);
  });

  test('a still picture stays exactly as it is', () => {
    const states = show(new Scene(), repeat(view({ boxes: [car(0, 15)] }), 30));
    expect(states.at(-1)!.camera).toEqual(states[0]!.camera);
    expect(states.at(-1)!.boundary).toEqual(states[9]!.boundary);
    expect(states.at(-1)!.obstacles[0]!.id).toBe(1);
  });

  test('whatever the map, numbers are finite and probabilities stay in range', () => {
    const anyMap = fc.integer({ min: 1, max: 1e6 }).map((seed) => {
      const roll = random(seed);
      const map = uniform(ID.road, 0, 24, 16);
      const grain = 1 + Math.floor(roll() * 5);
      const table = Array.from({ length: 24 * 16 }, () => Math.floor(roll() * 13));
      for (let i = 0; i < map.classes.length; i++) {
        const id = table[Math.floor(Math.floor(i / 24) / grain) * 24 + Math.floor((i % 24) / grain)]!;
        map.classes[i] = id === 12 ? ID.unseen : id;
        map.drivable[i] = id <= 1 ? 130 + 125 * roll() : 120 * roll();
      }
      return map;
    });
    const scene = new Scene();
    let timestamp = 0;
    fc.assert(
      fc.property(anyMap, (map) => {
        timestamp += STEP;
        const state = scene.update(map, { timestamp, epoch: 0, width: 480, height: 320 });
        expect(state.confidence).toBeGreaterThanOrEqual(0);
        expect(state.confidence).toBeLessThanOrEqual(1);
        // JSON turns what is not finite into null: none may be there that was not null before.
        const odd: unknown[] = [];
        JSON.stringify(state, (_, value) => {
          if (typeof value === 'number' && !Number.isFinite(value)) odd.push(value);
          return value;
        });
        expect(odd).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the camera', () => {
  test('a wrong preset is corrected by the road itself', () => {
    const wrong = { ...camera.parameters, pitch: -0.02 };
    const scene = new Scene({ from: wrong, calibrate: true });
    const frames = Array.from({ length: 60 }, (_, i) =>
      view({ offset: 0.5 + 0.2 * Math.sin(i / 4), markings: true }, i + 1),
    );
    const { camera: found, calibration } = show(scene, frames).at(-1)!;
    expect(Math.abs(found.pitch - camera.parameters.pitch)).toBeLessThan(0.008);
    expect(calibration.state).toBe('converged');
  });

  test('nonsense is refused at the door and changes nothing', () => {
    const scene = new Scene(byHand);
    const nonsense: SceneCamera = { from: { ...camera.parameters, height: -1 }, calibrate: false };
    expect(() => new Scene(nonsense)).toThrow(CarriagewayError);
    expect(() => scene.setCamera(nonsense)).toThrow(CarriagewayError);
    expect(show(scene, [view({})])[0]!.camera).toEqual(camera.parameters);
    scene.setCamera({ from: 'truck', calibrate: false });
    expect(show(scene, [view({})], STEP)[0]!.camera.height).toBe(2.4);
    expect(() => scene.update(view({}), { timestamp: 0, epoch: 0, width: 0, height: 720 })).toThrow(
      CarriagewayError,
    );
  });
});
