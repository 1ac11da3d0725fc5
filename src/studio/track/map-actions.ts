/** The map under the track: a file of the user's own, for all recordings until it is removed. */
import type { MapDrawing } from '../../basemap/map-service';
import type { MapTheme } from '../../basemap/map-style';
import type { MapView } from '../../basemap/map-view';
import type { OpenMap, OpenMapFile } from '../../basemap/open-map';
import { CarriagewayError } from '../../errors';
import { say } from '../../words/words';
import type { AppStore } from '../shell/app-state';
import type { Notices } from '../shell/notices';

/** Opens, draws and removes maps. */
export class MapActions {
  #open: OpenMap | null = null;
  /** Counts what was opened or removed: an answer that comes after the next question is not wanted. */
  #turn = 0;

  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly openFile: OpenMapFile,
  ) {}

  /** Lays a map under the track. One that cannot be read leaves what is there. */
  async open(file: Blob): Promise<void> {
    const turn = ++this.#turn;
    try {
      const map = await this.openFile(file);
      if (turn !== this.#turn) {
        map.close();
        return;
      }
      this.#open?.close();
      this.#open = map;
      this.store.update({ baseMap: map.report, spoken: say('spoken.map-opened') });
      if (map.report.cut) this.#tell(new CarriagewayError('map-cut'));
      else if (!this.store.state.telemetry.track) this.#tell(new CarriagewayError('map-waits'));
    } catch (thrown) {
      if (turn === this.#turn) this.#tell(thrown);
    }
  }

  /** Draws what the map has of a view; null where it has nothing, which is told, or is gone meanwhile. */
  async draw(view: MapView, theme: MapTheme): Promise<ImageBitmap | null> {
    const map = this.#open;
    if (!map) return null;
    try {
      const { bitmap, damaged }: MapDrawing = await map.draw(view, theme);
      if (map !== this.#open) {
        bitmap.close();
        return null;
      }
      if (damaged > 0 && !map.report.cut) this.#tell(new CarriagewayError('map-damaged'));
      return bitmap;
    } catch (thrown) {
      if (map === this.#open) this.#tell(thrown);
      return null;
    }
  }

  remove(): void {
    this.dispose();
    this.store.update({ baseMap: null, spoken: say('spoken.map-removed') });
  }

  /** Ends the worker of the map that is open. */
  dispose(): void {
    this.#turn++;
    this.#open?.close();
    this.#open = null;
  }

  #tell(thrown: unknown): void {
    this.notices.thrown(thrown, 'map-failed');
  }
}
