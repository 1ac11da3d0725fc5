/** The sound of the page's recording: which of its files is heard at a moment. */
import { FollowingSound } from '../../sources/recording/following-sound';
import { filesOf, nameOf, type RecordingParts } from '../../sources/recording/recording';
import type { Playback } from '../session/source-session';
import type { AppState } from '../shell/app-state';
import type { Store } from '../shell/state';

/** Follows the store for as long as the page lives. */
export class Sound {
  readonly #sound: FollowingSound;

  constructor(
    private readonly store: Pick<Store<Pick<AppState, 'playback' | 'sound'>>, 'state' | 'watch'>,
    signal: AbortSignal,
    element?: HTMLAudioElement,
  ) {
    this.#sound = new FollowingSound(element);
    const stops = [
      store.watch(
        (s) => s.playback,
        () => this.#follow(),
      ),
      store.watch(
        (s) => s.sound,
        () => this.#follow(),
      ),
    ];
    signal.addEventListener('abort', () => {
      for (const stop of stops) stop();
      this.#sound.follow(null);
    });
  }

  #follow(): void {
    const { playback, sound } = this.store.state;
    if (!sound || !playback?.canStep || playback.request.kind !== 'file') {
      this.#sound.follow(null);
      return;
    }
    const clip = clipAt(playback, playback.request.parts);
    this.#sound.follow(
      clip && {
        file: clip.file,
        seconds: playback.seconds - clip.start,
        rate: playback.rate,
        playing: playback.playing && !playback.ended,
      },
    );
  }
}

/** The video that is heard at this moment, and the media time at its own nought. Of several cameras the one that is followed is. */
function clipAt(
  { info, seconds }: Playback,
  parts: RecordingParts,
): { readonly file: Blob | string; readonly start: number } | null {
  if (parts.kind === 'pictures') return null;
  if (parts.kind === 'address') return { file: parts.url, start: -(info.containerStart ?? 0) };
  const all = info.parts ?? [{ start: 0, containerStart: info.containerStart ?? 0 }];
  const at = Math.max(
    0,
    all.findLastIndex(({ start }) => start <= seconds),
  );
  const part = all[at];
  const file =
    parts.kind === 'cameras'
      ? filesOf(parts).find((clip) => nameOf(clip) === (part && 'name' in part ? part.name : ''))
      : parts.videos[at];
  return file && part ? { file, start: part.start - (part.containerStart ?? 0) } : null;
}
