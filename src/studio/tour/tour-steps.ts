/** The tour's steps, in the order in which a frame is understood. */
import type { OverlayMode } from '../../overlay/view';

/** Names of the steps; for each the catalogue has a heading and a text. */
export type TourStepId = 'mask' | 'confidence' | 'sync' | 'scene' | 'pyramid' | 'own';

/** One step: what it points at, and what the picture shows meanwhile. */
export interface TourStep {
  readonly id: TourStepId;
  /** Test ids of what is pointed at; the first that is in sight. */
  readonly at: readonly string[];
  /** The overlay that is shown while the step stands; null leaves it. */
  readonly mode: OverlayMode | null;
}

/** All steps. */
export const TOUR_STEPS: readonly TourStep[] = [
  { id: 'mask', at: ['mode'], mode: 'classes' },
  { id: 'confidence', at: ['mode'], mode: 'confidence' },
  { id: 'sync', at: ['sync'], mode: 'classes' },
  { id: 'scene', at: ['scene'], mode: 'classes' },
  { id: 'pyramid', at: ['pyramid'], mode: null },
  { id: 'own', at: ['sources'], mode: null },
];
