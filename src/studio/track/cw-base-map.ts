/** The picture of the map under the track: drawn elsewhere, and again when place, size or theme are others. */
import { html, type TemplateResult } from 'lit';
import type { MapReport } from '../../basemap/map-service';
import type { MapView } from '../../basemap/map-view';
import { CwElement } from '../shell/element';
import { onTheme, themeNow } from '../shell/theme';
import { MAP, type TrackMap } from './track-map';

/** Most pixels for each unit of the drawing. */
const DENSITY_MAX = 4;

/** `<cw-base-map>`: empty where there is no map. */
export class CwBaseMap extends CwElement {
  #layout: TrackMap | null = null;
  #drawn: { readonly map: MapReport | null; readonly key: string } = { map: null, key: '' };

  /** Where the track lies. */
  set layout(layout: TrackMap) {
    if (this.#layout === layout) return;
    this.#layout = layout;
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    onTheme(() => this.requestUpdate(), this.signal);
    const sizes = new ResizeObserver(() => this.requestUpdate());
    sizes.observe(this);
    this.signal.addEventListener('abort', () => sizes.disconnect());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drawn = { map: null, key: '' };
  }

  protected override render(): TemplateResult {
    const { baseMap } = this.state;
    void this.#draw(baseMap);
    return html`<canvas
      class=${baseMap?.pictures ? 'base-map pictures' : 'base-map'}
      width="1"
      height="1"
      aria-hidden="true"
      data-testid="base-map"
    ></canvas>`;
  }

  async #draw(map: MapReport | null): Promise<void> {
    const layout = this.#layout;
    const density = this.#density();
    if (!layout || density === 0) return;
    const { corner, scale } = layout;
    const theme = themeNow();
    const key = [corner.x, corner.y, scale, density, theme].join(' ');
    if (this.#drawn.map === map && this.#drawn.key === key) return;
    const asked = { map, key };
    this.#drawn = asked;
    const { width, height } = MAP;
    const view: MapView = { corner, scale, width, height, density };
    const bitmap = map && (await this.context.map.draw(view, theme));
    // Another drawing was asked for meanwhile, and will be shown.
    if (this.#drawn !== asked) bitmap?.close();
    else this.#show(bitmap);
  }

  /** What was shown of another map or place goes with it. */
  #show(bitmap: ImageBitmap | null): void {
    const canvas = this.querySelector('canvas');
    canvas?.toggleAttribute('data-drawn', bitmap !== null);
    const to = canvas?.getContext('bitmaprenderer');
    if (to) to.transferFromImageBitmap(bitmap);
    else bitmap?.close();
  }

  /** Pixels for each unit, in quarters, so that not every width is another drawing; 0 while it has no size. */
  #density(): number {
    const wanted = (this.clientWidth / MAP.width) * devicePixelRatio;
    return Math.min(DENSITY_MAX, Math.ceil(wanted * 4) / 4);
  }
}

customElements.define('cw-base-map', CwBaseMap);

declare global {
  interface HTMLElementTagNameMap {
    'cw-base-map': CwBaseMap;
  }
}
