import { expect, test } from 'vitest';
import type { InferenceAnswer } from '../../../src/perception/inference-protocol';
import { PendingAnswers } from '../../../src/perception/pending-answers';
import { settle } from '../../fakes/stage-parts';

/** Limits that pass when they are told to. */
function rig(busy: number | null) {
  const limits: { milliseconds: number; pass: () => void }[] = [];
  const answers = new PendingAnswers(
    () => busy,
    (milliseconds) => new Promise((pass) => limits.push({ milliseconds, pass })),
  );
  return { answers, limits };
}

const ANSWER = { times: {} } as InferenceAnswer;

test('answers find whoever asked, in any order', async () => {
  const { answers } = rig(50);
  const sent: number[] = [];
  const asked = [0, 1].map(() => answers.ask((id) => sent.push(id)));
  answers.answered({ type: 'answer', id: sent[1]!, answer: ANSWER });
  const error = { code: 'memory-short', message: '', detail: 'why' } as const;
  answers.answered({ type: 'infer-failed', id: sent[0]!, error });
  await expect(asked[0]).rejects.toMatchObject({ code: 'memory-short', detail: 'why' });
  expect(await asked[1]).toBe(ANSWER);
});

test('a worker that was taken away: after the limit and a second look, all who wait are told, and whoever asks', async () => {
  const { answers, limits } = rig(50);
  const waiting = answers.ask(() => {});
  const other = answers.ask(() => {});
  limits[0]!.pass();
  await settle(2);
  expect(answers.failure).toBeNull();
  limits[2]!.pass();
  await expect(waiting).rejects.toMatchObject({ code: 'inference-failed' });
  await expect(other).rejects.toMatchObject({ code: 'inference-failed' });
  await expect(answers.ask(() => {})).rejects.toMatchObject({ code: 'inference-failed' });
});

test('an answer between the limit and the second look is in time', async () => {
  const { answers, limits } = rig(50);
  const waiting = answers.ask(() => {});
  limits[0]!.pass();
  await settle(2);
  answers.answered({ type: 'answer', id: 0, answer: ANSWER });
  limits[1]!.pass();
  expect(await waiting).toBe(ANSWER);
  await settle(2);
  expect(answers.failure).toBeNull();
});

test.each([
  ['nothing is known yet', null, 120_000],
  ['frames are quick', 40, 20_000],
  ['frames are slow', 9_000, 180_000],
])('how long is waited when %s', async (_, busy, limit) => {
  const { answers, limits } = rig(busy);
  answers.ask(() => {}).catch(() => {});
  expect(limits.map(({ milliseconds }) => milliseconds)).toEqual([limit]);
});
