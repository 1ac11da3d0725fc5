/** What is shown of the scene, and the log of what happened in it. */
import type { BirdPlace, SceneView } from '../../overlay/view';
import type { SceneEvent } from '../../scene/events';
import { say } from '../../words/words';
import type { AppStore } from '../shell/app-state';

/** Parts of the scene that are switched one by one. */
export type ScenePart = 'boundary' | 'obstacles' | 'path';

/** The parts, in the order of the panel. */
export const SCENE_PARTS: readonly ScenePart[] = ['boundary', 'obstacles', 'path'];

/** Places of the bird's-eye view. */
export const BIRD_PLACES: readonly BirdPlace[] = ['off', 'inset', 'docked'];

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
    this.#change({ [part]: on }, say(on ? 'spoken.shown' : 'spoken.hidden', { name: say(`key.${part}`) }));
  }

  setBird(bird: BirdPlace): void {
    this.#change({ bird }, say('spoken.bird', { place: say(`bird.${bird}`) }));
  }

  nextBird(): void {
    const at = BIRD_PLACES.indexOf(this.#view.bird);
    this.setBird(BIRD_PLACES[(at + 1) % BIRD_PLACES.length]!);
  }

  toggleBirdVideo(): void {
    const birdVideo = !this.#view.birdVideo;
    this.#change({ birdVideo }, say(birdVideo ? 'spoken.bird-video-on' : 'spoken.bird-video-off'));
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
