/**
 * The road from above, in metres: drivable ground and markings as the mask has them (or the video itself) laid on the
 * ground by the camera's homography, with edges, obstacles and rings of distance over it. It fades as certainty does.
 * A group of the compositor's own scene, so that it costs one draw more and no pass.
 */
import { ClippingGroup, Plane, Vector3 } from 'three/webgpu';
import type { Rect } from '../media/size';
import { isRoadEdge } from '../scene/boundary';
import { CameraModel } from '../scene/camera-model';
import { pathAt } from '../scene/ego-path';
import { isObstacle } from '../scene/free-space';
import type { SceneState } from '../scene/scene';
import { inVehicleFrame, type SceneTruth } from '../scene/scene-truth';
import { GroundMesh, type GroundPaint } from './ground-mesh';
import { type Ink, Sketch, type SketchPoint } from './sketch';

/** Metres ahead and behind that are shown: past 45 m a row of the class map spans more than a car is long. */
const AHEAD = 46;
const BEHIND = 4;
/** Rings, metres. */
const RINGS = [10, 20, 30, 40] as const;
/** Height of the view, in pixels, at which lines are one unit wide. */
const UNIT_HEIGHT = 420;
/** How long the things are that one sees the back of, metres. */
const LENGTHS: Readonly<Record<number, number>> = { 9: 0.5, 10: 1.7, 11: 4.4 };
/** Half a car and its length, metres. */
const CAR = { half: 0.9, length: 4.2 } as const;

/** Half the angle a ray of the profile stands for, with a gap to its neighbours, radians. */
const HALF_RAY = (1.2 * Math.PI) / 180;

const PLATE: Ink = [0.035, 0.045, 0.05, 0.94];
const RING: Ink = [1, 1, 1, 0.16];
const TEXT: Ink = [0.75, 0.8, 0.82, 0.9];
const EDGE: Ink = [1, 1, 1, 0.95];
const AMBER: Ink = [1, 0.72, 0.3, 1];
const OTHER: Ink = [0.93, 0.96, 0.97, 0.75];
const FREE: Ink = [0.37, 0.86, 0.81, 0.9];
const OWN: Ink = [0.37, 0.86, 0.81, 1];
/** Truth, on the simulated drive: a hue that nothing else here has. */
const TRUTH: Ink = [1, 0.45, 0.85, 0.9];

/** Where the view lies, in world units and pixels. */
export interface BirdPlacement {
  /** Canvas pixels. */
  readonly rect: Rect;
  /** The picture's place: the world's unit square. Canvas pixels. */
  readonly picture: Rect;
}

