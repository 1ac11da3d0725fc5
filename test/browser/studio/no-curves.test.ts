/** A timeline whose drawing of curves cannot be loaded: it says so, and everything else of it works. */
import { expect, test, vi } from 'vitest';
import { fakeRecord } from '../../fakes/frame-record';
import { requestOf } from '../../fakes/request';
import { openPage, settled } from './harness';

// Taken from the module it throws, as the import would where the server is away.
vi.mock('uplot', () => ({
  get default(): never {
    throw new Error('The server is away.');
  },
}));

test('curves that cannot be loaded are missed in a sentence, and moments still lead where they were', async () => {
  const page = await openPage();
  await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
  await settled();
  expect(page.get('no-curves').checkVisibility()).toBe(false);
  page.get('analyse').click();
  await settled();
  const records = [fakeRecord(0), fakeRecord(1), fakeRecord(2, { events: [{ type: 'scene-cut' }] })];
  page.world.jobs.asked[0]!.report({ frames: 3, share: 1, rate: 12, left: 0, records });
  await vi.waitFor(() => expect(page.get('no-curves').textContent).toContain('could not be loaded'));
  expect(page.get('no-curves').checkVisibility()).toBe(true);
  page.get('mark-cut').click();
  expect(page.world.sources.at(-1)!.did).toContain('seek 2');
});
