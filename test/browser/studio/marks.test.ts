/** Marks as a file, events that are looked at, and the link to a moment. */
import { expect, test } from 'vitest';
import type { SceneEvent } from '../../../src/scene/events';
import { marksFile } from '../../../src/studio/player/marks-file';
import { requestOf } from '../../fakes/request';
import { enter, openPage, type Page, settled } from './harness';

async function openRecording(): Promise<Page> {
  const page = await openPage();
  await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
  await settled();
  return page;
}

const CUT: SceneEvent = { type: 'scene-cut', timestamp: 4_000_000, reason: 'picture', change: 1 };
const EDGE: SceneEvent = { type: 'boundary', timestamp: 2_000_000, side: 'left', seen: true };

test('marks are saved as one file and added to those of another visit', async () => {
  const page = await openRecording();
  page.get('mark').click();
  await settled();
  page.get('export-marks').click();
  const [saved] = page.world.downloads;
  expect(saved!.name).toBe('clip-marks.json');
  const written = JSON.parse(await saved!.blob.text());
  expect(written).toMatchObject({
    format: 'carriageway-marks',
    recording: 'clip.mp4',
    marks: [{ note: '' }],
  });
  const file = marksFile('clip.mp4', {
    marks: [{ t: 2, note: 'from elsewhere' }],
    reviewed: ['scene-cut@4.00'],
  });
  await page.app.context.marks.import(file);
  await settled();
  expect(page.app.context.store.state.marks).toHaveLength(2);
  expect(page.app.context.store.state.reviewed).toEqual(['scene-cut@4.00']);
  await page.app.context.marks.import(new Blob(['{}']));
  await settled();
  expect(page.app.context.store.state.notices.at(-1)).toMatchObject({ code: 'marks-unreadable' });
  expect(page.app.context.store.state.marks).toHaveLength(2);
});

test('events are shown by kind, lead to their moment, and stay looked at', async () => {
  const page = await openRecording();
  const key = page.world.stage.key;
  page.world.stage.emit({ type: 'scene-events', key, events: [EDGE, CUT] });
  page.get<HTMLDetailsElement>('events').open = true;
  await settled();
  const lines = () => [...page.get('event-list').querySelectorAll('li')];
  expect(lines()).toHaveLength(2);
  enter(page.get<HTMLSelectElement>('event-kind'), 'boundary');
  await settled();
  expect(lines()).toHaveLength(1);
  expect(lines()[0]!.textContent).toContain('Left edge in sight');
  lines()[0]!.querySelector<HTMLElement>('.event-moment')!.click();
  await settled();
  expect(page.world.sources.at(-1)!.did).toContain('seek 2');
  page.get<HTMLInputElement>('event-reviewed').click();
  await settled();
  expect(page.get<HTMLInputElement>('event-reviewed').checked).toBe(true);
  enter(page.get<HTMLSelectElement>('event-kind'), '');
  await settled();
  const ticked = lines().map((line) => line.querySelector('input')!.checked);
  expect(ticked).toEqual([false, true]);
  expect(page.app.context.store.state.reviewed).toEqual(['boundary@2.00:left']);
});

test('an address leads to a moment of the drive, and the menu has the address of the present one', async () => {
  const page = await openPage('?seed=7&t=12.5');
  await settled();
  expect(page.world.sources.at(-1)!.did).toContain('seek 12.5');
  page.app.context.page.toggleMenu('sources');
  await settled();
  const before = location.href;
  try {
    // Whether this browser lets a page copy or not: the address is somewhere.
    const where = await page.app.context.page.copyLink();
    expect(where).toMatch(/clipboard|address/);
    if (where === 'address') expect(location.search).toMatch(/seed=7.*t=12\.5/);
  } finally {
    history.replaceState(null, '', before);
  }
});

test('a recording that was opened by its address has a link, one of the user’s own has none', async () => {
  const page = await openPage();
  const copied = () => page.get('copy-file-link');
  const own = requestOf(new File(['x'], 'own.mp4'));
  await page.app.context.sources.open(own);
  page.app.context.page.toggleMenu('sources');
  await settled();
  expect(copied().hidden).toBe(true);
  expect(await page.app.context.page.copyLink()).toBeNull();

  await page.app.context.sources.open({ ...own, address: '/drives/monday.mp4' });
  page.world.sources.at(-1)!.emit({ type: 'time', seconds: 1.041667, playing: false });
  await settled();
  expect(copied().hidden).toBe(false);
  const before = location.href;
  try {
    const where = await page.app.context.page.copyLink();
    expect(where).toMatch(/clipboard|address/);
    if (where === 'address')
      expect(location.search).toMatch(/source=file.*address=%2Fdrives%2Fmonday\.mp4.*t=1\.041667/);
  } finally {
    history.replaceState(null, '', before);
  }
});

test('an address at which nothing is says so, and the page lives', async () => {
  const page = await openPage('?source=file&address=/there/is/no/such.mp4&t=3');
  await expect
    .poll(() => page.find('notice-source-unreachable') ?? page.find('notice-source-not-a-video'))
    .not.toBeNull();
  expect(page.get('empty').hidden).toBe(false);
});