/** The view from above. Owns its meshes. */
export class BirdsEye {
  readonly root = new ClippingGroup();
  readonly #ground = new GroundMesh(AHEAD, BEHIND);
  readonly #under = new Sketch();
  readonly #over = new Sketch();
  readonly #planes = [
    new Plane(new Vector3(1, 0, 0), 0),
    new Plane(new Vector3(-1, 0, 0), 0),
    new Plane(new Vector3(0, -1, 0), 0),
    new Plane(new Vector3(0, 1, 0), 0),
  ];
  #state: SceneState | null = null;
  #truth: SceneTruth | null = null;
  #drawnFor = '';
  #dirty = true;

  constructor() {
    this.root.clippingPlanes = this.#planes;
    this.root.visible = false;
    this.#under.mesh.renderOrder = 10;
    this.#ground.mesh.renderOrder = 11;
    this.#over.mesh.renderOrder = 12;
    this.root.add(this.#under.mesh, this.#ground.mesh, this.#over.mesh);
  }

  /** What is shown from now on; truth is drawn beside it where there is one. */
  show(state: SceneState | null, truth: SceneTruth | null): void {
    this.#state = state;
    this.#truth = truth;
    this.#dirty = true;
    this.#ground.camera(state);
  }

  /** Puts the view on its place, or away; to be called before each drawing. */
  arrange(placement: BirdPlacement | null, paint: GroundPaint): void {
    this.root.visible = placement !== null;
    if (!placement) return;
    const { rect, picture } = placement;
    const left = (rect.x - picture.x) / picture.width;
    const right = (rect.x + rect.width - picture.x) / picture.width;
    const top = (rect.y - picture.y) / picture.height;
    const bottom = (rect.y + rect.height - picture.y) / picture.height;
    this.#planes[0]!.constant = -left;
    this.#planes[1]!.constant = right;
    // World y is minus picture y.
    this.#planes[2]!.constant = -top;
    this.#planes[3]!.constant = bottom;
    const metre = (bottom - top) / (AHEAD + BEHIND);
    const across = (metre * picture.height) / picture.width;
    const half = (right - left) / 2 / across;
    this.root.position.set((left + right) / 2, -(bottom - BEHIND * metre), 0);
    this.root.scale.set(across, metre, 1);
    this.#ground.paint(paint, half);
    const pixel = (AHEAD + BEHIND) / rect.height;
    const key = `${rect.height} ${half}`;
    if (!this.#dirty && key === this.#drawnFor) return;
    this.#dirty = false;
    this.#drawnFor = key;
    this.#draw(pixel * Math.max(0.6, rect.height / UNIT_HEIGHT), half);
  }

  dispose(): void {
    this.#under.dispose();
    this.#over.dispose();
    this.#ground.dispose();
  }

  /** @param unit metres of a line one unit wide @param half half the width shown, metres */
  #draw(unit: number, half: number): void {
    const under = this.#under;
    const over = this.#over;
    for (const sketch of [under, over]) {
      // Letters grow downwards: the sheet is turned, and z is drawn as minus y.
      sketch.mesh.scale.y = -1;
      sketch.feather = 1.2 * unit;
      sketch.begin();
    }
    under.rectangle(-half, -AHEAD, 2 * half, AHEAD + BEHIND, PLATE);
    drawRings(over, unit, half);
    const state = this.#state;
    if (state) {
      if (this.#truth) drawTruth(over, this.#truth, state, unit);
      drawEdges(over, state, unit);
      drawProfile(over, state, unit);
      drawFree(over, state, unit);
      drawObstacles(over, state, unit, half);
    }
    drawOwn(over, unit);
    over.frame(-half, -AHEAD, 2 * half, AHEAD + BEHIND, 1.2 * unit, [1, 1, 1, 0.22]);
    under.end();
    over.end();
  }
}

const at = ({ x, z }: { x: number; z: number }): SketchPoint => ({ x, y: -z });

function drawRings(sketch: Sketch, unit: number, half: number): void {
  for (const radius of RINGS) {
    const reach = Math.min(1.2, Math.asin(Math.min(1, half / radius)));
    const arc = Array.from({ length: 33 }, (_, i) => {
      const angle = ((i - 16) / 16) * reach;
      return at({ x: radius * Math.sin(angle), z: radius * Math.cos(angle) });
    });
    sketch.line(arc, unit, RING);
    sketch.label(`${radius} m`, -half + unit * 4, -radius * Math.cos(reach), 11 * unit, TEXT, 0);
  }
}

function drawEdges(sketch: Sketch, { boundary }: SceneState, unit: number): void {
  for (const { kind, points } of boundary.segments) {
    if (!isRoadEdge(kind)) continue;
    let run: SketchPoint[] = [];
    for (const { ground, confidence } of [...points, { ground: null, confidence: 0 }]) {
      if (ground && ground.z > 0 && ground.z < AHEAD) {
        run.push({ ...at(ground), alpha: (0.25 + 0.75 * confidence) * fadeAt(ground.z) });
        continue;
      }
      sketch.line(run, 2.6 * unit, EDGE);
      run = [];
    }
  }
}

/** Lines fade less than the ground does: they say themselves how sure they are. */
function fadeAt(z: number): number {
  return Math.max(0.25, 1 - z / (AHEAD * 1.2));
}

function drawFree(sketch: Sketch, { path, freeSpace }: SceneState, unit: number): void {
  const { ahead } = freeSpace;
  if (!ahead) return;
  const colour = isObstacle(ahead.end) ? AMBER : FREE;
  const end = Math.min(AHEAD, ahead.distance);
  const lines = [-CAR.half, CAR.half].map((side) =>
    Array.from({ length: 17 }, (_, i) => {
      const z = (i / 16) * end;
      return { ...at({ x: pathAt(path, z) + side, z }), alpha: 0.8 - 0.5 * (i / 16) };
    }),
  );
  for (const line of lines) sketch.line(line, 1.2 * unit, colour);
  // The last reach is where the ground may end: one standard deviation before and behind.
  const [near, far] = [Math.max(0, end - ahead.sigma), Math.min(AHEAD, end + ahead.sigma)];
  const rim = (z: number, side: number) => at({ x: pathAt(path, z) + side * CAR.half, z });
  sketch.band(
    [rim(near, -1), rim(far, -1)],
    [rim(near, 1), rim(far, 1)],
    [colour[0], colour[1], colour[2], 0.28],
  );
  sketch.line([rim(end, -1), rim(end, 1)], 2.6 * unit, colour);
}

/** The polar profile: how far the ground is free at each bearing, as an arc at the end of each ray. */
function drawProfile(sketch: Sketch, { freeSpace }: SceneState, unit: number): void {
  for (const { bearing, from, distance, end } of freeSpace.rays) {
    if (distance <= from || distance * Math.cos(bearing) > AHEAD) continue;
    const alpha = fadeAt(distance);
    const arc = [-HALF_RAY, HALF_RAY].map((off) => ({
      ...at({ x: distance * Math.sin(bearing + off), z: distance * Math.cos(bearing + off) }),
      alpha,
    }));
    sketch.line(arc, 2 * unit, isObstacle(end) ? AMBER : FREE);
  }
}

function drawObstacles(sketch: Sketch, state: SceneState, unit: number, half: number): void {
  const camera = new CameraModel(state.camera, state.width, state.height);
  for (const { ground, box, classId, inPath, distance } of state.obstacles) {
    if (!ground || ground.z <= 0 || ground.z > AHEAD) continue;
    const colour = inPath ? AMBER : OTHER;
    const width = Math.min(8, Math.max(0.5, (box.width / camera.focal) * ground.z));
    const length = LENGTHS[classId] ?? 1;
    sketch.rectangle(ground.x - width / 2, -ground.z - length, width, length, [
      colour[0],
      colour[1],
      colour[2],
      0.25,
    ]);
    sketch.frame(ground.x - width / 2, -ground.z - length, width, length, 1.4 * unit, colour);
    const text = `${distance === null ? '' : distance.toFixed(0)} m`;
    const bounds = [-half, half] as const;
    sketch.label(text, ground.x, -ground.z + 8 * unit, 11 * unit, colour, 0.5, bounds);
  }
}

function drawTruth(sketch: Sketch, truth: SceneTruth, state: SceneState, unit: number): void {
  const turned = (points: SceneTruth['leftKerb']) =>
    points
      .map((point) => inVehicleFrame(point, state.camera.yaw))
      .filter(({ z }) => z > -BEHIND && z < AHEAD)
      .map(at);
  for (const kerb of [truth.leftKerb, truth.rightKerb]) sketch.dashes(turned(kerb), 1.4 * unit, TRUTH, 0.8);
  for (const obstacle of truth.obstacles) {
    const { x, z } = inVehicleFrame(obstacle.at, state.camera.yaw);
    if (z < 0 || z > AHEAD) continue;
    const yaw = (obstacle.yawDeg * Math.PI) / 180 + state.camera.yaw;
    const [sin, cos] = [Math.sin(yaw), Math.cos(yaw)];
    const [l, w] = [obstacle.length / 2, obstacle.width / 2];
    const corners = [
      [-w, -l],
      [w, -l],
      [w, l],
      [-w, l],
      [-w, -l],
    ].map(([right, ahead]) => at({ x: x + right! * cos + ahead! * sin, z: z - right! * sin + ahead! * cos }));
    sketch.line(corners, unit, TRUTH);
  }
}

function drawOwn(sketch: Sketch, unit: number): void {
  const { half, length } = CAR;
  sketch.rectangle(-half, 0, 2 * half, length, [OWN[0], OWN[1], OWN[2], 0.35]);
  sketch.frame(-half, 0, 2 * half, length, 1.4 * unit, OWN);
}
