/** Tells when a view understands what it shows for the first time. */
import type { ViewObserver } from './view-observer';

/** @param told of the first class map of each source */
export function onFirstMap(told: () => void): ViewObserver {
  let first = true;
  return {
    beganAnew: () => {
      first = true;
    },
    classMapReady: () => {
      if (first) told();
      first = false;
    },
  };
}
