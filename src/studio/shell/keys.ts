/**
 * The keyboard, as one table: what the sheet shows is what is bound. Keys are `KeyboardEvent.key` values, so they
 * follow the user's layout; letters are lower case.
 */

/** What a key can do. */
export type KeyAction =
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
  | 'camera'
  | `class-${number}`;

/** Headings of the sheet, in its order. */
export const KEY_GROUPS = [
  'Playback',
  'Overlay',
  'Scene',
  'Picture',
  'Sources and models',
  'Classes',
] as const;

/** One binding. */
export interface KeyBinding {
  /** Keys that do the same. */
  readonly keys: readonly string[];
  readonly shift?: boolean;
  readonly action: KeyAction;
  readonly label: string;
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
  { keys: [' ', 'k'], action: 'play', label: 'Play or pause', group: 'Playback' },
  { keys: [','], action: 'frame-back', label: 'One frame back', group: 'Playback' },
  { keys: ['.'], action: 'frame-forward', label: 'One frame on', group: 'Playback' },
  { keys: ['ArrowLeft'], action: 'back', label: '1 second back', group: 'Playback' },
  { keys: ['ArrowRight'], action: 'forward', label: '1 second on', group: 'Playback' },
  { keys: ['PageUp'], action: 'back-far', label: '10 seconds back', group: 'Playback' },
  { keys: ['PageDown'], action: 'forward-far', label: '10 seconds on', group: 'Playback' },
  { keys: ['j'], action: 'slower', label: 'Backwards, then faster backwards', group: 'Playback' },
  { keys: ['l'], action: 'faster', label: 'Forwards, then faster', group: 'Playback' },
  { keys: ['Home'], action: 'start', label: 'Back to the start', group: 'Playback' },
  { keys: ['r'], action: 'loop', label: 'Repeat the file or the range', group: 'Playback' },
  { keys: ['i'], action: 'range-from', label: 'The range begins here', group: 'Playback' },
  { keys: ['p'], action: 'range-to', label: 'The range ends here', group: 'Playback' },
  { keys: ['q'], action: 'mark', label: 'Mark this picture, or remove its mark', group: 'Playback' },
  { keys: ['x'], action: 'range-clear', label: 'No range', group: 'Playback' },
  { keys: ['m'], action: 'mode', label: 'Next overlay: drivable, classes, confidence', group: 'Overlay' },
  { keys: ['['], action: 'opacity-down', label: 'Overlay weaker', group: 'Overlay' },
  { keys: [']'], action: 'opacity-up', label: 'Overlay stronger', group: 'Overlay' },
  { keys: ['o'], action: 'outline', label: 'Outline of the drivable area', group: 'Overlay' },
  { keys: ['c'], action: 'palette', label: 'Other palette', group: 'Overlay' },
  { keys: ['y'], action: 'sync', label: 'Live or synced', group: 'Overlay' },
  { keys: ['a'], action: 'boundary', label: 'Road edges', group: 'Scene' },
  { keys: ['t'], action: 'obstacles', label: 'Obstacles', group: 'Scene' },
  { keys: ['p'], shift: true, action: 'path', label: 'Free path', group: 'Scene' },
  { keys: ['g'], action: 'bird', label: 'Bird’s-eye view: off, inset, docked', group: 'Scene' },
  { keys: ['z'], action: 'pyramid', label: 'Pyramid inspector', group: 'Scene' },
  { keys: ['v'], action: 'split', label: 'Split view: raw and overlay', group: 'Picture' },
  {
    keys: ['ArrowLeft'],
    shift: true,
    action: 'divider-left',
    label: 'Divider to the left',
    group: 'Picture',
  },
  {
    keys: ['ArrowRight'],
    shift: true,
    action: 'divider-right',
    label: 'Divider to the right',
    group: 'Picture',
  },
  {
    keys: CAMERA_KEYS,
    several: true,
    action: 'camera',
    label: 'Look at a camera, in a drive of several',
    group: 'Picture',
  },
  { keys: ['b'], action: 'region', label: 'Mask out the own bonnet', group: 'Picture' },
  { keys: ['s'], action: 'snapshot', label: 'Snapshot with the overlay', group: 'Picture' },
  {
    keys: ['s'],
    shift: true,
    action: 'snapshot-raw',
    label: 'Snapshot of the picture only',
    group: 'Picture',
  },
  { keys: ['f'], action: 'full-screen', label: 'Full screen', group: 'Picture' },
  { keys: ['u'], action: 'sources', label: 'Choose a source', group: 'Sources and models' },
  { keys: ['d'], action: 'open-drive', label: 'Another simulated drive', group: 'Sources and models' },
  { keys: ['e'], action: 'open-file', label: 'Open a file', group: 'Sources and models' },
  {
    keys: ['w'],
    action: 'open-camera',
    label: 'Open the camera, or the next one',
    group: 'Sources and models',
  },
  { keys: ['n'], action: 'models', label: 'Choose a model or engine', group: 'Sources and models' },
  { keys: ['h'], action: 'details', label: 'Show or hide the measured details', group: 'Sources and models' },
  { keys: ['?'], action: 'sheet', label: 'This sheet', group: 'Sources and models' },
  ...CLASS_KEYS.map(
    (key, id): KeyBinding => ({
      keys: [key],
      action: `class-${id}`,
      label: `Show or hide class ${id + 1}`,
      group: 'Classes',
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
    ' ': 'Space',
    ArrowLeft: '←',
    ArrowRight: '→',
    PageUp: 'Page ↑',
    PageDown: 'Page ↓',
  };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
