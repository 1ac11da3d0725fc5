/**
 * What a network really answers: the shape of its first output decides where the manifest only assumes. Files leave
 * sizes free, or name others than they give; what is read is what came.
 */
import { CarriagewayError } from '../errors';
import type { ModelManifest } from '../model/manifest';
import { WHOLE_ELEMENTS } from '../model/onnx-inspect';

/** Whether an output of this element type can be read. */
export function isReadable(type: string, { activation }: ModelManifest['output']): boolean {
  return type === 'float32' || (activation === 'ids' && WHOLE_ELEMENTS.includes(type));
}

/**
 * The manifest with the output's size and layout as they are.
 * @param dims shape of an output of the network: pictures first, where there is an axis for them
 * @throws CarriagewayError `model-load-failed` when it holds no score for each class and pixel
 */
export function resolveOutput(manifest: ModelManifest, dims: readonly number[]): ModelManifest {
  const { output, channels, input } = manifest;
  const refuse = (wanted: string): never => {
    throw new CarriagewayError(
      'model-load-failed',
      `${output.name} has the shape ${dims.join(' × ')}, ${wanted}`,
    );
  };
  const settled = (width: number, height: number, layout = output.layout): ModelManifest => ({
    ...manifest,
    output: { ...output, width, height, layout, stride: input.width / width },
  });
  if (output.activation === 'ids') {
    // [n, h, w], [n, 1, h, w], [n, h, w, 1] or [h, w]: the two axes that are left when those of one go.
    const rest = dims.length === 4 && dims[3] === 1 ? dims.slice(1, 3) : dims.slice(-2);
    const [height, width] = rest;
    const flat = dims.reduce((a, b) => a * b, 1) === input.batch * (width ?? 0) * (height ?? 0);
    if (!width || !height || dims.length > 4 || !(flat || dims.length === 2))
      return refuse('not a class number for each pixel');
    return settled(width, height);
  }
  const [a, b, c] = dims.slice(-3);
  if (dims.length < 3 || dims.length > 4 || !a || !b || !c)
    return refuse('not a score for each class and pixel');
  const count = channels.length;
  // A file that leaves the channels free, and gives one: the second of two classes against the rest.
  if (count === 2 && (a === 1 || c === 1) && a !== 2 && c !== 2) {
    const alone = output.activation === 'none' ? 'logits' : 'sigmoid';
    const one = { ...manifest, channels: [1], output: { ...output, activation: alone } } as const;
    return resolveOutput(one, dims);
  }
  const [planar, interleaved] = [a === count, c === count];
  if (!planar && !interleaved) return refuse(`its list of classes ${count} channels`);
  // Where both fit, the manifest says which.
  return (planar && interleaved ? output.layout === 'NCHW' : planar)
    ? settled(c, b, 'NCHW')
    : settled(b, a, 'NHWC');
}

/** Numbers of an output as floats: ids come as whole numbers of several kinds. */
export function asFloats(
  data: ArrayLike<number> | BigInt64Array | BigUint64Array,
): Float32Array<ArrayBuffer> {
  if (data instanceof Float32Array) return data as Float32Array<ArrayBuffer>;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return Float32Array.from(data);
}
