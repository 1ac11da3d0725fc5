/** What the sun does not reach: the street's depth as the sun sees it, over the ground before the camera. */
import {
  DepthTexture,
  LessEqualCompare,
  LinearFilter,
  Matrix4,
  OrthographicCamera,
  type Scene,
  UnsignedIntType,
  Vector3,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three';
import type { Course } from '../course/course';
import type { Vec3 } from '../shapes/mesh-builder';
import type { EgoPose } from '../traffic/ego';
import { SHADOW_SIZE } from './materials';

/** Width and depth of the ground that casts and takes shadows, metres. */
const SHADOW_REACH = 92;

/** Owns the shadow map. */
export class SunShadow {
  readonly #sun = new OrthographicCamera();
  readonly #target = new WebGLRenderTarget(SHADOW_SIZE, SHADOW_SIZE);
  readonly #depth = new DepthTexture(SHADOW_SIZE, SHADOW_SIZE, UnsignedIntType);

  constructor(private readonly renderer: WebGLRenderer) {
    this.#depth.compareFunction = LessEqualCompare;
    this.#depth.minFilter = LinearFilter;
    this.#depth.magFilter = LinearFilter;
    this.#target.depthTexture = this.#depth;
  }

  /** The map; stays owned here. */
  get depth(): DepthTexture {
    return this.#depth;
  }

  /**
   * Draws the map anew. It moves in whole texels, so that edges do not crawl.
   * @param scene in the materials of the depth pass
   * @param direction to the sun, unit length
   * @returns from the world to the map's own coordinates, 0 to 1
   */
  cast(scene: Scene, course: Course, ego: EgoPose, direction: Vec3): Matrix4 {
    const ahead = course.point(ego.s + SHADOW_REACH * 0.36, 0, 0);
    const sun = this.#sun;
    const half = SHADOW_REACH / 2;
    Object.assign(sun, { left: -half, right: half, top: half, bottom: -half, near: 1, far: 260 });
    sun.updateProjectionMatrix();
    sun.position.set(...direction).multiplyScalar(130);
    sun.up.set(0, 0, -1);
    sun.lookAt(0, 0, 0);
    sun.updateMatrixWorld();
    const texel = SHADOW_REACH / SHADOW_SIZE;
    const centre = new Vector3(...ahead).applyMatrix4(
      new Matrix4().extractRotation(sun.matrixWorld).invert(),
    );
    centre.x = Math.round(centre.x / texel) * texel;
    centre.y = Math.round(centre.y / texel) * texel;
    sun.position.add(centre.applyMatrix4(new Matrix4().extractRotation(sun.matrixWorld)));
    sun.updateMatrixWorld();
    this.renderer.setRenderTarget(this.#target);
    this.renderer.clear(false, true, false);
    this.renderer.render(scene, sun);
    // From clip space (−1 … 1) to the map's own (0 … 1).
    return new Matrix4()
      .set(0.5, 0, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 1)
      .multiply(sun.projectionMatrix)
      .multiply(sun.matrixWorldInverse);
  }

  dispose(): void {
    this.#depth.dispose();
    this.#target.dispose();
  }
}
