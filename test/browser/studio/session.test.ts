/** The session of a source: made when it is opened, gone when it is closed, and never half there. */
import { describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { labelParts } from '../../../src/labels/label-parts';
import type { FakeWorld } from '../../fakes/app';
import { requestOf } from '../../fakes/request';
import { openPage, settled } from './harness';

const clip = () => requestOf(new File(['x'], 'clip.mp4', { type: 'video/mp4' }));

describe('closing', () => {
  test('everything of a source goes with it, and what still speaks of it changes nothing', async () => {
    const page = await openPage();
    const { context } = page.app;
    await context.sources.open(clip());
    const closed = context.store.state.session!;
    page.world.sources.at(-1)!.emit({ type: 'time', seconds: 7, playing: false });
    context.marks.toggle();
    context.regions.set([
      { x: 0, y: 0.9 },
      { x: 1, y: 0.9 },
      { x: 0.5, y: 1 },
    ]);
    context.regions.edit(true);
    context.mount.usePreset('truck');
    await context.compare.openLabels(labelParts(new File(['PK'], 'labels.zip')), 'labels.zip');
    context.compare.setView('beside');
    page.get('analyse').click();
    await settled();
    const [job] = page.world.jobs.asked;
    context.pyramid.open();
    await context.sources.open({ kind: 'drive', seed: 4, mood: 'any' });
    await settled();
    expect(closed.signal.aborted).toBe(true);
    job!.report({ frames: 1, share: 0.5, rate: 1, left: 1, records: [] });
    page.world.sources.at(-2)!.emit({ type: 'time', seconds: 70, playing: true });
    const { state } = context.store;
    expect(state.playback).toMatchObject({ seconds: 0, request: { kind: 'drive', seed: 4 } });
    expect(state).toMatchObject({ region: null, mount: null, marks: [], labels: null, records: [] });
    expect(state).toMatchObject({ editingRegion: false, pyramid: null, analysis: { running: false } });
    expect(state.view).toMatchObject({ labels: 'off', split: null });
    await context.sources.open(clip());
    expect(context.store.state.marks).toEqual([{ t: 7, note: '' }]);
    expect(context.store.state.mount).toMatchObject({ from: 'truck' });
  });

  test('an analysis ends with the session it was begun for', async () => {
    const page = await openPage();
    await page.app.context.sources.open(clip());
    page.get('analyse').click();
    await settled();
    await page.app.context.sources.open(clip());
    await settled();
    expect(page.get('analysis-state').textContent).toBe('shows all of it along the timeline');
    page.get('analyse').click();
    await settled();
    expect(page.world.jobs.asked).toHaveLength(2);
  });
});

describe('opening', () => {
  test('a source that fails while its session is made leaves nothing of it', async () => {
    const page = await openPage();
    const { context } = page.app;
    const before = context.store.state.session;
    page.world.storage.setItem('carriageway.1.region.file', '[{"x":0,"y":0},{"x":1,"y":0},{"x":1,"y":1}]');
    page.world.stage.failures.set('attach', new CarriagewayError('source-failed', 'refused'));
    await context.sources.open(clip());
    const refused = page.world.sources.at(-1)!;
    expect(refused.disposed).toBe(true);
    expect(context.store.state).toMatchObject({ opening: null, region: null });
    expect(context.store.state.session).toBe(before);
    expect(before!.signal.aborted).toBe(false);
    refused.emit({ type: 'time', seconds: 9, playing: false });
    expect(context.store.state.playback).toMatchObject({ seconds: 0, playing: true });
    expect(page.world.jobs.asked).toEqual([]);
  });
});

test('a worker that is lost costs a session nothing: labels, range, speed and analysis go on', async () => {
  const page = await openPage();
  const { context } = page.app;
  await context.sources.open(clip());
  const { session } = context.store.state;
  await context.compare.openLabels(labelParts(new File(['PK'], 'labels.zip')), 'labels.zip');
  await context.player.setRange({ from: 3, to: 40 });
  await context.player.setRate(2);
  page.get('analyse').click();
  await settled();
  page.world.kill();
  await settled();
  await settled();
  expect(context.store.state.session).toBe(session);
  expect(page.world.sources.at(-1)!.did).toEqual(['labels labels.zip', 'range 3 40', 'rate 2']);
  expect(context.store.state.analysis.running).toBe(true);
});

describe('a machine with one camera at a time', () => {
  /** Opens a camera only while no other one is open; `refused` cannot be had at all. */
  function oneCamera(world: FakeWorld, refused: readonly string[] = []): void {
    const { openSource } = world;
    Object.assign(world, {
      openSource: async (request: Parameters<typeof openSource>[0]) => {
        const open = world.sources.some(({ info, disposed }) => info.kind === 'camera' && !disposed);
        if (request.kind === 'camera' && (open || refused.includes(request.deviceId ?? '')))
          throw new CarriagewayError('camera-busy', 'NotReadableError');
        return openSource(request);
      },
    });
  }

  test('closes the present one before it opens the next', async () => {
    const page = await openPage('?source=camera', oneCamera);
    await page.app.context.sources.open({ kind: 'camera', deviceId: 'rear' });
    expect(page.world.sources.map(({ disposed }) => disposed)).toEqual([true, false]);
    expect(page.app.context.store.state.playback?.request).toEqual({ kind: 'camera', deviceId: 'rear' });
    expect(page.app.context.store.state.notices).toEqual([]);
  });

  test('puts the present one back when the next cannot be had', async () => {
    const page = await openPage('?source=camera', (world) => oneCamera(world, ['rear']));
    await page.app.context.sources.open({ kind: 'camera', deviceId: 'rear' });
    expect(page.world.sources.map(({ disposed }) => disposed)).toEqual([true, false]);
    expect(page.app.context.store.state.playback?.request).toEqual({ kind: 'camera', deviceId: null });
    expect(page.find('notice-camera-busy')).not.toBeNull();
    expect(page.world.stage.calls.filter(({ name }) => name === 'attach')).toHaveLength(2);
  });
});
