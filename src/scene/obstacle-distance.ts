/**
 * How far an obstacle is, from two looks that err in different ways: where it touches the ground (sharp when near,
 * worthless at the horizon, wrong on a hill), and how tall it looks (as good as its kind's usual height, at any
 * distance). Both are all but normal in the inverse distance, since rows of the picture are even in it; there they
 * are averaged by their inverse variances.
 */
import { classIdOf } from '../taxonomy/classes';
import type { CameraModel, CameraUncertainty, GroundPoint, PixelPoint } from './camera-model';

/** What was seen of an obstacle's size and place. */
export interface ObstacleLook {
  readonly classId: number;
  /** Where it touches the ground, pixels, and one standard deviation of its row. */
  readonly contact: PixelPoint;
  readonly contactSigma: number;
  /** How tall it looks, pixels, and one standard deviation; null when it is cut off or partly hidden. */
  readonly tall: { readonly pixels: number; readonly sigma: number } | null;
}

/** Where an obstacle is. */
export interface ObstaclePlace {
  /** Metres, in the vehicle frame. */
  readonly ground: GroundPoint;
  /** Metres from the point under the camera, and one standard deviation. */
  readonly distance: number;
  readonly sigma: number;
}

/** Usual heights in metres, and the share by which they vary, one standard deviation. */
export const USUAL_HEIGHT = {
  /** Adults, and a few children among them. */
  person: { metres: 1.68, spread: 0.09 },
  /** A rider sits as high as a person stands. */
  cyclist: { metres: 1.7, spread: 0.09 },
  /** Mostly cars of 1.45 to 1.65 m; vans, lorries and buses make the spread. */
  vehicle: { metres: 1.6, spread: 0.35 },
} as const;

const PERSON_ID = classIdOf('person')!;
const CYCLIST_ID = classIdOf('cyclist')!;

/** Farther than this a thing is a cell or two, and only "far": nothing is placed beyond. Metres. */
const FARTHEST = 150;

function usualHeight(classId: number): { readonly metres: number; readonly spread: number } {
  if (classId === PERSON_ID) return USUAL_HEIGHT.person;
  return classId === CYCLIST_ID ? USUAL_HEIGHT.cyclist : USUAL_HEIGHT.vehicle;
}

/**
 * Places an obstacle.
 * @returns null when it is seen to touch nothing below the horizon and its height tells nothing either
 */
export function placeObstacle(
  look: ObstacleLook,
  camera: CameraModel,
  uncertainty: CameraUncertainty,
): ObstaclePlace | null {
  const ray = camera.ray(look.contact);
  const flat = Math.hypot(ray.x, ray.z);
  if (ray.z <= 0) return null;
  const contact = fromContact(-ray.y / flat, look, camera, uncertainty);
  const size = look.tall && fromHeight(look.tall, look.contact, look.classId, camera);
  if (!size && contact.inverse < 1 / FARTHEST) return null;
  const [a, b] = [1 / contact.sigma ** 2, size ? 1 / size.sigma ** 2 : 0];
  const mean = (a * contact.inverse + b * (size?.inverse ?? 0)) / (a + b);
  const distance = 1 / Math.max(mean, 1 / FARTHEST);
  return {
    ground: { x: (ray.x / flat) * distance, z: (ray.z / flat) * distance },
    distance,
    sigma: Math.sqrt(1 / (a + b)) * distance * distance,
  };
}

/** An inverse distance, 1/m. */
interface Inverse {
  readonly inverse: number;
  readonly sigma: number;
}

/**
 * With the contact an angle α below the horizon, 1/z = tan α / h; hence ∂(1/z)/∂α = (1 + tan² α) / h and
 * ∂(1/z)/∂h = −(1/z) / h. Negative above the horizon, which noise may well put a far contact.
 * @param slope tan α
 */
function fromContact(
  slope: number,
  { contactSigma }: ObstacleLook,
  camera: CameraModel,
  uncertainty: CameraUncertainty,
): Inverse {
  const h = camera.parameters.height;
  const inverse = slope / h;
  const angle = Math.hypot(uncertainty.pitch, contactSigma / camera.focal);
  const sigma = Math.hypot(((1 + slope * slope) / h) * angle, (Math.abs(inverse) * uncertainty.height) / h);
  return { inverse, sigma };
}

/** A thing H metres tall at depth z looks f·H / z pixels tall; its distance is the depth over the bearing's cosine. */
function fromHeight(
  { pixels, sigma }: NonNullable<ObstacleLook['tall']>,
  contact: PixelPoint,
  classId: number,
  camera: CameraModel,
): Inverse {
  const { metres, spread } = usualHeight(classId);
  const across = (contact.x - camera.width / 2) / camera.focal;
  const inverse = pixels / (camera.focal * metres * Math.hypot(1, across));
  return { inverse, sigma: inverse * Math.hypot(spread, sigma / pixels) };
}
