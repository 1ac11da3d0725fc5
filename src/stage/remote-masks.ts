/**
 * What viewers see for each other: the maps that this worker's model sends out for others, and those that come from
 * others for a view whose own model has nothing to say.
 */
import type { ClassMap } from '../perception/engine';
import { decidedness, drivableShare } from '../perception/map-digest';
import { roadEdgesOf } from '../scene/road-edges';
import type { SceneState } from '../scene/scene';
import { DRIVING } from '../taxonomy/classes';
import type { MaskMap, SeenMap } from './stage-api';
import type { View } from './view';
import type { ModelMap, ViewObserver } from './view-observer';

/** Milliseconds for which a view's own mask keeps a remote one away. */
const OWN_MASK_LASTS = 3000;

/** Milliseconds after which a remote mask that is not followed by another is taken away: it holds no longer. */
const REMOTE_MASK_LASTS = 5000;

/** Milliseconds between two `seen` maps of a view: twice a second follows the road closely enough for an overlay. */
const SEEN_INTERVAL = 500;

/** A class map with its figures and the road's edges in it. */
export function maskMapOf({ map, classes: list }: ModelMap, scene: SceneState | null): MaskMap {
  const { width, height, classes, drivable } = map;
  return {
    width,
    height,
    classes,
    drivable,
    edges: scene ? roadEdgesOf(scene) : [],
    drivableShare: drivableShare(map, list),
    confidence: decidedness(map, list),
  };
}

/** The masks that others see, and the others' masks, of one view. */
export class RemoteMasks implements ViewObserver {
  /** When the remote mask on screen came; null while there is none. */
  #shownAt: number | null = null;
  #ownMaskAt = Number.NEGATIVE_INFINITY;
  #seenAt = Number.NEGATIVE_INFINITY;

  /**
   * @param seen is told what is worth sending on; null while nobody wants it
   * @param now milliseconds, monotonic
   */
  constructor(
    private readonly view: View,
    private readonly seen: () => ((map: SeenMap) => void) | null,
    private readonly now: () => number,
  ) {
    view.observe(this);
  }

  maskReady(): void {
    this.#shownAt = null;
    this.#ownMaskAt = this.now();
  }

  classMapReady({ width, height, classes, drivable }: ClassMap, scene: SceneState | null): void {
    const tell = this.seen();
    const now = this.now();
    if (!tell || now - this.#seenAt < SEEN_INTERVAL) return;
    this.#seenAt = now;
    tell({ width, height, classes, drivable, edges: scene ? roadEdgesOf(scene) : [] });
  }

  beganAnew(): void {
    this.#takeAway();
  }

  /** Shows another viewer's mask, unless the own model has just spoken. */
  show({ width, height, classes, drivable, edges }: SeenMap): void {
    const now = this.now();
    if (now - this.#ownMaskAt <= OWN_MASK_LASTS) return;
    const data = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i++) {
      data[i * 4] = classes[i]!;
      // How sure the other model was is not sent; sure enough to have said it.
      data[i * 4 + 1] = 255;
      data[i * 4 + 2] = drivable[i]!;
      data[i * 4 + 3] = 255;
    }
    const { compositor } = this.view.screen;
    this.view.screen.setClasses(DRIVING);
    compositor?.present({ kind: 'pixels', data, width, height });
    compositor?.showScene(null, null);
    compositor?.showEdges(edges, width / height);
    this.#shownAt = now;
  }

  /** Whether a remote mask is on screen; one that is too old is taken away first. */
  shown(): boolean {
    if (this.#shownAt !== null && this.now() - this.#shownAt > REMOTE_MASK_LASTS) this.#takeAway();
    return this.#shownAt !== null;
  }

  #takeAway(): void {
    if (this.#shownAt === null) return;
    this.view.screen.compositor?.present(null);
    this.#shownAt = null;
  }
}
