/**
 * The camera over the road: a pinhole at a known height above flat ground.
 *
 * Frames and signs, used by the whole room:
 * - *vehicle frame*: metres on the ground, x to the right, z forward along the direction of travel, origin on the
 *   ground under the camera;
 * - *picture*: pixels of the upright picture, x to the right, y down, (0, 0) the top left corner of the top left
 *   pixel, so that the middle is (width / 2, height / 2);
 * - pitch > 0 looks down, yaw > 0 looks to the right of the direction of travel, roll > 0 leans the camera clockwise
 *   as seen from behind it (its right side goes down, the picture's horizon turns anticlockwise).
 */
import { CarriagewayError } from '../errors';

/** How a camera stands: what is saved per source, and what sliders edit. Angles in radians. */
export interface CameraParameters {
  /** Metres above the ground. */
  readonly height: number;
  readonly pitch: number;
  readonly yaw: number;
  readonly roll: number;
  /** Horizontal field of view of the upright picture, across its width. */
  readonly hfov: number;
}

/** A point of the ground in the vehicle frame, metres. */
export interface GroundPoint {
  readonly x: number;
  readonly z: number;
}

/** A point of the picture, pixels. */
export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** The horizon as a line: `a·x + b·y + c` is the signed distance in pixels, positive on the side of the ground. */
export interface HorizonLine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** One standard deviation of what the camera model rests on. */
export interface CameraUncertainty {
  /** Radians. */
  readonly pitch: number;
  /** Metres. */
  readonly height: number;
}

/** Limits of what is taken for a camera over a road; wider than any sensible mount, narrower than nonsense. */
export const CAMERA_LIMITS = {
  /** From a kart to a mast over a crossing. */
  height: [0.2, 12],
  /** Steeper than this, no road ahead is in the picture. */
  pitch: [-0.9, 0.9],
  yaw: [-0.9, 0.9],
  /** A full turn: a camera may hang upside down. */
  roll: [-Math.PI, Math.PI],
  /** 8 degrees is a long lens; above 150 a pinhole no longer describes the lens. */
  hfov: [0.14, 2.6],
} as const satisfies Record<keyof CameraParameters, readonly [number, number]>;

/**
 * Checks camera parameters.
 * @throws CarriagewayError `camera-model-invalid`; the detail names the first wrong field and its range
 */
export function checkCamera(parameters: CameraParameters): CameraParameters {
  for (const [field, [low, high]] of Object.entries(CAMERA_LIMITS)) {
    const value = parameters[field as keyof CameraParameters];
    if (!(value >= low && value <= high))
      throw new CarriagewayError(
        'camera-model-invalid',
        `${field} is ${value}, must be from ${low} to ${high}`,
      );
  }
  return parameters;
}

/** Rays flatter than this against the ground (sine of the angle) never meet it: 0.0001 is 14 km at 1.4 m. */
const GRAZING = 1e-4;

/** A checked camera with its picture size: maps between picture and ground. Immutable. */
export class CameraModel {
  readonly parameters: CameraParameters;
  readonly width: number;
  readonly height: number;
  /** Focal length in pixels; pixels are square. */
  readonly focal: number;
  // Rows of the rotation from the vehicle frame (x right, y up, z forward) to the camera (right, down, forward).
  readonly #right: readonly [number, number, number];
  readonly #down: readonly [number, number, number];
  readonly #forward: readonly [number, number, number];

