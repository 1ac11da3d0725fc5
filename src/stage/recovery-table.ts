/**
 * What to do after a failure, as a table of states: try the same engine again a few times with growing pauses, then
 * fall from WebGPU to the processor, then give the model up and keep the picture. Pure: no timers, no devices.
 */
import type { EngineKind } from '../perception/engine';

/**
 * Pauses before each try, in milliseconds. A reset driver answers within a second; three tries cover a sleeping
 * laptop and a driver update without keeping a person waiting on a lost cause.
 */
export const RETRY_DELAYS: readonly number[] = [250, 1000, 3000];

/** After this long without a failure the tries count anew, in milliseconds. */
export const HEALTHY_AFTER = 60_000;

/** What to do next. */
export type RecoveryStep =
  | {
      readonly type: 'rebuild';
      readonly engine: EngineKind;
      readonly delay: number;
      readonly attempt: number;
    }
  | { readonly type: 'fall-back'; readonly engine: 'cpu'; readonly delay: number }
  | { readonly type: 'give-up' };

/** Counts failures and says what follows. */
export class RecoveryTable {
  #failures = 0;
  #lastFailure = Number.NEGATIVE_INFINITY;

  /**
   * Notes a failure of the running engine.
   * @param engine which engine failed
   * @param now milliseconds
   */
  failed(engine: EngineKind, now: number): RecoveryStep {
    if (now - this.#lastFailure > HEALTHY_AFTER) this.#failures = 0;
    this.#lastFailure = now;
    const delay = RETRY_DELAYS[this.#failures];
    this.#failures++;
    if (delay !== undefined) return { type: 'rebuild', engine, delay, attempt: this.#failures };
    this.#failures = 0;
    return engine === 'webgpu' ? { type: 'fall-back', engine: 'cpu', delay: 0 } : { type: 'give-up' };
  }
}
