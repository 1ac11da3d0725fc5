/**
 * The layers of the street's one texture array, with the size that a tile covers on the ground or wall.
 * Alpha means coverage for cut-outs and decals, and polish (255 matt, 0 mirror) for everything solid.
 */

/** Metres covered by one repeat of each layer, across and up. */
export const LAYER_SIZE = {
  noise: [1, 1],
  plain: [1, 1],
  asphalt: [5, 5],
  paving: [2.4, 2.4],
  kerb: [1.8, 0.3],
  grass: [4, 4],
  earth: [4, 4],
  brick: [1.8, 1.8],
  render: [4, 4],
  stone: [3, 3],
  blocks: [2.4, 2.4],
  metal: [3, 3],
  roof: [2.4, 2.4],
  'front-brick': [6, 6],
  'front-render': [6, 6],
  'front-stone': [6, 6],
  'front-glass': [6, 6],
  'front-panel': [6, 6],
  'shop-a': [6, 3.4],
  'shop-b': [6, 3.4],
  'shop-c': [6, 3.4],
  leaves: [1, 1],
  foliage: [1, 1],
  needles: [1, 1],
  twigs: [1, 1],
  hedge: [2, 2],
  bark: [1, 2],
  iron: [2, 1.4],
  mesh: [1, 1],
  wood: [2, 1.6],
  paint: [3, 3],
  cracks: [1, 1],
  patch: [1, 1],
  blob: [1, 1],
  signs: [1, 1],
} as const satisfies Record<string, readonly [number, number]>;

/** Name of a layer. */
export type LayerName = keyof typeof LAYER_SIZE;

/** Layers in array order. */
export const LAYER_NAMES = Object.keys(LAYER_SIZE) as readonly LayerName[];

/** Index of each layer. */
export const LAYER_INDEX = Object.fromEntries(LAYER_NAMES.map((name, i) => [name, i])) as Readonly<
  Record<LayerName, number>
>;

/** Side of every layer in pixels: 43 per metre on façades, 51 on asphalt; the street is seen at 640 wide. */
export const LAYER_PIXELS = 256;
