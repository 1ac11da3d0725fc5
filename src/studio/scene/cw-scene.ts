/** The road ahead in figures, and what of it is drawn. */
import { html, type TemplateResult } from 'lit';
import type { SceneDigest } from '../../scene/scene-digest';
import { whyNoRoad } from '../../taxonomy/meanings';
import { decimals, say } from '../../words/words';
import { checkbox, explained, segmented } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatPercent, NO_FIGURE } from '../shell/format';
import { BIRD_PLACES, SCENE_PARTS } from './scene-actions';
import { formatMetres, freeWords, knownFree, reasonWords } from './scene-words';

/** `<cw-scene>` */
export class CwScene extends CwElement {
  protected override render(): TemplateResult {
    const scene = this.state.report?.scene ?? null;
    const free = knownFree(scene);
    const missing = whyNoRoad(this.state.engine?.classes ?? this.state.view.classes);
    return html`<section class="panel-section" aria-labelledby="scene-heading" data-testid="scene">
      <h2 id="scene-heading">${say('scene.heading')}</h2>
      <dl class="scene-figures">
        ${figure({
          id: 'free',
          label: say('scene.free'),
          value: formatMetres(free?.distance),
          unit: free ? `± ${formatMetres(free.sigma)} m` : 'm',
          more: scene ? freeWords(scene) : '',
        })}${figure({
          id: 'time',
          label: say('scene.time'),
          value: decimals(scene?.timeToObstacle?.toFixed(1) ?? NO_FIGURE),
          unit: 's',
          more: scene?.inPath ? say('scene.in-path', { count: scene.inPath }) : '',
        })}${figure({
          id: 'reliance',
          label: say('scene.confidence'),
          value: formatPercent(scene?.confidence),
          unit: '%',
          more: reasonWords(scene?.reasons ?? []),
        })}
      </dl>
      <p class="scene-error" data-testid="scene-missing" ?hidden=${missing === null}>${missing === null ? '' : say('figure.no-road')}</p>
      <p class="scene-error" data-testid="scene-error" ?hidden=${!scene?.error}>${errorWords(scene?.error)}</p>
      <p class="scene-statement" data-testid="scene-statement">${say('scene.statement')}</p>
      ${this.#parts()}${this.#bird()}
    </section>`;
  }

  #parts(): TemplateResult {
    return html`<div class="scene-parts" role="group" aria-label=${say('scene.drawn')}>
      ${SCENE_PARTS.map((part) =>
        checkbox({
          id: `scene-show-${part}`,
          label: say(`key.${part}`),
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
      <span class="muted">${say('scene.bird')}</span>
      ${segmented({
        label: say('scene.bird'),
        id: 'bird',
        items: BIRD_PLACES.map((place) => ({ value: place, label: say(`bird.${place}`) })),
        value: bird,
        onchange: (place) => this.context.scene.setBird(place),
        title: say('scene.bird-key'),
      })}${checkbox({
        id: 'bird-video',
        label: say('scene.bird-video'),
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
}: Record<'label' | 'value' | 'unit' | 'more', string> & { readonly id: 'free' | 'time' | 'reliance' }) {
  return html`<div><dt>${explained(`scene-${id}`, label, say(`scene.${id}-hint`))}</dt><dd><span class="figure" data-testid="scene-${id}">${value}</span> <span
    class="unit" data-testid="scene-${id}-unit">${unit}</span><span
    class="muted" data-testid="scene-${id}-more">${more}</span></dd></div>`;
}

/** How far the scene is off on the simulated drive, where the truth is known. */
function errorWords(error: SceneDigest['error'] | undefined): string {
  if (!error) return '';
  const edges = error.edges.map((metres) => (metres === null ? NO_FIGURE : decimals(metres.toFixed(2))));
  const distance = error.distance === null ? NO_FIGURE : `${(100 * error.distance).toFixed(0)} %`;
  return say('scene.error', {
    edges: edges.join(say('scene.between-edges')),
    distance,
    pitch: decimals(error.pitchDeg.toFixed(1)),
  });
}

customElements.define('cw-scene', CwScene);
