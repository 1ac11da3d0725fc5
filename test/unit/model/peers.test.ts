import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openQuestions } from '../../../src/model/byo';
import { draftFromFile } from '../../../src/model/byo-draft';
import { verifyModel } from '../../../src/model/integrity';
import { parseManifest } from '../../../src/model/manifest';
import { inspectOnnx } from '../../../src/model/onnx-inspect';
import { CLASSES } from '../../../src/taxonomy/classes';

const ROOT = join(import.meta.dirname, '../../..');
const MANIFESTS = join(ROOT, 'test/bench/peers');
/** The files are others' and stay outside of the repository. */
const WEIGHTS = join(ROOT, '../shared/peers');
const NAMES = (await readdir(MANIFESTS)).filter((name) => name.endsWith('.json'));

async function manifestOf(name: string) {
  return parseManifest(JSON.parse(await readFile(join(MANIFESTS, name), 'utf8')));
}

test('there is a manifest for each of the four peers', () => {
  expect(NAMES).toHaveLength(4);
});

describe.for(NAMES)('%s', (name) => {
  test('is a valid manifest, names its file beside it, and means something', async () => {
    const manifest = await manifestOf(name);
    expect(manifest.files.map((file) => file.path)).toEqual([name.replace(/json$/, 'onnx')]);
    const known = new Set(['none of these', ...CLASSES.map((c) => c.name)]);
    expect(manifest.classes.filter((c) => !known.has(c.name))).toEqual([]);
    expect(manifest.classes.map((c) => c.name)).toContain('road');
    expect(manifest.output.width * manifest.output.stride).toBe(manifest.input.width);
    expect(manifest.output.height * manifest.output.stride).toBe(manifest.input.height);
  });

  test('agrees with the file', async (context) => {
    const manifest = await manifestOf(name);
    const file = manifest.files[0]!;
    const path = join(WEIGHTS, file.path);
    if (!existsSync(path)) context.skip(`${file.path} is not at hand.`);
    const bytes = await readFile(path);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    await verifyModel(buffer, file);

    const graph = inspectOnnx(bytes);
    expect(graph.inputs.map((input) => input.name)).toEqual([manifest.input.name]);
    expect(graph.outputs.map((output) => output.name)).toContain(manifest.output.name);
    const { draft } = await draftFromFile(new Blob([buffer]), file.path);
    expect(draft.image).toMatchObject({
      layout: manifest.input.layout,
      width: manifest.input.width,
      height: manifest.input.height,
    });
    const output = draft.outputs.find((o) => o.name === manifest.output.name)!;
    expect(output.activation).toBe(manifest.output.activation);
    if (output.channels !== null) expect(output.channels).toBe(manifest.channels.length);
    expect(openQuestions(draft).map((question) => question.id)).toContain('normalisation');
  });
});
