import { describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { enter, openPage, settled } from './harness';

describe('the model menu', () => {
  test('picks a network of the catalogue', async () => {
    const page = await openPage();
    expect(page.get('model-auto').getAttribute('aria-pressed')).toBe('true');
    page.world.stage.engine = { ...page.world.stage.engine, title: 'PSPNet Small', licence: 'CC BY 4.0' };
    page.get('model-pspnet-wasm').click();
    await settled();
    expect(page.world.stage.last('loadModel')?.[0]).toEqual({
      kind: 'manifest',
      url: '/models/pspnet-wasm.json',
    });
    expect(page.get('model-pspnet-wasm').getAttribute('aria-pressed')).toBe('true');
    expect(page.get('model-auto').getAttribute('aria-pressed')).toBe('false');
    expect(page.get('model-title').textContent).toBe('PSPNet Small');
    expect(page.get('card-licence').textContent).toBe('CC BY 4.0');
  });

  test('one that fails leaves the present one in its place', async () => {
    const page = await openPage();
    page.world.stage.failures.set('loadModel', new CarriagewayError('model-hash-mismatch', 'abc'));
    page.get('model-pspnet-wasm').click();
    await settled();
    expect(page.find('notice-model-hash-mismatch')).not.toBeNull();
    expect(page.get('model-title').textContent).toBe('PSPNet Lite');
    expect(page.get('model-auto').getAttribute('aria-pressed')).toBe('true');
    expect(page.get('status').hidden).toBe(true);
  });

  test('progress is shown while it loads', async () => {
    const page = await openPage();
    let loaded = () => {};
    const { stage } = page.world;
    stage.loadModel = () =>
      new Promise((resolve) => {
        loaded = () => resolve(stage.engine);
      });
    page.get('model-pspnet-wasm').click();
    await settled();
    stage.emit({ type: 'progress', progress: { phase: 'download', loaded: 3_000_000, total: 12_000_000 } });
    expect(page.get('model-progress').textContent).toBe('3.0 MB of 12.0 MB');
    expect(page.get('status').textContent).toBe('Loading PSPNet Small…');
    expect(page.get('status').querySelector('progress')!.value).toBe(25);
    stage.emit({ type: 'progress', progress: { phase: 'compile', loaded: 0, total: 0 } });
    expect(page.get('status').textContent).toBe('Compiling PSPNet Small…');
    const bar = page.get('status').querySelector('progress')!;
    expect(bar.hasAttribute('value')).toBe(false);
    // What is there within moments pays for no step of a moving bar.
    expect(getComputedStyle(bar)).toMatchObject({ animationName: 'sweep', animationDelay: '2s' });
    loaded();
    await settled();
    expect(page.get('status').hidden).toBe(true);
  });

  test('another engine means another worker, with source and model as they were', async () => {
    const page = await openPage('?seed=8');
    const first = page.world.stage;
    page.get('engine-choice-wasm').click();
    await settled();
    await settled();
    expect(page.world.terminated).toEqual([first]);
    expect(page.world.stage).not.toBe(first);
    expect(page.world.stage.options?.engine).toBe('wasm');
    expect(page.world.stage.last('attach')?.[1]).toBe('drive:8');
    expect(page.world.stage.last('loadModel')?.[0]).toEqual({ kind: 'auto' });
    expect(page.app.context.store.state.notices).toEqual([]);
  });
});

describe('a network of one’s own', () => {
  const bring = async (name: string) => {
    const page = await openPage();
    const transfer = new DataTransfer();
    transfer.items.add(new File(['weights'], name));
    const input = page.get<HTMLInputElement>('model-input');
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
    return page;
  };

  test('only the open questions are asked, step by step, then it runs', async () => {
    const page = await bring('own.onnx');
    const dialog = page.get<HTMLDialogElement>('own-model');
    expect(dialog.open).toBe(true);
    expect(dialog.textContent).toContain('4.2 MB, fp32');
    expect(document.activeElement).toBe(page.get('own-normalisation'));
    enter(page.get<HTMLSelectElement>('own-normalisation'), 'unit');
    enter(page.get<HTMLSelectElement>('own-output'), 'lanes');
    expect(page.find('own-classes')).toBeNull();
    page.get('own-load').click();
    await settled();
    expect(page.find('own-normalisation')).toBeNull();
    // No list of the house has three classes: names of one's own are all that is left.
    expect(page.get<HTMLSelectElement>('own-classes').value).toBe('own');
    enter(page.get<HTMLInputElement>('own-classes-names'), 'road, unicorn');
    page.get('own-load').click();
    await settled();
    expect(page.get('own-problem').textContent).toContain('3 classes');
    expect(page.get<HTMLInputElement>('own-classes-names').value).toBe('road, unicorn');
    enter(page.get<HTMLInputElement>('own-classes-names'), '-, Weg, lane marking');
    page.get('own-load').click();
    await settled();
    // Roles are offered by name; what says nothing is told.
    const role = (id: number) => page.get<HTMLSelectElement>(`own-role-${id}`);
    expect([0, 1, 2].map((id) => role(id).value)).toEqual(['nothing', '', 'marking']);
    enter(role(1), 'drivable');
    page.get('own-load').click();
    await settled();
    await settled();
    expect(dialog.open).toBe(false);
    const [request] = page.world.stage.last('loadModel') as [
      { kind: string; bytes: ArrayBuffer; manifest: { classes: { name: string; role: string | null }[] } },
    ];
    expect(request.kind).toBe('file');
    expect(new TextDecoder().decode(request.bytes)).toBe('weights');
    expect(request.manifest.classes.map((c) => `${c.name}: ${c.role}`)).toEqual([
      'none of these: nothing',
      'Weg: drivable',
      'lane marking: marking',
    ]);
  });

  test('is brought again, bytes and all, to a new worker', async () => {
    const page = await bring('own.onnx');
    page.get('own-load').click();
    await settled();
    // A list that fits is offered first, and names of one's own are not asked for.
    const classes = page.get<HTMLSelectElement>('own-classes');
    expect(classes.selectedIndex).toBe(0);
    expect(classes.value).not.toBe('own');
    expect(page.get('own-classes-names').hidden).toBe(true);
    enter(classes, 'drivable');
    page.get('own-load').click();
    await settled();
    await settled();
    page.world.kill();
    await settled();
    await settled();
    const [request] = page.world.stage.last('loadModel') as [{ bytes: ArrayBuffer }];
    expect(new TextDecoder().decode(request.bytes)).toBe('weights');
  });

  test('can be left with Escape or Cancel', async () => {
    const page = await bring('own.onnx');
    page.get<HTMLDialogElement>('own-model').close();
    await settled();
    expect(page.app.context.store.state.own).toBeNull();
    expect(page.world.stage.calls.filter((c) => c.name === 'loadModel')).toHaveLength(1);
  });

  test('a file that is no network is refused in one sentence', async () => {
    const page = await bring('picture.png');
    expect(page.get('notice-model-not-onnx').textContent).toContain('not an ONNX model');
    expect(page.get<HTMLDialogElement>('own-model').open).toBe(false);
  });
});
