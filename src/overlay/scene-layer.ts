/**
 * The scene over the picture: the road's edges, what stands on it, and the ego path as far as it is free. Drawn in
 * pixels of the picture, from the same state that the panel and the events are made of.
 */
import type { Rect, Size } from '../media/size';
import { isRoadEdge } from '../scene/boundary';
import { CameraModel } from '../scene/camera-model';
import { pathAt } from '../scene/ego-path';
import { isKnown, isObstacle } from '../scene/free-space';
import type { TrackedObstacle } from '../scene/obstacle-tracker';
import type { RoadEdge } from '../scene/road-edges';
import type { SceneState } from '../scene/scene';
import { type LabelWish, placeLabels, placesAround } from './label-places';
import type { Layers } from './layers';
import { type Ink, Sketch, type SketchPoint } from './sketch';
import type { SceneView } from './view';

/** Colours that stand out from asphalt, from every class colour and from each other, also without hue. */
const EDGE: Ink = [1, 1, 1, 0.95];
const CASING: Ink = [0, 0, 0, 0.45];
const HIDDEN: Ink = [1, 1, 1, 0.55];
const BESIDE: Ink = [0.93, 0.96, 0.97, 0.8];
/** Amber: what stands in the way. */
const IN_PATH: Ink = [1, 0.72, 0.3, 1];
/** Light teal, as the drivable area: what is free. */
const FREE: Ink = [0.37, 0.86, 0.81, 1];
const HORIZON: Ink = [1, 0.86, 0.45, 0.9];

/** Half a car, metres: how wide the free path is drawn. */
const HALF_CAR = 0.9;
/** Points of the drawn path: even in 1 / distance, which is even in the picture. */
const PATH_POINTS = 24;
/** The short side of a picture on which a line of one unit is one pixel wide. */
const UNIT_SIDE = 360;
/** Seconds out of sight after which an obstacle is no longer drawn, though its id is still kept. */
const DRAWN_UNSEEN = 0.15;

/** A label of the scene that wants a place. */
interface SceneLabel extends LabelWish {
  readonly text: string;
  readonly colour: Ink;
  /** Metres. */
  readonly distance: number;
}

/** Draws scenes into the layers. Owns its mesh. */
export class SceneLayer {
  readonly #sketch = new Sketch();

