/** The road ahead in figures, and what of it is drawn. */
import { html, type TemplateResult } from 'lit';
import type { SceneDigest } from '../../scene/scene-digest';
import { whyNoRoad } from '../../taxonomy/meanings';
import { checkbox, segmented } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatPercent, NO_FIGURE } from '../shell/format';
import { BIRD_PLACES, SCENE_PARTS } from './scene-actions';
import { formatMetres, freeWords, knownFree, REASON_WORDS } from './scene-words';

/** What no figure here must be taken for. */
const STATEMENT = 'Estimated from one camera. No safety system: never rely on it to drive.';

/** `<cw-scene>` */
export class CwScene extends CwElement {
  protected override render(): TemplateResult {
    const scene = this.state.report?.scene ?? null;
    const free = knownFree(scene);
    const missing = whyNoRoad(this.state.engine?.classes ?? this.state.view.classes);
    return html`<section class="panel-section" aria-labelledby="scene-heading">
      <h2 id="scene-heading">Road ahead</h2>
      <dl class="scene-figures">
        ${figure({
          id: 'free',
          label: 'Free distance',
          value: formatMetres(free?.distance),
          unit: free ? `± ${formatMetres(free.sigma)} m` : 'm',
          more: scene ? freeWords(scene) : '',
        })}${figure({
          id: 'time',
          label: 'Time to obstacle',
          value: scene?.timeToObstacle?.toFixed(1) ?? NO_FIGURE,
          unit: 's',
          more: scene?.inPath ? `${scene.inPath} in the path` : '',
        })}${figure({
          id: 'reliance',
          label: 'Scene confidence',
          value: formatPercent(scene?.confidence),
          unit: '%',
          more: scene?.reasons.map((reason) => REASON_WORDS[reason]).join(', ') ?? '',
        })}
      </dl>
      <p class="scene-error" data-testid="scene-missing" ?hidden=${missing === null}>${missing}</p>
      <p class="scene-error" data-testid="scene-error" ?hidden=${!scene?.error}>${errorWords(scene?.error)}</p>
      <p class="scene-statement" data-testid="scene-statement">${STATEMENT}</p>
      ${this.#parts()}${this.#bird()}
    </section>`;
  }

  #parts(): TemplateResult {
    return html`<div class="scene-parts" role="group" aria-label="Drawn over the picture">
      ${SCENE_PARTS.map(({ part, label }) =>
        checkbox({
          id: `scene-show-${part}`,
          label,
          checked: this.state.view.scene[part],
          onchange: () => this.context.scene.toggle(part),
          action: part,
        }),
      )}
    </div>`;
  }

  #bird(): TemplateResult {
    const { bird, birdVideo } = this.state.view.scene;
    return html`<div class="scene-bird">
      <span class="muted">Bird’s-eye view</span>
      ${segmented({
        label: 'Bird’s-eye view',
        id: 'bird',
        items: BIRD_PLACES.map(({ place, label }) => ({ value: place, label })),
        value: bird,
        onchange: (place) => this.context.scene.setBird(place),
        title: 'Bird’s-eye view (G)',
      })}${checkbox({
        id: 'bird-video',
        label: 'Video on the ground',
        checked: birdVideo,
        onchange: () => this.context.scene.toggleBirdVideo(),
      })}
    </div>`;
  }
}

function figure({
  id,
  label,
  value,
  unit,
  more,
}: Record<'id' | 'label' | 'value' | 'unit' | 'more', string>) {
  return html`<div><dt>${label}</dt><dd><span class="figure" data-testid="scene-${id}">${value}</span> <span
    class="unit" data-testid="scene-${id}-unit">${unit}</span><span
    class="muted" data-testid="scene-${id}-more">${more}</span></dd></div>`;
}

/** How far the scene is off on the simulated drive, where the truth is known. */
function errorWords(error: SceneDigest['error'] | undefined): string {
  if (!error) return '';
  const edges = error.edges.map((metres) => (metres === null ? NO_FIGURE : metres.toFixed(2)));
  const distance = error.distance === null ? NO_FIGURE : `${(100 * error.distance).toFixed(0)} %`;
  return `Off the truth: edges ${edges.join(', ')} m (to 10, 20, 40 m); distances ${distance}; pitch ${error.pitchDeg.toFixed(1)}°`;
}

customElements.define('cw-scene', CwScene);
