import { describe, expect, test } from 'vitest';
import { carryErrors } from '../../../src/error-transfer';
import { CarriagewayError, reportOf } from '../../../src/errors';
import { unpackInWorker } from '../../../src/sources/packed/run-unpack';
import type { UnpackProgress } from '../../../src/sources/packed/unpack-folder';
import { take } from '../../../src/studio/session/drop';
import { requestOf } from '../../fakes/request';
import { zipOf } from '../../unit/labels/zip-of';
import { enter, openPage, report, settled } from './harness';

const clip = () => new File(['x'], 'clip.mp4', { type: 'video/mp4' });

describe('switching sources', () => {
  test('the old one is released only after the new one is shown', async () => {
    const page = await openPage();
    const [drive] = page.world.sources;
    let disposedAtAttach: boolean | null = null;
    const attach = page.world.stage.attach.bind(page.world.stage);
    page.world.stage.attach = (key, handle, source) => {
      disposedAtAttach = drive!.disposed;
      return attach(key, handle, source);
    };
    await page.app.context.sources.open(requestOf(clip()));
    expect(disposedAtAttach).toBe(false);
    expect(drive!.disposed).toBe(true);
    expect(page.get('source-title').textContent).toBe('clip.mp4');
  });

  test('one that cannot be opened leaves the present one running, and says why', async () => {
    const page = await openPage();
    page.world.sourceFailure = new CarriagewayError('source-not-a-video', 'no container found');
    await page.app.context.sources.open(requestOf(clip()));
    expect(page.world.sources[0]!.disposed).toBe(false);
    expect(page.get('source-title').textContent).toBe('Simulated drive 1');
    const notice = page.get('notice-source-not-a-video');
    expect(notice.textContent).toContain('This file is not a video');
    expect(notice.querySelector('code')?.textContent).toBe('no container found');
    expect(page.get('status').hidden).toBe(true);
  });

  test('of a card of many files it is told how many are opened', async () => {
    const page = await openPage();
    page.app.context.store.update({ opening: requestOf(clip()), openingFiles: { done: 120, of: 500 } });
    await settled();
    expect(page.get('status').textContent).toContain('120 of 500');
    expect(page.get('status').querySelector('progress')?.value).toBe(24);
    page.app.context.store.update({ opening: null, openingFiles: null });
    await settled();
    expect(page.get('status').hidden).toBe(true);
  });

  test('one that the worker does not take is released', async () => {
    const page = await openPage();
    page.world.stage.failures.set('attach', new Error('no'));
    await page.app.context.sources.open(requestOf(clip()));
    expect(page.world.sources.map((s) => s.disposed)).toEqual([false, true]);
    expect(page.find('notice-source-failed')).not.toBeNull();
  });

  test('of two requests the later wins, whichever opens first', async () => {
    const opened: (() => void)[] = [];
    const page = await openPage('?source=file', (world) => {
      const { openSource } = world;
      Object.assign(world, {
        openSource: async (request: Parameters<typeof openSource>[0]) => {
          await new Promise<void>((resolve) => opened.push(resolve));
          return openSource(request);
        },
      });
    });
    const first = page.app.context.sources.open({ kind: 'drive', seed: 2, mood: 'any' });
    const second = page.app.context.sources.open({ kind: 'drive', seed: 3, mood: 'any' });
    opened[1]!();
    await second;
    opened[0]!();
    await first;
    expect(page.get('source-title').textContent).toBe('Simulated drive 3');
    expect(page.world.sources.map((s) => [s.info.key, s.disposed])).toEqual([
      ['drive:3', false],
      ['drive:2', true],
    ]);
  });

  test('what a source that was left still says is not heard', async () => {
    const page = await openPage();
    const [drive] = page.world.sources;
    await page.app.context.sources.open(requestOf(clip()));
    drive!.emit({ type: 'error', error: reportOf(new CarriagewayError('drive-failed'), 'drive-failed') });
    expect(page.find('notice-drive-failed')).toBeNull();
  });
});

