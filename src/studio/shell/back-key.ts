/**
 * The back key of a phone closes what lies open, and leaves the page only when nothing does: what opens first is a step in
 * the browser's history, and the step back closes the uppermost of what is open.
 */
import type { AppContext } from './context';

/** What lies open, the uppermost first, each with how it is closed. */
function openOf(context: AppContext): readonly (() => void)[] {
  const { state } = context.store;
  const { page, models, regions, tour } = context;
  const { menu } = state;
  return [
    ...(state.tour === null ? [] : [() => tour.end()]),
    ...(state.own === null ? [] : [() => models.cancelOwn()]),
    ...(menu === null ? [] : [() => page.closeMenu(menu)]),
    ...(state.editingRegion ? [() => regions.edit(false)] : []),
    ...(state.panel === 'full' ? [() => page.setPanel('half')] : []),
  ];
}

/** Follows the state until `signal` aborts. */
export function bindBackKey(context: AppContext, signal: AbortSignal): void {
  /** Whether the newest step of the history is ours. */
  let stepped = false;
  /** Whether a step back that we asked for has not arrived yet. */
  let leaving = false;
  const step = () => {
    stepped = true;
    history.pushState({ ...history.state, open: true }, '');
  };
  const unwatch = context.store.watch(
    () => openOf(context).length > 0,
    (open) => {
      if (open && !stepped && !leaving) step();
      else if (!open && stepped) {
        // Closed by hand: the step that stood for it goes, too.
        stepped = false;
        leaving = true;
        history.back();
      }
    },
  );
  addEventListener(
    'popstate',
    () => {
      if (leaving) leaving = false;
      else if (stepped) {
        stepped = false;
        openOf(context)[0]?.();
      }
      // Something else lies open still, or was opened meanwhile.
      if (!stepped && openOf(context).length > 0) step();
    },
    { signal },
  );
  signal.addEventListener('abort', unwatch);
}
