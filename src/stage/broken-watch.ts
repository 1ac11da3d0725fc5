/** Notices when a model gives no numbers, and says so once for as long as it lasts. */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import type { ClassMap } from '../perception/engine';
import { brokenShare } from '../perception/map-digest';

/** Watches the class maps of one view. */
export class BrokenWatch {
  #broken = false;

  /** @returns what people should know, when a model begins to give no numbers; null otherwise */
  look(map: ClassMap): ErrorReport | null {
    const share = brokenShare(map);
    const began = share > 0 && !this.#broken;
    this.#broken = share > 0;
    if (!began) return null;
    const error = new CarriagewayError(
      'scores-not-numbers',
      `on ${Math.round(share * 100)} % of the picture`,
    );
    return reportOf(error, 'scores-not-numbers');
  }
}
