/**
 * CPU reference of `postprocess.wgsl`: scores at the network's output size to the mask at drawing size, pixel by pixel,
 * written to be read. The painters of the processor are held to it as well.
 */
import { insideRegion } from '../../src/perception/ignore';
import { type MaskMap, type OutputSpec, scoreStrides, standsAlone } from '../../src/perception/output-spec';
import { blendWeight, ID_LEAN, type PostprocessOptions, STATE_SCALE } from '../../src/perception/postprocess';
import { BROKEN_CLASS, UNDECIDED_CLASS, VOID_CLASS } from '../../src/taxonomy/class-list';

/** Indices of the four output pixels around a point, and how near each is. */
function neighboursOf(spec: OutputSpec, x: number, y: number): readonly (readonly [number, number])[] {
  const strides = scoreStrides(spec);
  const cx = Math.min(Math.max(x, 0), spec.width - 1);
  const cy = Math.min(Math.max(y, 0), spec.height - 1);
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const [x1, y1] = [Math.min(x0 + 1, spec.width - 1), Math.min(y0 + 1, spec.height - 1)];
  const lean = spec.activation === 'ids' ? ID_LEAN : 1;
  const [fx, fy] = [lean * (cx - x0), lean * (cy - y0)];
  const at = (px: number, py: number) => py * strides.row + px * strides.column;
  return [
    [at(x0, y0), (1 - fx) * (1 - fy)],
    [at(x1, y0), fx * (1 - fy)],
    [at(x0, y1), (1 - fx) * fy],
    [at(x1, y1), fx * fy],
  ];
}

/** Probabilities of scores: a softmax, unless the network has applied one, or a sigmoid, already. */
function probabilitiesOf(values: readonly number[], spec: OutputSpec): readonly number[] {
  if (spec.activation === 'logits') return values.map((z) => 1 / (1 + Math.exp(-z)));
  if (spec.activation !== 'none') return values;
  const peak = Math.max(...values);
  const powers = values.map((z) => Math.exp(z - peak));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / total);
}

/**
 * Probabilities of the classes at a mask pixel: bilinear scores, then softmax; channels of the same class add up, of
 * those that stand for themselves the most counts. Where
 * the output holds ids, each of the four neighbours counts for its class as far as it is near; numbers that are the id
 * of no class count for nothing, and what is missing to 1 is then the probability of "none of them".
 * @returns null where a score is no finite number
 */
export function classProbabilities(
  scores: Float32Array,
  spec: OutputSpec,
  map: MaskMap,
  x: number,
  y: number,
): number[] | null {
  const merged = new Array<number>(spec.classes).fill(0);
  const near = neighboursOf(spec, map.x.offset + x * map.x.step, map.y.offset + y * map.y.step);
  const add = (channel: number, p: number): void => {
    const id = spec.classOfChannel[channel] ?? UNDECIDED_CLASS;
    if (id < spec.classes)
      merged[id] = standsAlone(spec.activation) ? Math.max(merged[id]!, p) : merged[id]! + p;
  };
  if (spec.activation === 'ids') {
    if (near.some(([at]) => !Number.isFinite(scores[at]))) return null;
    for (const [at, share] of near) add(Math.round(scores[at]!), share);
    return merged;
  }
  const { channel: step } = scoreStrides(spec);
  const values = Array.from({ length: spec.channels }, (_, c) =>
    near.reduce((sum, [at, share]) => sum + share * scores[c * step + at]!, 0),
  );
  if (!values.every(Number.isFinite)) return null;
  for (const [channel, p] of probabilitiesOf(values, spec).entries()) add(channel, p);
  return merged;
}

/** What is painted for one distribution. */
export interface Verdict {
  /** Class id; `UNDECIDED_CLASS` where no class wins. */
  readonly id: number;
  /** Probability of the class, 0 where none wins. */
  readonly confidence: number;
  /** Probability of all drivable classes together, at most 1. */
  readonly drivable: number;
}

