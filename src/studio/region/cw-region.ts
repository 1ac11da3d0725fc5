/**
 * The editor of the ignore region: click into the picture to add points, drag them, or do all of it by keyboard. The
 * quick way is the slider that hides a strip at the bottom, where a bonnet usually is.
 */
import { html, type TemplateResult } from 'lit';
import type { IgnoreRegion } from '../../perception/engine';
import { say } from '../../words/words';
import { percentSlider, textButton } from '../shell/controls';
import { CwElement } from '../shell/element';
import { bottomStrip, middleOfLongestEdge, movedPoint, stripShare, withoutPoint, withPoint } from './region';

/** One press of an arrow, and with Shift, as a share of the picture. */
const [SMALL_STEP, LARGE_STEP] = [0.005, 0.05];

/** A bonnet higher than this would leave no road to see. */
const STRIP_MAX = 60;

/** `<cw-region>`: fills the picture's rectangle. */
export class CwRegion extends CwElement {
  #focusNext: number | null = null;
  #wasOpen = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#onEscape, { signal: this.signal });
  }

  protected override render(): TemplateResult {
    const { regions } = this.context;
    const points = this.#region;
    this.hidden = !this.state.editingRegion;
    return html`<svg
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        aria-hidden="true"
        data-testid="region-picture"
        @pointerdown=${this.#onPicture}
      ><polygon points=${points.map((p) => `${p.x},${p.y}`).join(' ')}></polygon></svg>
      <div class="region-handles">${points.map((_, i) => this.#handle(i))}</div>
      <div class="region-toolbar" role="group" aria-label=${say('region.toolbar')}>
        <p>${say('region.hint')}</p>
        ${percentSlider({
          label: say('region.strip'),
          id: 'region-strip',
          max: STRIP_MAX,
          share: stripShare(this.state.region) ?? 0,
          oninput: (share) => regions.set(bottomStrip(share)),
        })}
        <div class="row">
          ${textButton('region-add', say('region.add'), () => this.#addByKeyboard())}
          ${textButton('region-clear', say('region.clear'), () => regions.set(null))}
          ${textButton('region-done', say('region.done'), () => regions.edit(false), 'primary')}
        </div>
      </div>`;
  }

  /** Before the points change: which of them has the focus, should it be the one that goes. */
  protected override willUpdate(): void {
    const at = [...this.querySelectorAll('.region-handle')].indexOf(document.activeElement as Element);
    const last = this.#region.length - 1;
    if (at > last && last >= 0) this.#focusNext ??= last;
  }

  protected override updated(): void {
    const focus = this.#focusNext;
    this.#focusNext = null;
    if (focus !== null) this.querySelectorAll<HTMLElement>('.region-handle')[focus]?.focus();
    const open = this.state.editingRegion;
    if (open && !this.#wasOpen) this.querySelector('input')?.focus();
    this.#wasOpen = open;
  }

  get #region(): IgnoreRegion {
    return this.state.region ?? [];
  }

  #handle(index: number): TemplateResult {
    const { regions } = this.context;
    const [{ x, y }, count] = [this.#region[index]!, this.#region.length];
    const hold = (event: PointerEvent) => {
      if (event.button !== 0) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      event.stopPropagation();
    };
    const drag = (event: PointerEvent) => {
      if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId))
        regions.set(movedPoint(this.#region, index, this.#at(event)));
    };
    return html`<button
      type="button"
      class="region-handle"
      data-testid="region-point-${index}"
      .style=${`left: ${x * 100}%; top: ${y * 100}%`}
      aria-label=${say('region.point', {
        number: index + 1,
        count,
        x: Math.round(x * 100),
        y: Math.round(y * 100),
      })}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event, index)}
      @pointerdown=${hold}
      @pointermove=${drag}
      @dblclick=${() => regions.set(withoutPoint(this.#region, index))}
    ></button>`;
  }

  readonly #onEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.context.regions.edit(false);
  };

  #at(event: PointerEvent): { x: number; y: number } {
    const box = this.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  #onPicture(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#insert(this.#at(event));
  }

  #addByKeyboard(): void {
    const region = this.#region;
    // The first three stand where a bonnet does; from then on each new point halves the longest edge.
    const first = [
      { x: 0.2, y: 0.95 },
      { x: 0.5, y: 0.85 },
      { x: 0.8, y: 0.95 },
    ];
    this.#insert(first[region.length] ?? middleOfLongestEdge(region) ?? { x: 0.5, y: 0.9 });
  }

  #insert(point: { x: number; y: number }): void {
    const { region, index } = withPoint(this.#region, point);
    if (index < 0) return;
    this.#focusNext = index;
    this.context.regions.set(region);
  }

  #onKey(event: KeyboardEvent, index: number): void {
    const point = this.#region[index];
    if (!point) return;
    const step = event.shiftKey ? LARGE_STEP : SMALL_STEP;
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const move = moves[event.key];
    if (move)
      this.context.regions.set(
        movedPoint(this.#region, index, { x: point.x + move[0], y: point.y + move[1] }),
      );
    else if (event.key === 'Delete' || event.key === 'Backspace')
      this.context.regions.set(withoutPoint(this.#region, index));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define('cw-region', CwRegion);
