/**
 * What the viewer's choices come to in numbers: the parameters of one compositing pass. Read by the material and by its
 * CPU twin, so that the two cannot drift apart.
 */
import { BROKEN_CLASS, drivableIds } from '../taxonomy/class-list';
import { parseHex } from '../taxonomy/palette';
import type { OverlayMode, OverlayView } from './view';

/** Colour around the picture, sRGB 0 to 1: near black with a touch of blue, darker than any usual frame's shadows. */
export const BACKGROUND = [0.043, 0.051, 0.063] as const;

/** Colour of the divider, sRGB 0 to 1. */
export const DIVIDER_COLOUR = [1, 1, 1] as const;

/** How dark the divider's hem is, 0 to 1, and by how much wider than the line: without it, it drowns in a bright sky. */
export const DIVIDER_HEM = { shade: 0.35, width: 2 } as const;

/** Width of the divider in canvas pixels, times `strokeScale`: easily found, and hides little. */
export const DIVIDER_WIDTH = 2;

/** Width of the outline in canvas pixels, times `strokeScale`. */
export const OUTLINE_WIDTH = 2.5;

/**
 * What line widths are multiplied by on a picture drawn `width` pixels wide. They were chosen at 1280; on a dense screen
 * or in a snapshot of a large picture lines grow with it, but never to bars, nor to less than a pixel and a half.
 */
export function strokeScale(width: number): number {
  return Math.min(2.5, Math.max(0.6, width / 1280));
}

/** Width in canvas pixels over which one class gives way to the next: just enough to look smooth. */
export const CLASS_EDGE_WIDTH = 1.4;

/** How far the outline's colour is moved from the road's towards white: stands out from its own fill and from asphalt. */
const OUTLINE_LIGHTENING = 0.65;

/**
 * Half the span of drivable probability over which the drivable paint fades in, around 0.5: a doubtful edge is drawn
 * soft and a sure one sharp.
 */
export const EDGE_SOFTNESS = 0.18;

/**
 * Slopes of the drivable probability, per mask pixel, between which the outline fades in. Below, the probability is a
 * plain near 0.5 and has no edge to draw (one byte step is 0.004).
 */
export const OUTLINE_SLOPES = [0.006, 0.02] as const;

/**
 * Least weight of a mask pixel's vote. A vote weighs the pixel's margin over an even split, so that a boundary between
 * two classes lies where their probabilities cross; the floor keeps doubtful pixels in the count.
 */
export const VOTE_FLOOR = 0.05;

/** Entries of the colour table: one for each value of a byte. Those of no class, and the codes, are transparent. */
export const COLOUR_SLOTS = 256;

/** Red, green, blue (sRGB, 0 to 1), and alpha. */
type Rgba = readonly [number, number, number, number];

/** Parameters of one compositing pass. */
export interface Paint {
  readonly mode: OverlayMode;
  /** 0 to 1. */
  readonly opacity: number;
  /** `COLOUR_SLOTS` entries, by id; alpha 0 for hidden classes and unused ids. */
  readonly colours: readonly Rgba[];
  /** Paint of the drivable mode, whatever the visibility of the class. */
  readonly road: Rgba;
  /** Colour of the outline; alpha 0 when it is off. */
  readonly outline: Rgba;
  /** Paint starts at this fraction of the picture's width; 0 paints all of it, above 1 nothing. */
  readonly from: number;
  /** Position of the divider as a fraction of the picture's width; below 0 when there is none. */
  readonly divider: number;
}

function colourOf(view: OverlayView, id: number, alpha: number): Rgba {
  const [red, green, blue] = parseHex(view.colours[id] ?? '#000000');
  return [red / 255, green / 255, blue / 255, alpha];
}

/** A fraction; what is not a number is `fallback`. */
function fraction(value: number, fallback: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : fallback;
}

/**
 * Turns a view into numbers.
 * @throws RangeError when a colour is not of the form #rrggbb
 */
export function paintOf(view: OverlayView): Paint {
  const road = colourOf(view, drivableIds(view.classes)[0] ?? 0, 1);
  const lighten = (channel: number): number => channel + (1 - channel) * OUTLINE_LIGHTENING;
  const split = view.split === null ? null : fraction(view.split, 0);
  return {
    mode: view.mode,
    opacity: fraction(view.opacity, 0.5),
    colours: Array.from({ length: COLOUR_SLOTS }, (_, id) =>
      id < Math.min(view.colours.length, BROKEN_CLASS)
        ? colourOf(view, id, view.visible[id] === false ? 0 : 1)
        : ([0, 0, 0, 0] as const),
    ),
    road,
    outline: [lighten(road[0]), lighten(road[1]), lighten(road[2]), view.outline ? 0.9 : 0],
    from: split ?? 0,
    divider: split ?? -1,
  };
}

/** The parameters of a pass that shows the picture alone. */
export function rawPaint(paint: Paint): Paint {
  return { ...paint, opacity: 0, outline: [0, 0, 0, 0], from: 2, divider: -1 };
}
