/**
 * The camera car: where it is and how its camera is held at any second, in closed form, so that any moment can be
 * shown without living through the ones before it.
 */
import type { Course } from '../course/course';
import { laneCentre } from '../course/style';
import { hash, noise1 } from '../random';

/** The camera at a moment. Angles in radians. */
export interface EgoPose {
  /** Metres along the street, and to the right of its centre line. */
  readonly s: number;
  readonly u: number;
  /** Metres per second. */
  readonly speed: number;
  /** Camera above the road under it. */
  readonly height: number;
  /** Direction against the road's, clockwise. */
  readonly yaw: number;
  /** Downward tilt against the road's slope. */
  readonly pitch: number;
  readonly roll: number;
}

/** Where the drive begins: street lies behind the camera too. */
const START = 130;
/** Traffic slows down and speeds up this much about its mean, with this period in seconds. */
const SURGE = 0.22;
const SURGE_PERIOD = 23;

/** Metres driven by the camera car after `seconds`. */
export function egoDistance(course: Course, seconds: number): number {
  const phase = ((hash(course.seed, 'surge') % 1000) / 1000) * Math.PI * 2;
  const w = (2 * Math.PI) / SURGE_PERIOD;
  const v = course.style.speed;
  return START + v * seconds + ((v * SURGE) / w) * (Math.sin(w * seconds + phase) - Math.sin(phase));
}

/** The lane the camera car drives in: the inner one where there are two, for the wider view. */
export const EGO_LANE = 0;

/** The camera at `seconds` since the start. */
export function egoAt(course: Course, seconds: number): EgoPose {
  const { style, seed } = course;
  const s = egoDistance(course, seconds);
  const ahead = egoDistance(course, seconds + 0.05);
  const wander = (t: number): number => 0.18 * noise1(t / 5, seed, 'wander');
  const speed = (ahead - s) / 0.05;
  const bounce = Math.min(1, speed / 8);
  // Body on springs: about 1.4 Hz, a few millimetres, and a slower sway over the road's long waves.
  const bob = 0.008 * noise1(seconds * 2.8, seed, 'bob') + 0.012 * noise1(s / 9, seed, 'wave');
  return {
    s,
    u: laneCentre(style, 1, EGO_LANE) - style.side * 0.12 + wander(seconds),
    speed,
    height: style.camera.height + bob * bounce,
    yaw: Math.atan2((wander(seconds + 0.25) - wander(seconds - 0.25)) / 0.5, Math.max(3, speed)),
    pitch:
      (style.camera.pitchDeg * Math.PI) / 180 +
      bounce * (0.0035 * noise1(seconds * 2.4, seed, 'nod') + 0.004 * noise1(s / 11, seed, 'long')),
    roll: (style.camera.rollDeg * Math.PI) / 180 + bounce * 0.004 * noise1(seconds * 1.9, seed, 'roll'),
  };
}
