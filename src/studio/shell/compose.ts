/** The page's elements, and where each of them stands. */
import { html, render } from 'lit';
import { say } from '../../words/words';
import type { AppContext } from './context';
import './cw-bar';
import './cw-browser';
import '../compare/cw-compare';
import './cw-details';
import '../scene/cw-events';
import '../mount/cw-mount';
import './cw-header';
import './cw-keys';
import './cw-language';
import '../overlay/cw-legend';
import './cw-notices';
import './cw-panel-handle';
import '../model/cw-own-model';
import '../inspector/cw-pyramid';
import './cw-readouts';
import '../player/cw-recording';
import '../scene/cw-scene';
import '../tour/cw-tour';
import '../tour/cw-tour-offer';
import '../track/cw-track';
import './cw-hint';
import './cw-viewer';
import type { CwViewer } from './cw-viewer';
import { icon } from './icons';

/** Puts the elements in their places, and draws them in the language that is spoken. */
export function compose(root: HTMLElement, context: AppContext, viewer: CwViewer): void {
  viewer.context = context;
  const page = html`
    <cw-header .context=${context}></cw-header>
    <main class="stage" data-testid="stage">
      ${viewer}<cw-notices .context=${context}></cw-notices>
      <cw-recording .context=${context}></cw-recording><cw-bar .context=${context}></cw-bar>
    </main>
    <aside class="panel" aria-label=${say('page.panel')}>
      <cw-panel-handle .context=${context}></cw-panel-handle>
      <div class="panel-scroll" tabindex="-1">
        <cw-tour-offer .context=${context}></cw-tour-offer>
        <cw-readouts .context=${context}></cw-readouts>
        <cw-track .context=${context}></cw-track>
        <cw-compare .context=${context}></cw-compare>
        <cw-scene .context=${context}></cw-scene>
        <cw-mount .context=${context}></cw-mount>
        <cw-pyramid .context=${context}></cw-pyramid>
        <cw-events .context=${context}></cw-events>
        <cw-legend .context=${context}></cw-legend>
        <cw-details .context=${context}></cw-details>
        <cw-browser .context=${context}></cw-browser>
        <cw-language .context=${context}></cw-language>
      </div>
      <p class="statement" data-testid="statement">${icon('lock')}${say('page.statement')}</p>
    </aside>
    <cw-keys .context=${context}></cw-keys>
    <cw-own-model .context=${context}></cw-own-model>
    <cw-tour .context=${context}></cw-tour>
    <cw-hint .context=${context}></cw-hint>
    <div class="drop-veil" hidden data-testid="drop-veil">
      <p>${icon('upload')}${say('page.drop')}</p>
    </div>`;
  render(page, root);
}
