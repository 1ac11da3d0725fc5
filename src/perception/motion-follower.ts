/** Follows one stream's picture on the processor, and keeps its smoothed probabilities under what they belong to. */
import type { Size } from '../media/size';
import { greyPicture, type MotionField, matchBlocks } from './motion';
import { greySize, isSameGrid, type MotionGrid, motionGrid } from './motion-grid';
import { moveState } from './moved-state';
import type { InputSpec } from './preprocess';

/** What is to be done to a state before a frame's probabilities are blended in. */
export interface FollowRequest {
  /** The network's input of this frame. */
  readonly tensor: Float32Array;
  /** Upright size of the picture. */
  readonly picture: Size;
  readonly smoothing: number;
  readonly reset: boolean;
}

/** Remembers the grey picture of the frame before. */
export class MotionFollower {
  readonly #input: InputSpec;
  readonly #mask: Size;
  #now: Uint16Array<ArrayBuffer>;
  #before: Uint16Array<ArrayBuffer>;
  #scratch: Uint32Array<ArrayBuffer> | null = null;
  #grid: MotionGrid | null = null;
  #field: MotionField = new Int32Array(0);

  constructor(input: InputSpec, mask: Size) {
    this.#input = input;
    this.#mask = mask;
    const { width, height } = greySize(input);
    this.#now = new Uint16Array(width * height);
    this.#before = new Uint16Array(width * height);
  }

  /**
   * Moves the state to where the picture is now. A frame that is not smoothed costs nothing and is forgotten; one
   * after a reset is only remembered.
   * @param state as `postprocess` left it
   */
  follow(state: Uint16Array, { tensor, picture, smoothing, reset }: FollowRequest): void {
    const last = this.#grid;
    this.#grid = null;
    if (smoothing >= 1) return;
    const grid = motionGrid(this.#input, picture);
    this.#grid = grid;
    [this.#now, this.#before] = [this.#before, this.#now];
    greyPicture(tensor, this.#input, grid, this.#now);
    if (reset || !last || !isSameGrid(last, grid)) return;
    const length = 2 * grid.blocks.width * grid.blocks.height;
    if (this.#field.length !== length) this.#field = new Int32Array(length);
    if (!matchBlocks(this.#now, this.#before, grid, this.#field)) return;
    this.#scratch ??= new Uint32Array(state.length / 2);
    moveState(state, this.#scratch, this.#mask, grid, this.#field);
  }
}
