/** The ignore region of the running source: edited, saved. */
import type { IgnoreRegion } from '../../perception/engine';
import type { AppStore } from '../shell/app-state';
import type { SavedSettings } from '../shell/saved';

/** Changes the region of the session, and remembers it per source. */
export class RegionActions {
  constructor(
    private readonly store: AppStore,
    private readonly saved: SavedSettings,
  ) {}

  /** Sets the region, or takes it away. A polygon in the making (one or two points) is shown but not saved. */
  set(region: IgnoreRegion | null): void {
    const { session } = this.store.state;
    const given = region?.length ? region : null;
    session?.updateCamera({ region: given });
    if (session && (given === null || given.length >= 3)) this.saved.saveRegion(session.camera.key, given);
  }

  /** Opens or closes the editor. */
  edit(on: boolean): void {
    const { region, session } = this.store.state;
    if (on && !session) return;
    // Two points enclose nothing: what is left half drawn is dropped.
    if (!on && region && region.length < 3) this.set(null);
    this.store.update({ editingRegion: on });
  }

  toggleEdit(): void {
    this.edit(!this.store.state.editingRegion);
  }
}
