/** The menu of the picture: what can be done with the frame on screen, where a finger rested or a mouse's other button was. */
import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../words/words';
import type { ViewerPoint } from '../overlay/zoom';
import { textButton } from './controls';
import { CwElement } from './element';

/** Pixels that stay free between menu and window. */
const GAP = 8;

/** `<cw-frame-menu>` */
export class CwFrameMenu extends CwElement {
  /** Opens it at a point of the window. */
  open({ x, y }: ViewerPoint): void {
    const menu = this.#menu;
    menu.showPopover();
    menu.style.left = `${Math.max(GAP, Math.min(x, innerWidth - menu.offsetWidth - GAP))}px`;
    menu.style.top = `${Math.max(GAP, Math.min(y, innerHeight - menu.offsetHeight - GAP))}px`;
    menu.querySelector<HTMLElement>('button:not([hidden])')?.focus();
  }

  get #menu(): HTMLElement {
    return this.querySelector<HTMLElement>('[popover]')!;
  }

  protected override render(): TemplateResult {
    const { page, marks, view } = this.context;
    const { playback, fullScreen, view: shown } = this.state;
    const then = (act: () => void) => () => {
      this.#menu.hidePopover();
      act();
    };
    const marked = playback?.canSeek
      ? textButton(
          'frame-mark',
          say('frame.mark'),
          then(() => marks.toggle()),
          'quiet',
        )
      : nothing;
    const full = page.canFullScreen
      ? textButton(
          'frame-full-screen',
          say(fullScreen ? 'bar.leave-full-screen' : 'bar.full-screen'),
          then(() => void page.toggleFullScreen()),
          'quiet',
        )
      : nothing;
    return html`<div popover="auto" class="menu frame-menu" role="dialog" aria-label=${say('frame.menu')} data-testid="frame-menu">
      ${textButton(
        'frame-snapshot',
        say('frame.save'),
        then(() => void page.snapshot(true)),
        'quiet',
      )}
      ${textButton(
        'frame-snapshot-raw',
        say('frame.save-raw'),
        then(() => void page.snapshot(false)),
        'quiet',
      )}
      ${marked}
      ${textButton(
        'frame-split',
        say(shown.split === null ? 'bar.split' : 'bar.no-split'),
        then(() => view.toggleSplit()),
        'quiet',
      )}
      ${full}
    </div>`;
  }
}

customElements.define('cw-frame-menu', CwFrameMenu);

declare global {
  interface HTMLElementTagNameMap {
    'cw-frame-menu': CwFrameMenu;
  }
}
