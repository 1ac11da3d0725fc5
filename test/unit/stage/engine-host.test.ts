import { beforeEach, describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { EngineHost } from '../../../src/stage/engine-host';
import { HandParts } from '../../fakes/stage-parts';

const broken = (detail: string) => new CarriagewayError('model-load-failed', detail);

let parts: HandParts;
let host: EngineHost;

beforeEach(() => {
  parts = new HandParts();
  host = new EngineHost(parts, () => {});
});

const load = (kind: 'auto' | 'manifest' = 'auto') =>
  host.load(kind === 'auto' ? { kind } : { kind, url: '/mine.json' }, () => {});

describe('an engine that cannot start', () => {
  test.each(['auto', 'webgpu'] as const)(
    'on WebGPU, asked for %s: the processor, with the reason',
    async (choice) => {
      parts.failing.set('webgpu', broken('texture_external'));
      await host.open(choice);
      const report = await load();
      expect(report.kind).toBe('cpu');
      expect(report.fallback).toMatchObject({ code: 'webgpu-unfit' });
      expect(report.fallback?.detail).toContain('texture_external');
      expect(report.tier).toBe('cpu-lite');
      // The device goes on drawing.
      expect(host.kind).toBe('webgpu');
      expect(host.device).not.toBeNull();
      expect(parts.wished.map(({ runtime }) => runtime)).toEqual(['onnxruntime', 'litert']);
    },
  );

  test('LiteRT: onnxruntime, with the reason and its own file', async () => {
    parts.failing.set('cpu', broken('no SIMD'));
    await host.open('cpu');
    const report = await load();
    expect(report.kind).toBe('wasm');
    expect(report.fallback).toMatchObject({ code: 'cpu-engine-failed' });
    expect(report.fallback?.detail).toContain('no SIMD');
    expect(parts.wished.map(({ runtime }) => runtime)).toEqual(['litert', 'onnxruntime']);
  });

  test.each(['model-hash-mismatch', 'model-load-failed'] as const)(
    'LiteRT’s file is not what it should be (%s): onnxruntime with its own',
    async (code) => {
      const { loadModel } = parts;
      parts.loadModel = (url, wanted) =>
        wanted?.runtime === 'litert'
          ? Promise.reject(new CarriagewayError(code, 'net.int8.tflite'))
          : loadModel.call(parts, url, wanted);
      await host.open('cpu');
      const report = await load();
      expect(report.kind).toBe('wasm');
      expect(report.fallback).toMatchObject({ code: 'cpu-engine-failed' });
      expect(report.fallback?.detail).toContain('net.int8.tflite');
    },
  );

  test('none of them: the last one says why, and nothing runs', async () => {
    for (const kind of ['webgpu', 'cpu', 'wasm'] as const) parts.failing.set(kind, broken(kind));
    await host.open('auto');
    await expect(load()).rejects.toMatchObject({ detail: 'wasm' });
    expect(host.engine).toBeNull();
  });

  test('a lost device is not made up for by another engine', async () => {
    parts.failing.set('webgpu', new CarriagewayError('webgpu-lost'));
    await host.open('webgpu');
    await expect(load()).rejects.toMatchObject({ code: 'webgpu-lost' });
  });

  test('what cannot be downloaded is not asked for again and again', async () => {
    parts.download = Promise.reject(new CarriagewayError('model-network'));
    await host.open('auto');
    await expect(load()).rejects.toMatchObject({ code: 'model-network' });
    expect(parts.loaded).toHaveLength(1);
  });

  test('the reason goes with the engine it was about', async () => {
    parts.failing.set('webgpu', broken('x'));
    await host.open('auto');
    await load();
    parts.failing.clear();
    expect((await load('manifest')).fallback).toBeNull();
  });
});

describe('a file of the user’s own', () => {
  const own = () => {
    const bytes = new ArrayBuffer(8);
    return { kind: 'file' as const, bytes, manifest: { ...parts.manifest } };
  };

  test('is not tried twice on the same engine', async () => {
    await host.open('cpu');
    parts.failing.set('cpu', broken('no network'));
    await expect(host.load(own(), () => {})).rejects.toMatchObject({ detail: 'no network' });
  });

  test('goes from WebGPU to onnxruntime on the processor', async () => {
    parts.failing.set('webgpu', broken('an operator'));
    await host.open('webgpu');
    expect((await host.load(own(), () => {})).kind).toBe('wasm');
  });
});

describe('what was chosen, and why', () => {
  test('by machine, and after a trial by what it showed', async () => {
    await host.open('cpu');
    expect((await load()).chosen).toEqual([{ kind: 'within', budget: 66 }]);
    let lower = null;
    for (let run = 0; run < 6; run++) lower = host.judge(90);
    expect(lower?.name).toBe('cpu-small');
    const report = await load();
    expect(report.chosen).toEqual([{ kind: 'too-slow', model: expect.any(String), ms: 90, budget: 66 }]);
    for (let run = 0; run < 20; run++) expect(host.judge(500)).toBeNull();
  });

  test('by hand: nothing to explain', async () => {
    await host.open('cpu');
    expect((await load('manifest')).chosen).toEqual([]);
    for (let run = 0; run < 20; run++) expect(host.judge(500)).toBeNull();
  });
});

describe('starting again', () => {
  test('from memory on the same engine, without a download', async () => {
    await host.open('webgpu');
    await load();
    await host.close();
    await host.open('webgpu');
    await host.restart();
    expect(parts.engines).toHaveLength(2);
    expect(parts.loaded).toHaveLength(1);
  });

  test('with the processor’s own file where the network has one', async () => {
    parts.manifest = {
      ...parts.manifest,
      files: [...parts.manifest.files, { ...parts.manifest.files[0]!, engine: 'litert', precision: 'int8' }],
    };
    await host.open('webgpu');
    await load();
    await host.close();
    await host.openFallback({ code: 'webgpu-failed', message: '', detail: '' });
    await host.restart();
    expect(parts.wished.at(-1)).toMatchObject({ runtime: 'litert' });
    expect(host.report()).toMatchObject({ kind: 'cpu', fallback: { code: 'webgpu-failed' } });
  });
});

describe('a WebGPU that takes no video frames', () => {
  beforeEach(() => {
    parts.takesFrames = false;
  });

  test('is left alone, and its device given back: the processor, with the reason', async () => {
    await host.open('auto');
    const report = await load();
    expect(report).toMatchObject({ kind: 'cpu', fallback: { code: 'webgpu-no-frames' } });
    expect(parts.devices).toBe(0);
  });

  test('is tried by whoever asks for it by name', async () => {
    await host.open('webgpu');
    expect((await load()).kind).toBe('webgpu');
  });
});

describe('a machine that was measured', () => {
  test('begins with what was found', async () => {
    parts.models.set('pspnet-base', '/models/pspnet-base.json');
    await host.open('auto', 'gpu-lite');
    const report = await load();
    expect(report).toMatchObject({ kind: 'webgpu', tier: 'gpu-lite', fallback: null });
    expect(report.chosen).toEqual([{ kind: 'measured' }]);
    expect(parts.loaded).toEqual(['/models/pspnet-lite.json']);
  });

  test('runs on its processor where that was better, says so, and asks for no device', async () => {
    await host.open('auto', 'cpu-small');
    const report = await load();
    expect(report).toMatchObject({
      kind: 'cpu',
      tier: 'cpu-small',
      fallback: { code: 'engine-measured' },
    });
    expect(parts.devices).toBe(0);
  });

  test('an engine asked for by name is that one all the same', async () => {
    await host.open('webgpu', 'cpu-small');
    expect(host.kind).toBe('webgpu');
    expect(host.tier.name).toBe('gpu-lite');
  });

  test('a card that is gone since, or a network that is, leaves the choice to the stage', async () => {
    parts.adapter = false;
    await host.open('auto', 'gpu-base');
    expect(host.tier.name).toBe('cpu-lite');
    parts.models.delete('pspnet-wasm');
    await host.open('auto', 'cpu-small');
    expect(host.tier.name).toBe('cpu-lite');
  });
});

describe('memory that is short', () => {
  const short = new CarriagewayError('memory-short', 'Array buffer allocation failed');

  /** Only the small network starts. */
  function onlySmallStarts(): void {
    const { createEngine } = parts;
    parts.createEngine = (model, kind) =>
      parts.loaded.at(-1) === '/models/pspnet-wasm.json'
        ? createEngine.call(parts, model, kind)
        : Promise.reject(short);
  }

  test('the smaller network on the same engine, and the page says why', async () => {
    onlySmallStarts();
    await host.open('cpu');
    const report = await load();
    expect(report).toMatchObject({ kind: 'cpu', tier: 'cpu-small', fallback: { code: 'memory-short' } });
    expect(report.fallback?.detail).toContain('allocation failed');
  });

  test('a network that was chosen by hand is not exchanged for another', async () => {
    parts.createEngine = () => Promise.reject(short);
    await host.open('wasm');
    await expect(load('manifest')).rejects.toMatchObject({ code: 'memory-short' });
    expect(parts.loaded).toEqual(['/mine.json']);
  });

  test('short while it ran: the next start takes the smaller one', async () => {
    await host.open('cpu');
    await load();
    await host.close();
    host.lessen();
    await host.restart();
    expect(host.report()).toMatchObject({ tier: 'cpu-small', fallback: { code: 'memory-short' } });
    expect(parts.loaded.at(-1)).toBe('/models/pspnet-wasm.json');
  });

  test('what no engine can run without is said at once', async () => {
    parts.failing.set('cpu', new CarriagewayError('simd-missing'));
    await host.open('cpu');
    await expect(load()).rejects.toMatchObject({ code: 'simd-missing' });
    expect(parts.engines).toHaveLength(0);
  });
});

test('tiers are left downwards once, and never taken up again: no flicker between networks', async () => {
  await host.open('cpu');
  await load();
  const verdicts = Array.from({ length: 12 }, () => host.judge(500)?.name ?? null);
  expect(verdicts.filter((name) => name !== null)).toEqual(['cpu-small']);
  // What comes of it was asked for by the verdict; the small network is quick here, and slow, and stays.
  await load();
  expect(host.report()).toMatchObject({
    tier: 'cpu-small',
    chosen: [expect.objectContaining({ kind: 'too-slow', ms: 500 })],
  });
  for (const milliseconds of [5, 5000])
    for (let run = 0; run < 12; run++) expect(host.judge(milliseconds)).toBeNull();
  // A device that was lost, or an engine that was started again, begins where it stood.
  await host.close();
  await host.restart();
  expect(host.report().tier).toBe('cpu-small');
});
