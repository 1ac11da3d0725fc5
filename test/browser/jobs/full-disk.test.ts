/** The disk is full while a recording is analysed: said as it is, and nothing of what was analysed before is lost. */
import { proxy, wrap } from 'comlink';
import { expect, onTestFinished, test } from 'vitest';
import { findKept } from '../../../src/jobs/find-kept';
import type { Job } from '../../../src/jobs/job';
import { clip } from '../sources/clips';
import type { FullDiskWorker } from './full-disk.worker';
import { base, done, emptyStoreAfterEach } from './job-harness';

emptyStoreAfterEach();

/** A header and so many records find room. */
const RECORDS = 20;

const LAST_LINES = [
  ['refused', false],
  ['cut short', true],
] as const;

test.for(LAST_LINES)(
  'a line that is %s ends the analysis in words; freed, it goes on behind the last whole line',
  async ([, cut], context) => {
    const worker = new Worker(new URL('./full-disk.worker.ts', import.meta.url), { type: 'module' });
    onTestFinished(() => worker.terminate());
    const analysis: Job = { ...base(await clip(context, 'code.mp4')), kind: 'analysis' };
    const remote = wrap<FullDiskWorker>(worker);
    await remote.fillAfter(1 + RECORDS, cut);
    const answer = await remote.run(
      analysis,
      proxy(() => {}),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'storage-full' } });
    const kept = (await findKept(analysis))!;
    expect(kept.complete).toBe(false);
    expect(kept.records.map(({ n }) => n)).toEqual(Array.from({ length: RECORDS }, (_, n) => n));

    const freed = await done(analysis);
    expect(freed.answer).toMatchObject({ ok: true, frames: 120 });
    expect(freed.told.at(-1)).toMatchObject({ frames: 120 - RECORDS, share: 1 });
    expect((await findKept(analysis))!.records.map(({ n }) => n)).toEqual(
      Array.from({ length: 120 }, (_, n) => n),
    );
  },
);
