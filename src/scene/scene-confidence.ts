/** How far a scene can be relied on, and why no farther. */
import type { Boundary } from './boundary';
import type { EgoRegion } from './ego-region';
import type { LowConfidenceReason } from './events';
import type { GroundEstimate } from './ground-calibration';

/** Confidence with its reasons; empty when nothing is wrong. */
export interface Confidence {
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly LowConfidenceReason[];
}

/** Share of the picture that is road from which there is hardly anything else: looking down, or the network fails. */
const ONLY_ROAD = 0.85;
/** Boundary confidence below which edges are no help. */
const NO_EDGES = 0.15;
/** Mean of |2p − 1| over the map: from the first on the network is sure, below the second it has no idea. */
const SURE = 0.75;
const CLUELESS = 0.35;
/** What a scene without edges, and one with a doubtful camera, is still worth. */
const WITHOUT_EDGES = 0.35;
const WITHOUT_CAMERA = 0.6;

/** Judges a frame. */
export function assess(region: EgoRegion, boundary: Boundary, ground: GroundEstimate): Confidence {
  const { drivable } = region.map;
  let decided = 0;
  for (let i = 0; i < drivable.length; i++) decided += Math.abs(2 * drivable[i]! - 255);
  decided /= 255 * drivable.length;
  const sureness = Math.min(1, Math.max(0, (decided - CLUELESS) / (SURE - CLUELESS)));
  const reasons: LowConfidenceReason[] = [];
  if (region.count === 0) reasons.push('no-road');
  const onlyRoad = region.count > ONLY_ROAD * drivable.length;
  if (onlyRoad) reasons.push('only-road');
  if (region.count > 0 && boundary.confidence < NO_EDGES) reasons.push('no-edges');
  if (sureness < 0.5) reasons.push('undecided');
  if (ground.state === 'doubtful') reasons.push('camera-doubtful');
  if (region.count === 0 || onlyRoad) return { confidence: 0, reasons };
  const edges = WITHOUT_EDGES + (1 - WITHOUT_EDGES) * boundary.confidence;
  const camera = ground.state === 'doubtful' ? WITHOUT_CAMERA : 1;
  return { confidence: edges * sureness * camera, reasons };
}
