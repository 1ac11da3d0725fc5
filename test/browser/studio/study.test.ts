/** A recording on the page: its analysis, its timeline, its exports and its labels, with jobs that the test steps. */
import { describe, expect, test, vi } from 'vitest';
import { CarriagewayError, reportOf } from '../../../src/errors';
import type { FrameRecord } from '../../../src/jobs/frame-record';
import { labelParts } from '../../../src/labels/label-parts';
import { fakeRecord as record } from '../../fakes/frame-record';
import { requestOf } from '../../fakes/request';
import { openPage, type Page, settled } from './harness';

async function openRecording(prepare: (page: Page) => void = () => {}): Promise<Page> {
  const page = await openPage();
  prepare(page);
  await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
  await settled();
  return page;
}

const progress = (records: FrameRecord[], share: number) => ({
  frames: records.length,
  share,
  rate: 12,
  left: 30,
  records,
});

describe('analysis', () => {
  test('tells how far it is, draws what it found, marks what happened, and goes there', async () => {
    const page = await openRecording();
    expect(page.get('curves').checkVisibility()).toBe(false);
    page.get('analyse').click();
    await settled();
    const [job] = page.world.jobs.asked;
    expect(job!.job).toMatchObject({ kind: 'analysis', name: 'clip.mp4', labels: null });
    job!.report(progress([record(0), record(1), record(2, { events: [{ type: 'scene-cut' }] })], 0.4));
    await settled();
    expect(page.get('analysis-state').textContent).toBe('40 %, 12.0 a second, 0:30 left');
    // What draws curves is loaded when there are some.
    await vi.waitFor(() => expect(page.get('curves').querySelector('canvas')).not.toBeNull());
    const mark = page.get('mark-cut');
    expect(mark.getAttribute('aria-label')).toBe('Scene cut, 0:02.000');
    mark.click();
    expect(page.world.sources.at(-1)!.did).toContain('seek 2');
    job!.end({ ok: true, frames: 3, notes: [] });
    await settled();
    expect(page.get('analysis-state').textContent).toBe('3 frames');
    expect(page.get('analyse').ariaDisabled).toBe('true');
  });

  test('draws what it found on a page that is not a second old', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(500);
    try {
      const page = await openRecording();
      page.get('analyse').click();
      await settled();
      page.world.jobs.asked[0]!.report(progress([record(0), record(1)], 0.5));
      await vi.waitFor(() => expect(page.get('curves').querySelector('canvas')).not.toBeNull());
    } finally {
      vi.restoreAllMocks();
    }
  });

  test('goes on when the source before takes its time to end', async () => {
    const page = await openPage();
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    vi.spyOn(page.world.sources.at(-1)!, 'dispose').mockReturnValue(ended);
    const opening = page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
    await vi.waitFor(() => expect(page.get('analyse').checkVisibility()).toBe(true));
    page.get('analyse').click();
    await settled();
    page.world.jobs.asked[0]!.report(progress([record(0)], 0.5));
    end();
    await opening;
    await settled();
    expect(page.get('analysis-state').textContent).toMatch(/^50 %, /);
  });

  test('stopped, it keeps what it has and can go on', async () => {
    const page = await openRecording();
    page.get('analyse').click();
    await settled();
    page.world.jobs.asked[0]!.report(progress([record(0)], 0.5));
    page.get('analyse').click();
    await settled();
    expect(page.get('analysis-state').textContent).toBe('50 % kept');
    page.get('analyse').click();
    await settled();
    expect(page.world.jobs.asked).toHaveLength(2);
  });

  test('what was kept is there when the recording is opened', async () => {
    const page = await openRecording(({ world }) => {
      world.jobs.kept = { records: [record(0), record(1)], complete: true };
    });
    await settled();
    expect(page.get('analysis-state').textContent).toBe('2 frames');
    page.world.jobs.kept = null;
    await page.app.context.sources.open({ kind: 'camera', deviceId: null });
    await settled();
    expect(page.get('curves').checkVisibility()).toBe(false);
  });

  test('a failure is one sentence', async () => {
    const page = await openRecording();
    page.get('analyse').click();
    await settled();
    const error = reportOf(new CarriagewayError('storage-full'), 'storage-full');
    page.world.jobs.asked[0]!.end({ ok: false, error });
    await settled();
    expect(page.find('notice-storage-full')).not.toBeNull();
  });
});