/**
 * Argmax, confidence and drivable probability of a distribution over the classes. No class wins where two share the
 * highest probability, where none reaches the floor, and where what is missing to 1 outweighs every one.
 */
export function verdictOf(
  probabilities: readonly number[],
  { drivable: isDrivable, floor }: Pick<OutputSpec, 'drivable' | 'floor'>,
): Verdict {
  let id = 0;
  let tied = false;
  let total = 0;
  let drivable = 0;
  for (const [k, p] of probabilities.entries()) {
    const best = probabilities[id] ?? 0;
    if (k > 0 && p === best) tied = true;
    else if (p > best) {
      id = k;
      tied = false;
    }
    total += p;
    if (isDrivable[k]) drivable += p;
  }
  const confidence = probabilities[id] ?? 0;
  drivable = Math.min(drivable, 1);
  return tied || confidence < floor || 1 - total > confidence
    ? { id: UNDECIDED_CLASS, confidence: 0, drivable }
    : { id, confidence, drivable };
}

/** A probability as the byte a mask holds. */
function toByte(p: number): number {
  return Math.round(Math.min(Math.max(p, 0), 1) * 255);
}

/**
 * Upsamples, smooths and decides every pixel of a mask.
 *
 * Smoothing: state ← state + w (newest − state), with w = `blendWeight(smoothing, ½ Σ |newest − state|)`, and w = 1
 * after a reset. The decision is taken on the new state. Ignored pixels are void in the mask, but their state goes on.
 * Where scores are no numbers the pixel is broken, and its state is ones: the next good frame starts afresh there.
 * @param scores the network's output, in the manifest's layout
 * @param state `stateLength` values of 1 / 65535, pixel by pixel, moved to where the picture is now (`moveState`);
 *   read unless `reset`, then overwritten
 * @returns the mask, four bytes for each pixel: class, confidence, drivable, 255
 */
export function postprocess(
  scores: Float32Array,
  state: Uint16Array,
  options: PostprocessOptions,
): Uint8Array<ArrayBuffer> {
  const { spec, map, mask, smoothing, reset, ignore } = options;
  const { slots } = spec;
  const pixels = new Uint8Array(mask.width * mask.height * 4);
  for (let y = 0; y < mask.height; y++)
    for (let x = 0; x < mask.width; x++) {
      const index = y * mask.width + x;
      const hidden = ignore !== null && insideRegion(ignore, (x + 0.5) / mask.width, (y + 0.5) / mask.height);
      const named = classProbabilities(scores, spec, map, x, y);
      if (!named) {
        state.fill(STATE_SCALE, index * slots, (index + 1) * slots);
        pixels.set([hidden ? VOID_CLASS : BROKEN_CLASS, 0, 0, 255], index * 4);
        continue;
      }
      const newest = [...named, ...new Array<number>(slots - named.length).fill(0)];
      const old = newest.map((_, k) => (state[index * slots + k] ?? 0) / STATE_SCALE);
      const distance = newest.reduce((sum, p, k) => sum + Math.abs(p - (old[k] ?? 0)), 0) / 2;
      const afresh = reset || old.at(-1)! > 0;
      const weight = blendWeight(smoothing, distance);
      const smoothed = newest.map((p, k) => (afresh ? p : (old[k] ?? 0) + weight * (p - (old[k] ?? 0))));
      for (const [k, p] of smoothed.entries())
        state[index * slots + k] = Math.floor(0.5 + STATE_SCALE * Math.min(Math.max(p, 0), 1));
      const verdict = hidden
        ? { id: VOID_CLASS, confidence: 0, drivable: 0 }
        : verdictOf(smoothed.slice(0, spec.classes), spec);
      pixels.set([verdict.id, toByte(verdict.confidence), toByte(verdict.drivable), 255], index * 4);
    }
  return pixels;
}
