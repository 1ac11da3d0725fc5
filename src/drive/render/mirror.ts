/** What a wet road mirrors: the street drawn once more as flat water under the car would show it. */
import {
  type Camera,
  HalfFloatType,
  LinearFilter,
  Matrix4,
  PerspectiveCamera,
  WebGLRenderTarget,
} from 'three';

/** The picture is drawn at a third of the size: water on asphalt is no mirror of glass. */
const SHARE = 3;

/** Draws through a camera below the road. Owns its target. */
export class RoadMirror {
  readonly target = new WebGLRenderTarget(1, 1, {
    type: HalfFloatType,
    minFilter: LinearFilter,
    magFilter: LinearFilter,
  });
  readonly #camera = new PerspectiveCamera();

  constructor() {
    this.#camera.matrixAutoUpdate = false;
    this.#camera.matrixWorldAutoUpdate = false;
  }

  /**
   * The camera that sees what the road's plane mirrors. Its picture is turned left to right as well, which keeps the
   * winding of triangles: readers look it up at 1 − x.
   * @param road height of the plane at the camera, metres
   * @param slope rise of the plane per metre along `heading`
   */
  aim(camera: PerspectiveCamera, road: number, slope: number, heading: number): Camera {
    const length = Math.hypot(1, slope);
    // Normal of the plane, and its distance from the origin along it.
    const [nx, ny, nz] = [
      (-slope * Math.sin(heading)) / length,
      1 / length,
      (slope * Math.cos(heading)) / length,
    ];
    const { x, z } = camera.position;
    const d = nx * x + ny * road + nz * z;
    const flip = new Matrix4().set(
      1 - 2 * nx * nx,
      -2 * nx * ny,
      -2 * nx * nz,
      2 * d * nx,
      -2 * ny * nx,
      1 - 2 * ny * ny,
      -2 * ny * nz,
      2 * d * ny,
      -2 * nz * nx,
      -2 * nz * ny,
      1 - 2 * nz * nz,
      2 * d * nz,
      0,
      0,
      0,
      1,
    );
    const mirrored = this.#camera;
    mirrored.matrixWorld.multiplyMatrices(flip, camera.matrixWorld);
    mirrored.matrixWorldInverse.copy(mirrored.matrixWorld).invert();
    mirrored.projectionMatrix.copy(new Matrix4().makeScale(-1, 1, 1)).multiply(camera.projectionMatrix);
    mirrored.projectionMatrixInverse.copy(mirrored.projectionMatrix).invert();
    return mirrored;
  }

  resize(width: number, height: number): void {
    this.target.setSize(Math.max(1, Math.ceil(width / SHARE)), Math.max(1, Math.ceil(height / SHARE)));
  }

  dispose(): void {
    this.target.dispose();
  }
}
