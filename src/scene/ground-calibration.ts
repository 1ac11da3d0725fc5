/**
 * How the camera stands, found by itself: pitch and yaw from the vanishing point of road edges and lane markings,
 * roll from poles, all steadied over time. Height and field of view cannot be seen in a vanishing point; the heights
 * of vehicles, which are known well enough, check the camera's height and say so when it cannot be right.
 */
import { classIdOf } from '../taxonomy/classes';
import { CameraModel, type CameraParameters, type CameraUncertainty, type PixelPoint } from './camera-model';
import type { EgoPath } from './ego-path';
import { USUAL_HEIGHT } from './obstacle-distance';
import type { TrackedObstacle } from './obstacle-tracker';
import type { RoadLines, SeenLine } from './road-lines';
import { type AngleEstimate, SteadyAngle } from './steady-angle';
import { findVanishingPoint } from './vanishing-point';

/**
 * `by-hand`: not looked for. `prior`: nothing found yet, the preset stands. `converging`: found, not yet sure. `converged`: to half a degree.
 * `doubtful`: watched for a while and found nothing, or what was found contradicts the vehicles' heights.
 */
type CalibrationState = 'by-hand' | 'prior' | 'converging' | 'converged' | 'doubtful';

/** What is known of the camera. */
export interface GroundEstimate {
  /** The camera to use: height and field of view as given, angles as found. */
  readonly parameters: CameraParameters;
  readonly pitch: AngleEstimate;
  readonly yaw: AngleEstimate;
  readonly roll: AngleEstimate;
  readonly state: CalibrationState;
  /** 0 (a guess) to 1. */
  readonly confidence: number;
  readonly uncertainty: CameraUncertainty;
  /** Median height the vehicles would have with this camera, metres, and of how many; null before the first. */
  readonly vehicles: { readonly height: number; readonly count: number } | null;
}

/** Where a preset leaves the angles, one standard deviation, radians: people aim cameras to some 3 degrees. */
const PRIOR_SIGMA = { pitch: 0.05, yaw: 0.05, roll: 0.035 } as const;
/** Share by which a given height is off, one standard deviation: nobody measures it. */
const HEIGHT_SHARE = 0.1;
/** Seconds between looks. */
const EVERY = 0.12;
/** Farther off than this from straight ahead, no camera looks at the road. Radians. */
const WIDEST = 0.45;
/**
 * What a bend does to the angles, radians per 1/m of curvature (on roads rendered for the purpose), and the share of
 * it that is left after it was taken out. Straight stretches thereby count most.
 */
const BEND_PITCH = 0.9;
const BEND_YAW = 9;
const BEND_LEFT = 0.3;
/**
 * Where the road's curvature is not known this well, 1/m, its lines say nothing: junctions, one short edge. Not less: to
 * a camera believed to look down too far all road lies within metres, where no bend can be told.
 */
const BEND_KNOWN = 0.008;
/** A pole leaning more than this is none, or the camera is not in a vehicle. Radians. */
const LEANING = 0.3;
/** From this standard deviation on, a pitch is found. Radians (half a degree). */
const CONVERGED = 0.009;
/** Without lines for this long, something is wrong with the picture. Seconds. */
const PATIENCE = 6;
/** Share of frames with a vanishing point below which it is chance. */
const SEEN_SHARE = 0.1;
/** Time constant of that share, seconds. */
const SHARE_TIME = 4;
/** Cars that must agree before their heights say anything, and how many are remembered. */
const FEWEST_VEHICLES = 6;
const MOST_VEHICLES = 40;
/** Ratio of known to seen heights outside of which the camera's height, or pitch, cannot be right. */
const HEIGHT_RATIO = [0.6, 1.7] as const;
/** Between these distances a vehicle's height can be read, metres: nearer it is cut off, farther it is two cells. */
const READABLE = [6, 30] as const;

const VEHICLE = classIdOf('vehicle')!;

/** How well a person sets angles with the horizon drawn: half a degree. Radians. */
const HAND_SIGMA = 0.009;

