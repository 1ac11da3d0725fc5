/** A drive of several cameras on the page: a view each, one of them looked at, and what belongs to each. */
import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import type { OverlayView } from '../../../src/overlay/view';
import type { SourceRequest } from '../../../src/studio/session/open-source';
import { fakeReport } from '../../fakes/fake-stage';
import { requestOf } from '../../fakes/request';
import { openPage, type Page, settled } from './harness';

const NAMES = ['front', 'rear', 'left'];
const BONNET = [
  { x: 0, y: 0.9 },
  { x: 1, y: 0.9 },
  { x: 0.5, y: 1 },
];

function drive(names: readonly string[] = NAMES): SourceRequest {
  const clips = (name: string) => [{ file: new File(['x'], `${name}.mp4`), clock: null }];
  const cameras = names.map((name) => ({ name, clips: clips(name) }));
  return {
    kind: 'file',
    parts: { kind: 'cameras', cameras, offset: 0, event: null },
    title: 'drive',
    labels: null,
  };
}

async function openDrive(names?: readonly string[]): Promise<Page> {
  const page = await openPage();
  await page.app.context.sources.open(drive(names));
  await settled();
  return page;
}

const key = (camera: number): string => (camera === 0 ? 'picture' : `picture-${camera + 1}`);
const overlay = (page: Page, camera: number) =>
  page.world.stage.setting('overlay', key(camera)) as OverlayView;
const state = (page: Page) => page.app.context.store.state;

function report(page: Page): void {
  const views = NAMES.map((_, n) => fakeReport({ key: key(n), inferenceFps: n + 1, drivableShare: n / 10 }));
  page.world.stage.emit({ type: 'report', views, liveObjects: views[0]!.liveObjects });
}

