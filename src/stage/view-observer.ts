/** What listens to a view. */
import type { ClassMap } from '../perception/engine';
import type { SceneState } from '../scene/scene';
import type { ClassList } from '../taxonomy/class-list';

/** A class map in the model's own classes. */
export interface ModelMap {
  readonly map: ClassMap;
  readonly classes: ClassList;
}

/** Listens to a view: what is special about some views plugs in here. */
export interface ViewObserver {
  /** A mask of the own model is on its way to the screen. */
  maskReady?(): void;
  /** The class map of the mask on screen is back, in our own classes, with the scene in it; null when the scene failed. */
  classMapReady?(map: ClassMap, scene: SceneState | null, own: ModelMap): void;
  /** Another source begins, or none, or pictures are shown in another way (`sync`). */
  beganAnew?(): void;
}