  /**
   * @param parameters how the camera stands
   * @param width picture width in pixels
   * @param height picture height in pixels
   * @throws CarriagewayError `camera-model-invalid` for parameters out of range or an empty picture
   */
  constructor(parameters: CameraParameters, width: number, height: number) {
    this.parameters = checkCamera(parameters);
    if (!(width > 0 && height > 0 && Number.isFinite(width) && Number.isFinite(height)))
      throw new CarriagewayError('camera-model-invalid', `picture of ${width}×${height} pixels`);
    this.width = width;
    this.height = height;
    this.focal = width / 2 / Math.tan(parameters.hfov / 2);
    const { pitch, yaw, roll } = parameters;
    const [sp, cp] = [Math.sin(pitch), Math.cos(pitch)];
    const [sy, cy] = [Math.sin(yaw), Math.cos(yaw)];
    const [sr, cr] = [Math.sin(roll), Math.cos(roll)];
    const level = [cy, 0, -sy] as const;
    const below = [-sy * sp, -cp, -cy * sp] as const;
    this.#forward = [sy * cp, -sp, cy * cp];
    this.#right = [
      cr * level[0] + sr * below[0],
      cr * level[1] + sr * below[1],
      cr * level[2] + sr * below[2],
    ];
    this.#down = [
      -sr * level[0] + cr * below[0],
      -sr * level[1] + cr * below[1],
      -sr * level[2] + cr * below[2],
    ];
  }

  /**
   * Where a point of the vehicle frame appears.
   * @param elevation metres above the ground
   * @returns pixels, possibly outside the picture; null when the point is not in front of the camera
   */
  groundToImage(point: GroundPoint, elevation = 0): PixelPoint | null {
    const y = elevation - this.parameters.height;
    const depth = point.x * this.#forward[0] + y * this.#forward[1] + point.z * this.#forward[2];
    if (depth < 1e-6) return null;
    const scale = this.focal / depth;
    const across = point.x * this.#right[0] + y * this.#right[1] + point.z * this.#right[2];
    const along = point.x * this.#down[0] + y * this.#down[1] + point.z * this.#down[2];
    return { x: this.width / 2 + across * scale, y: this.height / 2 + along * scale };
  }

  /**
   * The flat ground's homography, row-major: (x, z, 1) in metres to (u·w, v·w, w), with (u, v) pixels and w the depth
   * in metres; points with w ≤ 0 are behind the camera.
   */
  groundHomography(): readonly [number, number, number, number, number, number, number, number, number] {
    const h = this.parameters.height;
    const row = (axis: readonly [number, number, number]) => [axis[0], axis[2], -h * axis[1]] as const;
    const [right, down, forward] = [row(this.#right), row(this.#down), row(this.#forward)];
    const [cx, cy, f] = [this.width / 2, this.height / 2, this.focal];
    return [
      cx * forward[0] + f * right[0],
      cx * forward[1] + f * right[1],
      cx * forward[2] + f * right[2],
      cy * forward[0] + f * down[0],
      cy * forward[1] + f * down[1],
      cy * forward[2] + f * down[2],
      ...forward,
    ];
  }

  /** Direction of the ray through a pixel: x right, y up, z forward; not of unit length. */
  ray(pixel: PixelPoint): { x: number; y: number; z: number } {
    const u = (pixel.x - this.width / 2) / this.focal;
    const v = (pixel.y - this.height / 2) / this.focal;
    return {
      x: u * this.#right[0] + v * this.#down[0] + this.#forward[0],
      y: u * this.#right[1] + v * this.#down[1] + this.#forward[1],
      z: u * this.#right[2] + v * this.#down[2] + this.#forward[2],
    };
  }

  /**
   * The ground under a pixel: the inverse of the flat-ground homography.
   * @returns metres; null for pixels on or above the horizon
   */
  imageToGround(pixel: PixelPoint): GroundPoint | null {
    const { x, y, z } = this.ray(pixel);
    if (y >= -GRAZING) return null;
    const scale = -this.parameters.height / y;
    return { x: scale * x, z: scale * z };
  }

  /** The horizon. The limits on pitch keep it a line: only straight up or down would have none. */
  horizon(): HorizonLine {
    const a = -this.#right[1];
    const b = -this.#down[1];
    const c = -this.#forward[1] * this.focal - (a * this.width + b * this.height) / 2;
    const norm = Math.hypot(a, b);
    return { a: a / norm, b: b / norm, c: c / norm };
  }

  /** The point every line along the direction of travel runs to; null when it lies behind the camera. */
  vanishingPoint(): PixelPoint | null {
    if (this.#forward[2] < 1e-6) return null;
    return {
      x: this.width / 2 + (this.focal * this.#right[2]) / this.#forward[2],
      y: this.height / 2 + (this.focal * this.#down[2]) / this.#forward[2],
    };
  }

  /**
   * One standard deviation of a ground distance, first order: with the ray's angle below the horizon α,
   * z = h / tan α, hence ∂z/∂α = −(z² + h²) / h and ∂z/∂h = z / h.
   * @param distance metres along the ground
   * @param pixels standard deviation of where the contact was seen, pixels
   */
  distanceUncertainty(distance: number, pixels: number, camera: CameraUncertainty): number {
    const h = this.parameters.height;
    const perRadian = (distance * distance + h * h) / h;
    return Math.hypot(
      perRadian * camera.pitch,
      perRadian * (pixels / this.focal),
      (distance / h) * camera.height,
    );
  }
}
