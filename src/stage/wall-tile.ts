/** One tile of a wall: its stream, its canvas, and what is known of both. */
import type { OverlayView } from '../overlay/view';
import type { SceneEvent } from '../scene/events';
import type { Lane } from './lane';
import type { CompositorPort } from './ports';
import { SceneRunner } from './scene-runner';
import type { SeenMap, TileReport } from './wall-api';

/** Milliseconds for which a tile's own mask keeps a remote one away. */
const OWN_MASK_LASTS = 3000;

/** Milliseconds after which a remote mask that is not followed by another is taken away: it holds no longer. */
const REMOTE_MASK_LASTS = 5000;

/** Milliseconds between two `seen` maps of a tile: twice a second follows the road closely enough for an overlay. */
const SEEN_INTERVAL = 500;

/** State of one tile; the wall owns it and everything in it. */
export class WallTile {
  #lane: Lane | null = null;
  /** Frames of the streams it had before. */
  #framesBefore = 0;
  compositor: CompositorPort | null = null;
  /** What the compositor drew with is gone. */
  drawingLost = false;
  /** Size of the picture as text, to notice a change. */
  picture = '';
  paused = false;
  #pictureChanged = false;
  /** Arrival of the frame whose mask was presented and not drawn yet. */
  #presented: number | null = null;
  #masks = 0;
  /** When the remote mask on screen came; null while there is none. */
  #remoteAt: number | null = null;
  #ownMaskAt = Number.NEGATIVE_INFINITY;
  #seenAt = Number.NEGATIVE_INFINITY;
  #canvasArrived: ((canvas: OffscreenCanvas) => void) | null = null;

  /** What the road before this vehicle is like. */
  readonly scene: SceneRunner;

  /**
   * @param happened is told what happens in the scene, in order
   * @param now milliseconds, monotonic
   */
  constructor(
    readonly key: string,
    public view: OverlayView,
    public size: { readonly width: number; readonly height: number },
    happened: (events: readonly SceneEvent[]) => void,
    now: () => number,
  ) {
    // A scene that fails costs this tile its figures; the other tiles and the masks go on.
    this.scene = new SceneRunner({ onState: () => {}, onEvents: happened, onError: () => {} }, now);
  }

  get lane(): Lane | null {
    return this.#lane;
  }

  /** The frames of the stream before still count as the tile's. */
  setLane(lane: Lane | null, now: number): void {
    this.#framesBefore += this.#lane?.meters.digest(now).frames ?? 0;
    this.#lane = lane;
    this.scene.restart();
  }

  /** A newer picture is to be drawn. @param arrival of its frame */
  showed(arrival: number): void {
    if (this.lane) this.lane.shownArrival = arrival;
    this.#pictureChanged = true;
  }

  /** The own network's mask is to be drawn. @param arrival of the frame it belongs to */
  masked(arrival: number, now: number): void {
    this.#presented = arrival;
    this.#masks++;
    this.#remoteAt = null;
    this.#ownMaskAt = now;
    if (this.view.sync === 'synced') this.showed(arrival);
  }

  /** Whether another viewer's mask is welcome now. */
  wantsRemote(now: number): boolean {
    return now - this.#ownMaskAt > OWN_MASK_LASTS;
  }

  /** Shows another viewer's mask: class and confidence as the engines' own masks have them. */
  showRemote({ width, height, classes, drivable, edges }: SeenMap, now: number): void {
    const data = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i++) {
      data[i * 4] = classes[i]!;
      // How sure the other network was is not sent; sure enough to have said it.
      data[i * 4 + 1] = 255;
      data[i * 4 + 2] = drivable[i]!;
      data[i * 4 + 3] = 255;
    }
    this.compositor?.present({ kind: 'pixels', data, width, height });
    this.compositor?.showEdges(edges, width / height);
    this.#remoteAt = now;
  }

  /** Whether it is time to send a map on. */
  takesSeen(now: number): boolean {
    if (now - this.#seenAt < SEEN_INTERVAL) return false;
    this.#seenAt = now;
    return true;
  }

  /** The canvas was drawn. @param began when the drawing began */
  drew(began: number, now: number): void {
    const { lane } = this;
    if (!lane) return;
    if (this.#pictureChanged) lane.meters.drew(now, now - began);
    this.#pictureChanged = false;
    if (this.#presented === null) return;
    const age = this.view.sync === 'live' ? lane.shownArrival - this.#presented : now - this.#presented;
    lane.meters.masked(now - this.#presented, Math.max(0, age));
    this.#presented = null;
  }

  /** Resolves to the next canvas the page hands over. */
  awaitCanvas(): Promise<OffscreenCanvas> {
    return new Promise((resolve) => {
      this.#canvasArrived = resolve;
    });
  }

  takeCanvas(canvas: OffscreenCanvas): void {
    this.#canvasArrived?.(canvas);
    this.#canvasArrived = null;
  }

  report(now: number): TileReport | null {
    const { lane } = this;
    if (!lane) return null;
    if (this.#remoteAt !== null && now - this.#remoteAt > REMOTE_MASK_LASTS) {
      this.compositor?.present(null);
      this.#remoteAt = null;
    }
    const { sourceFps, pictureFps, inferenceFps, latencyP50, maskAge, frames, dropped, drivableShare } =
      lane.meters.digest(now);
    return {
      key: this.key,
      sourceFps,
      pictureFps,
      inferenceFps,
      latencyP50,
      maskAge,
      frames: this.#framesBefore + frames,
      dropped,
      drivableShare,
      masks: this.#masks,
      freeDistance: this.scene.state?.freeSpace.ahead?.distance ?? null,
      remote: this.#remoteAt !== null,
    };
  }

  async disposeCompositor(): Promise<void> {
    const { compositor } = this;
    this.compositor = null;
    this.drawingLost = false;
    await compositor?.dispose();
  }
}