  constructor(private readonly layers: Layers) {
    layers.add(this.#sketch.mesh);
  }

  /** Draws a state, or nothing. */
  show(state: SceneState | null, view: SceneView): void {
    const sketch = this.#sketch;
    sketch.begin();
    if (state) {
      const { width, height } = state;
      const unit = Math.min(width, height) / UNIT_SIDE;
      sketch.feather = 1.2 * unit;
      sketch.mesh.scale.set(1 / width, 1 / height, 1);
      const camera = new CameraModel(state.camera, width, height);
      const labels: SceneLabel[] = [];
      if (view.path) labels.push(...drawPath(sketch, state, camera, unit, view.point));
      if (view.boundary) drawBoundary(sketch, state, unit);
      const seen = view.obstacles ? state.obstacles.filter(({ unseen }) => unseen <= DRAWN_UNSEEN) : [];
      for (const obstacle of seen) drawObstacle(sketch, obstacle, unit);
      if (view.horizon) drawHorizon(sketch, camera, unit);
      const distances = seen.flatMap((obstacle) => distanceLabel(sketch, obstacle, unit, view.point));
      labels.push(...distances.sort(byWeight));
      drawLabels(
        sketch,
        labels,
        seen.map(({ box }) => box),
        state,
      );
    }
    sketch.end();
    this.layers.changed();
  }

  /**
   * Draws the road's edges alone.
   * @param aspect width of the picture over its height
   */
  showEdges(edges: readonly RoadEdge[], aspect: number): void {
    const sketch = this.#sketch;
    const [width, height] = aspect >= 1 ? [UNIT_SIDE * aspect, UNIT_SIDE] : [UNIT_SIDE, UNIT_SIDE / aspect];
    sketch.begin();
    sketch.feather = 1.2;
    sketch.mesh.scale.set(1 / width, 1 / height, 1);
    for (const { points } of edges) {
      const placed = points.map(({ x, y, confidence }) => ({ x: x * width, y: y * height, confidence }));
      drawEdge(sketch, placed, 1);
    }
    sketch.end();
    this.layers.changed();
  }

  dispose(): void {
    this.layers.remove(this.#sketch.mesh);
    this.#sketch.dispose();
  }
}

function drawBoundary(sketch: Sketch, { boundary }: SceneState, unit: number): void {
  for (const { kind, points } of boundary.segments) {
    if (kind === 'picture-edge' || kind === 'unseen') continue;
    if (!isRoadEdge(kind)) {
      sketch.dashes(points, 1.4 * unit, HIDDEN, 5 * unit);
      continue;
    }
    drawEdge(sketch, points, unit);
  }
}

function drawEdge(
  sketch: Sketch,
  points: readonly { readonly x: number; readonly y: number; readonly confidence: number }[],
  unit: number,
): void {
  const trusted = points.map(({ x, y, confidence }) => ({ x, y, alpha: 0.3 + 0.7 * confidence }));
  sketch.line(trusted, 4.4 * unit, CASING);
  sketch.line(trusted, 2.4 * unit, EDGE);
}

function drawObstacle(sketch: Sketch, obstacle: TrackedObstacle, unit: number): void {
  const { box, contact, inPath, contactSeen } = obstacle;
  const colour = inPath ? IN_PATH : BESIDE;
  const faint: Ink = [colour[0], colour[1], colour[2], colour[3] * 0.85];
  sketch.frame(box.x, box.y, box.width, box.height, 2.4 * unit, [0, 0, 0, 0.35]);
  sketch.frame(box.x, box.y, box.width, box.height, 1.1 * unit, faint);
  const first = contact[0];
  const last = contact.at(-1);
  if (first && last) {
    const foot =
      contact.length > 1
        ? contact
        : [
            { x: box.x, y: first.y },
            { x: box.x + box.width, y: last.y },
          ];
    sketch.line(foot, 4.6 * unit, CASING);
    if (contactSeen) sketch.line(foot, 2.8 * unit, colour);
    else sketch.dashes(foot, 2.8 * unit, colour, 3 * unit);
  }
}

/** The distance of an obstacle as a label around its box; none where it is not known. */
function distanceLabel(sketch: Sketch, obstacle: TrackedObstacle, unit: number, point: string): SceneLabel[] {
  const { box, inPath, distance, contactSeen } = obstacle;
  if (distance === null) return [];
  // A hidden foot makes the distance an upper bound.
  const text = `${contactSeen ? '' : '< '}${metres(distance, point)} m`;
  const size = sketch.labelSize(text, (inPath ? 13 : 11) * unit);
  const places = placesAround(box, size, 2 * unit);
  return [{ text, colour: inPath ? IN_PATH : BESIDE, distance, size, places, own: box, must: inPath }];
}

/** What stands in the path first, then what is nearest. */
function byWeight(a: SceneLabel, b: SceneLabel): number {
  return Number(b.must) - Number(a.must) || a.distance - b.distance;
}

/** Draws labels where there is room for them. @param labels heaviest first */
function drawLabels(
  sketch: Sketch,
  labels: readonly SceneLabel[],
  boxes: readonly Rect[],
  picture: Size,
): void {
  for (const [i, plate] of placeLabels(labels, boxes, picture).entries()) {
    const label = labels[i];
    if (plate && label)
      sketch.label(label.text, plate.x, plate.y + plate.height / 2, plate.height, label.colour, 0);
  }
}

/** Draws the free path. @returns the label of its length, where that is known */
function drawPath(
  sketch: Sketch,
  state: SceneState,
  camera: CameraModel,
  unit: number,
  point: string,
): SceneLabel[] {
  const { path, freeSpace } = state;
  const ahead = freeSpace.ahead;
  if (!ahead || ahead.distance <= ahead.from) return [];
  const [left, right]: [SketchPoint[], SketchPoint[]] = [[], []];
  for (let i = 0; i <= PATH_POINTS; i++) {
    const z = 1 / (1 / ahead.from + (i / PATH_POINTS) * (1 / ahead.distance - 1 / ahead.from));
    const middle = pathAt(path, z);
    const a = camera.groundToImage({ x: middle - HALF_CAR, z });
    const b = camera.groundToImage({ x: middle + HALF_CAR, z });
    if (!a || !b) continue;
    const alpha = 1 - 0.6 * (i / PATH_POINTS);
    left.push({ ...a, alpha });
    right.push({ ...b, alpha });
  }
  const blocked = isObstacle(ahead.end);
  const colour = blocked ? IN_PATH : FREE;
  sketch.band(left, right, [colour[0], colour[1], colour[2], 0.2]);
  sketch.line(left, 1.2 * unit, [colour[0], colour[1], colour[2], 0.7]);
  sketch.line(right, 1.2 * unit, [colour[0], colour[1], colour[2], 0.7]);
  const [a, b] = [left.at(-1), right.at(-1)];
  if (!a || !b) return [];
  const bar = [
    { x: a.x, y: a.y },
    { x: b.x, y: b.y },
  ];
  sketch.line(bar, 5 * unit, CASING);
  sketch.line(bar, 3 * unit, colour);
  if (!isKnown(ahead)) return [];
  const text = `${ahead.end === 'range' ? '≥ ' : ''}${metres(ahead.distance, point)} ± ${metres(ahead.sigma, point)} m`;
  const size = sketch.labelSize(text, 14 * unit);
  // Below the bar: above it stands what ends the road.
  const ends = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y) };
  const under = {
    ...ends,
    width: Math.abs(b.x - a.x),
    height: Math.max(a.y, b.y) - ends.y,
  };
  const places = placesAround(under, size, 6 * unit).slice(1, 4);
  return [
    {
      text,
      colour,
      distance: ahead.distance,
      size,
      places,
      own: null,
      must: true,
    },
  ];
}

function drawHorizon(sketch: Sketch, camera: CameraModel, unit: number): void {
  const { a, b, c } = camera.horizon();
  // a·x + b·y + c = 0, walked along whichever axis it crosses.
  const ends =
    Math.abs(b) >= Math.abs(a)
      ? [0, camera.width].map((x) => ({ x, y: -(a * x + c) / b }))
      : [0, camera.height].map((y) => ({ x: -(b * y + c) / a, y }));
  sketch.dashes(ends, 1.6 * unit, HORIZON, 8 * unit);
  const vanishing = camera.vanishingPoint();
  if (!vanishing) return;
  const arm = 8 * unit;
  const { x, y } = vanishing;
  sketch.line(
    [
      { x: x - arm, y },
      { x: x + arm, y },
    ],
    2.4 * unit,
    HORIZON,
  );
  sketch.line(
    [
      { x, y: y - arm },
      { x, y: y + arm },
    ],
    2.4 * unit,
    HORIZON,
  );
}

/** Metres as they are read at a glance: one decimal below ten. @param point what stands before it */
function metres(value: number, point: string): string {
  return value < 9.95 ? value.toFixed(1).replace('.', point) : value.toFixed(0);
}
