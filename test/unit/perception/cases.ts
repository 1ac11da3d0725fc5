/** Inputs shared by the perception tests. */
import { type ModelManifest, parseManifest } from '../../../src/model/manifest';
import type { OutputSpec } from '../../../src/perception/output-spec';
import { CLASSES } from '../../../src/taxonomy/classes';

/** A small deterministic generator (mulberry32); values from 0 to 1. */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Changes to the parts of a manifest that matter here. */
export interface ManifestParts {
  readonly input?: Partial<ModelManifest['input']>;
  readonly output?: Partial<ModelManifest['output']>;
  readonly gate?: ModelManifest['gate'];
  /** As a file writes them. */
  readonly classes?: readonly unknown[];
  readonly channels?: readonly number[];
}

/** Classes and channels of a network several of whose channels mean the same: one name, or null, for each channel. */
export function sharing(
  names: readonly (string | null)[],
): Required<Pick<ManifestParts, 'classes' | 'channels'>> {
  const different = [...new Set(names)];
  return {
    classes: different.map((name) => name ?? { name: 'none of these', role: 'nothing' }),
    channels: names.map((name) => different.indexOf(name)),
  };
}

/** A valid manifest of a tiny network with some parts replaced. */
export function manifestOf(parts: ManifestParts = {}): ModelManifest {
  return parseManifest({
    schema: 1,
    name: 'tiny',
    title: 'Tiny',
    version: '1',
    files: [{ precision: 'fp32', path: 'tiny.onnx', bytes: 1, sha256: '0'.repeat(64) }],
    input: {
      name: 'image',
      layout: 'NCHW',
      width: 64,
      height: 32,
      channels: 'RGB',
      scale: 1 / 255,
      mean: [0.4, 0.45, 0.5],
      std: [0.25, 0.2, 0.3],
      fit: 'stretch',
      ...parts.input,
    },
    gate: parts.gate ?? null,
    output: {
      name: 'logits',
      layout: 'NCHW',
      width: 8,
      height: 4,
      stride: 8,
      activation: 'none',
      ...parts.output,
    },
    classes: parts.classes ?? CLASSES.map((c) => c.name),
    ...(parts.channels ? { channels: parts.channels } : {}),
    licence: 'none',
    source: 'a test',
  });
}

/** A picture of coloured blocks with noise: edges for the filters, texture for the averages. RGBA, opaque. */
export function scene(width: number, height: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = seeded(seed);
  const blocks = Array.from({ length: 48 }, () => random() * 220);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const block = (Math.floor((y * 4) / height) * 4 + Math.floor((x * 4) / width)) % 16;
      for (let c = 0; c < 3; c++) data[(y * width + x) * 4 + c] = blocks[block * 3 + c]! + random() * 30;
      data[(y * width + x) * 4 + 3] = 255;
    }
  return data;
}

/** Scores with structure: a few strong cells among weak ones, so that masks have regions and edges. */
export function scoresOf(length: number, seed: number, gain = 6): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length }, () => gain * (random() * 2 - 1) ** 3);
}

/** What a network of this kind would answer: scores, probabilities or ids, some of them the id of no class. */
export function outputOf(spec: OutputSpec, seed: number, gain = 4): Float32Array {
  const raw = scoresOf(spec.channels * spec.width * spec.height, seed, gain);
  if (spec.activation === 'sigmoid') return raw.map((z) => 1 / (1 + Math.exp(-z)));
  if (spec.activation === 'ids') return raw.map((z) => Math.floor((z / gain / 2 + 0.5) * (spec.classes + 2)));
  if (spec.activation === 'softmax') normalise(raw, spec.channels, spec.layout);
  return raw;
}

/** Makes raw scores look like the output of a network that ends in a softmax. */
function normalise(scores: Float32Array, channels: number, layout: 'NCHW' | 'NHWC'): void {
  const cells = scores.length / channels;
  for (let i = 0; i < cells; i++) {
    const at = (c: number) => (layout === 'NCHW' ? c * cells + i : i * channels + c);
    let total = 0;
    for (let c = 0; c < channels; c++) total += Math.exp(scores[at(c)]! / 100);
    for (let c = 0; c < channels; c++) scores[at(c)] = Math.exp(scores[at(c)]! / 100) / total;
  }
}
