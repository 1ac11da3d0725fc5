import { Color } from 'three/webgpu';
import { type HexColour, parseHex } from '../../../src/taxonomy/palette';

/**
 * A colour for a material of a layer. Materials write what is shown, without conversion, so three's own parsing of
 * colours (which converts to linear light) would come out too dark.
 * @throws RangeError when the text is not of the form #rrggbb
 */
export function layerColour(hex: HexColour): Color {
  const [red, green, blue] = parseHex(hex);
  return new Color(red / 255, green / 255, blue / 255);
}
