/** Pictures that can be looked at anywhere, also between their pixels: for tests of motion. */
import type { InputSpec } from '../../../src/perception/preprocess';
import { inputIndex } from '../../../src/perception/preprocess';
import { seeded } from './cases';

/** Brightness at a point, 0 to 1. */
export type Texture = (x: number, y: number) => number;

/** Smooth texture without repetition: noise on a lattice of four pixels, bilinear in between. */
export function textureOf(seed: number): Texture {
  const random = seeded(seed);
  const side = 64;
  const lattice = Float32Array.from({ length: side * side }, random);
  const at = (x: number, y: number) => lattice[(y & (side - 1)) * side + (x & (side - 1))]!;
  return (px, py) => {
    const [x, y] = [px / 4 + 20, py / 4 + 20];
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - x0, y - y0];
    const top = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
    const bottom = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
    return top * (1 - fy) + bottom * fy;
  };
}

/**
 * A network's input that shows a texture in grey within `content`, and padding around it.
 * @param texture in pixels of the input, from the top left of the content
 */
export function tensorOf(
  texture: Texture,
  input: InputSpec,
  content: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Float32Array<ArrayBuffer> {
  const tensor = new Float32Array(3 * input.width * input.height);
  for (let y = 0; y < content.height; y++)
    for (let x = 0; x < content.width; x++)
      for (let c = 0; c < 3; c++) {
        const value = texture(x, y) * 255 * input.scale;
        tensor[inputIndex(input, c, content.x + x, content.y + y)] =
          (value - (input.mean[c] ?? 0)) / (input.std[c] ?? 1);
      }
  return tensor;
}
