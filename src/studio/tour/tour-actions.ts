/** The short tour: offered once, taken when its visitor likes, ended at any moment. It leaves the page as it was. */
import type { OverlayMode } from '../../overlay/view';
import type { AppStore } from '../shell/app-state';
import type { SavedSettings } from '../shell/saved';
import { TOUR_STEPS, type TourStep } from './tour-steps';

/** Offers, leads and ends the tour. */
export class TourActions {
  /** The overlay from before the tour; null while there is none. */
  #before: OverlayMode | null = null;

  /** @param offered whether a first visit is told of it at all (pages in others' frames are not) */
  constructor(
    private readonly store: AppStore,
    private readonly saved: Pick<SavedSettings, 'tourSeen' | 'saveTourSeen'>,
    offered: boolean,
  ) {
    store.update({ tourOffered: offered && !saved.tourSeen() });
  }

  /** The step that stands; null while there is no tour. */
  get step(): TourStep | null {
    const { tour } = this.store.state;
    return tour === null ? null : (TOUR_STEPS[tour] ?? null);
  }

  start(): void {
    const { menu, view } = this.store.state;
    this.#before ??= view.mode;
    this.dismiss();
    if (menu !== null) this.store.update({ menu: null });
    this.#go(0);
  }

  /** @param way 1 for the next step, −1 for the one before; behind the last one the tour ends */
  move(way: 1 | -1): void {
    const { tour } = this.store.state;
    if (tour === null) return;
    if (tour + way >= TOUR_STEPS.length) this.end();
    else this.#go(Math.max(0, tour + way));
  }

  end(): void {
    if (this.store.state.tour === null) return;
    const { view } = this.store.state;
    this.store.update({ tour: null, view: { ...view, mode: this.#before ?? view.mode } });
    this.#before = null;
  }

  /** Takes the offer away for good; the sheet of keys still has the tour. */
  dismiss(): void {
    if (this.store.state.tourOffered) this.store.update({ tourOffered: false });
    this.saved.saveTourSeen();
  }

  #go(tour: number): void {
    const { view } = this.store.state;
    const mode = TOUR_STEPS[tour]?.mode ?? view.mode;
    this.store.update({ tour, view: mode === view.mode ? view : { ...view, mode } });
  }
}
