/** Requests to the network's worker that wait for their answers: those who wait too long wait for a worker that is gone. */
import { CarriagewayError, type ErrorReport } from '../errors';
import type { FromInference, InferenceAnswer } from './inference-protocol';

/** Longest wait while it is not known how long a frame takes, in milliseconds: a large network on a slow machine. */
const LIMIT_UNKNOWN = 120_000;

/** Shortest limit once that is known, and how many frames' times it is at least, in milliseconds. */
const LIMIT_LEAST = 20_000;
const LIMIT_FRAMES = 20;

/** Another look after the limit, in milliseconds: a machine that slept tells its timers first and its workers later. */
const SECOND_LOOK = 5_000;

/** Somebody waiting for an answer. */
interface Waiter {
  readonly resolve: (answer: InferenceAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** An error from the worker's report. */
export function revive(report: ErrorReport): CarriagewayError {
  return new CarriagewayError(report.code, report.detail);
}

/** Keeps who waits. */
export class PendingAnswers {
  readonly #waiting = new Map<number, Waiter>();
  #failure: CarriagewayError | null = null;
  #nextId = 0;

  /** @param busy milliseconds of a frame, of late; null before the first */
  constructor(
    private readonly busy: () => number | null,
    private readonly wait = (milliseconds: number) =>
      new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  ) {}

  /** Why nothing is answered any more; null while it is. */
  get failure(): CarriagewayError | null {
    return this.#failure;
  }

  /** Sends a request under a number of its own and waits for its answer. */
  ask(send: (id: number) => void): Promise<InferenceAnswer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      send(id);
      void this.#watch(id);
    });
  }

  /** An answer came. */
  answered(data: Extract<FromInference, { readonly id: number }>): void {
    const waiter = this.#waiting.get(data.id);
    this.#waiting.delete(data.id);
    if (data.type === 'answer') waiter?.resolve(data.answer);
    else waiter?.reject(revive(data.error));
  }

  /** Ends all waiting with `error`; whoever asks from now on gets it too. */
  fail(error: CarriagewayError): void {
    this.#failure ??= error;
    for (const waiter of this.#waiting.values()) waiter.reject(error);
    this.#waiting.clear();
  }

  /** A browser may end a worker without a word, as it does where memory is short. */
  async #watch(id: number): Promise<void> {
    const busy = this.busy();
    await this.wait(busy === null ? LIMIT_UNKNOWN : Math.max(LIMIT_LEAST, busy * LIMIT_FRAMES));
    if (!this.#waiting.has(id)) return;
    await this.wait(SECOND_LOOK);
    if (this.#waiting.has(id))
      this.fail(new CarriagewayError('inference-failed', 'the network’s worker does not answer any more'));
  }
}
