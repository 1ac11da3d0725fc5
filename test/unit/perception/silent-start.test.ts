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
  readonly #number = made.push(this);

  postMessage(message: { type: string; manifest?: unknown }): void {
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

const options = () => ({ manifest: manifestOf({}), bytes: new ArrayBuffer(8), threads: 1 });

test('is ended, and the next one does its work', async () => {
  answers = 2;
  const starting = createWasmEngine('wasm', options());
  await vi.runAllTimersAsync();
  const engine = await starting;
  expect(engine.description).toBe('one thread');
  expect(made.map(({ ended }) => ended)).toEqual([true, false]);
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
