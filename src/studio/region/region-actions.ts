/** The ignore region of the running source: read when a source comes, edited, saved. */
import type { IgnoreRegion } from '../../perception/engine';
import type { AppState } from '../shell/app-state';
import type { SavedSettings } from '../shell/saved';
import type { Store } from '../shell/state';

/** Keeps the region in the state, and remembers it per source. */
export class RegionActions {
  constructor(
    private readonly store: Store<AppState>,
    private readonly saved: SavedSettings,
  ) {
    store.watch(
      (s) => s.playback?.info.key,
      (key) => store.update({ region: key === undefined ? null : saved.region(key), editingRegion: false }),
    );
  }

  /** Sets the region, or takes it away. A polygon in the making (one or two points) is shown but not saved. */
  set(region: IgnoreRegion | null): void {
    const given = region?.length ? region : null;
    this.store.update({ region: given });
    const key = this.store.state.playback?.info.key;
    if (key !== undefined && (given === null || given.length >= 3)) this.saved.saveRegion(key, given);
  }

  /** Opens or closes the editor. */
  edit(on: boolean): void {
    if (on && !this.store.state.playback) return;
    const { region } = this.store.state;
    // Two points enclose nothing: what is left half drawn is dropped.
    if (!on && region && region.length < 3) this.set(null);
    this.store.update({ editingRegion: on });
  }

  toggleEdit(): void {
    this.edit(!this.store.state.editingRegion);
  }
}
