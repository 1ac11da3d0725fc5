/**
 * The ground as a mesh in metres whose every point looks itself up in the picture: paint of the mask, or the video.
 * The homography is applied per pixel, so it is exact wherever the ground is seen.
 */
import {
  float,
  int,
  max,
  min,
  round,
  select,
  texture,
  uniform,
  uniformArray,
  uv,
  vec2,
  vec3,
  vec4,
} from 'three/tsl';
import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DoubleSide,
  Mesh,
  MeshBasicNodeMaterial,
  type Texture,
  Vector3,
  Vector4,
} from 'three/webgpu';
import type { Rotation } from '../media/size';
import { CameraModel } from '../scene/camera-model';
import type { SceneState } from '../scene/scene';
import { COLOUR_SLOTS, type Paint } from './paint';
import { TURN_MAPS } from './placement';

/** What the ground is painted with. */
export interface GroundPaint {
  readonly picture: Texture;
  readonly rotation: Rotation;
  readonly mask: Texture | null;
  readonly paint: Paint;
  readonly video: boolean;
}

/** How much of its colour each class keeps on the ground; what stands upright has no place on it. */
const GROUND_ALPHA: Readonly<Record<number, number>> = { 0: 0.55, 1: 1, 2: 0.4, 7: 0.16 };
/** Standard deviation of the distance at which the ground has faded to half, metres. */
const HALF_FADED = 5;
/** What is left of it at the far end: faint, not gone. */
const LEAST = 0.08;
/** Cells by which a row of the class map is off, one standard deviation, on maps some 60 rows high. */
const ROW_SHARE = 0.35 / 60;

/** The ground of the bird's-eye view. */
export class GroundMesh {
  readonly mesh: Mesh;
  readonly #blank = new DataTexture(new Uint8Array([255, 0, 0, 255]), 1, 1);
  readonly #positions = new BufferAttribute(new Float32Array(12), 3);
  readonly #metres = new BufferAttribute(new Float32Array(8), 2);
  readonly #colours = Array.from({ length: COLOUR_SLOTS }, () => new Vector4());
  readonly #inputs = {
    picture: texture(this.#blank),
    mask: texture(this.#blank),
    rowX: uniform(new Vector3(0, 0, 0)),
    rowY: uniform(new Vector3(0, 0, 0)),
    rowW: uniform(new Vector3(0, 0, 1)),
    turnX: uniform(new Vector3(1, 0, 0)),
    turnY: uniform(new Vector3(0, 1, 0)),
    /** Standard deviation of the distance is this times (z² + h²), in units of `HALF_FADED`. */
    doubt: uniform(0),
    height2: uniform(1),
    video: uniform(0),
  };
  readonly #material: MeshBasicNodeMaterial;
  #half = 0;

  /** @param ahead metres shown before the camera @param behind and behind it */
  constructor(
    private readonly ahead: number,
    private readonly behind: number,
  ) {
    this.#blank.needsUpdate = true;
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', this.#positions);
    geometry.setAttribute('uv', this.#metres);
    geometry.setIndex([0, 1, 2, 2, 1, 3]);
    this.#material = new MeshBasicNodeMaterial({
      transparent: true,
      depthTest: false,
      depthWrite: false,
      side: DoubleSide,
    });
    this.#material.colorNode = this.#colour();
    this.mesh = new Mesh(geometry, this.#material);
    this.mesh.frustumCulled = false;
  }

  /** Takes the camera of a state; without one there is no ground. */
  camera(state: SceneState | null): void {
    this.mesh.visible = state !== null;
    if (!state) return;
    const { width, height } = state;
    const model = new CameraModel(state.camera, width, height);
    const [a, b, c, d, e, f, g, h, i] = model.groundHomography();
    const inputs = this.#inputs;
    inputs.rowX.value.set(a / width, b / width, c / width);
    inputs.rowY.value.set(d / height, e / height, f / height);
    inputs.rowW.value.set(g, h, i);
    const angle = Math.hypot(state.calibration.uncertainty.pitch, (ROW_SHARE * height) / model.focal);
    inputs.doubt.value = angle / state.camera.height / HALF_FADED;
    inputs.height2.value = state.camera.height ** 2;
  }

  /** Takes what is painted with, and how far to either side is shown. */
  paint({ picture, rotation, mask, paint, video }: GroundPaint, half: number): void {
    const inputs = this.#inputs;
    inputs.picture.value = picture;
    inputs.mask.value = mask ?? this.#blank;
    const [xu, xv, x0, yu, yv, y0] = TURN_MAPS[rotation];
    inputs.turnX.value.set(xu, xv, x0);
    inputs.turnY.value.set(yu, yv, y0);
    inputs.video.value = video ? 1 : 0;
    this.#colours.forEach((slot, id) => {
      const [red, green, blue, alpha] = paint.colours[id] ?? [0, 0, 0, 0];
      slot.set(red, green, blue, alpha * (GROUND_ALPHA[id] ?? 0));
    });
    if (half === this.#half) return;
    this.#half = half;
    [
      [-half, -this.behind],
      [half, -this.behind],
      [-half, this.ahead],
      [half, this.ahead],
    ].forEach(([x, z], i) => {
      this.#positions.setXYZ(i, x!, z!, 0);
      this.#metres.setXY(i, x!, z!);
    });
    this.#positions.needsUpdate = true;
    this.#metres.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.#material.dispose();
    this.#blank.dispose();
  }

  #colour() {
    const inputs = this.#inputs;
    const table = uniformArray<'vec4'>(this.#colours, 'vec4');
    const metres = uv();
    const point = vec3(metres, 1);
    const depth = point.dot(inputs.rowW);
    const safe = max(depth, 0.001);
    const seen = vec2(point.dot(inputs.rowX).div(safe), point.dot(inputs.rowY).div(safe));
    const inside = depth
      .greaterThan(0.05)
      .and(seen.x.greaterThanEqual(0))
      .and(seen.x.lessThanEqual(1))
      .and(seen.y.greaterThanEqual(0))
      .and(seen.y.lessThanEqual(1));
    const id = round(inputs.mask.sample(seen).level(int(0)).r.mul(255));
    const painted = table.element(int(min(id, COLOUR_SLOTS - 1)));
    const stored = vec3(seen, 1);
    const pixel = inputs.picture
      .sample(vec2(stored.dot(inputs.turnX), stored.dot(inputs.turnY)))
      .level(int(0));
    const shown = select(inputs.video.greaterThan(0.5), vec4(pixel.rgb, 1), painted);
    const doubt = metres.y.mul(metres.y).add(inputs.height2).mul(inputs.doubt);
    const certainty = max(float(1).div(doubt.mul(doubt).add(1)), LEAST);
    return vec4(shown.rgb, shown.a.mul(certainty).mul(select(inside, float(1), float(0))));
  }
}
