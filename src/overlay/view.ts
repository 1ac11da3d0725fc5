/**
 * What the viewer asked to see: plain data, made by the interface, read by the compositor.
 */
import { CLASS_COUNT } from '../taxonomy/classes';
import { DEFAULT_PALETTE, type HexColour, PALETTES } from '../taxonomy/palette';

/** What the overlay paints. */
export type OverlayMode = 'drivable' | 'classes' | 'confidence';

/**
 * `synced`: each picture waits for its own mask. `live`: the newest picture, under the newest mask, whose age is shown.
 */
export type SyncMode = 'synced' | 'live';

/** The viewer's choices. */
export interface OverlayView {
  readonly mode: OverlayMode;
  readonly sync: SyncMode;
  /** 0 (picture only) to 1 (paint only). */
  readonly opacity: number;
  /** For each class id, whether it is painted. */
  readonly visible: readonly boolean[];
  /** For each class id, its colour. */
  readonly colours: readonly HexColour[];
  /** Where the divider stands, 0 (left edge) to 1: raw to its left, overlay to its right; null without split view. */
  readonly split: number | null;
  /** Line along the edge of the drivable area. */
  readonly outline: boolean;
}

/** The view a new visitor sees. */
export const DEFAULT_VIEW: OverlayView = {
  mode: 'classes',
  sync: 'synced',
  opacity: 0.5,
  visible: Array.from({ length: CLASS_COUNT }, () => true),
  colours: PALETTES[DEFAULT_PALETTE],
  split: null,
  outline: true,
};
