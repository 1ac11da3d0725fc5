/** One vehicle that is recorded for as long as it is there: silence, and whatever ends ffmpeg, make a gap. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { retryDelay } from '../../../live/backoff.ts';
import type { Log } from '../../log.ts';
import type { RecordingStore } from './store.ts';
import type { Tap } from './tap.ts';
import { FILE_SECONDS, Writer } from './writer.ts';

/** Seconds between two questions for a picture that stands by itself, until the first file is begun. */
const FIRST_SECONDS = 1;

/** What is recorded. */
export interface Recordable {
  readonly room: string;
  /** Name of the vehicle. */
  readonly vehicle: string;
  /** Seconds of one file, if other than usual. */
  readonly seconds?: number;
  /** Taps its picture. */
  tap(): Promise<Tap>;
}

/** Records until it is disposed of. */
export class Recorder implements AsyncDisposable {
  readonly #stopped = new AbortController();
  readonly #done: Promise<void>;

  constructor(
    private readonly of: Recordable,
    private readonly store: RecordingStore,
    private readonly log: Log,
  ) {
    this.#done = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await sleep(attempt === 0 ? 0 : retryDelay(attempt, Math.random()), undefined, { signal });
        const files = await this.#write(signal);
        if (files > 0) attempt = 0;
      } catch (thrown) {
        if (!signal.aborted) this.log.warn({ err: thrown }, 'recording is interrupted');
      }
    }
  }

  /** Writes until something ends it. @returns how many files were done */
  async #write(signal: AbortSignal): Promise<number> {
    const { room, vehicle, seconds = FILE_SECONDS } = this.of;
    using tap = await this.of.tap();
    const run = randomBytes(6).toString('hex');
    const pattern = this.store.pattern(room, vehicle, run);
    let files = 0;
    await using writer = new Writer({ ...tap, pattern, seconds }, (name, start) => {
      files++;
      this.store.done(room, name, start);
    });
    const ended = new Promise<void>((resolve, reject) => {
      writer.ended.then(resolve, reject);
      tap.onEnd(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
    await tap.open();
    // The first may be over before ffmpeg listens.
    const first = pattern.replaceAll('%%', '%').replace('%05d', '00000');
    let asked = performance.now();
    const timer = setInterval(() => {
      const since = (performance.now() - asked) / 1000;
      if (since < (existsSync(first) ? seconds : FIRST_SECONDS)) return;
      asked = performance.now();
      void tap.askForKeyFrame().catch(() => {});
    }, 500);
    try {
      await ended;
    } finally {
      clearInterval(timer);
    }
    await writer[Symbol.asyncDispose]();
    // One that ffmpeg was too slow to close is kept as it is.
    this.store.recover(room, run);
    return files;
  }
}
