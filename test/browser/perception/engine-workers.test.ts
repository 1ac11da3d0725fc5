/** An engine whose workers the page made and lets speak by ports, as in Firefox, against one that has them of its own. */
import { afterEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../../src/perception/create-engine';
import type { Engine } from '../../../src/perception/engine';
import { tinyPspnet } from '../../fixtures/networks/tiny-pspnet';
import { scene } from '../../unit/perception/cases';
import { frameOf } from './support';

const MASK = { maskWidth: 120, maskHeight: 68 };
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';

afterEach(() => vi.restoreAllMocks());

function start(userAgent: string): Promise<Engine> {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent);
  return createEngine({ kind: 'wasm', threads: 1, ...tinyPspnet() });
}

/** Classes of a few frames, one after the other. */
async function classesOf(engine: Engine): Promise<Uint8Array[]> {
  using stream = engine.openStream(MASK);
  const classes: Uint8Array[] = [];
  for (const seed of [1, 2, 3]) {
    const frame = frameOf(scene(213, 121, seed), 213, 121);
    const { classMap } = await stream.infer({
      frame,
      rotation: 0,
      smoothing: 1,
      reset: seed === 1,
      ignore: null,
    });
    classes.push((await classMap).classes.slice());
  }
  return classes;
}

test('sees the same in every frame, and lets go of all', async () => {
  const made = await start(FIREFOX);
  const own = await start('Chrome/156.0.0.0');
  try {
    expect(await classesOf(made)).toEqual(await classesOf(own));
  } finally {
    await made[Symbol.asyncDispose]();
    await own[Symbol.asyncDispose]();
  }
  expect(made.liveObjects()).toEqual({ buffers: 0, textures: 0, frames: 0 });
});

test('is refused as any other where its file is none', async () => {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(FIREFOX);
  const spoiled = { ...tinyPspnet(), bytes: new ArrayBuffer(16) };
  await expect(createEngine({ kind: 'wasm', threads: 1, ...spoiled })).rejects.toMatchObject({
    code: 'model-load-failed',
  });
});
