/**
 * The editor of the ignore region: click into the picture to add points, drag them, or do all of it by keyboard. The
 * quick way is the slider that hides a strip at the bottom, where a bonnet usually is.
 */
import type { IgnoreRegion } from '../../perception/engine';
import { CwElement } from '../shell/base';
import { percentSlider } from '../shell/controls';
import { h } from '../shell/dom';
import { bottomStrip, middleOfLongestEdge, movedPoint, stripShare, withoutPoint, withPoint } from './region';

const SVG = 'http://www.w3.org/2000/svg';

/** One press of an arrow, and with Shift, as a share of the picture. */
const [SMALL_STEP, LARGE_STEP] = [0.005, 0.05];

/** A bonnet higher than this would leave no road to see. */
const STRIP_MAX = 60;

/** `<cw-region>`: fills the picture's rectangle. */
export class CwRegion extends CwElement {
  readonly #polygon = document.createElementNS(SVG, 'polygon');
  readonly #handles = h('div', { class: 'region-handles' });
  #focusNext: number | null = null;

  protected build(): void {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 1 1');
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    svg.dataset.testid = 'region-picture';
    svg.append(this.#polygon);
    svg.addEventListener('pointerdown', (event) => this.#onPicture(event));
    const strip = percentSlider({
      label: 'Hide bottom',
      id: 'region-strip',
      max: STRIP_MAX,
      oninput: (share) => this.context.regions.set(bottomStrip(share)),
    });
    const toolbar = h(
      'div',
      { class: 'region-toolbar', role: 'group', 'aria-label': 'Region that is not labelled' },
      h('p', {}, 'Click around your own bonnet, or hide a strip. This region is not labelled.'),
      strip.element,
      h(
        'div',
        { class: 'row' },
        this.#button('region-add', 'Add point', () => this.#addByKeyboard()),
        this.#button('region-clear', 'Clear', () => this.context.regions.set(null)),
        this.#button('region-done', 'Done', () => this.context.regions.edit(false), 'primary'),
      ),
    );
    this.append(svg, this.#handles, toolbar);
    this.watch(
      (s) => s.region,
      (region) => {
        this.#draw(region);
        strip.set(stripShare(region) ?? 0);
      },
    );
    this.watch(
      (s) => s.editingRegion,
      (editing) => {
        this.hidden = !editing;
        if (editing) strip.element.querySelector('input')?.focus();
      },
    );
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.context.regions.edit(false);
    });
  }

  get #region(): IgnoreRegion {
    return this.context.store.state.region ?? [];
  }

  #button(id: string, label: string, onclick: () => void, kind = ''): HTMLButtonElement {
    return h('button', { type: 'button', class: `button ${kind}`, 'data-testid': id, onclick }, label);
  }

  #draw(region: IgnoreRegion | null): void {
    const points = region ?? [];
    this.#polygon.setAttribute('points', points.map((p) => `${p.x},${p.y}`).join(' '));
    const focused = [...this.#handles.children].indexOf(document.activeElement as Element);
    while (this.#handles.children.length > points.length) this.#handles.lastElementChild?.remove();
    while (this.#handles.children.length < points.length)
      this.#handles.append(this.#handle(this.#handles.children.length));
    points.forEach((p, i) => {
      const handle = this.#handles.children[i] as HTMLElement;
      handle.style.left = `${p.x * 100}%`;
      handle.style.top = `${p.y * 100}%`;
      handle.setAttribute(
        'aria-label',
        `Point ${i + 1} of ${points.length}: ${Math.round(p.x * 100)} % across, ${Math.round(p.y * 100)} % down. Arrows move it, Delete removes it.`,
      );
    });
    const focus = this.#focusNext ?? (focused >= points.length ? points.length - 1 : null);
    this.#focusNext = null;
    if (focus !== null && focus >= 0) (this.#handles.children[focus] as HTMLElement).focus();
  }

  #handle(index: number): HTMLButtonElement {
    const handle = h('button', {
      type: 'button',
      class: 'region-handle',
      'data-testid': `region-point-${index}`,
      onkeydown: (event: KeyboardEvent) => this.#onKey(event, index),
      onpointerdown: (event: PointerEvent) => {
        if (event.button !== 0) return;
        handle.setPointerCapture(event.pointerId);
        event.stopPropagation();
      },
      onpointermove: (event: PointerEvent) => {
        if (handle.hasPointerCapture(event.pointerId))
          this.context.regions.set(movedPoint(this.#region, index, this.#at(event)));
      },
      ondblclick: () => this.context.regions.set(withoutPoint(this.#region, index)),
    });
    return handle;
  }

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

declare global {
  interface HTMLElementTagNameMap {
    'cw-region': CwRegion;
  }
}
