/**
 * People and vehicles made unrecognisable in a picture: the cells in which the model sees any, grown by a margin and held
 * over moments in which it loses them. What the model never sees stays visible: this is a help, and no guarantee.
 */
import { CarriagewayError } from '../errors';
import type { Size } from '../media/size';
import type { ClassMap } from '../perception/engine';
import { BROKEN_CLASS, type ClassList } from '../taxonomy/class-list';
import { DRIVING } from '../taxonomy/classes';
import { drivingIds } from '../taxonomy/meanings';

/** Margin around what is seen, as a share of the picture's width: edges of masks are that far off at times. */
const MARGIN = 0.016;

/** Seconds for which a cell stays hidden after somebody was seen there last: masks flicker for some frames. */
const HOLD = 0.5;

/** Blocks along the picture's longer side that are left of what is hidden: a face next to the car has three or four. */
const BLOCKS = 48;

/** For each id of a list whether it is hidden; what the model gave no numbers for is hidden too. */
function hiddenIds(list: ClassList): Uint8Array {
  const meanings = drivingIds(list);
  const hidden = new Uint8Array(256);
  list.forEach((_, id) => {
    const role = DRIVING[meanings[id]!]?.role;
    if (role === 'person' || role === 'obstacle') hidden[id] = 1;
  });
  if (!hidden.includes(1))
    throw new CarriagewayError(
      'blur-unavailable',
      list
        .map(({ name }) => name)
        .join(', ')
        .slice(0, 200),
    );
  hidden[BROKEN_CLASS] = 1;
  return hidden;
}

/** Says which cells of a picture are hidden, frame after frame. */
export class HiddenCells {
  readonly #hidden: Uint8Array;
  /** For each cell until when it is hidden, in seconds of media. */
  #until = new Float64Array(0);
  #width = 0;

  /** @throws CarriagewayError `blur-unavailable` where no class of the list is a person or a vehicle */
  constructor(list: ClassList) {
    this.#hidden = hiddenIds(list);
  }

  /**
   * The cells to hide in the next picture.
   * @param seconds of media, not before those of the last call
   * @returns one byte for each cell of the map, 255 where it is hidden; a new array
   */
  at({ width, height, classes }: ClassMap, seconds: number): Uint8ClampedArray<ArrayBuffer> {
    if (width !== this.#width || classes.length !== this.#until.length) {
      this.#width = width;
      this.#until = new Float64Array(classes.length).fill(Number.NEGATIVE_INFINITY);
    }
    const seen = new Uint8Array(classes.length);
    for (const [i, id] of classes.entries()) seen[i] = this.#hidden[id]!;
    const margin = Math.max(1, Math.ceil(width * MARGIN));
    const grown = grow(grow(seen, width, height, margin, 1), width, height, margin, width);
    return Uint8ClampedArray.from(grown, (inside, i) => {
      if (inside) this.#until[i] = seconds + HOLD;
      return this.#until[i]! >= seconds ? 255 : 0;
    });
  }
}

/** Grows what is set by some cells along one axis. @param step 1 along rows, the width along columns */
function grow(cells: Uint8Array, width: number, height: number, by: number, step: number): Uint8Array {
  const grown = new Uint8Array(cells.length);
  const [along, lines] = step === 1 ? [width, height] : [height, width];
  for (let line = 0; line < lines; line++) {
    const first = step === 1 ? line * width : line;
    /** Cells left to be set behind one that was seen. */
    let left = 0;
    for (let n = 0; n < along + by; n++) {
      // Looks ahead by the margin, so that it is set on both sides.
      if (n < along && cells[first + n * step]) left = 2 * by + 1;
      const at = n - by;
      if (left > 0 && at >= 0) grown[first + at * step] = 1;
      left--;
    }
  }
  return grown;
}

/**
 * Blurs what is hidden on a canvas that shows the picture, upright.
 * @param size of the cells' map
 */
export function blurHidden(
  context: OffscreenCanvasRenderingContext2D,
  cells: Uint8ClampedArray<ArrayBuffer>,
  size: Size,
): void {
  const { canvas } = context;
  const { width, height } = canvas;
  const scale = BLOCKS / Math.max(width, height);
  const [small, layer, mask] = [
    paper({ width: Math.ceil(width * scale), height: Math.ceil(height * scale) }),
    paper({ width, height }),
    paper(size),
  ];
  // So few pixels hold nothing to be made out again, whatever is done to them.
  small.imageSmoothingQuality = 'high';
  small.drawImage(canvas, 0, 0, small.canvas.width, small.canvas.height);
  layer.drawImage(small.canvas, 0, 0, width, height);
  const image = new ImageData(size.width, size.height);
  for (const [i, hidden] of cells.entries()) image.data[4 * i + 3] = hidden;
  mask.putImageData(image, 0, 0);
  layer.globalCompositeOperation = 'destination-in';
  // Whole cells: a soft edge would let through what lies at it.
  layer.imageSmoothingEnabled = false;
  layer.drawImage(mask.canvas, 0, 0, width, height);
  context.drawImage(layer.canvas, 0, 0);
}

/**
 * A still in which people and vehicles are blurred.
 * @param maps the newest last, of the moments before the picture and of its own; at least one
 * @throws CarriagewayError `blur-unavailable`
 */
export async function blurredStill(
  still: Blob,
  maps: readonly { readonly map: ClassMap; readonly seconds: number }[],
  list: ClassList,
): Promise<Blob> {
  const hidden = new HiddenCells(list);
  const last = maps.at(-1)!.map;
  let cells = new Uint8ClampedArray(last.classes.length);
  for (const { map, seconds } of maps) cells = hidden.at(map, seconds);
  const picture = await createImageBitmap(still);
  try {
    const context = paper(picture);
    context.drawImage(picture, 0, 0);
    blurHidden(context, cells, last);
    return await context.canvas.convertToBlob({ type: 'image/png' });
  } finally {
    picture.close();
  }
}

function paper({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new CarriagewayError('blur-unavailable', 'no 2D canvas');
  return context;
}
