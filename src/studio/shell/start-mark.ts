/**
 * Whether an engine ended the page the last time. A browser whose graphics fails may go down with all its tabs, and the
 * page that comes back must not run into the same wall: a mark is laid down before such an engine starts, and taken away
 * when it has run well for a while, when the page is left in order, and while nobody looks at it. Who finds a mark that
 * belongs to no living page knows. Firefox writes its `localStorage` seconds late and goes down sooner, so marks are laid
 * down where a write is done when it says so.
 */
import type { EngineChoice } from '../../stage/stage-api';
import { type MarkStore, markDatabase } from './mark-database';

/** Milliseconds of running in sight of somebody after which an engine is trusted. Firefox's wgpu takes minutes to fail. */
const TRUSTED_AFTER = 600_000;

/** What is started in place of a choice that ended the page; a choice without one is never marked. */
const INSTEAD: Readonly<Record<EngineChoice, EngineChoice | null>> = {
  auto: 'cpu',
  webgpu: 'cpu',
  cpu: 'wasm',
  wasm: null,
};

/** What is remembered at once and may be lost in a fall: which mark was taken away in order. */
export interface LeftStore {
  left(choice: EngineChoice): string | null;
  saveLeft(choice: EngineChoice, mark: string): void;
}

/** What is needed of the browser. */
export interface MarkWorld {
  readonly marks: MarkStore;
  /** A name that no other page has, without a space in it. */
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
    readonly mark: string;
    readonly lifetime: AbortController;
    readonly stop: () => void;
  } | null = null;
  #hidden = false;
  /** Marks that this page laid down. */
  #count = 0;

  constructor(
    private readonly left: LeftStore,
    private readonly world: MarkWorld,
  ) {}

  /**
   * What to start where a choice is asked for: another one if it ended the page the last time. That stays so until the
   * choice is begun again.
   */
  async startOf(choice: EngineChoice): Promise<EngineChoice> {
    const { marks, page, lives } = this.world;
    const instead = INSTEAD[choice];
    // What is never marked is not looked for: it starts at once.
    if (instead === null || !this.#isMarked(choice)) return choice;
    const mark = await marks.get(choice);
    if (mark === null || mark === this.left.left(choice)) return choice;
    const [by = ''] = mark.split(' ');
    if (by === page || (await lives(by))) return choice;
    return this.startOf(instead);
  }

  /** A choice is about to be started: to be waited for, so that the mark is there when the browser is not. */
  async begin(choice: EngineChoice): Promise<void> {
    this.#lift();
    this.#choice = this.#isMarked(choice) ? choice : null;
    await this.#lay();
  }

  /** Whether nobody sees the page: whatever ends it then (browsers put tabs away), it is hardly the engine. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    if (hidden) this.#lift();
    else void this.#lay();
  }

  /** The page is left in order, or the engine is trusted. */
  end(): void {
    this.#choice = null;
    this.#lift();
  }

  #isMarked(choice: EngineChoice): boolean {
    return INSTEAD[choice] !== null && (choice !== 'auto' || !this.world.dawn);
  }

  async #lay(): Promise<void> {
    const { world } = this;
    if (this.#choice === null || this.#hidden || this.#laid) return;
    const lifetime = new AbortController();
    world.live(lifetime.signal);
    const mark = `${world.page} ${++this.#count}`;
    const stop = world.later(TRUSTED_AFTER, () => this.end());
    this.#laid = { choice: this.#choice, mark, lifetime, stop };
    await world.marks.put(this.#choice, mark);
  }

  /** Takes the mark away, by a word that is written at once: a page that is left has no time for more. */
  #lift(): void {
    if (!this.#laid) return;
    const { choice, mark, lifetime, stop } = this.#laid;
    this.#laid = null;
    stop();
    lifetime.abort();
    this.left.saveLeft(choice, mark);
  }
}

/** The browser's own: a page lives as long as it holds the lock of its name. */
export function markWorld(): MarkWorld {
  const page = crypto.randomUUID();
  const { locks } = navigator as Partial<Pick<Navigator, 'locks'>>;
  const name = (of: string) => `carriageway-page-${of}`;
  return {
    marks: markDatabase(),
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
