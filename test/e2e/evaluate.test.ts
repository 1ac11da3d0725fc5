import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTool } from '../bench/tools';
import { colourReader } from '../fixtures/networks/colour-reader';
import { encodePng } from '../fixtures/png';

const WIDTH = 32;
const HEIGHT = 16;
/** Colours that the network reads as road, vegetation and sky. */
const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];

let root: string;

/** A picture whose upper half is `above` and whose lower half `below`. */
function halves<T>(above: T, below: T): T[] {
  return Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i < (WIDTH * HEIGHT) / 2 ? above : below));
}

function lay(folder: string, name: string, bytes: Buffer): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, name), bytes);
}

function picture(above: number[], below: number[]): Buffer {
  const bytes = Uint8Array.from(halves(above, below).flat());
  return encodePng(bytes, { width: WIDTH, height: HEIGHT, colour: 2, filter: 1 });
}

function label(above: number, below: number, width = WIDTH, height = HEIGHT): Buffer {
  const ids = Array.from({ length: width * height }, (_, i) => (i < (width * height) / 2 ? above : below));
  return encodePng(Uint8Array.from(ids), { width, height, colour: 3 });
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'carriageway-evaluate-'));
  const { bytes, manifest } = colourReader(WIDTH, HEIGHT);
  lay('network', 'colour-reader.onnx', bytes);
  lay('network', 'colour-reader.json', Buffer.from(JSON.stringify(manifest)));
  lay('images', 'a.png', picture(BLUE, RED));
  lay('images', 'b.png', picture(GREEN, RED));
  // a is read rightly; b's upper half is called sky by the label and vegetation by the network.
  lay('classes', 'a.png', label(8, 0));
  lay('classes', 'b.png', label(8, 1));
  lay('coarse', 'a.png', label(6, 0));
  lay('coarse', 'b.png', label(5, 255));
  lay('other-shape', 'a.png', label(8, 0, 20, 20));
});
afterAll(() => rmSync(root, { recursive: true }));

async function evaluated(labels: string, ...more: string[]): Promise<Record<string, unknown>> {
  const json = join(root, 'result.json');
  const argv = ['--images', join(root, 'images'), '--labels', join(root, labels), '--json', json, ...more];
  const code = await runTool(['evaluate', '--model', join(root, 'network', 'colour-reader.onnx'), ...argv]);
  expect(code).toBe(0);
  return JSON.parse(readFileSync(json, 'utf8'));
}

test('twelve classes on WebAssembly', async () => {
  const result = await evaluated('classes');
  expect(result).toMatchObject({
    model: 'colour-reader',
    engine: 'wasm',
    images: 2,
    // road: 256 of 512 (b's lower half is labelled lane marking); sky: 256 of 512; the rest occurs on one side only.
    per_class: { road: 50, 'lane marking': 0, sky: 50, vegetation: 0, person: null },
    miou: 25,
    // road and lane marking together 100, sky 50, vegetation 0
    miou11: 50,
    drivable_iou: 100,
    pixel_accuracy: 50,
  });
  expect(result.model_ms_median).toBeGreaterThan(0);
});

/** A PNG whose camera noted down that it was held turned (EXIF 2.32, tag 0x0112, in an eXIf chunk). */
function noted(png: Buffer, orientation: number): Buffer {
  const body = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  const chunk = Buffer.from([...Buffer.from('eXIf'), ...body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(chunk));
  // Behind the signature and the header.
  return Buffer.concat([png.subarray(0, 33), length, chunk, sum, png.subarray(33)]);
}

test('a photograph that was stored lying is turned, and its label with it', async () => {
  // What was above lies on the left: sky and road, to be turned clockwise.
  const [width, height] = [HEIGHT, WIDTH];
  const lying = <T>(left: T, right: T): T[] =>
    Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? left : right));
  const stored = encodePng(Uint8Array.from(lying(BLUE, RED).flat()), { width, height, colour: 2, filter: 1 });
  lay('turned', 'c.png', noted(stored, 6));
  lay('turned-labels', 'c.png', encodePng(Uint8Array.from(lying(8, 0)), { width, height, colour: 3 }));
  const result = await evaluated('turned-labels', '--images', join(root, 'turned'));
  expect(result).toMatchObject({ images: 1, per_class: { road: 100, sky: 100 }, pixel_accuracy: 100 });
});

test('coarse groups on WebAssembly, ignored pixels left out', async () => {
  expect(await evaluated('coarse', '--format', 'coarse')).toMatchObject({
    miou: 100,
    miou11: null,
    drivable_iou: 100,
    pixel_accuracy: 100,
    per_class: { drivable: 100, far: 100, sky: 100, living: null },
  });
});

test('the same on WebGPU', async () => {
  expect(await evaluated('classes', '--engine', 'webgpu')).toMatchObject({
    engine: 'webgpu',
    miou: 25,
    miou11: 50,
    drivable_iou: 100,
  });
});

test('both engines: scored on WebAssembly, and compared', async () => {
  expect(await evaluated('classes', '--engine', 'both')).toMatchObject({
    engine: 'both',
    miou: 25,
    agreement: 100,
    agreement_worst: 100,
  });
});

test('a label of another shape than its picture is one sentence', async () => {
  const { error } = console;
  const said: string[] = [];
  console.error = (line) => said.push(String(line));
  try {
    const labels = join(root, 'other-shape');
    const model = join(root, 'network', 'colour-reader.onnx');
    const code = await runTool([
      'evaluate',
      '--images',
      join(root, 'images'),
      '--labels',
      labels,
      '--model',
      model,
    ]);
    expect(code).toBe(1);
  } finally {
    console.error = error;
  }
  expect(said.join('\n')).toContain('The picture a is 32×16 and its label 20×20');
});
