/** What is shown of the scene, and the log of what happened in it. */
import type { BirdPlace, SceneView } from '../../overlay/view';
import type { SceneEvent } from '../../scene/events';
import type { AppStore } from '../shell/app-state';

/** Parts of the scene that are switched one by one. */
export type ScenePart = 'boundary' | 'obstacles' | 'path';

/** The parts with their names, in the order of the panel. */
export const SCENE_PARTS: readonly { readonly part: ScenePart; readonly label: string }[] = [
  { part: 'boundary', label: 'Road edges' },
  { part: 'obstacles', label: 'Obstacles' },
  { part: 'path', label: 'Free path' },
];

/** Places of the bird's-eye view with their names. */
export const BIRD_PLACES: readonly { readonly place: BirdPlace; readonly label: string }[] = [
  { place: 'off', label: 'Off' },
  { place: 'inset', label: 'Inset' },
  { place: 'docked', label: 'Docked' },
];

/** Events kept: some minutes of a busy street; the list stays quick to draw. */
const LOG_MAX = 200;

/** Adds events to a log, dropping the oldest beyond the most that are kept. */
export function appended(log: readonly SceneEvent[], events: readonly SceneEvent[]): readonly SceneEvent[] {
  return [...log, ...events].slice(-LOG_MAX);
}

/** Changes what is shown of the scene. */
export class SceneActions {
  constructor(private readonly store: AppStore) {}

  toggle(part: ScenePart): void {
    const on = !this.#view[part];
    const label = SCENE_PARTS.find((p) => p.part === part)?.label ?? part;
    this.#change({ [part]: on }, `${label} ${on ? 'shown' : 'hidden'}`);
  }

  setBird(bird: BirdPlace): void {
    const label = BIRD_PLACES.find((p) => p.place === bird)?.label ?? bird;
    this.#change({ bird }, `Bird’s-eye view: ${label}`);
  }

  nextBird(): void {
    const at = BIRD_PLACES.findIndex((p) => p.place === this.#view.bird);
    this.setBird(BIRD_PLACES[(at + 1) % BIRD_PLACES.length]!.place);
  }

  toggleBirdVideo(): void {
    const birdVideo = !this.#view.birdVideo;
    this.#change({ birdVideo }, `Video on the ground ${birdVideo ? 'on' : 'off'}`);
  }

  setHorizon(horizon: boolean): void {
    if (horizon !== this.#view.horizon) this.#change({ horizon });
  }

  get #view(): SceneView {
    return this.store.state.view.scene;
  }

  #change(patch: Partial<SceneView>, spoken?: string): void {
    const { view } = this.store.state;
    this.store.update({
      view: { ...view, scene: { ...view.scene, ...patch } },
      ...(spoken === undefined ? {} : { spoken }),
    });
  }
}
