/** The lights that matter at a moment in the dark: lamps and other cars near the camera, and the own headlights. */
import { Matrix3, Vector3, Vector4 } from 'three';
import type { Course } from '../course/course';
import type { Vec3 } from '../shapes/mesh-builder';
import type { EgoPose } from '../traffic/ego';
import type { Light } from './mood';

/** A lamp in the world. */
export interface Lamp {
  readonly at: Vec3;
  /** What it throws on a surface a metre away that faces it. */
  readonly strength: number;
}

/** Colour of street lamps: sodium in most towns, white in others. */
const SODIUM: Vec3 = [1.0, 0.66, 0.36];
const WHITE: Vec3 = [0.95, 0.97, 1.0];

/** Radiance of the own headlights on a surface before them. */
const BEAM: Vec3 = [1.45, 1.4, 1.28];

/** Own headlights: before the camera and below it, metres. */
const BEAM_AHEAD = 1.5;
const BEAM_HEIGHT = 0.66;

/** Uniforms of `night.glsl`. */
export interface LightUniforms {
  readonly uLampAt: { value: Vector4[] };
  readonly uLampColour: { value: Vector3 };
  readonly uBeamAt: { value: Vector3 };
  readonly uBeamAxes: { value: Matrix3 };
  readonly uBeamColour: { value: Vector3 };
}

/** @param count lamps that a shader looks at */
export function lightUniforms(count: number): LightUniforms {
  return {
    uLampAt: { value: Array.from({ length: count }, () => new Vector4()) },
    uLampColour: { value: new Vector3() },
    uBeamAt: { value: new Vector3() },
    uBeamAxes: { value: new Matrix3() },
    uBeamColour: { value: new Vector3() },
  };
}

/**
 * Sets the uniforms for a moment.
 * @param camera the camera's place in the world
 */
export function setLights(
  uniforms: LightUniforms,
  lamps: readonly Lamp[],
  camera: Vector3,
  course: Course,
  ego: EgoPose,
  light: Light,
): void {
  const near = lamps
    .map((lamp) => {
      const [x, y, z] = [lamp.at[0] - camera.x, lamp.at[1] - camera.y, lamp.at[2] - camera.z];
      return { x, y, z, strength: lamp.strength, seen: lamp.strength / (x * x + y * y + z * z + 40) };
    })
    .sort((a, b) => b.seen - a.seen);
  for (const [i, at] of uniforms.uLampAt.value.entries()) {
    const lamp = near[i];
    if (lamp) at.set(lamp.x, lamp.y, lamp.z, lamp.strength * light.dark);
    else at.set(0, 50, 0, 0);
  }
  uniforms.uLampColour.value.set(...(course.seed % 3 === 0 ? WHITE : SODIUM));
  const pose = course.pose(ego.s);
  const heading = pose.heading + ego.yaw;
  const [sin, cos] = [Math.sin(heading), Math.cos(heading)];
  const ahead = new Vector3(sin, pose.slope, -cos).normalize();
  const right = new Vector3(cos, 0, sin);
  const up = new Vector3().crossVectors(right, ahead);
  uniforms.uBeamAt.value
    .copy(ahead)
    .multiplyScalar(BEAM_AHEAD)
    .addScaledVector(up, BEAM_HEIGHT - ego.height);
  uniforms.uBeamAxes.value.set(right.x, right.y, right.z, up.x, up.y, up.z, ahead.x, ahead.y, ahead.z);
  uniforms.uBeamColour.value.set(...BEAM).multiplyScalar(light.dark);
}