describe('export', () => {
  test('of the marked range, as the overlay is set; an analysis steps aside and goes on', async () => {
    const page = await openRecording();
    page.get('analyse').click();
    await settled();
    await page.app.context.player.setRange({ from: 3, to: 4 });
    page.app.context.view.setMode('drivable');
    page.get('export').click();
    expect(page.get('export-scope').textContent).toBe('The marked range, 0:03 to 0:04.');
    page.get('export-mp4').click();
    await settled();
    await settled();
    const { asked, files } = page.world.jobs;
    expect(asked[1]!.job).toMatchObject({
      kind: 'video',
      container: 'mp4',
      range: { from: 3, to: 4 },
      view: { mode: 'drivable' },
    });
    asked[1]!.report({ frames: 5, share: 0.5, rate: 10, left: 8, records: [] });
    await settled();
    expect(page.get('export-running').textContent).toContain('Exporting 50 %, 0:08 left');
    asked[1]!.end({ ok: true, frames: 25, notes: [] });
    await settled();
    expect(files).toEqual([{ name: 'clip-video.mp4', state: 'finished' }]);
    expect(asked[2]!.job.kind).toBe('analysis');
    expect(page.get('export').checkVisibility()).toBe(true);
  });

  test('cancelled, nothing is handed over; refused in the dialog, nothing starts', async () => {
    const page = await openRecording();
    const { jobs } = page.world;
    void page.app.context.study.export({ kind: 'masks' });
    await settled();
    page.get('export-cancel').click();
    await settled();
    expect(jobs.files).toEqual([{ name: 'clip-masks.zip', state: 'discarded' }]);
    jobs.refuses = true;
    await page.app.context.study.export({ kind: 'coco' });
    expect(jobs.asked).toHaveLength(1);
  });
});

test('labels: laid beside the recording, part of its analysis, taken away again', async () => {
  const page = await openRecording();
  const labels = new File(['PK'], 'labels.zip');
  await page.app.context.compare.openLabels(labelParts(labels), labels.name);
  await settled();
  expect(page.world.sources.at(-1)!.did).toContain('labels labels.zip');
  expect(page.get('labels').textContent).toBe('3 labels ×');
  page.get('analyse').click();
  await settled();
  expect(page.world.jobs.asked[0]!.job.labels).toMatchObject({
    files: labels,
    reading: { kind: 'numbers', classes: [[0, 'road']], frames: 'time' },
  });
  page.get('labels').click();
  await settled();
  expect(page.get('labels').textContent).toBe('Labels');
});

test('labels of which something is unsure are asked about, and not used before', async () => {
  const page = await openRecording();
  const source = page.world.sources.at(-1)!;
  // Labels that lie there already are taken away by the question.
  await page.app.context.compare.openLabels(labelParts(new File(['PK'], 'clear.zip')), 'clear.zip');
  await settled();
  expect(page.get('labels').textContent).toBe('3 labels ×');
  source.survey = {
    values: [
      { value: 0, name: 'road', ours: 'road', share: 0.7, example: 'f_0001.png' },
      { value: 33, name: null, ours: undefined, share: 0.3, example: 'f_0001.png' },
    ],
    frames: 'number-from-1',
    rules: ['number-from-1', 'number'],
    pairs: [[{ name: 'f_0001.png', frame: 0 }], [{ name: 'f_0001.png', frame: 1 }]],
    unsure: ['meaning', 'frames'],
  };
  const labels = new File(['PK'], 'labels.zip');
  await page.app.context.compare.openLabels(labelParts(labels), labels.name);
  await settled();
  expect(source.labels).toBeNull();
  expect(page.get('labels').textContent).toBe('Labels');
  expect(page.get('label-question').textContent).toContain('Nothing is scored');
  expect(page.get('label-pairs').textContent).toContain('f_0001.png → frame 0');

  const choose = async (id: string, value: string) => {
    const select = page.get<HTMLSelectElement>(id);
    select.value = value;
    select.dispatchEvent(new Event('change'));
    await settled();
  };
  await choose('label-frames', 'number');
  expect(page.get('label-pairs').textContent).toContain('f_0001.png → frame 1');
  await choose('label-value-33', 'sky');
  expect(page.app.context.store.state.labels).toBeNull();
  page.get('label-confirm').click();
  await settled();
  expect(page.get('labels').textContent).toBe('3 labels ×');
  expect(source.labels?.reading).toEqual({
    kind: 'numbers',
    classes: [
      [0, 'road'],
      [33, 'sky'],
    ],
    frames: 'number',
  });
  // What is sure can be changed as well.
  await choose('label-dictionary', 'cityscapes-train-ids');
  expect(page.app.context.store.state.reading?.survey.dictionary).toBe('cityscapes-train-ids');
});

