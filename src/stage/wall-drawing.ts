/**
 * How the tiles of a wall are drawn: each on a canvas of its own, all with one device, and where a program draws in
 * place of a GPU, at sizes that together cost what one picture may.
 */
import { CarriagewayError } from '../errors';
import type { Size } from '../media/size';
import { drawnSize, sharedSide } from './drawn-size';
import type { DevicePort, StageParts } from './ports';
import type { WallTile } from './wall-tile';

/** What the drawing needs of its wall. */
export interface DrawnWall {
  readonly disposed: boolean;
  readonly device: DevicePort | null;
  /** All tiles there are. */
  readonly tiles: ReadonlyMap<string, WallTile>;
  /** A tile's part of what drawing may cost, against the others'. */
  weight(tile: WallTile): number;
  /** The page must hand over a fresh canvas for a tile. */
  needCanvas(tile: WallTile): void;
  /** Nothing can be drawn, or a drawing failed. */
  failed(thrown: unknown): void;
}

/** Gives tiles their compositors, keeps them at their sizes, and draws. The tiles own the compositors. */
export class WallDrawing {
  constructor(
    private readonly parts: Pick<StageParts, 'createCompositor' | 'drawnSideMax' | 'onDrawing' | 'now'>,
    private readonly wall: DrawnWall,
  ) {}

  /** Draws from now on, whenever the browser does. */
  begin(): void {
    this.parts.onDrawing(this.#draw);
  }

  /** Makes what draws a tile. @param canvas drawn on from now on */
  async equip(tile: WallTile, canvas: OffscreenCanvas): Promise<void> {
    const device = this.wall.device?.device ?? null;
    const { width, height } = this.#sizeOf(tile);
    const compositor = await this.parts.createCompositor(canvas, device, width, height);
    if (this.wall.tiles.get(tile.key) !== tile) {
      await compositor.dispose();
      return;
    }
    tile.compositor = compositor;
    // Without a device, drawing ends with its own context: nobody else would say so.
    if (!device)
      void compositor.lost.then(() => {
        if (tile.compositor !== compositor) return;
        tile.drawingLost = true;
        this.wall.failed(new CarriagewayError('drawing-lost'));
      });
    compositor.setView(tile.view);
    // May have changed meanwhile.
    this.fit(tile);
  }

  /** The same on a canvas that the page is asked for. */
  async equipAnew(tile: WallTile): Promise<void> {
    const canvas = tile.awaitCanvas();
    this.wall.needCanvas(tile);
    await this.equip(tile, await canvas);
  }

  /** Follows a tile's size. */
  fit(tile: WallTile): void {
    const { width, height } = this.#sizeOf(tile);
    tile.compositor?.resize(width, height);
  }

  /** Follows tiles that came or went, and their weights. */
  fitAll(): void {
    for (const tile of this.wall.tiles.values()) this.fit(tile);
  }

  #sizeOf(tile: WallTile): Size {
    const { wall } = this;
    const all = [...wall.tiles.values()].reduce((sum, each) => sum + wall.weight(each), 0);
    // A tile that has just left counts for itself.
    const share = wall.weight(tile) / Math.max(all, wall.weight(tile));
    return drawnSize(tile.size, sharedSide(this.parts.drawnSideMax(wall.device), share));
  }

  readonly #draw = (): void => {
    if (this.wall.disposed) return;
    this.parts.onDrawing(this.#draw);
    for (const tile of this.wall.tiles.values()) {
      const began = this.parts.now();
      try {
        if (tile.compositor?.render()) tile.drew(began, this.parts.now());
      } catch (thrown) {
        this.wall.failed(thrown);
        return;
      }
    }
  };
}
