/**
 * The keyboard, as one table: what the sheet shows is what is bound. Keys are `KeyboardEvent.key` values, so they
 * follow the user's layout; letters are lower case.
 */
import { say } from '../../words/words';

/** What a key can do; of classes, show or hide one. */
export type KeyAction = PlainAction | `class-${number}`;

/** What the catalogue has words for. */
type PlainAction =
  | 'play'
  | 'back'
  | 'forward'
  | 'start'
  | 'back-far'
  | 'forward-far'
  | 'frame-back'
  | 'frame-forward'
  | 'slower'
  | 'faster'
  | 'range-from'
  | 'range-to'
  | 'range-clear'
  | 'mark'
  | 'loop'
  | 'mode'
  | 'opacity-down'
  | 'opacity-up'
  | 'outline'
  | 'split'
  | 'divider-left'
  | 'divider-right'
  | 'sync'
  | 'boundary'
  | 'obstacles'
  | 'path'
  | 'bird'
  | 'pyramid'
  | 'palette'
  | 'region'
  | 'snapshot'
  | 'snapshot-raw'
  | 'full-screen'
  | 'open-file'
  | 'open-drive'
  | 'open-camera'
  | 'sources'
  | 'models'
  | 'details'
  | 'sheet'
  | 'camera';

/** Groups of the sheet, in its order. */
export const KEY_GROUPS = ['playback', 'overlay', 'scene', 'picture', 'sources', 'classes'] as const;

/** One binding. */
export interface KeyBinding {
  /** Keys that do the same. */
  readonly keys: readonly string[];
  readonly shift?: boolean;
  readonly action: KeyAction;
  readonly group: (typeof KEY_GROUPS)[number];
  /** Bound only while several cameras are open; it then comes before another binding of the same key. */
  readonly several?: boolean;
}

/** Keys of the cameras of a drive, in their order. */
const CAMERA_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Keys of the class ids 0 to 11, as they stand in a row on the keyboard. */
const CLASS_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '-', '='] as const;

/**
 * The key that shows or hides a class, or undefined for ids beyond the row.
 * @param several whether several cameras are open, which take the digits
 */
export function classKey(id: number, several = false): string | undefined {
  const key = CLASS_KEYS[id];
  return several && CAMERA_KEYS.some((taken) => taken === key) ? undefined : key;
}

/** All bindings. */
export const KEY_BINDINGS: readonly KeyBinding[] = [
  { keys: [' ', 'k'], action: 'play', group: 'playback' },
  { keys: [','], action: 'frame-back', group: 'playback' },
  { keys: ['.'], action: 'frame-forward', group: 'playback' },
  { keys: ['ArrowLeft'], action: 'back', group: 'playback' },
  { keys: ['ArrowRight'], action: 'forward', group: 'playback' },
  { keys: ['PageUp'], action: 'back-far', group: 'playback' },
  { keys: ['PageDown'], action: 'forward-far', group: 'playback' },
  { keys: ['j'], action: 'slower', group: 'playback' },
  { keys: ['l'], action: 'faster', group: 'playback' },
  { keys: ['Home'], action: 'start', group: 'playback' },
  { keys: ['r'], action: 'loop', group: 'playback' },
  { keys: ['i'], action: 'range-from', group: 'playback' },
  { keys: ['p'], action: 'range-to', group: 'playback' },
  { keys: ['q'], action: 'mark', group: 'playback' },
  { keys: ['x'], action: 'range-clear', group: 'playback' },
  { keys: ['m'], action: 'mode', group: 'overlay' },
  { keys: ['['], action: 'opacity-down', group: 'overlay' },
  { keys: [']'], action: 'opacity-up', group: 'overlay' },
  { keys: ['o'], action: 'outline', group: 'overlay' },
  { keys: ['c'], action: 'palette', group: 'overlay' },
  { keys: ['y'], action: 'sync', group: 'overlay' },
  { keys: ['a'], action: 'boundary', group: 'scene' },
  { keys: ['t'], action: 'obstacles', group: 'scene' },
  { keys: ['p'], shift: true, action: 'path', group: 'scene' },
  { keys: ['g'], action: 'bird', group: 'scene' },
  { keys: ['z'], action: 'pyramid', group: 'scene' },
  { keys: ['v'], action: 'split', group: 'picture' },
  {
    keys: ['ArrowLeft'],
    shift: true,
    action: 'divider-left',
    group: 'picture',
  },
  {
    keys: ['ArrowRight'],
    shift: true,
    action: 'divider-right',
    group: 'picture',
  },
  {
    keys: CAMERA_KEYS,
    several: true,
    action: 'camera',
    group: 'picture',
  },
  { keys: ['b'], action: 'region', group: 'picture' },
  { keys: ['s'], action: 'snapshot', group: 'picture' },
  {
    keys: ['s'],
    shift: true,
    action: 'snapshot-raw',
    group: 'picture',
  },
  { keys: ['f'], action: 'full-screen', group: 'picture' },
  { keys: ['u'], action: 'sources', group: 'sources' },
  { keys: ['d'], action: 'open-drive', group: 'sources' },
  { keys: ['e'], action: 'open-file', group: 'sources' },
  {
    keys: ['w'],
    action: 'open-camera',
    group: 'sources',
  },
  { keys: ['n'], action: 'models', group: 'sources' },
  { keys: ['h'], action: 'details', group: 'sources' },
  { keys: ['?'], action: 'sheet', group: 'sources' },
  ...CLASS_KEYS.map(
    (key, id): KeyBinding => ({
      keys: [key],
      action: `class-${id}`,
      group: 'classes',
    }),
  ),
];

/** What is needed of a `KeyboardEvent` to look it up. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/**
 * The action of a key press, or undefined. With Control, Alt or Meta nothing is bound: those belong to the browser.
 * Shift counts for keys that have a binding of their own with it; `?` and `=` need it on some layouts and not on others.
 * @param several whether several cameras are open
 */
export function actionOf(press: KeyPress, several = false): KeyAction | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const matches = KEY_BINDINGS.filter((b) => b.keys.includes(key) && (several || !b.several));
  const shifted = matches.find((b) => b.shift);
  const plain = matches.find((b) => b.several) ?? matches.find((b) => !b.shift);
  if (press.shiftKey && shifted) return shifted.action;
  // A shifted letter or arrow without a binding of its own is not the plain one; a shifted sign is a sign.
  if (press.shiftKey && /^([a-z]|[A-Z][a-zA-Z]+)$/.test(key)) return undefined;
  return plain?.action;
}

/** A key as it is printed on the sheet. */
export function keyLabel(key: string): string {
  const names: Record<string, string> = {
    ' ': say('page.space-key'),
    ArrowLeft: '←',
    ArrowRight: '→',
    PageUp: say('page.page-up-key'),
    PageDown: say('page.page-down-key'),
  };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** A key as `aria-keyshortcuts` names it. */
export function ariaKey(key: string): string {
  if (key === ' ') return 'Space';
  return key.length === 1 ? key.toUpperCase() : key;
}

/** What an action does, for the sheet. */
export function actionWords(action: KeyAction): string {
  const id = classIdOfAction(action);
  return id === null ? say(`key.${action as PlainAction}`) : say('key.class', { number: id + 1 });
}

/** The class that an action shows or hides; null of others. */
export function classIdOfAction(action: KeyAction): number | null {
  const id = /^class-(\d+)$/.exec(action)?.[1];
  return id === undefined ? null : Number(id);
}
