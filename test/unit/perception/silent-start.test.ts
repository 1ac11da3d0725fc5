/** A worker of the processor's engine that never answers. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWasmEngine } from '../../../src/perception/wasm-engine';
import { manifestOf } from './cases';

/** Workers in the order in which they were made; those before `answers` say nothing. */
let made: Silent[];
let answers: number;

class Silent {
  onmessage: (event: { data: unknown }) => void = () => {};
  ended = false;
  threads: number | undefined;
  readonly #number = made.push(this);

  postMessage(message: { type: string; manifest?: unknown; threads?: number }): void {
    if (message.type === 'start') this.threads = message.threads;
    if (message.type !== 'start' || this.#number < answers) return;
    const data = { type: 'started', description: 'one thread', manifest: message.manifest };
    queueMicrotask(() => this.onmessage({ data }));
  }

  terminate(): void {
    this.ended = true;
  }
}

beforeEach(() => {
  made = [];
  vi.stubGlobal('Worker', Silent);
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const options = (threads = 1) => ({ manifest: manifestOf({}), bytes: new ArrayBuffer(8), threads });

test.each([
  ['wasm', 3, true],
  ['cpu', 3, true],
  ['cpu', 1, false],
] as const)(
  'of the %s engine with %i threads is ended, and the next one does its work with one',
  async (kind, threads, told) => {
    answers = 2;
    const starting = createWasmEngine(kind, options(threads));
    await vi.runAllTimersAsync();
    const engine = await starting;
    expect(engine.description).toBe('one thread');
    expect(made.map(({ ended }) => ended)).toEqual([true, false]);
    expect(made.map(({ threads }) => threads)).toEqual([threads, 1]);
    expect(engine.threadless).toBe(told);
    await engine[Symbol.asyncDispose]();
  },
);

test('with threads that start at once, nothing is said', async () => {
  answers = 1;
  const engine = await createWasmEngine('cpu', options(2));
  expect([engine.threadless, made.map(({ threads }) => threads)]).toEqual([false, [2]]);
  await engine[Symbol.asyncDispose]();
});

test('is told when the next one is as silent, and nothing of either stays', async () => {
  answers = 3;
  const starting = expect(createWasmEngine('wasm', options())).rejects.toMatchObject({
    code: 'model-load-failed',
  });
  await vi.runAllTimersAsync();
  await starting;
  expect(made.map(({ ended }) => ended)).toEqual([true, true]);
});
