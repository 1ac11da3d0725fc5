/** The road ahead in figures, and what of it is drawn. */
import type { SceneDigest } from '../../scene/scene-digest';
import { CwElement } from '../shell/base';
import { nameControl, segmented } from '../shell/controls';
import { h, setText } from '../shell/dom';
import { formatPercent, NO_FIGURE } from '../shell/format';
import { BIRD_PLACES, SCENE_PARTS, type ScenePart } from './scene-actions';
import { formatMetres, freeWords, knownFree, REASON_WORDS } from './scene-words';

/** What no figure here must be taken for. */
const STATEMENT = 'Estimated from one camera. No safety system: never rely on it to drive.';

/** `<cw-scene>` */
export class CwScene extends CwElement {
  protected build(): void {
    this.append(
      h(
        'section',
        { class: 'panel-section', 'aria-labelledby': 'scene-heading' },
        h('h2', { id: 'scene-heading' }, 'Road ahead'),
        this.#figures(),
        this.#error(),
        h('p', { class: 'scene-statement', 'data-testid': 'scene-statement' }, STATEMENT),
        this.#parts(),
        this.#bird(),
      ),
    );
  }

  #figures(): HTMLElement {
    return h(
      'dl',
      { class: 'scene-figures' },
      this.#figure(
        'free',
        'Free distance',
        (scene) => formatMetres(knownFree(scene)?.distance),
        (scene) => {
          const free = knownFree(scene);
          return free ? `± ${formatMetres(free.sigma)} m` : 'm';
        },
        (scene) => (scene ? freeWords(scene) : ''),
      ),
      this.#figure(
        'time',
        'Time to obstacle',
        (scene) => scene?.timeToObstacle?.toFixed(1) ?? NO_FIGURE,
        () => 's',
        (scene) => (scene?.inPath ? `${scene.inPath} in the path` : ''),
      ),
      this.#figure(
        'reliance',
        'Scene confidence',
        (scene) => formatPercent(scene?.confidence),
        () => '%',
        (scene) => scene?.reasons.map((reason) => REASON_WORDS[reason]).join(', ') ?? '',
      ),
    );
  }

  #figure(
    id: string,
    label: string,
    value: (scene: SceneDigest | null) => string,
    unit: (scene: SceneDigest | null) => string,
    more: (scene: SceneDigest | null) => string,
  ): HTMLElement {
    const figure = h('span', { class: 'figure', 'data-testid': `scene-${id}` });
    const unitText = h('span', { class: 'unit', 'data-testid': `scene-${id}-unit` });
    const second = h('span', { class: 'muted', 'data-testid': `scene-${id}-more` });
    const watch = (of: typeof value, node: Node): void =>
      this.watch(
        (s) => of(s.report?.scene ?? null),
        (text) => setText(node, text),
      );
    watch(value, figure);
    watch(unit, unitText);
    watch(more, second);
    return h('div', {}, h('dt', {}, label), h('dd', {}, figure, ' ', unitText, second));
  }

  /** On the simulated drive, where the truth is known. */
  #error(): HTMLElement {
    const line = h('p', { class: 'scene-error', 'data-testid': 'scene-error' });
    this.watch(
      (s) => s.report?.scene?.error ?? null,
      (error) => {
        line.hidden = error === null;
        if (!error) return;
        const edges = error.edges.map((metres) => (metres === null ? NO_FIGURE : metres.toFixed(2)));
        const distance = error.distance === null ? NO_FIGURE : `${(100 * error.distance).toFixed(0)} %`;
        setText(
          line,
          `Off the truth: edges ${edges.join(', ')} m (to 10, 20, 40 m); distances ${distance}; pitch ${error.pitchDeg.toFixed(1)}°`,
        );
      },
    );
    return line;
  }

  #parts(): HTMLElement {
    const box = (part: ScenePart, label: string): HTMLElement => {
      const input = h('input', {
        type: 'checkbox',
        'data-testid': `scene-show-${part}`,
        onchange: () => this.context.scene.toggle(part),
      });
      nameControl(input, label, part);
      this.watch(
        (s) => s.view.scene[part],
        (on) => {
          input.checked = on;
        },
      );
      return h('label', { class: 'check' }, input, label);
    };
    return h(
      'div',
      { class: 'scene-parts', role: 'group', 'aria-label': 'Drawn over the picture' },
      ...SCENE_PARTS.map(({ part, label }) => box(part, label)),
    );
  }

  #bird(): HTMLElement {
    const places = segmented({
      label: 'Bird’s-eye view',
      id: 'bird',
      items: BIRD_PLACES.map(({ place, label }) => ({ value: place, label })),
      onchange: (place) => this.context.scene.setBird(place),
    });
    places.element.title = 'Bird’s-eye view (G)';
    const video = h('input', {
      type: 'checkbox',
      'data-testid': 'bird-video',
      onchange: () => this.context.scene.toggleBirdVideo(),
    });
    this.watch((s) => s.view.scene.bird, places.select);
    this.watch(
      (s) => s.view.scene.birdVideo,
      (on) => {
        video.checked = on;
      },
    );
    return h(
      'div',
      { class: 'scene-bird' },
      h('span', { class: 'muted' }, 'Bird’s-eye view'),
      places.element,
      h('label', { class: 'check' }, video, 'Video on the ground'),
    );
  }
}

customElements.define('cw-scene', CwScene);

declare global {
  interface HTMLElementTagNameMap {
    'cw-scene': CwScene;
  }
}