/** What is known of a camera that was set by hand and is not to be looked for. */
export function estimateByHand(parameters: CameraParameters): GroundEstimate {
  const angle = (value: number): AngleEstimate => ({ value, sigma: HAND_SIGMA, looks: 0 });
  return {
    parameters,
    pitch: angle(parameters.pitch),
    yaw: angle(parameters.yaw),
    roll: angle(parameters.roll),
    state: 'by-hand',
    confidence: 1 - HAND_SIGMA / PRIOR_SIGMA.pitch,
    uncertainty: { pitch: HAND_SIGMA, height: parameters.height * HEIGHT_SHARE },
    vehicles: null,
  };
}

/** Finds the camera of one source. */
export class GroundCalibration {
  readonly #pitch: SteadyAngle;
  readonly #yaw: SteadyAngle;
  readonly #roll: SteadyAngle;
  readonly #focal: number;
  readonly #heights = new Map<number, number>();
  #seenShare = 0;
  #watched = 0;
  #last: number | null = null;

  /**
   * @param base where to start: a preset, or what a person set
   * @param width picture width in pixels
   * @param height picture height in pixels
   * @throws CarriagewayError `camera-model-invalid`
   */
  constructor(
    private readonly base: CameraParameters,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.#focal = new CameraModel(base, width, height).focal;
    this.#pitch = new SteadyAngle(base.pitch, PRIOR_SIGMA.pitch);
    this.#yaw = new SteadyAngle(base.yaw, PRIOR_SIGMA.yaw);
    this.#roll = new SteadyAngle(base.roll, PRIOR_SIGMA.roll);
  }

