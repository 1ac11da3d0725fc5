import { expect, test } from 'vitest';
import type { ModelManifest } from '../../../src/model/manifest';
import { NetworkLink, type NetworkWorker } from '../../../src/perception/network-link';
import type { FromNetwork, StartMessage, ToNetwork } from '../../../src/perception/network-protocol';
import { NetworkRunner } from '../../../src/perception/network-runner';
import type { ScoreRunner } from '../../../src/perception/score-runner';
import { manifestOf } from '../perception/cases';

/** A worker that answers by hand. */
class HandWorker implements NetworkWorker {
  readonly sent: ToNetwork[] = [];
  readonly transferred: unknown[] = [];
  onmessage: NetworkWorker['onmessage'] = null;
  onmessageerror: NetworkWorker['onmessageerror'] = null;
  onerror: NetworkWorker['onerror'] = null;
  postMessage(message: ToNetwork, transfer: unknown = []): void {
    this.sent.push(message);
    this.transferred.push(...(transfer as unknown[]));
  }
  answer(data: FromNetwork): void {
    this.onmessage?.call(this as unknown as Worker, { data } as MessageEvent);
  }
  break(): void {
    const event = { message: 'gone', preventDefault: () => {} };
    this.onerror?.call(this as unknown as Worker, event as ErrorEvent);
  }
}

const manifest: ModelManifest = manifestOf();
const start: StartMessage = {
  type: 'start',
  manifest,
  bytes: new ArrayBuffer(8),
  runtime: 'litert',
  threads: 1,
};

test('a network answers in the order of the runs, and gives the inputs back', async () => {
  const worker = new HandWorker();
  const link = new NetworkLink(worker);
  const first = link.input(manifest.input);
  expect(first.length).toBe(3 * manifest.input.width * manifest.input.height);
  const runs = [link.run(first, null), link.run(link.input(manifest.input), [1, 0])];
  expect(worker.transferred).toContain(first.buffer);
  expect(worker.sent[1]).toMatchObject({ type: 'run', gate: [1, 0] });
  const scores = [new Float32Array([1]), new Float32Array([2])] as const;
  worker.answer({ type: 'scores', image: first, scores: scores[0], took: 5 });
  worker.answer({ type: 'run-failed', error: { code: 'memory-short', message: '', detail: 'none left' } });
  expect((await runs[0]!).scores).toBe(scores[0]);
  await expect(runs[1]).rejects.toMatchObject({ code: 'memory-short', detail: 'none left' });
  link.keep(first);
  expect(link.input(manifest.input)).toBe(first);
  expect(link.input(manifest.input)).not.toBe(first);
});

test('a network that cannot start says why, and one that breaks ends all waiting', async () => {
  const worker = new HandWorker();
  const link = new NetworkLink(worker);
  const starting = link.start(start);
  worker.answer({ type: 'start-failed', error: { code: 'model-load-failed', message: '', detail: 'cut' } });
  await expect(starting).rejects.toMatchObject({ code: 'model-load-failed', detail: 'cut' });
  const runs = [0, 1].map(() => link.run(link.input(manifest.input), null));
  worker.break();
  for (const run of runs)
    await expect(run).rejects.toMatchObject({ code: 'inference-failed', detail: 'gone' });
  await expect(link.run(link.input(manifest.input), null)).rejects.toMatchObject({ detail: 'gone' });
  await expect(link.start(start)).rejects.toMatchObject({ detail: 'gone' });
});

test('a network runs one input at a time, with a weight for each level of the pyramid', async () => {
  const seen: { image: number; gate: number[] }[] = [];
  const finish: (() => void)[] = [];
  const runner: ScoreRunner = {
    manifest,
    image: new Float32Array(3 * manifest.input.width * manifest.input.height),
    gate: new Float32Array(2),
    description: 'by hand',
    run() {
      seen.push({ image: runner.image[0]!, gate: [...runner.gate] });
      // A part of something larger, as a runtime's heap is.
      return new Promise((resolve) => finish.push(() => resolve(new Float32Array(8).fill(7).subarray(2, 5))));
    },
  };
  const network = new NetworkRunner(runner);
  const image = (value: number) => new Float32Array(runner.image.length).fill(value);
  const runs = [network.run(image(1), null), network.run(image(2), [0])];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  await settle();
  expect(seen).toEqual([{ image: 1, gate: [1, 1] }]);
  finish[0]!();
  const { scores } = await runs[0]!;
  expect([...scores]).toEqual([7, 7, 7]);
  expect(scores.buffer.byteLength).toBe(12);
  await settle();
  expect(seen[1]).toEqual({ image: 2, gate: [0, 1] });
  finish[1]!();
  await runs[1];
});
