/** A timeline whose drawing of curves cannot be loaded: it says so, and everything else of it works. */
import { expect, test, vi } from 'vitest';
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
  const record = (n: number, events: readonly unknown[]) => ({
    ...{ n, t: n, areas: [], own: 0, undecided: 0, broken: 0, drivable: 0.4, decided: 0.9, confidence: 0.8 },
    ...{ free: null, boundary: [], obstacles: [], agreement: null, map: { width: 2, height: 1, runs: 'AB' } },
    events,
  });
  const records = [record(0, []), record(1, []), record(2, [{ type: 'scene-cut' }])];
  page.world.jobs.asked[0]!.report({ frames: 3, share: 1, rate: 12, left: 0, records: records as never });
  await vi.waitFor(() => expect(page.get('no-curves').textContent).toContain('could not be loaded'));
  expect(page.get('no-curves').checkVisibility()).toBe(true);
  page.get('mark-cut').click();
  expect(page.world.sources.at(-1)!.did).toContain('seek 2');
});
