/**
 * Where the picture lies: its upright size, its place on the canvas, and the way from an upright point back to the
 * stored pixels. Pure arithmetic, shared by the material, its CPU twin and the page.
 */
import type { Rect, Rotation, Size } from '../media/size';
import type { BirdPlace } from './view';

/**
 * The largest rectangle of the picture's aspect that fits into the canvas, centred. Edges lie on whole pixels, so that
 * the picture's border is crisp and a canvas of the picture's own size shows it one to one.
 * @param canvas size of the canvas in pixels
 * @param picture upright size of the picture; only its aspect matters
 */
export function letterbox(canvas: Size, picture: Size): Rect {
  const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
  const width = Math.max(1, Math.min(canvas.width, Math.round(picture.width * scale)));
  const height = Math.max(1, Math.min(canvas.height, Math.round(picture.height * scale)));
  return {
    x: Math.floor((canvas.width - width) / 2),
    y: Math.floor((canvas.height - height) / 2),
    width,
    height,
  };
}

/** Share of the canvas that a docked view takes: beside the picture on wide canvases, below it on tall ones. */
const DOCK = { wide: 0.32, tall: 0.4 } as const;
/** Size of an inset against the picture's height, and its distance from the picture's corner. */
const INSET = { height: 0.6, aspect: 0.72, margin: 0.025 } as const;

/** The part of a canvas that is left to the picture, in the canvas's units. */
export function pictureArea({ width, height }: Size, bird: BirdPlace): Rect {
  const whole = { x: 0, y: 0, width, height };
  if (bird !== 'docked') return whole;
  if (width >= height) return { ...whole, width: Math.max(1, Math.round(width * (1 - DOCK.wide))) };
  return { ...whole, height: Math.max(1, Math.round(height * (1 - DOCK.tall))) };
}

/** Where picture and bird's-eye view lie on a canvas. Whole pixels. */
export function stageLayout(
  canvas: Size,
  picture: Size,
  bird: BirdPlace,
): { readonly picture: Rect; readonly bird: Rect | null } {
  const area = pictureArea(canvas, bird);
  const rect = letterbox(area, picture);
  if (bird === 'off') return { picture: rect, bird: null };
  if (bird === 'docked') {
    const beside = area.width < canvas.width;
    return {
      picture: rect,
      bird: beside
        ? { x: area.width, y: 0, width: canvas.width - area.width, height: canvas.height }
        : { x: 0, y: area.height, width: canvas.width, height: canvas.height - area.height },
    };
  }
  const height = Math.round(rect.height * INSET.height);
  const width = Math.max(1, Math.min(Math.round(height * INSET.aspect), Math.round(rect.width * 0.45)));
  // A picture may be narrower than its height's share.
  const margin = Math.min(Math.round(rect.height * INSET.margin), rect.width - width);
  return {
    picture: rect,
    bird: {
      x: rect.x + rect.width - width - margin,
      y: rect.y + rect.height - height - margin,
      width,
      height: Math.max(1, height),
    },
  };
}

/** An affine map of picture coordinates: `[xu, xv, x0, yu, yv, y0]`, x' = xu·u + xv·v + x0, y' likewise. */
export type TurnMap = readonly [number, number, number, number, number, number];

/**
 * Maps upright picture coordinates (0 to 1, v down) to those of the stored pixels, for each clockwise turn that brings
 * the stored pixels upright.
 */
export const TURN_MAPS: Readonly<Record<Rotation, TurnMap>> = {
  0: [1, 0, 0, 0, 1, 0],
  90: [0, 1, 0, -1, 0, 1],
  180: [-1, 0, 1, 0, -1, 1],
  270: [0, -1, 1, 1, 0, 0],
};

/**
 * Longest side of a kept picture in pixels. Larger frames are scaled down on the way in: four megabytes of 4K or eight
 * of 8K per frame buy nothing on a canvas of usual size, and cost the upload of every frame.
 */
export const PICTURE_SIDE_MAX = 1920;

/** Size of a frame after the cap, aspect kept; at least one pixel a side. */
export function cappedSize({ width, height }: Size): Size {
  const scale = Math.min(1, PICTURE_SIDE_MAX / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * The turn left to do. Browsers that know a frame's rotation metadata apply it in every copy (WebGPU, WebGL and 2D
 * canvas alike, and their display size is the turned one); the source counted it in, so it must be taken out here.
 */
export function remainingTurn(frame: object, rotation: Rotation): Rotation {
  // Not in TypeScript's DOM yet, nor in every browser.
  const own = 'rotation' in frame && typeof frame.rotation === 'number' ? frame.rotation : 0;
  return ((rotation - own + 360) % 360) as Rotation;
}

/** How far a picture may be shrunk by one bilinear tap: with two pixels to each side, none is skipped. */
const ONE_TAP_MOST = 2;

/**
 * Distance of the four picture taps from the pixel's centre, in picture pixels, for a picture shrunk `scale` times:
 * none up to 1, then growing so that the taps' bilinear footprints tile the pixel's own.
 * @param software a program draws, which pays for every tap: it takes one as long as no pixel is skipped
 */
export function tapOffset(scale: number, software: boolean): number {
  if (software && scale <= ONE_TAP_MOST) return 0;
  return Math.min(Math.max(scale - 1, 0) * 0.5, scale * 0.25);
}
