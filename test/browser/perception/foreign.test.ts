import { afterEach, describe, expect, test } from 'vitest';
import type { ModelManifest } from '../../../src/model/manifest';
import { createEngine } from '../../../src/perception/create-engine';
import type { Engine } from '../../../src/perception/engine';
import { BROKEN_CLASS } from '../../../src/taxonomy/class-list';
import {
  type ForeignOptions,
  foreignNetwork,
  INDOORS,
  LAND_USE,
  LESION,
} from '../../fixtures/networks/foreign';
import {
  type DrawnPicture,
  landPicture,
  roomPicture,
  skinPicture,
} from '../../fixtures/networks/foreign-pictures';
import { manifestOf } from '../../unit/perception/cases';
import { frameOf, readTexture, testDevice } from './support';

const [WIDTH, HEIGHT] = [96, 64];
const disposers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const dispose of disposers.splice(0)) await dispose();
});

/** A manifest that assumes one score for each pixel, whatever the network's stride. */
function manifestFor(
  { surfaces, batch = 1 }: ForeignOptions,
  activation: ModelManifest['output']['activation'],
): ModelManifest {
  return manifestOf({
    input: { width: WIDTH, height: HEIGHT, mean: [0, 0, 0], std: [1, 1, 1], batch },
    output: { name: 'out', width: WIDTH, height: HEIGHT, stride: 1, activation },
    classes: surfaces.map(({ name }) => ({ name })),
  });
}

async function start(
  kind: 'wasm' | 'webgpu',
  options: ForeignOptions,
  manifest: ModelManifest,
): Promise<{
  readonly engine: Engine;
  readonly device: GPUDevice | null;
}> {
  const bytes = foreignNetwork(options).buffer;
  if (kind === 'wasm') {
    const engine = await createEngine({ kind, manifest, bytes, threads: 1 });
    disposers.push(async () => engine[Symbol.asyncDispose]());
    return { engine, device: null };
  }
  const { device, errors } = await testDevice();
  const engine = await createEngine({ kind, device, manifest, bytes });
  disposers.push(async () => {
    await engine[Symbol.asyncDispose]();
    expect(engine.liveObjects()).toEqual({ buffers: 0, textures: 0, frames: 0 });
    expect(errors).toEqual([]);
    device.destroy();
  });
  return { engine, device };
}

/** Share of pixels that the network names as they were drawn, and all ids that it gave. */
async function named(
  { engine, device }: Awaited<ReturnType<typeof start>>,
  picture: DrawnPicture,
): Promise<{ share: number; ids: Set<number>; cells: Set<number> }> {
  const { width, height } = picture;
  using stream = engine.openStream({ maskWidth: width, maskHeight: height });
  const frame = frameOf(picture.data, width, height);
  const { mask, classMap } = await stream.infer({
    frame,
    rotation: 0,
    smoothing: 1,
    reset: true,
    ignore: null,
  });
  frame.close();
  const bytes = mask.kind === 'pixels' ? mask.data : await readTexture(device!, mask.texture);
  let same = 0;
  const ids = new Set<number>();
  for (const [i, id] of picture.ids.entries()) {
    ids.add(bytes[i * 4]!);
    if (bytes[i * 4] === id) same++;
  }
  return { share: same / picture.ids.length, ids, cells: new Set((await classMap).classes) };
}

const land = landPicture(WIDTH, HEIGHT, LAND_USE);
const base = { surfaces: LAND_USE, width: WIDTH, height: HEIGHT, stride: 1 } as const;

describe.each(['wasm', 'webgpu'] as const)('%s reads a foreign network as it is', (kind) => {
  test.each([
    ['raw scores', {}, 'none'],
    ['scores of a quarter of the size, which nothing in the file says', { stride: 4, free: true }, 'none'],
    ['a softmax', { ending: 'softmax' }, 'softmax'],
    ['a sigmoid for each class', { ending: 'sigmoid' }, 'sigmoid'],
    ['numbers of classes, int64', { ending: 'ids', stride: 2 }, 'ids'],
    ['numbers of classes, bytes', { ending: 'ids-uint8' }, 'ids'],
    ['numbers of classes, floats', { ending: 'ids-float' }, 'ids'],
    ['four pictures at a time', { batch: 4 }, 'none'],
  ] as const)('%s', async (_name, changes, activation) => {
    const options: ForeignOptions = { ...base, ...changes };
    const started = await start(kind, options, manifestFor(options, activation));
    expect(started.engine.manifest.output).toMatchObject({
      width: WIDTH / options.stride!,
      height: HEIGHT / options.stride!,
    });
    const { share } = await named(started, land);
    // A cell across a border shows a mixture, which may be any class's colour.
    expect(share).toBeGreaterThan({ 1: 0.97, 2: 0.88, 4: 0.75 }[options.stride!]!);
  });

  test('scores that are no numbers give no mask', async () => {
    const options: ForeignOptions = { ...base, ending: 'nan' };
    const { ids, cells } = await named(await start(kind, options, manifestFor(options, 'none')), land);
    expect(ids).toEqual(new Set([BROKEN_CLASS]));
    expect(cells).toEqual(new Set([BROKEN_CLASS]));
  });
});

test.each([
  ['two classes of skin', LESION, skinPicture],
  ['a hundred and fifty of a room', INDOORS, roomPicture],
] as const)('%s', async (_name, surfaces, drawn) => {
  const options: ForeignOptions = { ...base, surfaces };
  const { share } = await named(
    await start('wasm', options, manifestFor(options, 'none')),
    drawn(WIDTH, HEIGHT, surfaces),
  );
  expect(share).toBeGreaterThan(0.97);
});

test('a list that does not fit the network is refused with both numbers', async () => {
  const manifest = manifestFor({ ...base, surfaces: LESION }, 'none');
  await expect(start('wasm', base, manifest)).rejects.toMatchObject({
    code: 'model-load-failed',
    detail: expect.stringMatching(/1 × 7 × 64 × 96.* 2 channels/),
  });
});
