/**
 * The stage's canvas: the compositor that draws on it, how large it is drawn, and when what was shown of a lane got
 * there. A canvas belongs to its device for good, so it can be taken down and put up again on a fresh one.
 */
import { CarriagewayError } from '../errors';
import type { Size } from '../media/size';
import type { TimedFrame } from '../media/timed-frame';
import type { OverlayView } from '../overlay/view';
import { drawnSize } from './drawn-size';
import type { Lane } from './lane';
import type { CompositorPort, DevicePort, StageParts } from './ports';
import { uprightSize } from './segmenter';

/** What the screen asks and tells. */
export interface ScreenEvents {
  /** The lane that is shown now. */
  laneOf(): Lane | null;
  /** The picture has another size than before, pixels. */
  onPicture(width: number, height: number): void;
  /** The page must hand over a fresh canvas, by `replaceCanvas`. */
  onCanvasNeeded(): void;
  /** A drawing failed. */
  onFailed(thrown: unknown): void;
}

/** Draws one stream. Owns its compositor. */
export class Screen {
  #compositor: CompositorPort | null = null;
  #view: OverlayView | null = null;
  #size = { width: 1, height: 1 };
  #drawnSideMax = Number.POSITIVE_INFINITY;
  /** A picture that was not drawn yet. */
  #pictureChanged = false;
  /** Arrival of the frame whose mask was presented and not drawn yet. */
  #presented: number | null = null;
  #pictureSize = '';
  #canvasArrived: ((canvas: OffscreenCanvas) => void) | null = null;
  #closed = false;

  constructor(
    private readonly parts: Pick<StageParts, 'createCompositor' | 'drawnSideMax' | 'onDrawing' | 'now'>,
    private readonly events: ScreenEvents,
  ) {}

  /** What draws now; null while there is no canvas. */
  get compositor(): CompositorPort | null {
    return this.#compositor;
  }

  /** What the viewer asked to see; null before the start. */
  get view(): OverlayView | null {
    return this.#view;
  }

  /** Whether pictures are shown as they come, and masks when they are ready. */
  get live(): boolean {
    return this.#view?.sync === 'live';
  }

  setView(view: OverlayView): void {
    this.#view = view;
    this.#compositor?.setView(view);
  }

  /** Size of the canvas's place on the page, in pixels. */
  resize(width: number, height: number): void {
    this.#size = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
    this.#fit();
  }

  /** Draws from now on, whenever the browser does. */
  begin(): void {
    this.parts.onDrawing(this.#draw);
  }

  /** Makes the compositor for a device. @returns it; stays owned here */
  async putUp(canvas: OffscreenCanvas, device: DevicePort | null): Promise<CompositorPort> {
    this.#drawnSideMax = this.parts.drawnSideMax(device);
    const { width, height } = this.#drawnSize();
    this.#compositor = await this.parts.createCompositor(canvas, device?.device ?? null, width, height);
    if (this.#view) this.#compositor.setView(this.#view);
    // The page may have changed its size meanwhile.
    this.#fit();
    return this.#compositor;
  }

  /** Gives the compositor up. */
  async takeDown(): Promise<void> {
    const compositor = this.#compositor;
    this.#compositor = null;
    await compositor?.dispose();
  }

  /** Takes the compositor down for good. */
  close(): Promise<void> {
    this.#closed = true;
    return this.takeDown();
  }

  /** Asks for a fresh canvas and waits for it. */
  async freshCanvas(): Promise<OffscreenCanvas> {
    const arrived = new Promise<OffscreenCanvas>((resolve) => {
      this.#canvasArrived = resolve;
    });
    this.events.onCanvasNeeded();
    return arrived;
  }

  replaceCanvas(canvas: OffscreenCanvas): void {
    this.#canvasArrived?.(canvas);
    this.#canvasArrived = null;
  }

  /** Another source begins: its first picture's size is told again. */
  forgetPicture(): void {
    this.#pictureSize = '';
  }

  /**
   * Takes note of a frame, and shows it at once where nothing is waited for.
   * @param bare there is no network that could give a mask
   */
  frameArrived(lane: Lane, timed: TimedFrame, bare: boolean): void {
    const [width, height] = uprightSize(timed);
    const size = `${width}x${height}`;
    if (size !== this.#pictureSize) {
      this.#pictureSize = size;
      this.events.onPicture(width, height);
    }
    if (!this.live && !bare) return;
    this.#compositor?.show(timed.frame, timed.rotation);
    lane.shownArrival = this.parts.now();
    this.#pictureChanged = true;
  }

  /** Takes note of a mask that will be drawn. @param arrival when its frame came, milliseconds */
  maskPresented(lane: Lane, arrival: number): void {
    this.#presented = arrival;
    if (this.live) return;
    lane.shownArrival = arrival;
    this.#pictureChanged = true;
  }

  /** @throws CarriagewayError `snapshot-failed` */
  async snapshot(withOverlay: boolean): Promise<Blob> {
    if (!this.#compositor || this.#pictureSize === '')
      throw new CarriagewayError('snapshot-failed', 'no picture yet');
    try {
      return await this.#compositor.snapshot(withOverlay);
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : '';
      throw new CarriagewayError('snapshot-failed', detail, { cause: thrown });
    }
  }

  #fit(): void {
    const { width, height } = this.#drawnSize();
    this.#compositor?.resize(width, height);
  }

  #drawnSize(): Size {
    return drawnSize(this.#size, this.#drawnSideMax);
  }

  readonly #draw = (): void => {
    if (this.#closed) return;
    this.parts.onDrawing(this.#draw);
    if (!this.#compositor) return;
    const began = this.parts.now();
    let drew: boolean;
    try {
      drew = this.#compositor.render();
    } catch (thrown) {
      this.events.onFailed(thrown);
      return;
    }
    const lane = this.events.laneOf();
    if (!drew || !lane) return;
    const now = this.parts.now();
    if (this.#pictureChanged) lane.meters.drew(now, now - began);
    this.#pictureChanged = false;
    if (this.#presented === null) return;
    const age = now - this.#presented;
    lane.meters.masked(age, this.live ? Math.max(0, lane.shownArrival - this.#presented) : age);
    this.#presented = null;
  };
}