  /** What is known now. */
  get estimate(): GroundEstimate {
    const pitch = this.#pitch.estimate;
    const yaw = this.#yaw.estimate;
    const roll = this.#roll.estimate;
    const vehicles = this.#vehicles();
    const ratio =
      vehicles && vehicles.count >= FEWEST_VEHICLES ? USUAL_HEIGHT.vehicle.metres / vehicles.height : 1;
    const contradicted = ratio < HEIGHT_RATIO[0] || ratio > HEIGHT_RATIO[1];
    const blind = this.#watched > PATIENCE && this.#seenShare < SEEN_SHARE;
    let state: CalibrationState = 'prior';
    if (contradicted || blind) state = 'doubtful';
    else if (this.#pitch.settled) state = pitch.sigma <= CONVERGED ? 'converged' : 'converging';
    const certainty = this.#pitch.settled ? Math.max(0, 1 - pitch.sigma / PRIOR_SIGMA.pitch) : 0;
    const heightShare = Math.max(HEIGHT_SHARE, Math.min(0.5, Math.abs(ratio - 1)));
    return {
      parameters: { ...this.base, pitch: pitch.value, yaw: yaw.value, roll: roll.value },
      pitch,
      yaw,
      roll,
      state,
      confidence: certainty * (state === 'doubtful' ? 0.4 : 1),
      uncertainty: { pitch: pitch.sigma, height: this.base.height * heightShare },
      vehicles,
    };
  }

  /** Whether a new frame would be looked at: neighbouring ones share their errors, so not all are worth the time. */
  wants(seconds: number): boolean {
    return this.#last === null || seconds - this.#last >= EVERY;
  }

  /**
   * Takes a frame's lines and obstacles.
   * @param path the road, whose bend was taken out of the lines
   * @param seconds a clock that never goes back
   */
  update(lines: RoadLines, path: EgoPath, obstacles: readonly TrackedObstacle[], seconds: number): void {
    const elapsed = this.#last === null ? 0 : seconds - this.#last;
    this.#last = seconds;
    this.#watched += elapsed;
    this.#lookAtPoles(lines.upright, seconds);
    const found = this.#lookAtRoad(lines.along, path, seconds);
    const keep = Math.exp(-elapsed / SHARE_TIME);
    this.#seenShare = keep * this.#seenShare + (1 - keep) * (found ? 1 : 0);
    if (this.#pitch.settled) this.#measureVehicles(obstacles);
  }

  #lookAtRoad(along: readonly SeenLine[], path: EgoPath, seconds: number): boolean {
    if (path.curvatureSigma > BEND_KNOWN) return false;
    const roll = this.#roll.estimate.value;
    const anglesOf = (point: PixelPoint) => {
      const { x, y } = this.#level(point, roll);
      const pitch = Math.atan2(-y, this.#focal);
      return { pitch, yaw: Math.atan2(-x * Math.cos(pitch), this.#focal) };
    };
    const plausible = (point: PixelPoint) => {
      const { pitch, yaw } = anglesOf(point);
      return Math.abs(pitch) < WIDEST && Math.abs(yaw) < WIDEST;
    };
    const point = findVanishingPoint(along, plausible);
    // Farther off than the prior, a single look is worth nothing.
    if (!point || point.sigmaY / this.#focal > PRIOR_SIGMA.pitch) return false;
    const { pitch, yaw } = anglesOf(point);
    const bend = Math.hypot(path.curvatureSigma, BEND_LEFT * path.curvature);
    this.#pitch.look(pitch, Math.hypot(point.sigmaY / this.#focal, BEND_PITCH * bend), seconds);
    this.#yaw.look(yaw, Math.hypot(point.sigmaX / this.#focal, BEND_YAW * bend), seconds);
    return true;
  }

  /**
   * Poles hang plumb: moving down one at a picture point (u, v) of a level camera pitched by θ moves the picture
   * point by (−u·sin θ / f, cos θ − v·sin θ / f). What a pole leans beyond that is the camera's roll.
   */
  #lookAtPoles(upright: readonly SeenLine[], seconds: number): void {
    const { value: pitch } = this.#pitch.estimate;
    const { value: roll } = this.#roll.estimate;
    let [total, sum] = [0, 0];
    for (const { middle, direction, sigma } of upright) {
      const { x, y } = this.#level(middle, roll);
      const plumb = Math.atan2(
        (-x * Math.sin(pitch)) / this.#focal,
        Math.cos(pitch) - (y * Math.sin(pitch)) / this.#focal,
      );
      const lean = Math.atan2(direction.x, direction.y) - plumb;
      if (Math.abs(lean - roll) > LEANING) continue;
      total += 1 / sigma ** 2;
      sum += lean / sigma ** 2;
    }
    if (total > 0) this.#roll.look(sum / total, Math.sqrt(1 / total), seconds);
  }

  /** Picture coordinates from the middle, as a camera without roll would have them. */
  #level(point: PixelPoint, roll: number): PixelPoint {
    const [u, v] = [point.x - this.width / 2, point.y - this.height / 2];
    const [sine, cosine] = [Math.sin(roll), Math.cos(roll)];
    return { x: cosine * u - sine * v, y: sine * u + cosine * v };
  }

  /** With the horizon at y = 0, a thing on the ground is height · (1 − top / contact) high, whatever its distance. */
  #measureVehicles(obstacles: readonly TrackedObstacle[]): void {
    const camera = new CameraModel(this.estimate.parameters, this.width, this.height);
    const { a, b, c } = camera.horizon();
    for (const { id, classId, unseen, contactSeen, box, ground } of obstacles) {
      if (classId !== VEHICLE || unseen > 0 || !contactSeen || !ground || box.y <= 0) continue;
      if (ground.z < READABLE[0] || ground.z > READABLE[1]) continue;
      const x = box.x + box.width / 2;
      const contact = a * x + b * (box.y + box.height) + c;
      const top = a * x + b * box.y + c;
      // Again, so that the oldest are the ones forgotten.
      this.#heights.delete(id);
      this.#heights.set(id, this.base.height * (1 - top / contact));
    }
    for (const id of this.#heights.keys()) {
      if (this.#heights.size <= MOST_VEHICLES) break;
      this.#heights.delete(id);
    }
  }

  #vehicles(): GroundEstimate['vehicles'] {
    const heights = [...this.#heights.values()].sort((a, b) => a - b);
    if (heights.length === 0) return null;
    return { height: heights[Math.floor(heights.length / 2)]!, count: heights.length };
  }
}
