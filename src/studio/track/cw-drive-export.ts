/** In the export menu: the track as a file of its own, and what of the drive goes into the other files. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { CUT_MAX } from '../../telemetry/share-track';
import { say } from '../../words/words';
import { checkbox } from '../shell/controls';
import { CwElement } from '../shell/element';

/** `<cw-drive-export>`: empty where no track is known. */
export class CwDriveExport extends CwElement {
  protected override render(): TemplateResult | typeof nothing {
    const { telemetry, driveShare } = this.state;
    const { track } = telemetry;
    const { track: actions } = this.context;
    this.hidden = track === null || track.format === 'place';
    if (!track || this.hidden) return nothing;
    const placed = track.points.some(({ latitude }) => latitude !== null);
    return html`<button
        type="button"
        class="button export-item"
        data-testid="export-gpx"
        ?hidden=${!placed}
        @click=${this.#gpx}
      ><span>${say('track.gpx')}</span><span class="muted">${say('track.gpx-hint')}</span></button>
      ${checkbox({
        id: 'export-drive',
        label: say('track.burn'),
        checked: driveShare.burn,
        onchange: (burn) => actions.share({ burn }),
      })}${
        placed
          ? html`${checkbox({
              id: 'export-places',
              label: say('track.places'),
              checked: driveShare.places,
              onchange: (places) => actions.share({ places }),
            })}<label class="row export-cut"><span>${say('track.cut-within')}</span><span><input
            type="number"
            min="0"
            max=${CUT_MAX}
            step="50"
            data-testid="export-cut"
            .value=${live(String(driveShare.cut))}
            @change=${({ target }: Event) => actions.share({ cut: (target as HTMLInputElement).valueAsNumber })}
          > m</span><span>${say('track.cut-of')}</span></label>`
          : nothing
      }`;
  }

  #gpx(): void {
    const menu = this.closest<HTMLElement>('[popover]');
    menu?.hidePopover();
    const nameless = menu?.querySelector<HTMLInputElement>('[data-testid=export-nameless]')?.checked ?? false;
    this.context.track.exportGpx(nameless);
  }
}

customElements.define('cw-drive-export', CwDriveExport);
