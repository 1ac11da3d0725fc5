/** Keeps the screen awake while a camera runs: a phone on a dashboard is not touched for hours. */
import type { AppState } from '../shell/app-state';
import type { Store } from '../shell/state';

/** Follows the store for as long as the page lives. Where the browser has no wake lock, or refuses it, nothing happens. */
export class WakeLock {
  #held: WakeLockSentinel | null = null;
  /** Rises with each wish: a lock that comes after the next one is let go at once. */
  #turn = 0;

  /** @param locks undefined where there are none */
  constructor(
    private readonly store: Pick<Store<Pick<AppState, 'playback' | 'paused'>>, 'state' | 'watch'>,
    signal: AbortSignal,
    private readonly locks: Pick<globalThis.WakeLock, 'request'> | undefined = navigator.wakeLock,
  ) {
    const stop = store.watch(
      () => this.#wanted,
      () => void this.#follow(),
    );
    // The browser takes the lock from a page that is out of sight.
    document.addEventListener('visibilitychange', () => void this.#follow(), { signal });
    signal.addEventListener('abort', () => {
      stop();
      this.#turn++;
      void this.#held?.release();
    });
  }

  get #wanted(): boolean {
    const { playback, paused } = this.store.state;
    return playback?.request.kind === 'camera' && !paused;
  }

  async #follow(): Promise<void> {
    const turn = ++this.#turn;
    const wanted = this.#wanted && !document.hidden;
    const held = this.#held;
    if (wanted && held && !held.released) return;
    this.#held = null;
    await held?.release().catch(() => {});
    if (!wanted) return;
    const lock = await this.locks?.request('screen').catch(() => null);
    if (turn === this.#turn) this.#held = lock ?? null;
    else await lock?.release();
  }
}
