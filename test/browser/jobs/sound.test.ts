/** The sound of a recording beside its picture: it follows the picture's clock, whatever that does. */
import { afterEach, describe, expect, test } from 'vitest';
import { openRecordingSource } from '../../../src/sources/recording/recording-source';
import type { FrameSource } from '../../../src/sources/source';
import { readerOf } from '../../../src/sources/stream-reader';
import { Sound } from '../../../src/studio/player/sound';
import type { AppState } from '../../../src/studio/shell/app-state';
import { Store } from '../../../src/studio/shell/state';
import { requestOf } from '../../fakes/request';
import { clip } from '../sources/clips';

/** Seconds that sound and picture may be apart when the page has just looked: its own limit, and a grain. */
const APART = 0.13;

let cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanup.reverse()) await step();
  cleanup = [];
});

type SoundState = Pick<AppState, 'playback' | 'sound'>;

/** A recording that plays, with its sound; `apart` has the differences seen at each report of the time. */
async function play(blobs: readonly Blob[]): Promise<{
  store: Store<SoundState>;
  source: FrameSource;
  element: HTMLAudioElement;
  apart: () => number[];
}> {
  const files = blobs.map((blob, i) => new File([blob], `${i}.mp4`, { type: blob.type }));
  const request = { ...requestOf(files[0]!), parts: { kind: 'videos', videos: files } as const };
  const source = await openRecordingSource(request.parts, 'clip');
  const reader = readerOf(source.handle());
  const store = new Store<SoundState>({ playback: null, sound: false });
  const playback = {
    info: source.info,
    request,
    playing: true,
    seconds: 0,
    frame: null,
    ended: false,
    loop: false,
    rate: 1,
    range: null,
    canSeek: true,
    canLoop: true,
    canStep: true,
  };
  store.update({ playback, sound: true });
  const element = new Audio();
  // Without a click on the page only what cannot be heard may play.
  element.muted = true;
  const lifetime = new AbortController();
  new Sound(store, lifetime.signal, element);
  const seen: number[] = [];
  source.onEvent((event) => {
    const now = store.state.playback!;
    if (event.type === 'ended') store.update({ playback: { ...now, playing: false, ended: true } });
    if (event.type !== 'time') return;
    const { seconds, playing } = event;
    store.update({ playback: { ...now, seconds, playing } });
    if (!playing || element.readyState === 0) return;
    const start = now.info.parts?.findLast((part) => part.start <= seconds)?.start ?? 0;
    seen.push(Math.abs(element.currentTime - (now.info.containerStart ?? 0) - (seconds - start)));
  });
  let open = true;
  const reading = (async () => {
    while (open) {
      const frame = await reader.read();
      if (!frame) return;
      frame.frame.close();
    }
  })();
  cleanup.push(async () => {
    open = false;
    lifetime.abort();
    await source.dispose();
    await reader[Symbol.asyncDispose]();
    await reading.catch(() => {});
  });
  return { store, source, element, apart: () => seen };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('sound', () => {
  test('stays with the picture while it plays, and stops with it', async (context) => {
    const { store, source, element, apart } = await play([await clip(context, 'beep.mp4')]);
    await until(() => apart().length >= 3);
    expect(element.paused).toBe(false);
    for (const difference of apart()) expect(difference).toBeLessThan(APART);
    await source.controls.pause!();
    await until(() => store.state.playback?.playing === false);
    expect(element.paused).toBe(true);
  });

  test('jumps and changes its speed with the picture', async (context) => {
    const { store, source, element, apart } = await play([await clip(context, 'beep.mp4')]);
    await until(() => apart().length >= 1);
    await source.controls.setRate!(0.5);
    store.update({ playback: { ...store.state.playback!, rate: 0.5 } });
    expect(element.playbackRate).toBe(0.5);
    await source.controls.seek!(1);
    const before = apart().length;
    await until(() => apart().length >= before + 2);
    expect(element.currentTime).toBeGreaterThan(0.9);
    for (const difference of apart()) expect(difference).toBeLessThan(APART);
  });

  test('goes from file to file', async (context) => {
    const beep = await clip(context, 'beep.mp4');
    const { source, element, apart } = await play([beep, beep.slice(0, beep.size, beep.type)]);
    await until(() => apart().length >= 1);
    const first = element.src;
    await source.controls.seek!(2.5);
    await until(() => element.src !== first);
    const before = apart().length;
    await until(() => apart().length >= before + 2);
    for (const difference of apart().slice(before)) expect(difference).toBeLessThan(APART);
  });

  test('of a recording that was cut out of a longer one is where its picture is', async (context) => {
    const { element, apart, source } = await play([await clip(context, 'late-beep.mkv')]);
    await until(() => apart().length >= 3);
    expect(source.info.containerStart).toBeCloseTo(5, 1);
    expect(element.currentTime).toBeGreaterThan(5);
    for (const difference of apart()) expect(difference).toBeLessThan(APART);
  });
});
