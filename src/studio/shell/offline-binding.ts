/** Joins the service worker and the state: when the page is kept, how far that is, and that a new version is there. */
import { CarriagewayError, reportOf } from '../../errors';
import type { OfflineListener } from '../../offline/keep-offline';
import type { AppStore } from './app-state';
import type { Notices } from './notices';

/** Masks after which the page is kept: until then the network and the picture need the line and the processor. */
const MASKS_FIRST = 3;

/** Has the page kept once it is at work. */
export function bindOffline(
  store: AppStore,
  notices: Notices,
  keep: (listener: OfflineListener) => void,
): void {
  let begun = false;
  store.watch(
    ({ report }) => (report?.allMasks ?? 0) >= MASKS_FIRST,
    (working) => {
      if (!working || begun) return;
      begun = true;
      keep({
        state: (offline) => store.update({ offline }),
        renewed: (take) =>
          notices.show(reportOf(new CarriagewayError('update-ready'), 'update-ready'), {
            label: 'notice.load-now',
            run: take,
          }),
      });
    },
  );
}
