/** What a view's model saw in the last moments: a still in which people are blurred needs more than one mask. */
import { CarriagewayError } from '../errors';
import { blurredStill } from '../overlay/hidden-cells';
import type { ClassMap } from '../perception/engine';
import type { SceneState } from '../scene/scene';
import type { ClassList } from '../taxonomy/class-list';
import type { View } from './view';
import type { ModelMap, ViewObserver } from './view-observer';

/** Maps kept: some flickers of a mask. */
const KEPT = 4;

/** Listens to a view. */
export class RecentMaps implements ViewObserver {
  #maps: { readonly map: ClassMap; readonly seconds: number }[] = [];
  #classes: ClassList = [];

  constructor(
    private readonly view: View,
    private readonly now: () => number,
  ) {
    view.observe(this);
  }

  classMapReady(_: ClassMap, __: SceneState | null, { map, classes }: ModelMap): void {
    // What one model saw says nothing in the numbers of another.
    if (classes !== this.#classes) this.beganAnew();
    this.#classes = classes;
    this.#maps = [...this.#maps.slice(1 - KEPT), { map, seconds: this.now() / 1000 }];
  }

  beganAnew(): void {
    this.#maps = [];
  }

  /** @throws CarriagewayError `snapshot-failed`, `blur-unavailable` */
  async snapshot(withOverlay: boolean, blur: boolean): Promise<Blob> {
    const maps = this.#maps;
    if (blur && maps.length === 0) throw new CarriagewayError('blur-unavailable', 'there is no mask yet');
    const still = await this.view.screen.snapshot(withOverlay);
    return blur ? blurredStill(still, maps, this.#classes) : still;
  }
}