describe('the menu', () => {
  test('starts a street with its weather', async () => {
    const page = await openPage();
    page.get('sources').click();
    await settled();
    expect(page.get('menu-sources').matches(':popover-open')).toBe(true);
    expect(page.get('sources').getAttribute('aria-expanded')).toBe('true');
    page.get('drive-dice').click();
    expect(page.get<HTMLInputElement>('drive-seed').value).toBe('500');
    enter(page.get<HTMLInputElement>('drive-seed'), '12');
    enter(page.get<HTMLSelectElement>('drive-mood'), 'rain');
    page.get('open-drive').click();
    await settled();
    expect(page.get('menu-sources').matches(':popover-open')).toBe(false);
    expect(page.app.context.store.state.playback?.request).toEqual({ kind: 'drive', seed: 12, mood: 'rain' });
  });

  test('a seed that is none becomes the first street', async () => {
    const page = await openPage('?seed=5');
    enter(page.get<HTMLInputElement>('drive-seed'), '');
    page.get('open-drive').click();
    await settled();
    expect(page.world.stage.last('attach')?.[1]).toBe('drive:1');
  });

  test('lists the cameras and opens the chosen one', async () => {
    const page = await openPage();
    page.get('sources').click();
    await settled();
    await settled();
    const device = page.get<HTMLSelectElement>('camera-device');
    expect([...device.options].map((o) => o.text).slice(1)).toEqual(['Front camera', 'Rear camera']);
    enter(device, 'rear');
    page.get('open-camera').click();
    await settled();
    expect(page.app.context.store.state.playback?.request).toEqual({ kind: 'camera', deviceId: 'rear' });
  });

  test('hears of a camera that is plugged in', async () => {
    const page = await openPage();
    page.world.cameras.push({ deviceId: 'usb', label: 'USB camera' });
    page.world.plugCamera();
    await settled();
    expect(page.get('camera-device').textContent).toContain('USB camera');
  });

  test('opens a chosen file', async () => {
    const page = await openPage();
    const transfer = new DataTransfer();
    transfer.items.add(clip());
    const input = page.get<HTMLInputElement>('file-input');
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
    expect(page.get('source-title').textContent).toBe('clip.mp4');
  });
});

describe('dropping files', () => {
  const drag = (type: string, ...files: File[]) => {
    const dataTransfer = new DataTransfer();
    for (const file of files) dataTransfer.items.add(file);
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  };

  test('anywhere on the page opens a video', async () => {
    const page = await openPage();
    drag('dragenter', clip());
    expect(page.get('drop-veil').hidden).toBe(false);
    drag('drop', clip());
    await settled();
    expect(page.get('drop-veil').hidden).toBe(true);
    expect(page.get('source-title').textContent).toBe('clip.mp4');
  });

  test('the veil stays while the files pass from element to element, and goes with them', async () => {
    const page = await openPage();
    drag('dragenter', clip());
    drag('dragenter', clip());
    drag('dragleave', clip());
    expect(page.get('drop-veil').hidden).toBe(false);
    drag('dragleave', clip());
    expect(page.get('drop-veil').hidden).toBe(true);
  });

  test('an .onnx goes to the models', async () => {
    const page = await openPage();
    drag('drop', new File(['x'], 'net.ONNX'));
    await settled();
    expect(page.find('notice-model-not-onnx')).not.toBeNull();
    expect(page.get('source-title').textContent).toBe('Simulated drive 1');
  });
});

