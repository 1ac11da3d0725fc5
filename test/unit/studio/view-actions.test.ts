import { expect, test } from 'vitest';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { ViewActions } from '../../../src/studio/overlay/view-actions';
import { type AppStore, createStore } from '../../../src/studio/shell/app-state';
import { PALETTES } from '../../../src/taxonomy/palette';

function actions(): { view: ViewActions; store: AppStore } {
  const store = createStore();
  return { view: new ViewActions(store), store };
}

test('modes go round', () => {
  const { view, store } = actions();
  const seen: string[] = [];
  for (let i = 0; i < 4; i++) {
    seen.push(store.state.view.mode);
    view.nextMode();
  }
  expect(seen).toEqual(['classes', 'confidence', 'drivable', 'classes']);
});

test('opacity stays between nothing and everything, at round figures', () => {
  const { view, store } = actions();
  for (let i = 0; i < 7; i++) view.nudgeOpacity(1);
  expect(store.state.view.opacity).toBe(0.85);
  for (let i = 0; i < 10; i++) view.nudgeOpacity(1);
  expect(store.state.view.opacity).toBe(1);
  for (let i = 0; i < 50; i++) view.nudgeOpacity(-1);
  expect(store.state.view.opacity).toBe(0);
});

test('one class is hidden, the others are not touched', () => {
  const { view, store } = actions();
  view.toggleVisible(8);
  expect(store.state.view.visible.map((v, i) => (v ? -1 : i)).filter((i) => i >= 0)).toEqual([8, 12]);
  expect(store.state.spoken).toBe('sky hidden');
  view.setAllVisible(false);
  expect(store.state.view.visible.some(Boolean)).toBe(false);
  // The own car is seen only where it is asked for.
  expect(DEFAULT_VIEW.visible.indexOf(false)).toBe(12);
});

test('a colour of one’s own leaves the palette, a palette brings it back', () => {
  const { view, store } = actions();
  view.setColour(0, '#123456');
  expect(store.state.palette).toBe('own');
  expect(store.state.view.colours[0]).toBe('#123456');
  expect(store.state.view.colours.slice(1)).toEqual(PALETTES['colour-blind-safe'].slice(1));
  view.nextPalette();
  expect(store.state.palette).toBe('colour-blind-safe');
  view.nextPalette();
  expect(store.state.view.colours).toBe(PALETTES.classic);
});

test('the divider opens in the middle, moves inside the picture and is put away', () => {
  const { view, store } = actions();
  view.nudgeSplit(1);
  expect(store.state.view.split).toBe(0.55);
  view.setSplit(7);
  expect(store.state.view.split).toBe(1);
  view.toggleSplit();
  expect(store.state.view.split).toBeNull();
  view.toggleSplit();
  expect(store.state.view.split).toBe(0.5);
});
