/** The pyramid inspector from the page's side: which levels are on, what is drawn, and what came of it. */
import type { InspectionReport, InspectionRequest } from '../../stage/inspection';
import { say } from '../../words/words';
import type { AppStore, PyramidState } from '../shell/app-state';
import type { Notices } from '../shell/notices';

/** Levels of the networks of the house, by bins a side. */
export const PYRAMID_BINS: readonly number[] = [1, 2, 3, 6];

const CLOSED_FORM: PyramidState = {
  levels: PYRAMID_BINS.map(() => true),
  heat: true,
  cells: null,
  busy: false,
  report: null,
  alone: PYRAMID_BINS.map(() => null),
};

/** Opens, steers and closes the inspector. */
export class InspectorActions {
  /** A look is under way; what was asked meanwhile is asked afterwards, once. */
  #looking = false;
  #again = false;

  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly inspect: (request: InspectionRequest | null) => Promise<InspectionReport | null>,
  ) {
    // What was held is gone with its network or its worker.
    store.watch(
      (s) => `${s.engine?.model} ${s.engine?.kind} ${s.stage}`,
      () => this.close(),
    );
  }

  open(): void {
    const { pyramid, session } = this.store.state;
    if (pyramid || !session) return;
    session.signal.addEventListener('abort', () => this.close(), { once: true });
    this.store.update({ pyramid: CLOSED_FORM, spoken: say('spoken.pyramid-open') });
    void this.#look();
  }

  close(): void {
    if (!this.store.state.pyramid) return;
    this.store.update({ pyramid: null, spoken: say('spoken.pyramid-closed') });
    // A worker that is gone holds nothing any more.
    this.inspect(null).catch(() => {});
  }

  toggle(): void {
    if (this.store.state.pyramid) this.close();
    else this.open();
  }

  /** @param level place in the pyramid, coarsest first */
  setLevel(level: number, on: boolean): void {
    this.#change((p) => ({ levels: p.levels.map((v, i) => (i === level ? on : v)) }));
  }

  setHeat(heat: boolean): void {
    this.#change(() => ({ heat }));
  }

  /** @param cells bins a side of the grid to draw, or null */
  setCells(cells: number | null): void {
    this.#change(() => ({ cells }));
  }

  /** Switches each level off alone, one after the other, and all on again. */
  async compare(): Promise<void> {
    for (let level = 0; level < PYRAMID_BINS.length; level++) {
      if (!this.store.state.pyramid) return;
      this.#patch({ levels: PYRAMID_BINS.map((_, i) => i !== level) });
      await this.#look();
    }
    this.#change(() => ({ levels: PYRAMID_BINS.map(() => true) }));
  }

  #change(patch: (state: PyramidState) => Partial<PyramidState>): void {
    const { pyramid } = this.store.state;
    if (!pyramid) return;
    this.#patch(patch(pyramid));
    void this.#look();
  }

  #patch(patch: Partial<PyramidState>): void {
    const { pyramid } = this.store.state;
    if (pyramid) this.store.update({ pyramid: { ...pyramid, ...patch } });
  }

  async #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    try {
      do {
        this.#again = false;
        const { pyramid } = this.store.state;
        if (!pyramid) return;
        this.#patch({ busy: true });
        const { levels, heat, cells } = pyramid;
        const report = await this.inspect({ levels, heat, cells });
        if (!report) return;
        const off = report.levels.flatMap((on, i) => (on ? [] : [i]));
        const alone = this.store.state.pyramid?.alone.map((known, i) =>
          off.length === 1 && off[0] === i ? report : known,
        );
        this.#patch({ report, ...(alone ? { alone } : {}) });
      } while (this.#again);
    } catch (thrown) {
      this.close();
      this.notices.thrown(thrown, 'pyramid-unavailable');
    } finally {
      this.#looking = false;
      this.#patch({ busy: false });
    }
  }
}