describe('playback', () => {
  test('a file has a seek bar, a length and a loop; a drive has none', async () => {
    const page = await openPage();
    expect(page.get('seek').hidden).toBe(true);
    expect(page.get<HTMLButtonElement>('loop').disabled).toBe(true);
    expect(page.get('duration').textContent).toBe('live');
    const before = page.get('stage').querySelector('cw-bar')!.getBoundingClientRect().height;
    await page.app.context.sources.open(requestOf(clip()));
    expect(page.get('seek').hidden).toBe(false);
    expect(page.get('duration').textContent).toBe('1:30');
    expect(page.get('stage').querySelector('cw-bar')!.getBoundingClientRect().height).toBe(before);
    const source = page.world.sources.at(-1)!;
    source.emit({ type: 'time', seconds: 61.4, playing: true });
    expect(page.get('time').textContent).toBe('1:01');
    expect(page.get('seek').getAttribute('aria-valuetext')).toBe('1:01 of 1:30');
    enter(page.get<HTMLInputElement>('seek'), '30');
    page.get('loop').click();
    await settled();
    expect(source.did).toEqual(['seek 30', 'loop true']);
    expect(page.get('loop').getAttribute('aria-pressed')).toBe('true');
  });

  test('arrow keys faster than the player add up, whatever it tells of the places before', async () => {
    const page = await openPage();
    const { sources } = page.app.context;
    await sources.open(requestOf(clip()));
    const source = page.world.sources.at(-1)!;
    let arrive = () => {};
    source.arrival = new Promise((resolve) => {
      arrive = resolve;
    });
    sources.seekTo(0);
    for (let i = 0; i < 3; i++) {
      sources.seekBy(1);
      source.emit({ type: 'time', seconds: 0, playing: false });
    }
    arrive();
    await sources.sought();
    expect(source.did).toEqual(['seek 0', 'seek 3']);
    expect(page.get('time').textContent).toBe('0:00');
    source.emit({ type: 'time', seconds: 3, playing: false });
    sources.seekBy(1);
    await sources.sought();
    expect(source.did.at(-1)).toBe('seek 4');
  });

  test('play goes back to the start when the file is over', async () => {
    const page = await openPage();
    await page.app.context.sources.open(requestOf(clip()));
    const source = page.world.sources.at(-1)!;
    source.emit({ type: 'ended' });
    expect(page.get('play').getAttribute('aria-label')).toBe('Play');
    page.get('play').click();
    await settled();
    expect(source.did).toEqual(['seek 0', 'play']);
    expect(page.get('play').getAttribute('aria-label')).toBe('Pause');
  });

  test('rates are a dash once a recording has ended: what is over is not slow', async () => {
    const page = await openPage();
    await page.app.context.sources.open(requestOf(clip()));
    report(page, { inferenceFps: 0.2 });
    expect(page.get('hud-inference-fps').textContent).toBe('0.2');
    page.world.sources.at(-1)!.emit({ type: 'ended' });
    expect(page.get('hud-inference-fps').textContent).toBe('–');
    expect(page.get('hud-picture-fps-more').textContent).toBe('of –');
    expect(page.get('hud-drivable-share').textContent).toBe('31.8');
  });

  test('a camera has its picture stopped in place of a pause', async () => {
    const page = await openPage('?source=camera');
    page.get('play').click();
    await settled();
    expect(page.world.stage.last('setPaused')).toEqual([true]);
    expect(page.get('play').getAttribute('aria-label')).toBe('Play');
    await page.app.context.sources.open({ kind: 'drive', seed: 1, mood: 'any' });
    await settled();
    expect(page.world.stage.last('setPaused')).toEqual([false]);
  });

  test('an unplugged camera says so, and the page lives', async () => {
    const page = await openPage('?source=camera');
    const error = reportOf(new CarriagewayError('camera-unplugged'), 'source-failed');
    page.world.sources[0]!.emit({ type: 'error', error });
    expect(page.get('notice-camera-unplugged').textContent).toContain('unplugged');
    expect(page.get('play').getAttribute('aria-label')).toBe('Play');
  });
});

test('a page that nobody sees rests the worker', async () => {
  const page = await openPage();
  const hide = (hidden: boolean) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  try {
    hide(true);
    await settled();
    expect(page.world.stage.last('setPaused')).toEqual([true]);
    hide(false);
    await settled();
    expect(page.world.stage.last('setPaused')).toEqual([false]);
  } finally {
    Reflect.deleteProperty(document, 'hidden');
  }
});

const packedFile = async (name: string, ...names: readonly string[]) => {
  const bytes = await zipOf(Object.fromEntries(names.map((each) => [each, new Uint8Array(4)])));
  return { path: name, file: new File([bytes], name) };
};

test('a ZIP of photographs is the folder that was packed; beside a recording a ZIP is labels', async () => {
  const page = await openPage('?source=camera');
  await take(page.app.context, [await packedFile('trip.zip', 'trip/a.jpg', 'trip/b.jpg', 'labels/a.png')]);
  await settled();
  const { session } = page.app.context.store.state;
  expect(session!.request).toMatchObject({
    parts: { kind: 'pictures', paths: ['a.jpg', 'b.jpg'] },
  });
  await take(page.app.context, [await packedFile('voc.zip', 'SegmentationClass/a.png', 'JPEGImages/a.jpg')]);
  await settled();
  expect(page.app.context.store.state.session).toBe(session);
  await take(page.app.context, [{ path: 'x.zip', file: new File(['PK nothing'], 'x.zip') }]);
  await settled();
  expect(page.find('notice-archive-unreadable')).not.toBeNull();
});

