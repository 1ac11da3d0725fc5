/**
 * A view's canvas: the compositor that draws on it, what is to be drawn, and when what was shown of a stream got there.
 * A canvas belongs to its device for good, so it can be taken down and put up again on a fresh one.
 */
import { CarriagewayError } from '../errors';
import type { Size } from '../media/size';
import { pictureSize, type TimedFrame } from '../media/timed-frame';
import { type OverlayView, viewOf } from '../overlay/view';
import type { MaskImage } from '../perception/engine';
import type { ClassList } from '../taxonomy/class-list';
import { DRIVING } from '../taxonomy/classes';
import type { StreamMeters } from './meters';
import type { CompositorPort } from './ports';

/** What a screen tells. */
export interface ScreenEvents {
  /** The picture has another size than before, pixels. */
  picture(size: Size): void;
  /** The page must hand over a fresh canvas, by `replaceCanvas`. */
  canvasNeeded(): void;
}

/** Draws one stream. Owns its compositor. */
export class Screen {
  #compositor: CompositorPort | null = null;
  #picture: Size | null = null;
  /** A picture that was not drawn yet. */
  #pictureChanged = false;
  /** Arrival of the frame that was shown last. */
  #shown = 0;
  /** Arrival of the frame whose mask was presented and not drawn yet. */
  #presented: number | null = null;
  #classes: ClassList = DRIVING;
  #canvasArrived: ((canvas: OffscreenCanvas) => void) | null = null;

  /** @param size of its place on the page, pixels */
  constructor(
    private view: OverlayView,
    private place: Size,
    private readonly events: ScreenEvents,
  ) {}

  /** What draws now; null while there is no canvas. Stays the screen's. */
  get compositor(): CompositorPort | null {
    return this.#compositor;
  }

  /** Size of its place on the page, in pixels. */
  get size(): Size {
    return this.place;
  }

  /** Whether pictures are shown as they come, and masks when they are ready. */
  get live(): boolean {
    return this.view.sync === 'live';
  }

  setOverlay(view: OverlayView): void {
    this.view = view;
    this.#compositor?.setView(viewOf(view, this.#classes));
  }

  /** Masks from now on have these classes: colours and what is hidden are theirs. */
  setClasses(classes: ClassList): void {
    if (classes === this.#classes) return;
    this.#classes = classes;
    this.setOverlay(this.view);
  }

  /** Its place on the page has another size, in pixels. */
  resize({ width, height }: Size): void {
    this.place = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  }

  /** Draws with a compositor from now on. @param compositor owned from now on */
  putUp(compositor: CompositorPort): void {
    this.#compositor = compositor;
    compositor.setView(viewOf(this.view, this.#classes));
  }

  /** Gives the compositor up. */
  async takeDown(): Promise<void> {
    const compositor = this.#compositor;
    this.#compositor = null;
    await compositor?.dispose();
  }

  /** Asks for a fresh canvas and waits for it. */
  freshCanvas(): Promise<OffscreenCanvas> {
    const arrived = new Promise<OffscreenCanvas>((resolve) => {
      this.#canvasArrived = resolve;
    });
    this.events.canvasNeeded();
    return arrived;
  }

  replaceCanvas(canvas: OffscreenCanvas): void {
    this.#canvasArrived?.(canvas);
    this.#canvasArrived = null;
  }

  /** Another source begins: the size of its first picture is told again. What is shown stays. */
  beginAnew(): void {
    this.#picture = null;
    this.#presented = null;
  }

  /**
   * Takes note of a frame, and shows it at once where nothing is waited for.
   * @param timed borrowed for the call
   * @param bare there is no model that could give a mask
   */
  frameArrived(timed: TimedFrame, arrival: number, bare: boolean): void {
    const picture = pictureSize(timed);
    if (picture.width !== this.#picture?.width || picture.height !== this.#picture.height) {
      this.#picture = picture;
      this.events.picture(picture);
    }
    if (!this.live && !bare) return;
    this.#compositor?.show(timed.frame, timed.rotation);
    this.#shown = arrival;
    this.#pictureChanged = true;
  }

  /** Keeps a picture for the mask that is about to be computed, where pictures wait. @param timed borrowed for the call */
  stage({ frame, rotation }: TimedFrame): void {
    if (!this.live) this.#compositor?.stage(frame, rotation);
  }

  /** Shows a mask, and with it the picture that waited for it. @param arrival when its frame came, milliseconds */
  present(mask: MaskImage, arrival: number): void {
    this.#compositor?.present(mask);
    this.#presented = arrival;
    if (this.live) return;
    this.#shown = arrival;
    this.#pictureChanged = true;
  }

  /**
   * Draws what changed.
   * @param meters of the stream that is shown; null when there is none
   * @param now milliseconds
   * @throws what the compositor throws
   */
  draw(meters: StreamMeters | null, now: () => number): void {
    const began = now();
    if (!this.#compositor?.render() || !meters) return;
    const drawn = now();
    if (this.#pictureChanged) meters.drew(drawn, drawn - began);
    this.#pictureChanged = false;
    if (this.#presented === null) return;
    const age = drawn - this.#presented;
    meters.masked(age, this.live ? Math.max(0, this.#shown - this.#presented) : age);
    this.#presented = null;
  }

  /** @throws CarriagewayError `snapshot-failed` */
  async snapshot(withOverlay: boolean): Promise<Blob> {
    if (!this.#compositor || !this.#picture) throw new CarriagewayError('snapshot-failed', 'no picture yet');
    try {
      return await this.#compositor.snapshot(withOverlay);
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : '';
      throw new CarriagewayError('snapshot-failed', detail, { cause: thrown });
    }
  }
}
