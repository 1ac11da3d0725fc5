/**
 * An obstacle's distance over time: a Kalman filter on distance and speed, in which a far look, uncertain by tens of
 * metres, moves next to nothing, and a near one almost all.
 *
 * State (d, v) with d' = d + v·t; the process noise is a white acceleration (Bar-Shalom, Li, Kirubarajan, Estimation
 * with Applications to Tracking and Navigation, 2001, section 6.2.2).
 */

/** How hard traffic brakes and starts, one standard deviation, m/s². */
const ACCELERATION = 3;
/** Speed against the camera car before anything is known of it, one standard deviation, m/s. */
const FIRST_SPEED = 8;
/** Looks are never believed to better than this share of the distance: neighbouring frames share their errors. */
const LEAST_SHARE = 0.02;
/** Nothing is nearer: a bumper touches the own one. Metres. */
const NEAREST = 0.1;

/** Follows one obstacle. */
export class DistanceFilter {
  #distance: number;
  #speed = 0;
  // The covariance: of the distance, of both, of the speed.
  #dd: number;
  #dv = 0;
  #vv = FIRST_SPEED ** 2;

  /**
   * @param distance metres, the first look
   * @param sigma its standard deviation, metres
   */
  constructor(distance: number, sigma: number) {
    this.#distance = distance;
    this.#dd = variance(distance, sigma);
  }

  /** Metres. */
  get distance(): number {
    return this.#distance;
  }

  /** Metres per second; negative when it comes nearer. */
  get speed(): number {
    return this.#speed;
  }

  /**
   * Takes a look.
   * @param distance metres
   * @param sigma its standard deviation, metres
   * @param elapsed seconds since the last look, > 0
   */
  look(distance: number, sigma: number, elapsed: number): void {
    const noise = ACCELERATION ** 2;
    const predicted = this.#distance + this.#speed * elapsed;
    const dd = this.#dd + 2 * elapsed * this.#dv + elapsed * elapsed * this.#vv + (noise * elapsed ** 4) / 4;
    const dv = this.#dv + elapsed * this.#vv + (noise * elapsed ** 3) / 2;
    const vv = this.#vv + noise * elapsed * elapsed;
    const total = dd + variance(distance, sigma);
    const [gain, speedGain] = [dd / total, dv / total];
    const surprise = distance - predicted;
    this.#distance = Math.max(NEAREST, predicted + gain * surprise);
    this.#speed += speedGain * surprise;
    this.#dd = (1 - gain) * dd;
    this.#dv = (1 - gain) * dv;
    this.#vv = vv - speedGain * dv;
  }
}

function variance(distance: number, sigma: number): number {
  return Math.max(sigma, LEAST_SHARE * distance) ** 2;
}
