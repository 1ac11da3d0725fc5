import { expect, test } from 'vitest';
import { SavedSettings, type TextStorage } from '../../../src/studio/shell/saved';
import { fakeStorage } from '../../fakes/app';

const region = [
  { x: 0, y: 0.8 },
  { x: 1, y: 0.8 },
  { x: 0.5, y: 1 },
];

test('a region is kept for its source and forgotten on request', () => {
  const storage = fakeStorage();
  new SavedSettings(storage).saveRegion('drive:1', region);
  const saved = new SavedSettings(storage);
  expect(saved.region('drive:1')).toEqual(region);
  expect(saved.region('drive:2')).toBeNull();
  saved.saveRegion('drive:1', null);
  expect(saved.region('drive:1')).toBeNull();
  expect(storage.entries.size).toBe(0);
});

test.each([
  'not json',
  '[]',
  '[{"x":0,"y":0},{"x":1,"y":0}]',
  '[{"x":0,"y":0},{"x":2,"y":0},{"x":1,"y":1}]',
  '{"x":0}',
  'null',
])('a stored region of %s is none', (text) => {
  const storage = fakeStorage();
  new SavedSettings(storage).saveRegion('s', region);
  const [key] = [...storage.entries.keys()];
  storage.entries.set(key!, text);
  expect(new SavedSettings(storage).region('s')).toBeNull();
});

test('keys are on until they are switched off', () => {
  const storage = fakeStorage();
  expect(new SavedSettings(storage).keysOn()).toBe(true);
  new SavedSettings(storage).saveKeysOn(false);
  expect(new SavedSettings(storage).keysOn()).toBe(false);
});

test('a storage that throws, or none, costs the memory only', () => {
  const refuse = (): never => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const storage: TextStorage = { getItem: refuse, setItem: refuse, removeItem: refuse };
  for (const saved of [new SavedSettings(storage), new SavedSettings(null)]) {
    saved.saveRegion('s', region);
    expect(saved.region('s')).toBeNull();
    expect(saved.keysOn()).toBe(true);
  }
});

test('what the machine was measured to be is kept, forgotten on request, and none of ours is none', () => {
  const storage = fakeStorage();
  new SavedSettings(storage).saveTier('cpu-lite');
  expect(new SavedSettings(storage).tier()).toBe('cpu-lite');
  const [key] = [...storage.entries.keys()];
  storage.entries.set(key!, '"gpu-of-the-future"');
  expect(new SavedSettings(storage).tier()).toBeNull();
  new SavedSettings(storage).saveTier(null);
  expect(storage.entries.size).toBe(0);
});
