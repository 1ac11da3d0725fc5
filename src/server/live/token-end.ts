/** Waits for the end of a token: says so some time before, so that another can be shown, and ends with it. */

/** Longest time a timer of Node's counts, in milliseconds. */
const TIMER_MAX = 2 ** 31 - 1;

/** Owns its timer. */
export class TokenEnd implements Disposable {
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param warnTime milliseconds before the end at which to say so
   * @param warn called with the seconds that are left
   */
  constructor(
    private readonly warnTime: number,
    private readonly warn: (seconds: number) => void,
    private readonly end: () => void,
  ) {}

  /** Waits for another end from now on. @param expires seconds since 1970 */
  await(expires: number): void {
    clearTimeout(this.#timer);
    const left = Math.max(0, expires * 1000 - Date.now());
    const warned = Math.min(left, this.warnTime);
    this.#after(Math.min(left - warned, TIMER_MAX), () => {
      this.warn(Math.round(warned / 1000));
      this.#after(warned, this.end);
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #after(milliseconds: number, action: () => void): void {
    this.#timer = setTimeout(action, milliseconds);
    this.#timer.unref();
  }
}
