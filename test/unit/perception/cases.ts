/** Inputs shared by the perception tests. */
import { type ModelManifest, parseManifest } from '../../../src/model/manifest';
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
  readonly classes?: ModelManifest['classes'];
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
