/** Numbers read off a class map: the drivable share of the picture, and how decided the network is. */
import { isDrivable, VOID_CLASS } from '../taxonomy/classes';
import type { ClassMap } from './engine';

/** Share of the labelled cells that are drivable, 0 to 1; null when every cell is void. */
export function drivableShare(map: ClassMap): number | null {
  let drivable = 0;
  let labelled = 0;
  for (const id of map.classes) {
    if (id === VOID_CLASS) continue;
    labelled++;
    if (isDrivable(id)) drivable++;
  }
  return labelled === 0 ? null : drivable / labelled;
}

/**
 * How decided the network is about what can be driven on: the mean over labelled cells of the larger of p and
 * 1 − p, with p the drivable probability. 0.5 (no idea) to 1 (certain); null when every cell is void.
 */
export function decidedness(map: ClassMap): number | null {
  let sum = 0;
  let labelled = 0;
  for (let i = 0; i < map.classes.length; i++) {
    if (map.classes[i] === VOID_CLASS) continue;
    const p = map.drivable[i]! / 255;
    sum += Math.max(p, 1 - p);
    labelled++;
  }
  return labelled === 0 ? null : sum / labelled;
}
