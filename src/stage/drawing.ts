/**
 * How views are drawn: each on a canvas of its own, all with one device, and where a program draws in place of a GPU,
 * at sizes that together cost what one picture may.
 */
import { CarriagewayError } from '../errors';
import type { Size } from '../media/size';
import { drawnSize, sharedSide } from './drawn-size';
import type { DevicePort, StageParts } from './ports';
import type { View } from './view';

/** What the drawing needs of its stage. */
export interface DrawingHost {
  readonly disposed: boolean;
  readonly device: DevicePort | null;
  /** Whether all canvases share one WebGL2 context, where there is no device. */
  readonly shared: boolean;
  /** All views there are, and their weights: what drawing may cost is shared by them. */
  readonly weights: ReadonlyMap<View, number>;
  /** A drawing failed, or nothing can be drawn any more. */
  failed(thrown: unknown): void;
}

/** Gives views their compositors, keeps them at their sizes, and draws. The views own the compositors. */
export class Drawing {
  /** Views that draw with what is gone. */
  readonly #lost = new Set<View>();

  constructor(
    private readonly parts: Pick<StageParts, 'createCompositor' | 'drawnSideMax' | 'onDrawing'>,
    private readonly host: DrawingHost,
  ) {}

  /** Whether a view draws with what is gone. */
  get lost(): boolean {
    return this.#lost.size > 0;
  }

  /** Whether a program draws in place of a GPU, with the cores that the network runs on. */
  get dear(): boolean {
    return Number.isFinite(this.parts.drawnSideMax(this.host.device));
  }

  /** Draws from now on, whenever the browser does. */
  begin(): void {
    this.parts.onDrawing(this.#draw);
  }

  /** Makes what draws a view. @param canvas drawn on from now on */
  async equip(view: View, canvas: OffscreenCanvas): Promise<void> {
    const { host } = this;
    const device = host.device?.device ?? null;
    const { width, height } = this.#sizeOf(view);
    // Without a device a worker is given few contexts: views beyond the first share one in any case.
    const shared = host.shared || view !== host.weights.keys().next().value;
    const compositor = await this.parts.createCompositor(canvas, device, width, height, shared);
    if (!host.weights.has(view)) {
      await compositor.dispose();
      return;
    }
    view.screen.putUp(compositor);
    // Without a device, drawing ends with its own context: nobody else would say so.
    if (!device)
      void compositor.lost.then(() => {
        if (view.screen.compositor !== compositor) return;
        this.#lost.add(view);
        host.failed(new CarriagewayError('drawing-lost'));
      });
    // Its size may have changed meanwhile.
    this.fit(view);
  }

  /** The same on a canvas that the page is asked for. */
  async equipAnew(view: View): Promise<void> {
    const canvas = await view.screen.freshCanvas();
    if (!this.host.disposed) await this.equip(view, canvas);
  }

  /** All views get fresh canvases. */
  async equipAll(): Promise<void> {
    await Promise.all([...this.host.weights.keys()].map((view) => this.equipAnew(view)));
  }

  /** Gives all compositors up. */
  async takeDown(): Promise<void> {
    this.#lost.clear();
    // All at once: one that hears of its loss while another is taken down has nothing to say any more.
    await Promise.all([...this.host.weights.keys()].map((view) => view.screen.takeDown()));
  }

  /** Follows a view's size. */
  fit(view: View): void {
    const { width, height } = this.#sizeOf(view);
    view.screen.compositor?.resize(width, height);
  }

  /** Follows views that came or went, and their weights. */
  fitAll(): void {
    for (const view of this.host.weights.keys()) this.fit(view);
  }

  /** A view is gone. */
  forget(view: View): void {
    this.#lost.delete(view);
    this.fitAll();
  }

  #sizeOf(view: View): Size {
    const { weights, device } = this.host;
    const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    // One that has just left counts for itself.
    const share = (weights.get(view) ?? 1) / Math.max(all, weights.get(view) ?? 1);
    return drawnSize(view.screen.size, sharedSide(this.parts.drawnSideMax(device), share));
  }

  readonly #draw = (): void => {
    if (this.host.disposed) return;
    this.parts.onDrawing(this.#draw);
    for (const view of this.host.weights.keys()) {
      try {
        view.draw();
      } catch (thrown) {
        this.host.failed(thrown);
        return;
      }
    }
  };
}
