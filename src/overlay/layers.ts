/**
 * The seam for what later rooms draw over the picture. Objects added here live in picture coordinates: the upright
 * picture spans 0 to 1 both ways, x right and y down, z towards the viewer; wherever the picture lies on the canvas,
 * they follow. What reaches beyond the picture, or to the other side of the split, is cut off.
 */
import { ClippingGroup, Group, type Object3D, Plane, Vector3 } from 'three/webgpu';

/** What a room sees of the layers. Objects stay the room's own: it disposes their geometries and materials. */
export interface Layers {
  /**
   * Adds an object over the picture, and has it drawn.
   * @param side right of the split, with the overlay (usual), or left of it, over the raw picture
   */
  add(object: Object3D, side?: 'overlay' | 'raw'): void;
  remove(object: Object3D): void;
  /** Call after an object was moved or repainted: nothing is drawn unless something changed. */
  changed(): void;
}

/** The tree that holds the picture and the layers over it. */
export class PictureSpace implements Layers {
  /** Picture coordinates; y is turned here, since three's points up. */
  readonly root = new Group();
  readonly #overlays = new ClippingGroup();
  readonly #raw = new ClippingGroup();
  /** Points with x ≥ the split are kept; the plane's constant moves. World y is minus picture y. */
  readonly #left = new Plane(new Vector3(1, 0, 0), 0);
  /** Points with x ≤ the split are kept. */
  readonly #right = new Plane(new Vector3(-1, 0, 0), 0);

  /** @param changed called when something has to be drawn anew */
  constructor(readonly changed: () => void) {
    this.root.scale.y = -1;
    this.#overlays.clippingPlanes = [
      this.#left,
      new Plane(new Vector3(-1, 0, 0), 1),
      new Plane(new Vector3(0, -1, 0), 0),
      new Plane(new Vector3(0, 1, 0), 1),
    ];
    this.#raw.clippingPlanes = [
      this.#right,
      new Plane(new Vector3(1, 0, 0), 0),
      new Plane(new Vector3(0, -1, 0), 0),
      new Plane(new Vector3(0, 1, 0), 1),
    ];
    this.root.add(this.#overlays, this.#raw);
  }

  add(object: Object3D, side: 'overlay' | 'raw' = 'overlay'): void {
    (side === 'raw' ? this.#raw : this.#overlays).add(object);
    this.changed();
  }

  remove(object: Object3D): void {
    this.#overlays.remove(object);
    this.#raw.remove(object);
    this.changed();
  }

  /** Shows layers on their sides of `from` (fraction of the width), or none of them. */
  reveal(visible: boolean, from: number): void {
    this.#overlays.visible = visible;
    this.#left.constant = -from;
    this.#raw.visible = visible && from > 0;
    this.#right.constant = from;
  }

  /** Lets go of all layers, which their rooms dispose. */
  clear(): void {
    this.#overlays.clear();
    this.#raw.clear();
  }
}
