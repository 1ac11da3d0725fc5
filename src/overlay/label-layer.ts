/** Labels over a recording: in place of the raw picture left of the divider, or where the mask differs from them. */
import { texture, uv } from 'three/tsl';
import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DoubleSide,
  Mesh,
  MeshBasicNodeMaterial,
  NearestFilter,
} from 'three/webgpu';
import type { LabelMap } from '../media/timed-frame';
import type { ClassMap } from '../perception/engine';
import { differencePixels, labelPixels } from './difference';
import type { Layers } from './layers';
import type { OverlayView } from './view';

/** A class map and the labels of the same frame. */
export interface LabelledMap {
  readonly map: ClassMap;
  readonly truth: LabelMap;
}

/** Lives while labels are shown. */
export class LabelLayer {
  readonly #geometry = new BufferGeometry();
  readonly #material = new MeshBasicNodeMaterial({
    transparent: true,
    depthTest: false,
    depthWrite: false,
    side: DoubleSide,
  });
  readonly #mesh = new Mesh(this.#geometry, this.#material);
  #texture = pixelTexture(new Uint8Array(4), 1, 1);
  readonly #map = texture(this.#texture, uv());
  #side: 'overlay' | 'raw' | null = null;

  constructor(private readonly layers: Layers) {
    this.#geometry.setAttribute(
      'position',
      new BufferAttribute(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]), 3),
    );
    this.#geometry.setAttribute('uv', new BufferAttribute(new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), 2));
    this.#geometry.setIndex([0, 1, 2, 2, 1, 3]);
    this.#material.colorNode = this.#map;
    this.#mesh.frustumCulled = false;
    // Over the picture and under the scene's lines.
    this.#mesh.renderOrder = -0.5;
  }

  show({ map, truth }: LabelledMap, view: OverlayView): void {
    const beside = view.labels === 'beside';
    const [pixels, { width, height }] = beside
      ? [labelPixels(truth, view), truth]
      : [differencePixels(map, truth, view.classes), map];
    const { image } = this.#texture;
    if (image.width === width && image.height === height) {
      (image.data as Uint8Array).set(pixels);
      this.#texture.needsUpdate = true;
    } else {
      this.#texture.dispose();
      this.#texture = pixelTexture(pixels, width, height);
      this.#map.value = this.#texture;
    }
    const side = beside ? 'raw' : 'overlay';
    if (side !== this.#side) {
      if (this.#side) this.layers.remove(this.#mesh);
      this.layers.add(this.#mesh, side);
      this.#side = side;
    }
    this.layers.changed();
  }

  dispose(): void {
    this.layers.remove(this.#mesh);
    this.#geometry.dispose();
    this.#material.dispose();
    this.#texture.dispose();
  }
}

function pixelTexture(pixels: Uint8Array<ArrayBuffer>, width: number, height: number): DataTexture {
  const made = new DataTexture(pixels, width, height);
  made.minFilter = NearestFilter;
  made.magFilter = NearestFilter;
  made.needsUpdate = true;
  return made;
}
