import { describe, expect, test } from 'vitest';
import {
  actionOf,
  actionWords,
  classKey,
  KEY_BINDINGS,
  KEY_GROUPS,
  type KeyPress,
  keyLabel,
} from '../../../src/studio/shell/keys';
import { CLASSES } from '../../../src/taxonomy/classes';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

describe('the table of keys', () => {
  test('no two bindings share a key, but for the cameras, which take the digits while there are several', () => {
    const seen = (several: boolean) =>
      KEY_BINDINGS.filter((b) => several === (b.several ?? false)).flatMap((b) =>
        b.keys.map((key) => `${b.shift ? 'shift ' : ''}${key}`),
      );
    for (const keys of [seen(false), seen(true)]) expect(new Set(keys).size).toBe(keys.length);
    expect(seen(true)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    for (const key of seen(true)) {
      expect(actionOf(press(key), true)).toBe('camera');
      expect(actionOf(press(key))).toMatch(/^class-/);
    }
    expect(actionOf(press('0'), true)).toBe('class-9');
    expect([classKey(3), classKey(3, true), classKey(9, true)]).toEqual(['4', undefined, '0']);
  });

  test('every action is bound once, has words and a group of the sheet', () => {
    const actions = KEY_BINDINGS.map((b) => b.action);
    expect(new Set(actions).size).toBe(actions.length);
    for (const { action, group, keys } of KEY_BINDINGS) {
      expect(actionWords(action)).toMatch(/^\S.*\S$/);
      expect(KEY_GROUPS).toContain(group);
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) expect(keyLabel(key).trim()).not.toBe('');
    }
    for (const group of KEY_GROUPS) expect(KEY_BINDINGS.some((b) => b.group === group)).toBe(true);
  });

  test('every binding is found by its own keys', () => {
    for (const { keys, shift, action, several } of KEY_BINDINGS)
      for (const key of keys)
        expect(actionOf(press(key, { shiftKey: shift ?? false }), several)).toBe(action);
  });

  test('each of the first twelve classes has a key of its own', () => {
    const keys = CLASSES.slice(0, 12).map((c) => classKey(c.id));
    expect(keys).not.toContain(undefined);
    expect(CLASSES.slice(0, 12).map((c) => actionOf(press(keys[c.id]!)))).toEqual(
      CLASSES.slice(0, 12).map((c) => `class-${c.id}`),
    );
  });

  test('letters are found whatever the case that Caps Lock makes of them', () => {
    expect(actionOf(press('M'))).toBe('mode');
  });

  test('signs that need Shift on some layouts are found with it', () => {
    expect(actionOf(press('?', { shiftKey: true }))).toBe('sheet');
    expect(actionOf(press('=', { shiftKey: true }))).toBe('class-11');
    expect(actionOf(press('/', { shiftKey: true }))).toBeUndefined();
  });

  test('Shift makes another key of letters and arrows', () => {
    expect(actionOf(press('S', { shiftKey: true }))).toBe('snapshot-raw');
    expect(actionOf(press('F', { shiftKey: true }))).toBeUndefined();
    expect(actionOf(press('Home', { shiftKey: true }))).toBeUndefined();
    expect(actionOf(press('ArrowLeft', { shiftKey: true }))).toBe('divider-left');
  });

  test.each(['ctrlKey', 'altKey', 'metaKey'] as const)('with %s the browser has its own', (modifier) => {
    for (const { keys } of KEY_BINDINGS)
      for (const key of keys) expect(actionOf(press(key, { [modifier]: true }))).toBeUndefined();
  });
});
