import { beforeEach, describe, expect, test } from 'vitest';
import { presetCamera } from '../../../src/scene/camera-presets';
import type { FrameSource, SourceInfo } from '../../../src/sources/source';
import { sceneCameraSchema } from '../../../src/studio/mount/camera-schema';
import { MountActions } from '../../../src/studio/mount/mount-actions';
import { SourceSession } from '../../../src/studio/session/source-session';
import { type AppStore, createStore } from '../../../src/studio/shell/app-state';
import { SavedSettings } from '../../../src/studio/shell/saved';

let entries: Map<string, string>;
let saved: SavedSettings;
let store: AppStore;
let mount: MountActions;

function open(key: string, told: Partial<SourceInfo> = {}): void {
  const info: SourceInfo = { kind: 'drive', key, title: key, width: 640, height: 360, ...told };
  const source: FrameSource = {
    info,
    controls: {},
    handle: () => ({ kind: 'port', port: new MessageChannel().port1 }),
    onEvent: () => {},
    dispose: async () => {},
  };
  const session = new SourceSession(source, { kind: 'drive', seed: 1, mood: 'any' }, saved, () => {});
  store.update({ session, picture: { width: 640, height: 360 } });
}

beforeEach(() => {
  entries = new Map();
  store = createStore();
  const storage = {
    getItem: (name: string) => entries.get(name) ?? null,
    setItem: (name: string, value: string) => void entries.set(name, value),
    removeItem: (name: string) => void entries.delete(name),
  };
  saved = new SavedSettings(storage);
  mount = new MountActions(store, saved);
  open('a');
});

describe('the camera of a source', () => {
  test('is the usual one, which finds itself, until something is set', () => {
    expect(store.state.mount).toBeNull();
    expect(mount.finds).toBe(true);
    expect(mount.camera).toEqual(presetCamera('dashcam', 640, 360));
  });

  test('is remembered for its source and no other', () => {
    mount.usePreset('truck');
    open('b');
    expect(store.state.mount).toBeNull();
    open('a');
    expect(store.state.mount).toEqual({ from: 'truck', calibrate: true });
    mount.reset();
    open('b');
    open('a');
    expect(store.state.mount).toBeNull();
  });

  test('begins with the height and lens its source tells of, and goes back to them', () => {
    const told = { height: 1.44, hfov: 1.1 };
    open('drive', { mount: told });
    expect(store.state.mount).toMatchObject({ from: told, calibrate: true });
    mount.set('height', 2);
    mount.reset();
    expect(mount.camera).toMatchObject({ ...told, pitch: presetCamera('dashcam', 640, 360).pitch });
    expect(entries.size).toBe(0);
  });

  test('an angle set by hand stays; a height does not stop the search', () => {
    mount.set('height', 1.9);
    expect(store.state.mount).toMatchObject({ from: { height: 1.9 }, calibrate: true });
    mount.set('pitch', 0.1);
    expect(store.state.mount).toMatchObject({ from: { height: 1.9, pitch: 0.1 }, calibrate: false });
    mount.setFinds(true);
    expect(store.state.mount).toMatchObject({ from: { pitch: 0.1 }, calibrate: true });
  });

  test('values out of range are held at the limit', () => {
    mount.set('height', 1000);
    expect(store.state.mount).toMatchObject({ from: { height: 12 } });
  });

  test.each(['"dashcam"', '{"from":"spoon","calibrate":true}', '{"from":{"height":1e9},"calibrate":false}'])(
    'what another hand wrote is ignored: %s',
    (text) => {
      entries.set('carriageway.1.camera.c', text);
      open('c');
      expect(store.state.mount).toBeNull();
    },
  );

  test('what is remembered is what was set', () => {
    mount.set('hfov', 1.2);
    const kept: unknown = JSON.parse(entries.get('carriageway.1.camera.a')!);
    expect(sceneCameraSchema.parse(kept)).toEqual(store.state.mount);
  });
});
