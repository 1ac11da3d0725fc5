/**
 * Fingers on the picture: two spread to magnify it, one moves it while it is magnified, two taps go closer and back, and
 * one that rests asks for the frame's menu. Controls that lie on the picture keep their own fingers.
 */
import { magnified, moved, tapped, type ViewerPoint, WHOLE, type Zoom } from './zoom';

/** Milliseconds within which a second tap belongs to the first, and pixels between them. */
const DOUBLE_MS = 320;
const DOUBLE_REACH = 32;

/** Milliseconds after which a finger that rests asks for the menu, and pixels it may tremble. */
const LONG_MS = 550;
const TREMBLE = 10;

/** What is told. */
export interface TouchListener {
  readonly zoomed: (zoom: Zoom) => void;
  /** @param at in the window */
  readonly menu: (at: ViewerPoint) => void;
}

/** Listens to an element until `signal` aborts. */
export class PictureTouch {
  #zoom = WHOLE;
  readonly #fingers = new Map<number, ViewerPoint>();
  #lastTap: (ViewerPoint & { readonly time: number }) | null = null;
  /** Where the finger came down that may become a tap or a long press; null once it is neither. */
  #rest: ViewerPoint | null = null;
  #timer = 0;

  /** @param place where in the element the picture stands that is magnified; null for all of it */
  constructor(
    private readonly element: HTMLElement,
    private readonly listener: TouchListener,
    signal: AbortSignal,
    private readonly place: () => HTMLElement | null = () => null,
  ) {
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    element.addEventListener('pointerup', (event) => this.#up(event), { signal });
    element.addEventListener('pointercancel', (event) => this.#gone(event), { signal });
    // A mouse's other button, or a keyboard's menu key.
    element.addEventListener(
      'contextmenu',
      (event) => {
        event.preventDefault();
        this.listener.menu({ x: event.clientX, y: event.clientY });
      },
      { signal },
    );
    signal.addEventListener('abort', () => this.#notResting());
  }

  /** Shows the whole picture again. */
  reset(): void {
    this.#set(WHOLE);
  }

  #down(event: PointerEvent): void {
    if (event.pointerType === 'mouse' || isControl(event.target)) return;
    this.#fingers.set(event.pointerId, this.#at(event));
    this.#notResting();
    if (this.#fingers.size > 1) return;
    this.#rest = this.#at(event);
    const at = { x: event.clientX, y: event.clientY };
    this.#timer = window.setTimeout(() => {
      this.#notResting();
      this.listener.menu(at);
    }, LONG_MS);
  }

  #move(event: PointerEvent): void {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#at(event);
    if (this.#rest && distance(this.#rest, now) > TREMBLE) this.#notResting();
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    const box = this.#box;
    if (other) {
      const factor = distance(other, now) / Math.max(1, distance(other, before));
      this.#set(magnified(this.#zoom, factor, middle(other, before), box, middle(other, now)));
    } else if (!this.#rest) this.#set(moved(this.#zoom, now.x - before.x, now.y - before.y, box));
  }

  #up(event: PointerEvent): void {
    const resting = this.#rest;
    this.#gone(event);
    if (!resting) return;
    const now = { ...this.#at(event), time: event.timeStamp };
    const last = this.#lastTap;
    if (last && now.time - last.time < DOUBLE_MS && distance(last, now) < DOUBLE_REACH) {
      this.#lastTap = null;
      this.#set(tapped(this.#zoom, now, this.#box));
    } else this.#lastTap = now;
  }

  #gone(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    this.#notResting();
  }

  #notResting(): void {
    clearTimeout(this.#timer);
    this.#rest = null;
  }

  #set(zoom: Zoom): void {
    if (zoom.scale === this.#zoom.scale && zoom.x === this.#zoom.x && zoom.y === this.#zoom.y) return;
    this.#zoom = zoom;
    this.listener.zoomed(zoom);
  }

  get #box(): DOMRect {
    return (this.place() ?? this.element).getBoundingClientRect();
  }

  #at({ clientX, clientY }: PointerEvent): ViewerPoint {
    const { left, top } = this.#box;
    return { x: clientX - left, y: clientY - top };
  }
}

/** Whether something on the picture wants its fingers for itself. */
function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('button, [role=slider], [tabindex], input, .region-toolbar') !== null
  );
}

function distance(a: ViewerPoint, b: ViewerPoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middle(a: ViewerPoint, b: ViewerPoint): ViewerPoint {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
