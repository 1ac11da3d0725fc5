import { expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { openPage, report, settled } from './harness';

test('the simulated drive starts by itself, with the model that suits the machine', async () => {
  const page = await openPage();
  expect(page.world.stage.options).toMatchObject({ engine: 'auto' });
  expect(page.world.stage.size!.width).toBeGreaterThan(100);
  expect(page.world.stage.last('attach')?.[1]).toBe('drive:1');
  expect(page.world.stage.last('loadModel')?.[0]).toEqual({ kind: 'auto' });
  expect(page.get('source-title').textContent).toBe('Simulated drive 1');
  expect(page.get('model-title').textContent).toBe('PSPNet Lite');
  expect(page.get('engine').textContent).toBe('WebGPU');
  expect(page.get('picture').getAttribute('aria-label')).toBe('Segmented video: Simulated drive 1');
  expect(page.get('status').hidden).toBe(true);
});

test('the address chooses seed, engine, model, mode and sync', async () => {
  const page = await openPage('?seed=9&engine=wasm&model=pspnet-wasm&mode=drivable&sync=live');
  expect(page.world.stage.options).toMatchObject({ engine: 'wasm' });
  expect(page.world.stage.last('addView')?.[2]).toMatchObject({ mode: 'drivable', sync: 'live' });
  expect(page.world.stage.last('attach')?.[1]).toBe('drive:9');
  expect(page.world.stage.last('loadModel')?.[0]).toEqual({
    kind: 'manifest',
    url: '/models/pspnet-wasm.json',
  });
  expect(page.get<HTMLInputElement>('mode-drivable').checked).toBe(true);
  expect(page.get<HTMLInputElement>('sync-live').checked).toBe(true);
});

test('a bad setting is ignored with a notice that names it', async () => {
  const page = await openPage('?mode=everything&seed=4');
  expect(page.get<HTMLInputElement>('mode-classes').checked).toBe(true);
  expect(page.world.stage.last('attach')?.[1]).toBe('drive:4');
  expect(page.get('notice-parameter-ignored').querySelector('code')?.textContent).toMatch(/^mode: /);
});

test('a model of the address that fails gives way to the automatic one', async () => {
  const page = await openPage('?model=./missing.json', (world) => {
    world.prepare = (stage) => stage.failures.set('loadModel', new CarriagewayError('model-not-found'));
  });
  expect(page.find('notice-model-not-found')).not.toBeNull();
  expect(page.world.stage.last('loadModel')?.[0]).toEqual({ kind: 'auto' });
  expect(page.get('model-title').textContent).toBe('PSPNet Lite');
});

test('for a file the page waits for a hand to choose it', async () => {
  const page = await openPage('?source=file');
  expect(page.world.sources).toEqual([]);
  expect(page.get('empty').hidden).toBe(false);
  page.get('empty').querySelector('button')!.click();
  await settled();
  expect(page.get('menu-sources').matches(':popover-open')).toBe(true);
});

test('the camera of the address is opened; when it is denied the page says so and shows the drive', async () => {
  const page = await openPage('?source=camera', (world) => {
    world.sourceFailure = new CarriagewayError('camera-denied', 'NotAllowedError');
  });
  expect(page.find('notice-camera-denied')).not.toBeNull();
  expect(page.get('empty').hidden).toBe(true);
  expect(page.app.context.store.state.playback?.request.kind).toBe('drive');
});

test('figures of a report are shown, and a dash before it', async () => {
  const page = await openPage();
  expect(page.get('hud-inference-fps').textContent).toBe('–');
  report(page);
  const texts = [
    'hud-inference-fps',
    'hud-picture-fps',
    'hud-picture-fps-more',
    'hud-latency',
    'hud-latency-more',
    'hud-drivable-share',
    'hud-confidence',
    'hud-drivable-iou',
    'hud-dropped',
    'hud-stride',
    'hud-live-objects',
    'hud-stage-model',
    'hud-stage-source',
    'hud-read-back',
    'mask-age',
  ].map((id) => [id, page.get(id).textContent]);
  expect(Object.fromEntries(texts)).toEqual({
    'hud-inference-fps': '12.4',
    'hud-picture-fps': '24.8',
    'hud-picture-fps-more': 'of 25.0',
    'hud-latency': '84.3',
    'hud-latency-more': 'p95 131',
    'hud-drivable-share': '31.8',
    'hud-confidence': '90.7',
    'hud-drivable-iou': '95.2',
    'hud-dropped': '61',
    'hud-stride': 'every frame',
    'hud-live-objects': '2 frames · 14 buffers · 6 textures',
    'hud-stage-model': '71.8 ms',
    'hud-stage-source': 'by the clock',
    'hud-read-back': '16.1 KB a frame',
    'mask-age': '92.5 ms',
  });
  report(page, {
    stride: 2,
    governor: { kind: 'stride', stride: 2, why: 'behind' },
    stages: { ...fakeStages, source: 'gpu-timestamps' },
  });
  expect(page.get('card-governor').textContent).toMatch(/^One frame in 2 is segmented/);
  expect(page.find('notice-rate-lowered')).not.toBeNull();
  expect(page.get('hud-stage-source').textContent).toBe('by GPU timestamps');
  report(page);
  expect(page.find('notice-rate-lowered')).toBeNull();
});

const fakeStages = { preprocess: 0.1, model: 4, postprocess: 0.4, draw: 0.2 };

test('true IoU stands beside each class while the source knows the truth', async () => {
  const page = await openPage();
  report(page);
  expect(page.get('iou-0').textContent).toBe('95.0');
  expect(page.get('iou-6').textContent).toBe('–');
  expect(page.get('iou-heading').textContent).toMatch(/True IoU · mean \d/);
  report(page, { truth: null });
  expect(page.get('iou-0').textContent).toBe('');
  expect(page.get('iou-heading').textContent).toBe('');
});

test('the reason for a fallback is told where the engine is shown', async () => {
  const page = await openPage();
  page.world.stage.emit({
    type: 'engine',
    engine: {
      ...page.world.stage.engine,
      kind: 'wasm',
      fallback: { code: 'webgpu-software', message: 'Only emulated.', detail: '' },
    },
  });
  expect(page.get('engine').textContent).toBe('WebAssembly');
  expect(page.get('engine-reason').textContent).toBe('Only emulated.');
  expect(page.get('card-fallback').textContent).toBe('Only emulated.');
});

test('the statement on safety and privacy is in sight', async () => {
  const page = await openPage();
  const statement = page.get('statement');
  expect(statement.textContent).toMatch(/stays on this machine.*no safety system/);
  expect(statement.checkVisibility()).toBe(true);
});

test('an engine that ended the page the last time is not started: one sentence, and a button to try it again', async () => {
  const page = await openPage('?engine=webgpu', (world) => {
    world.marks.set('webgpu', 'gone-page 1');
  });
  expect(page.world.stage.options).toMatchObject({ engine: 'cpu', because: 'webgpu-ended-page' });
  const notice = page.get('notice-webgpu-ended-page');
  expect(notice.textContent).toContain('ended the page the last time');
  const before = page.world.stage;
  notice.querySelector<HTMLButtonElement>('[data-testid="notice-action"]')!.click();
  await expect.poll(() => page.world.stage !== before).toBe(true);
  await settled();
  expect(page.world.stage.options).toMatchObject({ engine: 'webgpu' });
  expect(page.world.stage.options).not.toHaveProperty('because');
  expect(page.find('notice-webgpu-ended-page')).toBeNull();
  // It is being tried: this page has laid down a mark of its own.
  const mark = page.world.marks.get('webgpu');
  expect(mark).toMatch(/^this-page /);
  window.dispatchEvent(new Event('pagehide'));
  expect(page.world.storage.getItem('carriageway.1.left.webgpu')).toBe(JSON.stringify(mark));
});

test('a mark of a page that lives says nothing', async () => {
  const page = await openPage('?engine=webgpu', (world) => {
    world.marks.set('webgpu', 'living-page 1');
  });
  expect(page.world.stage.options).toMatchObject({ engine: 'webgpu' });
  expect(page.find('notice-webgpu-ended-page')).toBeNull();
});
