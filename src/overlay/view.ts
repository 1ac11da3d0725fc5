/**
 * What the viewer asked to see: plain data, made by the interface, read by the compositor.
 */
import { type ClassList, isShownByDefault } from '../taxonomy/class-list';
import { DRIVING } from '../taxonomy/classes';
import { DEFAULT_PALETTE, type HexColour, PALETTES } from '../taxonomy/palette';

/** What the overlay paints. */
export type OverlayMode = 'drivable' | 'classes' | 'confidence';

/**
 * `synced`: each picture waits for its own mask. `live`: the newest picture, under the newest mask, whose age is shown.
 */
export type SyncMode = 'synced' | 'live';

/** Where the bird's-eye view lies: nowhere, in a corner of the picture, or beside it. */
export type BirdPlace = 'off' | 'inset' | 'docked';

/** What is drawn of the scene's geometry. */
export interface SceneView {
  /** The road's edges. */
  readonly boundary: boolean;
  /** Boxes, contact lines and distances of what stands on the road or beside it. */
  readonly obstacles: boolean;
  /** The ego path as far as it is free. */
  readonly path: boolean;
  /** The horizon as the camera's angles put it. */
  readonly horizon: boolean;
  readonly bird: BirdPlace;
  /** Whether the video itself lies on the ground of the bird's-eye view. */
  readonly birdVideo: boolean;
  /** What stands before the decimals of a distance, in the viewer's language. */
  readonly point: string;
}

/** The scene a new visitor sees. */
const DEFAULT_SCENE_VIEW: SceneView = {
  boundary: true,
  obstacles: true,
  path: true,
  horizon: false,
  bird: 'off',
  birdVideo: false,
  point: '.',
};

/**
 * What is drawn of labels that lie beside a recording: nothing, the labels left of the divider in place of the raw
 * picture, or the cells on which network and labels differ.
 */
export type LabelView = 'off' | 'beside' | 'difference';

/** The viewer's choices. */
export interface OverlayView {
  readonly mode: OverlayMode;
  readonly sync: SyncMode;
  /** 0 (picture only) to 1 (paint only). */
  readonly opacity: number;
  /** The classes that `visible` and `colours` speak of: those of the model, or more behind them. */
  readonly classes: ClassList;
  /** For each class id, whether it is painted. */
  readonly visible: readonly boolean[];
  /** For each class id, its colour. */
  readonly colours: readonly HexColour[];
  /** Where the divider stands, 0 (left edge) to 1: raw to its left, overlay to its right; null without split view. */
  readonly split: number | null;
  /** Line along the edge of the drivable area. */
  readonly outline: boolean;
  readonly labels: LabelView;
  readonly scene: SceneView;
}

/** The view a new visitor sees. */
export const DEFAULT_VIEW: OverlayView = {
  mode: 'classes',
  sync: 'synced',
  opacity: 0.5,
  classes: DRIVING,
  visible: DRIVING.map(isShownByDefault),
  colours: PALETTES[DEFAULT_PALETTE],
  split: null,
  outline: true,
  labels: 'off',
  scene: DEFAULT_SCENE_VIEW,
};

/** The view as it is written in a language. @param point what stands before decimals there */
export function inLanguage(view: OverlayView, point: string): OverlayView {
  return view.scene.point === point ? view : { ...view, scene: { ...view.scene, point } };
}

/**
 * The view for masks of another list: the same but for what belongs to each class, which begins as the list has it.
 * Nothing changes where the list's ids mean the same already.
 */
export function viewOf(view: OverlayView, list: ClassList): OverlayView {
  if (list.every(({ name }, id) => name === view.classes[id]?.name)) return view;
  return {
    ...view,
    classes: list,
    visible: list.map(isShownByDefault),
    colours: list.map(({ colour }) => colour),
  };
}
