/**
 * Colour ramp of the confidence mode: from dark blue (unsure) through grey to pale yellow (sure). Lightness rises
 * evenly along it, so the order is read without a legend, also in greyscale; the hue runs along the blue–yellow axis,
 * which people with protan and deutan vision keep, and tritan vision still has the lightness.
 */

/** The ramp's ends in Oklab: lightness 0 to 1, then the green–red and blue–yellow axes. */
const UNSURE = [0.32, -0.02, -0.15] as const;
const SURE = [0.94, -0.02, 0.11] as const;

/** Entries of the table the shader interpolates: the curve between two of 33 is straight to within half a byte step. */
export const RAMP_STEPS = 33;

/** Linear light to sRGB, both 0 to 1 (IEC 61966-2-1). */
function encode(linear: number): number {
  const x = Math.min(1, Math.max(0, linear));
  return x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
}

/** Oklab to sRGB, 0 to 1 each. The matrices are those of Björn Ottosson, "A perceptual color space", 2020. */
function oklabToSrgb(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/**
 * Colour of a confidence.
 * @param confidence 0 to 1; clamped
 * @returns red, green, blue in sRGB, 0 to 1
 */
export function confidenceColour(confidence: number): [number, number, number] {
  const t = Math.min(1, Math.max(0, confidence));
  const mix = (axis: 0 | 1 | 2): number => UNSURE[axis] + (SURE[axis] - UNSURE[axis]) * t;
  return oklabToSrgb(mix(0), mix(1), mix(2));
}

/** The ramp as a table of `RAMP_STEPS` evenly spaced colours, sRGB 0 to 1. */
export const RAMP_TABLE: readonly (readonly [number, number, number])[] = Array.from(
  { length: RAMP_STEPS },
  (_, step) => confidenceColour(step / (RAMP_STEPS - 1)),
);

/**
 * Colour of a confidence as the shader reads it from the table.
 * @param confidence 0 to 1
 * @param out takes the colour: it is asked for pixel by pixel
 */
export function rampAt(confidence: number, out: [number, number, number]): void {
  const position = confidence * (RAMP_STEPS - 1);
  const step = Math.min(Math.floor(position), RAMP_STEPS - 2);
  const low = RAMP_TABLE[step]!;
  const high = RAMP_TABLE[step + 1]!;
  const t = position - step;
  out[0] = low[0] + (high[0] - low[0]) * t;
  out[1] = low[1] + (high[1] - low[1]) * t;
  out[2] = low[2] + (high[2] - low[2]) * t;
}
