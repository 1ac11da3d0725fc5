/** Where analyses are kept, used by two at a time. */
import { wrap } from 'comlink';
import { expect, onTestFinished, test } from 'vitest';
import { emptyStoreAfterEach } from './job-harness';
import type { Tab } from './store.worker';

emptyStoreAfterEach();

function openTab() {
  const worker = new Worker(new URL('./store.worker.ts', import.meta.url), { type: 'module' });
  onTestFinished(() => worker.terminate());
  return wrap<Tab>(worker);
}

test('an analysis that another tab writes is refused in words, and is to be had when that tab is done', async () => {
  const [first, second] = [openTab(), openTab()];
  expect(await first.open('a-recording')).toBe('open');
  expect(await second.open('a-recording')).toBe('analysis-failed: another tab is analysing this recording');
  expect(await second.open('another-recording')).toBe('open');
  await second.close();
  await first.close();
  expect(await second.open('a-recording')).toBe('open');
  await second.close();
});