async function press(keys: string): Promise<void> {
  (document.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard(keys);
  await settled();
}

describe('opening', () => {
  test('gives each camera a view of its own, on a canvas of its own', async () => {
    const page = await openDrive();
    const source = page.world.sources.at(-1)!;
    expect(page.world.stage.keys).toEqual(NAMES.map((_, n) => key(n)));
    expect(source.handles).toEqual([0, 1, 2]);
    expect(page.root.querySelectorAll('.viewer-tile canvas')).toHaveLength(3);
    expect(page.get('camera-2').textContent).toContain('Rear');
    expect(page.get('picture-2').getAttribute('aria-label')).toBe('Segmented video: clip.mp4, Rear');
    expect(page.world.stage.last('focus')).toEqual(['picture']);
    await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
    await settled();
    expect(page.world.stage.keys).toEqual(['picture']);
    expect(page.world.stage.last('focus')).toEqual([null]);
    expect(page.root.querySelectorAll('.viewer-tile')).toHaveLength(1);
    expect(page.get('camera-1').checkVisibility()).toBe(false);
    expect(source.disposed).toBe(true);
  });

  test('a worker in the place of another is given all views and all pictures again', async () => {
    const page = await openDrive();
    await press('2');
    page.world.kill();
    await settled();
    await settled();
    expect(page.world.stage.keys).toEqual(NAMES.map((_, n) => key(n)));
    expect(page.world.sources.at(-1)!.handles).toEqual([0, 1, 2]);
    expect(state(page).chosen).toBe(1);
  });
});

describe('looking at a camera', () => {
  test('by its number or a click; figures and overlay follow', async () => {
    const page = await openDrive();
    report(page);
    expect(state(page).report).toMatchObject({ key: 'picture', inferenceFps: 1 });
    page.app.context.scene.setBird('inset');
    await press('3');
    expect(state(page)).toMatchObject({ chosen: 2, report: { key: 'picture-3', inferenceFps: 3 } });
    expect(state(page).spoken).toBe('Camera: Left');
    expect([0, 1, 2].map((n) => overlay(page, n).scene.bird)).toEqual(['off', 'off', 'inset']);
    expect([0, 1, 2].map((n) => overlay(page, n).scene.obstacles)).toEqual([false, false, true]);
    expect(state(page).view.visible[2]).toBe(true);
    page.get('camera-1').click();
    await settled();
    expect(state(page).chosen).toBe(0);
    expect(page.get('camera-1').getAttribute('aria-pressed')).toBe('true');
    expect(page.get('camera-3').getAttribute('aria-pressed')).toBe('false');
    // A number without a camera does nothing, and hides no class either.
    await press('7');
    expect(state(page)).toMatchObject({ chosen: 0 });
    expect(state(page).view.visible[6]).toBe(true);
    report(page);
    await settled();
    expect(page.get('camera-2').nextElementSibling!.textContent).toBe('2.0/s');
  });

  test('the large one is the one that is looked at', async () => {
    const page = await openDrive();
    const width = (n: number) => page.get(n === 0 ? 'picture' : `picture-${n + 1}`).clientWidth;
    expect(width(0)).toBeGreaterThan(2 * width(1));
    await press('2');
    expect(width(1)).toBeGreaterThan(2 * width(0));
    page.get('camera-layout-grid').click();
    await settled();
    expect(width(1)).toBe(width(0));
    page.get('camera-layout-pair').click();
    await settled();
    expect([0, 1, 2].map((n) => page.world.stage.setting('paused', key(n)) ?? false)).toEqual([
      false,
      false,
      true,
    ]);
    await press('3');
    expect([0, 1, 2].map((n) => page.world.stage.setting('paused', key(n)))).toEqual([true, false, false]);
    expect(page.world.storage.getItem('carriageway.1.camera-layout')).toBe('"pair"');
    const again = await openPage('', (world) =>
      world.storage.setItem('carriageway.1.camera-layout', '"grid"'),
    );
    expect(state(again).cameraLayout).toBe('grid');
  });

  test('closes what was open on the other one', async () => {
    const page = await openDrive();
    page.app.context.regions.edit(true);
    page.app.context.pyramid.open();
    await press('2');
    expect(state(page)).toMatchObject({ editingRegion: false, pyramid: null });
  });

  test('the sheet of keys tells of it', async () => {
    const page = await openDrive();
    await press('?');
    expect(page.get('keys-sheet').textContent).toContain('Look at a camera');
    expect(page.get('keys-sheet').textContent).not.toContain('Show or hide class');
  });
});

describe('what belongs to each camera', () => {
  test('mount and region are its own, and kept under its name', async () => {
    const page = await openDrive();
    const { regions, mount, sources } = page.app.context;
    await press('2');
    regions.set(BONNET);
    mount.usePreset('truck');
    await settled();
    const { stage } = page.world;
    expect([0, 1, 2].map((n) => stage.setting('ignore', key(n)) ?? null)).toEqual([null, BONNET, null]);
    expect([0, 1, 2].map((n) => stage.setting('camera', key(n)) ?? null)).toEqual([
      null,
      expect.objectContaining({ from: 'truck' }),
      null,
    ]);
    await press('1');
    expect(state(page)).toMatchObject({ region: null, mount: null });
    // In another order, as after an event that another camera saw.
    await sources.open(drive(['rear', 'front', 'left']));
    await settled();
    expect(state(page)).toMatchObject({ region: BONNET, mount: { from: 'truck' } });
    await press('2');
    expect(state(page)).toMatchObject({ region: null, mount: null });
  });

  test('events of a scene are logged with the camera that saw it', async () => {
    const page = await openDrive();
    const event = { type: 'scene-cut', timestamp: 4_000_000, reason: 'picture', change: 1 } as const;
    page.world.stage.emit({ type: 'scene-events', key: 'picture-2', events: [event] });
    expect(state(page).sceneLog).toEqual([]);
    await press('2');
    expect(state(page).sceneLog).toEqual([event]);
  });

  test('analysis and export are of the camera that is looked at; all in one picture on request', async () => {
    const page = await openDrive();
    await press('2');
    page.get('analyse').click();
    await settled();
    const [first] = page.world.jobs.asked;
    expect(first!.job).toMatchObject({ kind: 'analysis', recording: { kind: 'cameras', camera: 1 } });
    await press('3');
    expect(state(page).analysis.running).toBe(false);
    page.get('analyse').click();
    await settled();
    expect(page.world.jobs.asked.at(-1)!.job).toMatchObject({ recording: { camera: 2 } });
    page.app.context.regions.set(BONNET);
    void page.app.context.study.export({ kind: 'masks' });
    await settled();
    expect(page.world.jobs.asked.at(-1)!.job).toMatchObject({
      recording: { camera: 2 },
      name: 'clip.mp4, left',
      ignore: BONNET,
    });
    expect(page.world.jobs.files.at(-1)!.name).toBe('clip-left-masks.zip');
    page.world.jobs.asked.at(-1)!.end({ ok: true, frames: 1, notes: [] });
    await settled();
    void page.app.context.study.export({ kind: 'masks' }, false, true);
    await settled();
    const { job } = page.world.jobs.asked.at(-1)!;
    expect(job).toMatchObject({ recording: { kind: 'cameras' }, name: 'clip.mp4', ignore: null });
    expect(job.recording).not.toHaveProperty('camera');
  });

  test('labels lie beside the camera for which they were chosen, also after a worker was lost', async () => {
    const page = await openDrive();
    await press('2');
    const { labelParts } = await import('../../../src/labels/label-parts');
    await page.app.context.compare.openLabels(labelParts(new File(['PK'], 'labels.zip')), 'labels.zip');
    expect(page.world.sources.at(-1)!.did).toContain('labels labels.zip of camera 2');
    expect(state(page).labels).toMatchObject({ name: 'labels.zip' });
    await press('1');
    expect(state(page).labels).toBeNull();
    page.world.kill();
    await settled();
    await settled();
    expect(page.world.sources.at(-1)!.did).toContain('labels labels.zip of camera 2');
  });
});
