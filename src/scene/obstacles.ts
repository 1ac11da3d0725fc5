/**
 * What stands on the road or beside it: where it touches the ground, how far that is, and whether it is in the path.
 */

import type { CameraModel, CameraUncertainty, GroundPoint, PixelPoint } from './camera-model';
import { type EgoPath, pathAt } from './ego-path';
import type { EgoRegion } from './ego-region';
import { EGO, UNSEEN } from './ego-region';
import { placeObstacle } from './obstacle-distance';
import { type ContactColumn, findObstacleRegions, type ObstacleRegion } from './obstacle-regions';

/** An obstacle of one frame. */
export interface Obstacle {
  /** Person, cyclist or vehicle. */
  readonly classId: number;
  /** Pixels of the picture. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Its line of contact with the ground where it is nearest, pixels, from left to right. */
  readonly contact: readonly PixelPoint[];
  /** False when the contact is hidden or below the picture: then the distance is an upper bound. */
  readonly contactSeen: boolean;
  /** Where it stands, metres; null when nothing tells how far it is. */
  readonly ground: GroundPoint | null;
  /** Metres from the point under the camera, along the ground, and one standard deviation; null like `ground`. */
  readonly distance: number | null;
  readonly distanceSigma: number | null;
  /** On the drivable area, or within a few metres of it. */
  readonly standing: 'road' | 'beside';
  /** Whether some of it stands in the corridor the vehicle would sweep. */
  readonly inPath: boolean;
  /** 0 to 1: small regions and hidden contacts count less. */
  readonly confidence: number;
}

/** Half the width of the corridor, metres: a car of 1.8 m and 0.3 m to either side. */
const CORRIDOR_HALF_WIDTH = 1.2;
/** Standard deviation of a contact row that was seen, cells: what interpolation leaves, and the network's own error. */
export const CONTACT_SIGMA = 0.35;
/** Standard deviation of how tall a region is, cells: its top is known to a whole cell, and hair and roofs blur. */
const HEIGHT_SIGMA = 0.7;
/** Obstacles farther than this from any drivable ground are somebody else's, metres. */
const BESIDE = 3;
/** Rows next to the lowest one whose columns still count as the nearest contact: a wheel, not a bumper. */
const CONTACT_BAND = 1;
/** Region size, in cells, from which nothing more is gained in confidence. */
const FULL_SIZE = 10;

/** Finds the obstacles of a frame. */
export function findObstacles(
  region: EgoRegion,
  camera: CameraModel,
  path: EgoPath,
  uncertainty: CameraUncertainty,
): Obstacle[] {
  if (region.count === 0) return [];
  return findObstacleRegions(region, camera).flatMap((candidate) => {
    const obstacle = obstacleFrom(candidate, region, camera, path, uncertainty);
    return obstacle ? [obstacle] : [];
  });
}

function obstacleFrom(
  candidate: ObstacleRegion,
  region: EgoRegion,
  camera: CameraModel,
  path: EgoPath,
  uncertainty: CameraUncertainty,
): Obstacle | null {
  const { map } = region;
  const scaleX = camera.width / map.width;
  const scaleY = camera.height / map.height;
  const lowest = candidate.bottom - 1;
  const near = candidate.contact.filter(({ row }) => row >= lowest - CONTACT_BAND);
  const pixelOf = ({ column, y }: ContactColumn) => ({ x: (column + 0.5) * scaleX, y: y * scaleY });
  const contact = near.map(pixelOf);
  const middle = {
    x: contact.reduce((sum, { x }) => sum + x, 0) / contact.length,
    y: contact.reduce((sum, { y }) => sum + y, 0) / contact.length,
  };
  const contactSeen = near.filter((column) => groundBelow(column, region)).length * 2 >= near.length;
  // What touches the picture's top is taller than it looks; so is what hides its foot behind something.
  const whole = contactSeen && candidate.top > 0;
  const look = {
    classId: candidate.classId,
    contact: middle,
    contactSigma: CONTACT_SIGMA * (contactSeen ? 1 : 3) * scaleY,
    tall: whole ? { pixels: middle.y - candidate.top * scaleY, sigma: HEIGHT_SIGMA * scaleY } : null,
  };
  const place = placeObstacle(look, camera, uncertainty);
  const ground = place?.ground ?? null;
  const standing = standingOf(candidate, near, region, camera, ground);
  if (!standing) return null;
  return {
    classId: candidate.classId,
    box: {
      x: candidate.left * scaleX,
      y: candidate.top * scaleY,
      width: (candidate.right - candidate.left) * scaleX,
      height: (candidate.bottom - candidate.top) * scaleY,
    },
    contact,
    contactSeen,
    ground,
    distance: place?.distance ?? null,
    distanceSigma: place?.sigma ?? null,
    standing,
    inPath: candidate.contact.some((column) => {
      const at = camera.imageToGround(pixelOf(column));
      return at !== null && at.z > 0 && Math.abs(at.x - pathAt(path, at.z)) <= CORRIDOR_HALF_WIDTH;
    }),
    confidence: Math.min(1, candidate.cells / FULL_SIZE) * (contactSeen ? 1 : 0.5),
  };
}

/** Whether what lies under a contact is ground, and not another obstacle, the bonnet, or the end of the picture. */
function groundBelow({ column, row }: ContactColumn, region: EgoRegion): boolean {
  const { width, height, classes } = region.map;
  if (row + 1 >= height) return false;
  const below = (row + 1) * width + column;
  // Road, lane marking and sidewalk are ground one can see the foot of things on; so is grass, labelled vegetation.
  return region.cells[below] !== UNSEEN && [0, 1, 2, 7].includes(classes[below]!);
}

/** On the road when the ego road begins right below its contact; beside it when it does within a few metres. */
function standingOf(
  candidate: ObstacleRegion,
  near: readonly ContactColumn[],
  region: EgoRegion,
  camera: CameraModel,
  ground: GroundPoint | null,
): Obstacle['standing'] | null {
  const { width, height } = region.map;
  const ego = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && region.cells[y * width + x] === EGO;
  const onRoad = near.filter(({ column, row }) => ego(column, row + 1) || ego(column, row + 2));
  if (onRoad.length * 2 >= near.length) return 'road';
  // Metres a cell spans sideways at this distance; without a ground position, a few cells must do.
  const cellMetres = ground
    ? (Math.hypot(ground.z, camera.parameters.height) / camera.focal) * (camera.width / width)
    : 1;
  const reach = Math.min(width, Math.ceil(BESIDE / cellMetres));
  const row = Math.min(height - 1, candidate.bottom);
  for (let i = 1; i <= reach; i++) {
    for (const y of [row - 1, row]) {
      if (ego(candidate.left - i, y) || ego(candidate.right - 1 + i, y)) return 'beside';
    }
  }
  // Straight below: the same metres, measured towards the camera.
  const column = near[Math.floor(near.length / 2)]!.column;
  for (let y = row; y < height; y++) {
    if (!ego(column, y)) continue;
    const foot = camera.imageToGround({
      x: ((column + 0.5) / width) * camera.width,
      y: (y / height) * camera.height,
    });
    return ground && foot && ground.z - foot.z <= BESIDE ? 'beside' : null;
  }
  return null;
}
