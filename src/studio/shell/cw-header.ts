/** The top line: name, source, model, and the door to the keys. */

import { CwElement } from './base';
import { iconButton } from './controls';
import { h } from './dom';
import '../model/cw-models';
import '../session/cw-sources';

const SVG = 'http://www.w3.org/2000/svg';

/** The mark: a road that runs to the horizon. Same drawing as the favicon. */
function mark(): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'mark');
  svg.setAttribute('aria-hidden', 'true');
  for (const [kind, d] of [
    ['road', 'M9.5 4h5L21 20H3z'],
    ['line', 'M12 6v2M12 11v2.5M12 16.5v3.5'],
  ] as const) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', kind);
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

/** `<cw-header>` */
export class CwHeader extends CwElement {
  readonly #sources = h('cw-sources');

  /** Opens the browser's own file chooser. */
  chooseFile(): void {
    this.#sources.chooseFile();
  }

  protected build(): void {
    const models = h('cw-models');
    this.#sources.context = this.context;
    models.context = this.context;
    this.append(
      h(
        'header',
        { class: 'top' },
        h('h1', {}, mark(), h('span', { class: 'name' }, 'Carriageway')),
        this.#sources,
        models,
        iconButton({
          icon: 'keys',
          label: 'Keyboard',
          id: 'keys',
          action: 'sheet',
          onclick: () => this.context.page.toggleMenu('keys'),
        }),
      ),
    );
  }
}

customElements.define('cw-header', CwHeader);

declare global {
  interface HTMLElementTagNameMap {
    'cw-header': CwHeader;
  }
}
