/** Carries key presses to the actions, and keeps out of the way of whatever has the focus. */

import { SEEK_FAR, SEEK_STEP } from '../session/source-actions';
import type { AppContext } from './context';
import { actionOf, type KeyAction } from './keys';

/** What a key can do that only an element can. */
export interface KeyHands {
  /** Opens the browser's file chooser. */
  readonly chooseFile: () => void;
}

/** Keys that native controls use themselves, by what has the focus. */
function belongsToFocus(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('select, textarea')) return true;
  const arrow = key.startsWith('Arrow') || key === 'Home' || key === 'End';
  if (target.matches('input')) {
    const type = (target as HTMLInputElement).type;
    if (type === 'range' || type === 'radio') return arrow || (type === 'radio' && key === ' ');
    if (type === 'checkbox' || type === 'color' || type === 'file') return key === ' ' || key === 'Enter';
    return true;
  }
  if (target.matches('button, summary, a[href]')) return key === ' ' || key === 'Enter';
  return false;
}

/** The action table, bound to the actions. */
function handlers(
  context: AppContext,
  hands: KeyHands,
): Record<Exclude<KeyAction, `class-${number}` | 'camera'>, () => void> {
  const { view, scene, pyramid, sources, player, marks, regions, page, store } = context;
  return {
    play: () => void sources.togglePlay(),
    back: () => sources.seekBy(-SEEK_STEP),
    forward: () => sources.seekBy(SEEK_STEP),
    start: () => sources.seekTo(0),
    'back-far': () => sources.seekBy(-SEEK_FAR),
    'forward-far': () => sources.seekBy(SEEK_FAR),
    'frame-back': () => void player.step(-1),
    'frame-forward': () => void player.step(1),
    slower: () => void player.shuttle(-1),
    faster: () => void player.shuttle(1),
    'range-from': () => void player.beginRange(),
    'range-to': () => void player.endRange(),
    mark: () => marks.toggle(),
    'range-clear': () => void player.setRange(null),
    loop: () => void sources.toggleLoop(),
    mode: () => view.nextMode(),
    'opacity-down': () => view.nudgeOpacity(-1),
    'opacity-up': () => view.nudgeOpacity(1),
    outline: () => view.toggleOutline(),
    split: () => view.toggleSplit(),
    'divider-left': () => view.nudgeSplit(-1),
    'divider-right': () => view.nudgeSplit(1),
    sync: () => view.toggleSync(),
    boundary: () => scene.toggle('boundary'),
    obstacles: () => scene.toggle('obstacles'),
    path: () => scene.toggle('path'),
    bird: () => scene.nextBird(),
    pyramid: () => pyramid.toggle(),
    palette: () => view.nextPalette(),
    region: () => regions.toggleEdit(),
    snapshot: () => void page.snapshot(true),
    'snapshot-raw': () => void page.snapshot(false),
    'full-screen': () => void page.toggleFullScreen(),
    'open-file': () => hands.chooseFile(),
    'open-drive': () => void sources.openNextDrive(),
    'open-camera': () => void sources.openNextCamera(),
    sources: () => page.toggleMenu('sources'),
    models: () => page.toggleMenu('models'),
    details: () => page.setDetails(!store.state.details),
    sheet: () => page.toggleMenu('keys'),
  };
}

/**
 * Listens to the window until `signal` aborts. Escape is left to the browser (dialogs, popovers, full screen), except
 * that it closes the region editor.
 */
export function listenToKeys(context: AppContext, hands: KeyHands, signal: AbortSignal): void {
  const table = handlers(context, hands);
  addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented) return;
      const { state } = context.store;
      if (event.key === 'Escape' && state.editingRegion) {
        context.regions.edit(false);
        return;
      }
      const target = event.composedPath()[0] ?? null;
      if (belongsToFocus(target, event.key)) return;
      const action = actionOf(event, state.rig.length > 1);
      if (!action) return;
      // Behind an open dialog nothing can be reached, by key or otherwise; its own key still closes the sheet.
      if (document.querySelector('dialog[open]') && action !== 'sheet') return;
      if (!state.keysOn && event.key.length === 1 && action !== 'play') return;
      // A held key repeats what is a step, never what is a switch.
      if (event.repeat && !/^(back|forward|frame|opacity|divider)/.test(action)) return;
      event.preventDefault();
      const id = /^class-(\d+)$/.exec(action)?.[1];
      if (id !== undefined) context.view.toggleVisible(Number(id));
      else if (action === 'camera') context.cameras.choose(Number(event.key) - 1);
      else table[action as keyof typeof table]();
    },
    { signal },
  );
}
