/** What the pyramid inspector shows: cells that changed, and the grid that a level pools over. */
import { texture, uv, vec4 } from 'three/tsl';
import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DoubleSide,
  Mesh,
  MeshBasicNodeMaterial,
  NearestFilter,
} from 'three/webgpu';
import type { Layers } from './layers';
import { type Ink, Sketch } from './sketch';

/** What is drawn of an inspection. */
export interface InspectionPicture {
  readonly width: number;
  readonly height: number;
  /** One byte a cell: 0 the same, 255 another class; in between, how far the drivable probability moved. */
  readonly heat: Uint8Array<ArrayBuffer> | null;
  /** Bins a side of the grid that is drawn. */
  readonly cells: number | null;
}

/** A hot pink that no palette uses: what is painted with it has changed. */
const HEAT = [1, 0.2, 0.55] as const;
const GRID: Ink = [1, 1, 1, 0.9];
const SHADE: Ink = [0, 0, 0, 0.5];
/** The short side of a picture on which a line of one unit is one pixel wide. */
const UNIT_SIDE = 360;

/** Lives while the inspector is open. */
export class InspectionLayer {
  readonly #sketch = new Sketch();
  readonly #geometry = new BufferGeometry();
  readonly #material = new MeshBasicNodeMaterial({
    transparent: true,
    depthTest: false,
    depthWrite: false,
    side: DoubleSide,
  });
  readonly #mesh = new Mesh(this.#geometry, this.#material);
  readonly #map;
  #texture: DataTexture;

  constructor(private readonly layers: Layers) {
    this.#geometry.setAttribute(
      'position',
      new BufferAttribute(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]), 3),
    );
    this.#geometry.setAttribute('uv', new BufferAttribute(new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), 2));
    this.#geometry.setIndex([0, 1, 2, 2, 1, 3]);
    this.#texture = heatTexture(new Uint8Array(1), 1, 1);
    this.#map = texture(this.#texture, uv());
    this.#material.colorNode = vec4(HEAT[0], HEAT[1], HEAT[2], this.#map.r.mul(0.85));
    this.#mesh.frustumCulled = false;
    layers.add(this.#mesh);
    layers.add(this.#sketch.mesh);
  }

  /** @param picture upright size of the picture on screen */
  show({ width, height, heat, cells }: InspectionPicture, picture: { width: number; height: number }): void {
    this.#mesh.visible = heat !== null;
    if (heat) {
      this.#texture.dispose();
      this.#texture = heatTexture(heat, width, height);
      this.#map.value = this.#texture;
    }
    const sketch = this.#sketch;
    sketch.mesh.scale.set(1 / picture.width, 1 / picture.height, 1);
    sketch.begin();
    if (cells !== null) {
      const unit = Math.min(picture.width, picture.height) / UNIT_SIDE;
      sketch.feather = 1.2 * unit;
      for (const [stroke, colour] of [
        [4 * unit, SHADE],
        [1.6 * unit, GRID],
      ] as const) {
        for (let i = 0; i <= cells; i++) {
          const x = Math.min(picture.width - unit, Math.max(unit, (i / cells) * picture.width));
          const y = Math.min(picture.height - unit, Math.max(unit, (i / cells) * picture.height));
          sketch.line(
            [
              { x, y: 0 },
              { x, y: picture.height },
            ],
            stroke,
            colour,
          );
          sketch.line(
            [
              { x: 0, y },
              { x: picture.width, y },
            ],
            stroke,
            colour,
          );
        }
      }
    }
    sketch.end();
    this.layers.changed();
  }

  dispose(): void {
    this.layers.remove(this.#mesh);
    this.layers.remove(this.#sketch.mesh);
    this.#sketch.dispose();
    this.#geometry.dispose();
    this.#material.dispose();
    this.#texture.dispose();
  }
}

function heatTexture(heat: Uint8Array, width: number, height: number): DataTexture {
  const rgba = new Uint8Array(heat.length * 4);
  heat.forEach((value, i) => {
    rgba.fill(value, 4 * i, 4 * i + 4);
  });
  const made = new DataTexture(rgba, width, height);
  made.minFilter = NearestFilter;
  made.magFilter = NearestFilter;
  made.needsUpdate = true;
  return made;
}
