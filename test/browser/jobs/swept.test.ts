/** Exports that wait in the page's own store: swept away when their tab is gone, and not before. */
import { wrap } from 'comlink';
import { expect, onTestFinished, test } from 'vitest';
import { notOpened } from '../../../src/jobs/result-store';
import { scratch, sweepExports } from '../../../src/studio/analysis/export-target';
import { emptyStoreAfterEach } from './job-harness';
import type { ExportingTab } from './swept.worker';

emptyStoreAfterEach();

/** Names of all files that wait. */
async function waiting(): Promise<string[]> {
  const root = await navigator.storage.getDirectory();
  const names: string[] = [];
  for await (const folder of (await root.getDirectoryHandle('exports', { create: true })).values()) {
    if (folder.kind === 'file') names.push(folder.name);
    else for await (const name of (folder as FileSystemDirectoryHandle).keys()) names.push(name);
  }
  return names;
}

test('a tab that begins deletes nothing that another one, or itself, is writing', async () => {
  const worker = new Worker(new URL('./swept.worker.ts', import.meta.url), { type: 'module' });
  onTestFinished(() => worker.terminate());
  await wrap<ExportingTab>(worker).write();
  const own = await scratch('own.zip');
  await sweepExports();
  expect((await waiting()).map((name) => name.slice(37)).sort()).toEqual(['film.mp4', 'own.zip']);

  worker.terminate();
  await expect
    .poll(async () => {
      await sweepExports();
      return (await waiting()).map((name) => name.slice(37));
    })
    .toEqual(['own.zip']);
  await own.discard();
  expect(await waiting()).toEqual([]);
});

test('why an analysis cannot be kept is said as it is', () => {
  const said = (name: string) => notOpened(new DOMException('no room', name));
  expect(said('NoModificationAllowedError').detail).toBe('another tab is analysing this recording');
  expect(said('QuotaExceededError').code).toBe('storage-full');
  expect(said('SecurityError').code).toBe('storage-refused');
  expect(said('InvalidStateError')).toMatchObject({
    code: 'analysis-failed',
    detail: "the browser's own store: no room",
  });
});
