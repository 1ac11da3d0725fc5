/** Paints all layers into the one texture array the street is drawn with. */
import {
  DataArrayTexture,
  LinearFilter,
  LinearMipmapLinearFilter,
  LinearMipmapNearestFilter,
  RepeatWrapping,
} from 'three';
import { GROUND_PAINTERS } from './ground';
import { LAYER_NAMES, LAYER_PIXELS } from './layers';
import { WALL_PAINTERS } from './walls';

const PAINTERS = { ...GROUND_PAINTERS, ...WALL_PAINTERS };

let painted: Uint8Array | null = null;

/**
 * The pixels of all layers, one after the other, RGBA. The first row of each layer is its bottom. They are the same for
 * every street, and painted once per thread.
 */
export function paintedLayers(): Uint8Array {
  painted ??= paintLayers();
  return painted;
}

function paintLayers(): Uint8Array {
  const bytes = LAYER_PIXELS * LAYER_PIXELS * 4;
  const pixels = new Uint8Array(bytes * LAYER_NAMES.length);
  for (const [index, name] of LAYER_NAMES.entries()) {
    const { data } = PAINTERS[name]();
    const row = LAYER_PIXELS * 4;
    for (let y = 0; y < LAYER_PIXELS; y++)
      pixels.set(data.subarray(y * row, (y + 1) * row), index * bytes + (LAYER_PIXELS - 1 - y) * row);
  }
  return pixels;
}

/**
 * The texture array, as square roots of light (see the street shader). The caller owns and disposes it.
 * @param fine filter between sizes and along slants
 */
export function layerTexture(fine: boolean): DataArrayTexture {
  const texture = new DataArrayTexture(paintedLayers(), LAYER_PIXELS, LAYER_PIXELS, LAYER_NAMES.length);
  texture.wrapS = RepeatWrapping;
  texture.wrapT = RepeatWrapping;
  texture.magFilter = LinearFilter;
  texture.minFilter = fine ? LinearMipmapLinearFilter : LinearMipmapNearestFilter;
  texture.generateMipmaps = true;
  texture.anisotropy = fine ? 4 : 1;
  texture.needsUpdate = true;
  return texture;
}
