/**
 * Colours of the classes. Two palettes of ours: one in the field's habit, one that keeps the classes apart for people
 * with the common colour-vision deficiencies (hues after Okabe and Ito, 2008, spread further by lightness). For other
 * lists, colours are made by the same thought: each as far as can be from all others, for every kind of eye.
 */
import driving from './driving.json';

/** An sRGB colour, `#rrggbb`. */
export type HexColour = `#${string}`;

/** Name of a palette. */
export type PaletteName = 'colour-blind-safe' | 'classic';

/** A palette: one colour for each class id. */
export type Palette = readonly HexColour[];

/** Palettes of our own list by name. The first is the default. */
export const PALETTES: Readonly<Record<PaletteName, Palette>> = {
  'colour-blind-safe': driving.classes.map(({ colour }) => colour as HexColour),
  classic: driving.classes.map(({ classic }) => classic as HexColour),
};

/** The palette used until the user picks another. */
export const DEFAULT_PALETTE: PaletteName = 'colour-blind-safe';

/**
 * Splits `#rrggbb` into its three channels.
 * @returns red, green and blue, 0 to 255
 * @throws RangeError when the text is not of that form
 */
export function parseHex(colour: string): [number, number, number] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!match) throw new RangeError(`"${colour}" is not a colour of the form #rrggbb.`);
  return [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16), Number.parseInt(match[3]!, 16)];
}

type Triple = readonly [number, number, number];

/**
 * Linear RGB as the usual eye sees it and as eyes without one kind of cone do (Machado, Oliveira, Fernandes, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1): protan, deutan, tritan.
 */
const EYES: readonly (readonly [Triple, Triple, Triple])[] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
];

/** Steps of each channel among which colours are looked for: 8 × 8 × 8 less the darkest, which drown in shadows. */
const STEPS = [0, 36, 73, 109, 146, 182, 219, 255] as const;
const DARKEST = 0.35;

/** OKLab of linear RGB (Ottosson, 2020): distances in it are about as large as they look. */
function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(Math.max(0, 0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b));
  const m = Math.cbrt(Math.max(0, 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b));
  const s = Math.cbrt(Math.max(0, 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b));
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** A colour as each kind of eye sees it. */
function seenBy(hex: HexColour): readonly Triple[] {
  const linear = parseHex(hex).map((byte) => {
    const v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  const dot = (row: Triple): number => row[0] * linear[0]! + row[1] * linear[1]! + row[2] * linear[2]!;
  return EYES.map((rows) => oklab([dot(rows[0]), dot(rows[1]), dot(rows[2])]));
}

/** How far apart two colours are for the eye that tells them apart least; 1 is black against white. @public */
export function colourDistance(a: HexColour, b: HexColour): number {
  return leastDistance(seenBy(a), seenBy(b));
}

function leastDistance(a: readonly Triple[], b: readonly Triple[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let eye = 0; eye < a.length; eye++) {
    const [p, q] = [a[eye]!, b[eye]!];
    least = Math.min(least, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return least;
}

function hexOf(r: number, g: number, b: number): HexColour {
  return `#${[r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('')}`;
}

/** Where the first colour is taken from when there is none to be far from: a teal, as our road has. */
const SEED: HexColour = '#009e9a';

/**
 * Makes colours: each is the candidate farthest from all before it, for the eye that tells them apart least. The same
 * request gives the same colours.
 * @param count how many
 * @param given colours that are there already
 */
export function makeColours(count: number, given: readonly HexColour[] = []): readonly HexColour[] {
  if (count <= 0) return [];
  const candidates = STEPS.flatMap((r) => STEPS.flatMap((g) => STEPS.map((b) => hexOf(r, g, b))))
    .map((hex) => ({ hex, seen: seenBy(hex), near: Number.POSITIVE_INFINITY }))
    .filter(({ seen }) => seen[0]![0] > DARKEST);
  const keepAway = (seen: readonly Triple[]): void => {
    for (const candidate of candidates)
      candidate.near = Math.min(candidate.near, leastDistance(candidate.seen, seen));
  };
  for (const hex of given) keepAway(seenBy(hex));
  const made: HexColour[] = [];
  if (given.length === 0) {
    made.push(SEED);
    keepAway(seenBy(SEED));
  }
  while (made.length < count) {
    const best = candidates.reduce((a, b) => (b.near > a.near ? b : a));
    made.push(best.hex);
    keepAway(best.seen);
  }
  return made;
}
