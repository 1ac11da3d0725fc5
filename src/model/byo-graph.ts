/**
 * From an inspected graph to what a segmentation network needs: the image input, the gate, the outputs that can be a
 * score for each class and pixel. Everything that does not fit is refused with what was found instead.
 */
import { CarriagewayError } from '../errors';
import type { ModelManifest } from './manifest';
import { type OnnxDim, type OnnxInspection, type OnnxValue, WHOLE_ELEMENTS } from './onnx-inspect';

/** Order of the axes of an image-like tensor. */
export type AxisOrder = 'NCHW' | 'NHWC';

/** A tensor with channels, height and width; null where the file leaves them free. */
export interface ImageShape {
  readonly name: string;
  /** Null when both orders are possible. */
  readonly layout: AxisOrder | null;
  readonly channels: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

/** An output with a score for each class and pixel, or the number of a class for each. */
export interface ScoreOutput extends ImageShape {
  readonly activation: ModelManifest['output']['activation'];
}

/** Most classes a manifest can name; more channels than that are features, not classes. */
const CLASSES_MAX = 256;

/** Most pictures of a fixed batch: the first is used, the others cost their time. */
const BATCH_MAX = 64;

/** Operators that change the form of scores, or which are there, but not their meaning: what follows a softmax is still one. */
const PASSING = new Set([
  'Slice',
  'Gather',
  'Split',
  'Crop',
  'Clip',
  'Transpose',
  'Identity',
  'Cast',
  'Resize',
  'Upsample',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
]);

/** How far back from an output its last step is looked for. */
const LOOK_BACK = 16;

function refuse(detail: string): never {
  throw new CarriagewayError('model-not-segmentation', detail);
}

/** A value in words: `logits: float32 [1, 12, 18, 30]`. */
function describeValue({ name, element, dims }: OnnxValue): string {
  const shape = dims ? `[${dims.map((dim) => (dim === '' ? '?' : dim)).join(', ')}]` : 'of unknown shape';
  return `${name}: ${element} ${shape}`;
}

const sized = (dim: OnnxDim | undefined): number | null => (typeof dim === 'number' ? dim : null);

/** The four axes of an image-like tensor in the given order of axes; null where it is none. */
function imageShape(value: OnnxValue, layout: AxisOrder | null): ImageShape | null {
  const { dims, name } = value;
  if (dims?.length !== 4 || (sized(dims[0]) ?? 1) > BATCH_MAX) return null;
  if (layout === null) return { name, layout, channels: null, width: null, height: null };
  const [channels, height, width] =
    layout === 'NCHW' ? [dims[1], dims[2], dims[3]] : [dims[3], dims[1], dims[2]];
  return { name, layout, channels: sized(channels), height: sized(height), width: sized(width) };
}

/** The image input and the gate. */
export function findInputs(graph: OnnxInspection): { image: ImageShape; gate: string | null } {
  const images: ImageShape[] = [];
  let gate: string | null = null;
  for (const input of graph.inputs) {
    const image = asImage(input);
    if (image) {
      if (input.element !== 'float32')
        refuse(`the image input takes ${input.element}, not float32 (${describeValue(input)})`);
      images.push(image);
    } else if (gate === null && isGate(input)) gate = input.name;
    else if (graph.inputs.length > 1)
      refuse(`it has an input besides the image that the page cannot feed (${describeValue(input)})`);
  }
  const found = graph.inputs.map(describeValue).join('; ') || 'none';
  if (images.length > 1) refuse(`it has more than one image input (${found})`);
  const [image] = images;
  if (!image) refuse(`no input is one image of three channels; inputs: ${found}`);
  return { image, gate };
}

function asImage(input: OnnxValue): ImageShape | null {
  const { dims } = input;
  if (dims?.length !== 4) return null;
  if (dims[1] === 3) return imageShape(input, 'NCHW');
  if (dims[3] === 3) return imageShape(input, 'NHWC');
  // Neither is three: an image only if one of them is free, and then nobody but the user knows which.
  const [second, last] = [sized(dims[1]), sized(dims[3])];
  if (second === null && last === null) return imageShape(input, null);
  if (second === null) return imageShape(input, 'NCHW');
  return last === null ? imageShape(input, 'NHWC') : null;
}

/** One float for each of the pyramid's four levels. */
function isGate({ element, dims }: OnnxValue): boolean {
  if (element !== 'float32' || !dims || dims.length > 2) return false;
  return dims.length === 1 ? dims[0] === 4 : sized(dims[0]) !== 4 && dims[1] === 4;
}

/** Pictures that a run takes, as the file fixes it. */
export function batchOf(graph: OnnxInspection, { name }: ImageShape): number {
  return sized(graph.inputs.find((input) => input.name === name)?.dims?.[0]) ?? 1;
}

/**
 * The outputs that may tell a class for each pixel, in the file's order; at least one.
 * @param input shape of the image, whose proportions an output keeps
 */
export function findOutputs(graph: OnnxInspection, input: ImageShape): readonly ScoreOutput[] {
  const makers = makersOf(graph);
  const outputs = graph.outputs.flatMap((output): ScoreOutput[] => {
    const ending = endingOf(makers, output.name);
    const ids = idMap(output, ending);
    if (ids) return [ids];
    if (output.element !== 'float32') return [];
    // Some exporters leave the axis of the pictures out.
    const whole = output.dims?.length === 3 ? { ...output, dims: [1, ...output.dims] } : output;
    const shape = imageShape(whole, outputLayout(whole, input));
    if (!shape || !isScoreMap(shape)) return [];
    return [{ ...shape, activation: activationOf(ending, shape.channels) }];
  });
  // Beside scores of several classes one channel without a sigmoid is something else: a depth, an edge.
  const others = outputs.filter(({ activation }) => activation !== 'logits');
  const found = others.length > 0 ? others : outputs;
  if (found.length === 0) refuse(whyNoScores(graph));
  return found;
}

/** A map of class numbers: whole numbers, or floats out of an ArgMax, with three axes or one channel. */
function idMap({ name, element, dims }: OnnxValue, ending: string | null): ScoreOutput | null {
  const whole = WHOLE_ELEMENTS.includes(element);
  if (!dims || !(whole || (element === 'float32' && ending === 'ArgMax'))) return null;
  const last = dims.length === 4 && dims[3] === 1;
  const axes =
    dims.length === 4 ? (last ? dims.slice(1, 3) : dims[1] === 1 ? dims.slice(2) : []) : dims.slice(-2);
  if (axes.length !== 2 || dims.length > 4 || dims.length < 2) return null;
  const [height, width] = [sized(axes[0]), sized(axes[1])];
  // A list of numbers, as detectors give them, is no map.
  if ((dims.length === 2 && !(width && height)) || width === 1 || height === 1) return null;
  return { name, layout: 'NCHW', channels: null, width, height, activation: 'ids' };
}

/** What an output's numbers are, by the operator that made them. One channel speaks of the one thing that is looked for. */
function activationOf(ending: string | null, channels: number | null): ScoreOutput['activation'] {
  if (ending === 'Sigmoid' || ending === 'HardSigmoid') return 'sigmoid';
  if (channels === 1) return ending === 'Softmax' ? 'sigmoid' : 'logits';
  return ending === 'Softmax' ? 'softmax' : 'none';
}

function isScoreMap({ channels, width, height }: ImageShape): boolean {
  if (channels !== null && (channels < 1 || channels > CLASSES_MAX)) return false;
  // One pixel is a classification of the whole picture.
  return !(width === 1 && height === 1);
}

/** Order of an output's axes: the one in which it keeps the picture's proportions, else that of the input. */
function outputLayout(output: OnnxValue, input: ImageShape): AxisOrder | null {
  const kept = (['NCHW', 'NHWC'] as const).filter((layout) => {
    const shape = imageShape(output, layout);
    if (!shape?.width || !shape.height || !input.width || !input.height) return false;
    // A stride that does not divide rounds up: within one cell the proportions agree.
    return Math.abs((input.width / shape.width) * shape.height - input.height) <= input.width / shape.width;
  });
  return kept.length === 1 ? kept[0]! : input.layout;
}

type Makers = ReadonlyMap<string, OnnxInspection['nodes'][number]>;

function makersOf({ nodes }: OnnxInspection): Makers {
  return new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
}

/** The last operator that gives an output its meaning; null where the graph goes back further than is looked. */
function endingOf(makers: Makers, output: string): string | null {
  let name: string | undefined = output;
  for (let step = 0; step < LOOK_BACK && name !== undefined; step++) {
    const maker = makers.get(name);
    if (!maker || !PASSING.has(maker.type)) return maker?.type ?? null;
    name = maker.inputs[0];
  }
  return null;
}

function whyNoScores(graph: OnnxInspection): string {
  const found = graph.outputs.map(describeValue).join('; ') || 'none';
  return `no output has a score for each class and pixel (four dimensions); outputs: ${found}`;
}
