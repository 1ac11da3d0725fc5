/**
 * What a perfect observer would know of a moment: how the camera is mounted, where the lane goes, and where everybody
 * is. Metres and degrees, in the ground's axes under the camera: `ahead` along its line of sight, `right` across it.
 */
import type { GeometryTruth } from '../media/timed-frame';
import { ownId } from '../taxonomy/classes';
import type { Course } from './course/course';
import { laneCentre } from './course/style';
import { PERSON_SIZE, VEHICLE_SIZE } from './street/items';
import { layoutSection } from './street/layout';
import { actorsAt } from './traffic/actors';
import { EGO_LANE, egoAt } from './traffic/ego';

/** A point on the ground, relative to the camera. */
export interface GroundPoint {
  readonly right: number;
  readonly ahead: number;
}

/** The camera and the road it looks at. */
export interface CameraTruth {
  /** Above the road under the camera. */
  readonly height: number;
  /** Downward tilt against the road's surface. */
  readonly pitchDeg: number;
  readonly rollDeg: number;
  /** Horizontal field of view of the rectilinear picture, before the lens bends it. */
  readonly fovDeg: number;
  /** Barrel distortion: see `CameraMount`. */
  readonly barrel: number;
  readonly speed: number;
  /** Middle of the camera's lane, every two metres from 0 to 80 ahead. */
  readonly egoPath: readonly GroundPoint[];
  /** Kerbs on both sides at the same places. */
  readonly leftKerb: readonly GroundPoint[];
  readonly rightKerb: readonly GroundPoint[];
}

/** Somebody or something that must not be hit. */
export interface ObstacleTruth {
  readonly id: string;
  /** Class id of the taxonomy: person, cyclist or vehicle. */
  readonly classId: number;
  /** Middle of its footprint. */
  readonly at: GroundPoint;
  /** Clockwise from the camera's line of sight. */
  readonly yawDeg: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly moving: boolean;
}

/** What travels with a live frame: the parts that a scene can be held against. */
export function geometryTruth(course: Course, seconds: number): GeometryTruth {
  const { style } = course;
  const ego = egoAt(course, seconds);
  const seen = observer(course, seconds);
  const along = (u: number): GroundPoint[] =>
    Array.from({ length: LIVE_RANGE / LIVE_STEP + 1 }, (_, i) => seen(ego.s + i * LIVE_STEP, u));
  return {
    pitchDeg: (ego.pitch * 180) / Math.PI,
    height: ego.height,
    leftKerb: along(-style.kerbLeft),
    rightKerb: along(style.kerbRight),
    obstacles: obstacleTruth(course, seconds, LIVE_RANGE),
  };
}

/** As far as the bird's-eye view shows anything, and steps that streets do not bend within. Metres. */
const LIVE_RANGE = 60;
const LIVE_STEP = 5;

const CLASS_OF = { person: ownId('person'), cyclist: ownId('cyclist'), vehicle: ownId('vehicle') };
/** Length, width and height of a cyclist with bicycle. */
const CYCLIST_SIZE = [1.75, 0.6, 1.75] as const;
const PATH_STEP = 2;
const PATH_LENGTH = 80;

/** Layouts of the sections last asked for: live frames ask for the same few, 25 times a second. */
const layouts = new WeakMap<Course, Map<number, ReturnType<typeof layoutSection>>>();
/** Sections within sight, and a few to spare. */
const LAYOUTS_MAX = 8;

function layoutOf(course: Course, index: number): ReturnType<typeof layoutSection> {
  const kept = layouts.get(course) ?? new Map<number, ReturnType<typeof layoutSection>>();
  layouts.set(course, kept);
  let layout = kept.get(index);
  if (!layout) {
    layout = layoutSection(course, course.section(index));
    kept.set(index, layout);
    for (const oldest of kept.keys()) {
      if (kept.size <= LAYOUTS_MAX) break;
      kept.delete(oldest);
    }
  }
  return layout;
}

/** Turns street coordinates into the camera's. */
function observer(course: Course, seconds: number): (s: number, u: number) => GroundPoint {
  const ego = egoAt(course, seconds);
  const [x0, , z0] = course.point(ego.s, ego.u);
  const heading = course.pose(ego.s).heading + ego.yaw;
  const [sin, cos] = [Math.sin(heading), Math.cos(heading)];
  return (s, u) => {
    const [x, , z] = course.point(s, u);
    return { right: (x - x0) * cos + (z - z0) * sin, ahead: (x - x0) * sin - (z - z0) * cos };
  };
}

/** The camera at `seconds`. */
export function cameraTruth(course: Course, seconds: number): CameraTruth {
  const { style } = course;
  const ego = egoAt(course, seconds);
  const seen = observer(course, seconds);
  const along = (u: number): GroundPoint[] =>
    Array.from({ length: PATH_LENGTH / PATH_STEP + 1 }, (_, i) => seen(ego.s + i * PATH_STEP, u));
  const degrees = 180 / Math.PI;
  return {
    height: ego.height,
    pitchDeg: ego.pitch * degrees,
    rollDeg: ego.roll * degrees,
    fovDeg: style.camera.fovDeg,
    barrel: style.camera.barrel,
    speed: ego.speed,
    egoPath: along(laneCentre(style, 1, EGO_LANE)),
    leftKerb: along(-style.kerbLeft),
    rightKerb: along(style.kerbRight),
  };
}

/**
 * Everybody between the camera and `range` metres along the street ahead of it, nearest first; hidden ones too.
 */
export function obstacleTruth(course: Course, seconds: number, range = 80): ObstacleTruth[] {
  const ego = egoAt(course, seconds);
  const seen = observer(course, seconds);
  const turned = (s: number, yaw: number): number => {
    const heading = course.pose(s).heading - course.pose(ego.s).heading - ego.yaw + yaw;
    return (Math.atan2(Math.sin(heading), Math.cos(heading)) * 180) / Math.PI;
  };
  const found: ObstacleTruth[] = [];
  const add = (
    id: string,
    kind: keyof typeof CLASS_OF,
    place: { readonly s: number; readonly u: number; readonly yaw: number },
    [length, width, height]: readonly [number, number, number],
    moving: boolean,
  ): void => {
    const { s, u, yaw } = place;
    if (s < ego.s || s > ego.s + range) return;
    found.push({
      id,
      classId: CLASS_OF[kind],
      at: seen(s, u),
      yawDeg: turned(s, yaw),
      length,
      width,
      height,
      moving,
    });
  };
  for (const actor of actorsAt(course, seconds, ego.s, ego.s + range)) {
    const size =
      actor.kind === 'vehicle'
        ? VEHICLE_SIZE[actor.vehicle ?? 'saloon']
        : actor.kind === 'cyclist'
          ? CYCLIST_SIZE
          : PERSON_SIZE;
    add(actor.id, actor.kind, actor, size, actor.speed > 0);
  }
  const last = course.sectionAt(ego.s + range).index;
  for (let index = course.sectionAt(ego.s).index; index <= last; index++) {
    const layout = layoutOf(course, index);
    for (const [i, vehicle] of layout.vehicles.entries())
      add(`parked:${index}:${i}`, 'vehicle', vehicle, VEHICLE_SIZE[vehicle.kind], false);
    for (const [i, person] of layout.people.entries())
      add(`standing:${index}:${i}`, 'person', person, PERSON_SIZE, false);
  }
  return found.sort((a, b) => Math.hypot(a.at.right, a.at.ahead) - Math.hypot(b.at.right, b.at.ahead));
}