test('a ZIP of a card is the card; what is left of it is said', async () => {
  const page = await openPage('?source=camera');
  const names = [
    '20260101_000000_F.mp4',
    '20260101_000000_R.mp4',
    '20260101_000000.gpx',
    'inner.zip',
    'x.avi',
  ];
  await take(page.app.context, [
    await packedFile('card.zip', ...names.map((name) => `DCIM/${name}`), '../out_F.json'),
  ]);
  await settled();
  expect(page.app.context.store.state.session!.request).toMatchObject({
    parts: { kind: 'cameras', cameras: [{ name: 'front' }, { name: 'rear' }] },
    tracks: [{ name: '20260101_000000.gpx' }],
  });
  const left = page.get('notice-files-left').textContent;
  expect(left).toContain('DCIM/inner.zip (an archive in the ZIP: unpack it first)');
  expect(left).toContain('DCIM/x.avi (its format is not read here)');
  expect(page.get('notice-archive-outside').textContent).toContain('out_F.json');
});

test('a card that was packed in several ZIPs is one', async () => {
  const page = await openPage('?source=camera');
  await take(page.app.context, [
    await packedFile('card-001.zip', 'card/GX010042.MP4'),
    await packedFile('card-002.zip', 'card/GX020042.MP4'),
  ]);
  await settled();
  expect(page.app.context.store.state.session!.request).toMatchObject({
    parts: { kind: 'videos', videos: [{ name: 'GX010042.MP4' }, { name: 'GX020042.MP4' }] },
  });
});

test('while a ZIP is unpacked the page says how far; another source that is chosen ends it', async () => {
  const page = await openPage('?source=camera', (world) => {
    world.unpack = (_, __, told, signal) =>
      new Promise((___, reject) => {
        told(30, 120);
        signal.addEventListener('abort', () => reject(signal.reason));
        // What is told late is not heard.
        signal.addEventListener('abort', () => told(90, 120));
      });
  });
  const taken = take(page.app.context, [await packedFile('card.zip', 'a.mp4')]);
  await settled();
  const status = page.get('status');
  expect(status.hidden).toBe(false);
  expect(status.textContent).toContain('Unpacking card.zip…');
  expect(status.querySelector('progress')!.value).toBe(25);
  await page.app.context.sources.open({ kind: 'drive', seed: 2, mood: 'any' });
  await taken;
  await settled();
  expect(page.app.context.store.state).toMatchObject({ unpacking: null, notices: [] });
  expect(page.app.context.store.state.session!.request).toMatchObject({ kind: 'drive', seed: 2 });
});

test('how far it is, told behind the answer, is not shown any more', async () => {
  let late: UnpackProgress = () => {};
  const page = await openPage('', (world) => {
    world.unpack = async (_, __, told) => {
      late = told;
      return null;
    };
  });
  const { sources, store } = page.app.context;
  expect(await sources.unpack('card.zip', new Blob(['PK']), false)).toBeNull();
  late(1, 1);
  await settled();
  expect(store.state.unpacking).toBeNull();
});

test('how many files are opened, told behind the answer, is not shown any more', async () => {
  let late: UnpackProgress = () => {};
  const page = await openPage('', (world) => {
    const { openSource } = world;
    world.openSource = (request, told) => {
      if (told) late = told;
      return openSource(request, told);
    };
  });
  const { sources, store } = page.app.context;
  await sources.open(requestOf(clip()));
  late(2, 2);
  await settled();
  expect(store.state.openingFiles).toBeNull();
});

test('a worker unpacks, and ends when it is told to', async () => {
  carryErrors();
  const { signal } = new AbortController();
  const shares: number[] = [];
  const { file } = await packedFile('card.zip', 'a.mp4', 'b.mp4');
  const found = (await unpackInWorker(file, true, (done, of) => shares.push(done / of), signal))!;
  expect(found.files.map(({ path, file }) => [path, file.name, file.size])).toEqual([
    ['a.mp4', 'a.mp4', 4],
    ['b.mp4', 'b.mp4', 4],
  ]);
  // What it gave outlives it.
  expect(new Uint8Array(await found.files[1]!.file.arrayBuffer())).toEqual(new Uint8Array(4));
  expect(shares.at(-1)).toBe(1);
  await expect(unpackInWorker(new File(['PK'], 'x.zip'), true, () => {}, signal)).rejects.toMatchObject({
    code: 'archive-unreadable',
  });
  const ended = new AbortController();
  const unpacking = unpackInWorker(file, true, () => {}, ended.signal);
  ended.abort();
  await expect(unpacking).rejects.toBe(ended.signal.reason);
});
