/**
 * Colours of the classes. Two palettes: one in the field's habit, one that keeps the classes apart for people
 * with the common colour-vision deficiencies (hues after Okabe and Ito, 2008, spread further by lightness).
 */
import { CLASS_COUNT } from './classes';

/** An sRGB colour, `#rrggbb`. */
export type HexColour = `#${string}`;

/** Name of a palette. */
export type PaletteName = 'colour-blind-safe' | 'classic';

/** A palette: one colour for each class id. */
export type Palette = readonly HexColour[];

/** Palettes by name. The first is the default. */
export const PALETTES: Readonly<Record<PaletteName, Palette>> = {
  'colour-blind-safe': [
    '#009e9a', // road: teal, the one hue that neither protan, deutan nor tritan eyes confuse with the rest
    '#fff7cc', // lane marking
    '#cc79a7', // sidewalk
    '#6b6b6b', // building
    '#a58a6f', // fence
    '#bdbdbd', // pole
    '#f0e442', // sign
    '#3f6b3a', // vegetation
    '#9bd0f5', // sky
    '#d55e00', // person
    '#ff9a3c', // cyclist
    '#3b5bdb', // vehicle
  ],
  classic: [
    '#804080',
    '#ffffff',
    '#f423e8',
    '#464646',
    '#be9999',
    '#999999',
    '#dcdc00',
    '#6b8e23',
    '#4682b4',
    '#dc143c',
    '#ff0000',
    '#00008e',
  ],
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

/** The palette as RGBA bytes, `CLASS_COUNT` × 4, alpha 255: what a lookup texture takes. */
export function paletteBytes(palette: Palette): Uint8Array {
  const bytes = new Uint8Array(CLASS_COUNT * 4);
  for (let id = 0; id < CLASS_COUNT; id++) bytes.set([...parseHex(palette[id] ?? '#000000'), 255], id * 4);
  return bytes;
}
