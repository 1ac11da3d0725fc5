/**
 * Whether an engine ended the page the last time. A browser whose graphics fails may go down with all its tabs, and the
 * page that comes back must not run into the same wall: a mark is laid down before such an engine starts, and taken away
 * when it has run well for a while, when the page is left in order, and while nobody looks at it. Who finds a mark that
 * belongs to no living page knows.
 */
import type { EngineChoice } from '../../stage/stage-api';

/** Milliseconds of running in sight of somebody after which an engine is trusted. Firefox's wgpu takes minutes to fail. */
const TRUSTED_AFTER = 600_000;

/** What is started in place of a choice that ended the page; a choice without one is never marked. */
const INSTEAD: Readonly<Record<EngineChoice, EngineChoice | null>> = {
  auto: 'cpu',
  webgpu: 'cpu',
  cpu: 'wasm',
  wasm: null,
};

/** Where marks are kept: for each choice the page that laid one down. */
export interface MarkStore {
  startMark(choice: EngineChoice): string | null;
  saveStartMark(choice: EngineChoice, page: string | null): void;
}

/** What is needed of the browser. */
export interface MarkWorld {
  /** A name that no other page has. */
  readonly page: string;
  /** Whether WebGPU is Chromium's, which outlives what ends others: it is left to itself where nobody names an engine. */
  readonly dawn: boolean;
  /** Shows that this page lives, until the signal is aborted. */
  readonly live: (signal: AbortSignal) => void;
  /** Whether a page of a name lives. */
  readonly lives: (page: string) => Promise<boolean>;
  /** Calls back after so many milliseconds; gives back what prevents it. */
  readonly later: (milliseconds: number, call: () => void) => () => void;
}

/** The mark of this page. */
export class StartMark {
  #choice: EngineChoice | null = null;
  #laid: {
    readonly choice: EngineChoice;
    readonly lifetime: AbortController;
    readonly stop: () => void;
  } | null = null;
  #hidden = false;

  constructor(
    private readonly store: MarkStore,
    private readonly world: MarkWorld,
  ) {}

  /**
   * What to start where a choice is asked for: another one if it ended the page the last time. That stays so until the
   * choice is begun again.
   */
  async startOf(choice: EngineChoice): Promise<EngineChoice> {
    const { page, lives } = this.world;
    const mark = this.store.startMark(choice);
    if (mark === null || mark === page || (await lives(mark))) return choice;
    const instead = INSTEAD[choice];
    return instead === null ? choice : this.startOf(instead);
  }

  /** A choice is about to be started. */
  begin(choice: EngineChoice): void {
    this.#lift();
    this.#choice = this.#isMarked(choice) ? choice : null;
    this.#lay();
  }

  /** Whether nobody sees the page: whatever ends it then (browsers put tabs away), it is hardly the engine. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    if (hidden) this.#lift();
    else this.#lay();
  }

  /** The page is left in order, or the engine is trusted. */
  end(): void {
    this.#choice = null;
    this.#lift();
  }

  #isMarked(choice: EngineChoice): boolean {
    return INSTEAD[choice] !== null && (choice !== 'auto' || !this.world.dawn);
  }

  #lay(): void {
    if (this.#choice === null || this.#hidden || this.#laid) return;
    const lifetime = new AbortController();
    this.world.live(lifetime.signal);
    this.store.saveStartMark(this.#choice, this.world.page);
    this.#laid = { choice: this.#choice, lifetime, stop: this.world.later(TRUSTED_AFTER, () => this.end()) };
  }

  #lift(): void {
    if (!this.#laid) return;
    const { choice, lifetime, stop } = this.#laid;
    this.#laid = null;
    stop();
    lifetime.abort();
    // Another page may have laid down one of its own meanwhile.
    if (this.store.startMark(choice) === this.world.page) this.store.saveStartMark(choice, null);
  }
}

/** The browser's own: a page lives as long as it holds the lock of its name. */
export function markWorld(): MarkWorld {
  const page = crypto.randomUUID();
  const { locks } = navigator as Partial<Pick<Navigator, 'locks'>>;
  const name = (of: string) => `carriageway-page-${of}`;
  return {
    page,
    dawn: /Chrom(e|ium)\//.test(navigator.userAgent),
    live: (signal) =>
      void locks
        ?.request(
          name(page),
          () => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
        )
        .catch(() => {}),
    async lives(of) {
      try {
        const held = (await locks?.query())?.held ?? [];
        return held.some((lock) => lock.name === name(of));
      } catch {
        return false;
      }
    },
    later(milliseconds, call) {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
