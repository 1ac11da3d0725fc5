/**
 * CPU reference of `preprocess.wgsl`: stored pixels to the network's input, one output value after the other, written
 * to be read. The engines on the processor compute the same with `FrameResampler`, which is separable and fast.
 */
import { type Rotation, uprightSize } from '../../src/media/size';
import { contentRect, tapCount } from '../../src/perception/geometry';
import { type InputSpec, inputIndex, type StoredPixels } from '../../src/perception/preprocess';

/**
 * Point of the stored picture under a point of the upright picture; both from 0 to 1 along each axis.
 * @param rotation clockwise turn that brings the stored pixels upright
 */
export function storedPoint(u: number, v: number, rotation: Rotation): [number, number] {
  switch (rotation) {
    case 90:
      return [v, 1 - u];
    case 180:
      return [1 - u, 1 - v];
    case 270:
      return [1 - v, u];
    default:
      return [u, v];
  }
}

/** Bilinear sample with clamped edges; `px`, `py` in pixels, pixel centres at halves; `channel` 0 to 2 = R, G, B. */
function sample(pixels: StoredPixels, px: number, py: number, channel: number): number {
  const x = Math.min(Math.max(px - 0.5, 0), pixels.width - 1);
  const y = Math.min(Math.max(py - 0.5, 0), pixels.height - 1);
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const x1 = Math.min(x0 + 1, pixels.width - 1);
  const y1 = Math.min(y0 + 1, pixels.height - 1);
  const at = (cx: number, cy: number) => pixels.data[(cy * pixels.width + cx) * 4 + channel] ?? 0;
  const top = at(x0, y0) * (1 - (x - x0)) + at(x1, y0) * (x - x0);
  const bottom = at(x0, y1) * (1 - (x - x0)) + at(x1, y1) * (x - x0);
  return top * (1 - (y - y0)) + bottom * (y - y0);
}

/**
 * Turns, scales, normalises and lays out one picture.
 *
 * Every input pixel is the mean of `tapCount` × `tapCount` bilinear samples spread evenly over its footprint: a box
 * filter convolved with a triangle, which does not alias. Channel `c` of the tensor (in the order the manifest names)
 * becomes (pixel · scale − mean[c]) / std[c]; what lies outside a letterboxed picture is 0, the mean colour.
 * @returns 3 · width · height floats in the manifest's layout
 */
export function preprocess(pixels: StoredPixels, rotation: Rotation, input: InputSpec): Float32Array {
  const picture = uprightSize(pixels, rotation);
  const content = contentRect(input, uprightSize(pixels.display ?? pixels, rotation));
  const tapsX = tapCount(picture.width, content.width);
  const tapsY = tapCount(picture.height, content.height);
  const tensor = new Float32Array(3 * input.width * input.height);
  for (let y = 0; y < content.height; y++)
    for (let x = 0; x < content.width; x++)
      for (let c = 0; c < 3; c++) {
        const colour = input.channels === 'RGB' ? c : 2 - c;
        let sum = 0;
        for (let j = 0; j < tapsY; j++)
          for (let i = 0; i < tapsX; i++) {
            const u = (x + (i + 0.5) / tapsX) / content.width;
            const v = (y + (j + 0.5) / tapsY) / content.height;
            const [su, sv] = storedPoint(u, v, rotation);
            sum += sample(pixels, su * pixels.width, sv * pixels.height, colour);
          }
        const value = (sum / (tapsX * tapsY)) * input.scale;
        tensor[inputIndex(input, c, content.x + x, content.y + y)] =
          (value - (input.mean[c] ?? 0)) / (input.std[c] ?? 1);
      }
  return tensor;
}
