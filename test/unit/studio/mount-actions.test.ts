import { beforeEach, describe, expect, test } from 'vitest';
import { presetCamera } from '../../../src/scene/camera-presets';
import { sceneCameraSchema } from '../../../src/studio/mount/camera-schema';
import { MountActions } from '../../../src/studio/mount/mount-actions';
import { type AppState, initialState, type Playback } from '../../../src/studio/shell/app-state';
import { SavedSettings } from '../../../src/studio/shell/saved';
import { Store } from '../../../src/studio/shell/state';

let entries: Map<string, string>;
let store: Store<AppState>;
let desk: MountActions;

function open(key: string): void {
  // Only the key matters here.
  const playback = { info: { key } } as unknown as Playback;
  store.update({ playback, picture: { width: 640, height: 360 } });
}

beforeEach(() => {
  entries = new Map();
  store = new Store(initialState());
  const storage = {
    getItem: (name: string) => entries.get(name) ?? null,
    setItem: (name: string, value: string) => void entries.set(name, value),
    removeItem: (name: string) => void entries.delete(name),
  };
  desk = new MountActions(store, new SavedSettings(storage));
  open('a');
});

describe('the camera of a source', () => {
  test('is the usual one, which finds itself, until something is set', () => {
    expect(store.state.ground).toBeNull();
    expect(desk.finds).toBe(true);
    expect(desk.camera).toEqual(presetCamera('dashcam', 640, 360));
  });

  test('is remembered for its source and no other', () => {
    desk.usePreset('truck');
    open('b');
    expect(store.state.ground).toBeNull();
    open('a');
    expect(store.state.ground).toEqual({ from: 'truck', calibrate: true });
    desk.reset();
    open('b');
    open('a');
    expect(store.state.ground).toBeNull();
  });

  test('begins with the height and lens its source tells of, and goes back to them', () => {
    const mount = { height: 1.44, hfov: 1.1 };
    const playback = { info: { key: 'drive', width: 640, height: 360, mount } } as unknown as Playback;
    store.update({ playback });
    expect(store.state.ground).toMatchObject({ from: mount, calibrate: true });
    desk.set('height', 2);
    desk.reset();
    expect(desk.camera).toMatchObject({ ...mount, pitch: presetCamera('dashcam', 640, 360).pitch });
    expect(entries.size).toBe(0);
  });

  test('an angle set by hand stays; a height does not stop the search', () => {
    desk.set('height', 1.9);
    expect(store.state.ground).toMatchObject({ from: { height: 1.9 }, calibrate: true });
    desk.set('pitch', 0.1);
    expect(store.state.ground).toMatchObject({ from: { height: 1.9, pitch: 0.1 }, calibrate: false });
    desk.setFinds(true);
    expect(store.state.ground).toMatchObject({ from: { pitch: 0.1 }, calibrate: true });
  });

  test('values out of range are held at the limit', () => {
    desk.set('height', 1000);
    expect(store.state.ground).toMatchObject({ from: { height: 12 } });
  });

  test.each(['"dashcam"', '{"from":"spoon","calibrate":true}', '{"from":{"height":1e9},"calibrate":false}'])(
    'what another hand wrote is ignored: %s',
    (text) => {
      entries.set('carriageway.1.camera.c', text);
      open('c');
      expect(store.state.ground).toBeNull();
    },
  );

  test('what is remembered is what was set', () => {
    desk.set('hfov', 1.2);
    const kept: unknown = JSON.parse(entries.get('carriageway.1.camera.a')!);
    expect(sceneCameraSchema.parse(kept)).toEqual(store.state.ground);
  });
});