test('another network’s masks: made in a job of their own, then laid beside the recording like labels', async () => {
  const page = await openRecording();
  const { jobs } = page.world;
  page.app.context.store.update({
    models: [
      ...page.app.context.store.state.models,
      { name: 'other', title: 'Other', url: '/models/other.json', note: '' },
    ],
  });
  await settled();
  page.get<HTMLDetailsElement>('compare').open = true;
  page.get<HTMLSelectElement>('compare-model').value = 'other';
  page.get('compare-run').click();
  await settled();
  const [making] = jobs.asked;
  expect(making!.job).toMatchObject({
    kind: 'masks',
    range: null,
    labels: null,
    model: { kind: 'manifest' },
  });
  expect(page.get('export-running').textContent).toContain('Other: 0 %');
  making!.end({ ok: true, frames: 3, notes: [] });
  await settled();
  expect(page.world.sources.at(-1)!.did).toContain('labels masks.zip');
  expect(page.get('compare-hint').textContent).toContain('Against Other.');

  page.get('analyse').click();
  await settled();
  const agreement = (mean: number) => ({
    same: mean,
    drivable: mean,
    mean,
    overlap: new Array<number>(12).fill(0),
    union: new Array<number>(12).fill(0),
    cells: 2,
    road: [1, 2] as [number, number],
    mistaken: [[0, 8, 5]] as [number, number, number][],
    edge: [1, 4] as [number, number],
  });
  const told = [0.9, 0.2, 0.5].map((mean, n) => record(n, { agreement: agreement(mean) }));
  jobs.asked[1]!.report(progress(told, 1));
  jobs.asked[1]!.end({ ok: true, frames: 3, notes: [] });
  await settled();
  expect(page.get('compare-summary').textContent).toContain('Drivable IoU50.0 %');
  const worst = page.get('worst-list').querySelectorAll('button');
  expect([...worst].map((button) => button.textContent)).toEqual([
    '0:01.00020.0 %',
    '0:02.00050.0 %',
    '0:00.00090.0 %',
  ]);
  const source = page.world.sources.at(-1)!;
  source.emit({ type: 'time', seconds: 20, playing: true });
  let stand = () => {};
  source.arrival = new Promise((resolve) => {
    stand = resolve;
  });
  worst[0]!.click();
  // Its jump does not come after what was asked for next, however long the pause takes.
  page.app.context.sources.seekTo(0);
  stand();
  await expect.poll(() => source.did.slice(-3)).toEqual(['pause', 'seek 1', 'seek 0']);

  page.get('label-view-beside').click();
  await settled();
  expect(page.app.context.store.state.view).toMatchObject({ labels: 'beside', split: 0.5 });
  page.get('label-view-difference').click();
  await settled();
  expect(page.app.context.store.state.view).toMatchObject({ labels: 'difference', split: null });
  page.get('labels').click();
  await settled();
  expect(page.app.context.store.state.view.labels).toBe('off');
  expect(jobs.files).toEqual([{ name: 'masks.zip', state: 'discarded' }]);
});

test('marks with notes: made, written, gone to, and there again on the next visit', async () => {
  const page = await openRecording();
  const source = page.world.sources.at(-1)!;
  source.emit({ type: 'time', seconds: 12.5, playing: false });
  expect(page.get('note').checkVisibility()).toBe(false);
  page.get('mark').click();
  await settled();
  const note = page.get<HTMLInputElement>('note');
  note.value = 'cyclist from the left';
  note.dispatchEvent(new Event('change'));
  source.emit({ type: 'time', seconds: 30, playing: false });
  await settled();
  expect(note.checkVisibility()).toBe(false);
  expect(page.get('mark-own').getAttribute('aria-label')).toBe('cyclist from the left, 0:12.500');
  page.get('mark-own').click();
  expect(source.did).toContain('seek 12.5');
  expect([...page.world.storage.entries.values()].join()).toContain('cyclist from the left');
  await page.app.context.sources.open({ kind: 'camera', deviceId: null });
  await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
  await settled();
  expect(page.get('mark-own').checkVisibility()).toBe(true);
});

test('what is kept can be seen and deleted', async () => {
  const page = await openRecording(({ world }) => {
    world.jobs.store.push(
      { key: 'a', bytes: 1_500_000, changed: 1 },
      { key: 'b', bytes: 500_000, changed: 2 },
    );
  });
  page.get('export').click();
  await settled();
  expect(page.get('kept').textContent).toBe('Kept analyses: 2, 2.0 MB of at most 512 MB');
  page.get('forget-kept').click();
  await settled();
  expect(page.world.jobs.store).toEqual([]);
  expect(page.get('kept').checkVisibility()).toBe(false);
});
