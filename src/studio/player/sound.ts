/**
 * The sound of a recording, beside its picture: a media element that follows the picture's clock. The picture never
 * waits for it; where the two drift apart the sound jumps. Containers that the element cannot open are silent.
 */
import { filesOf, nameOf, type RecordingParts } from '../../sources/recording/recording';
import type { Playback } from '../session/source-session';
import type { AppState } from '../shell/app-state';
import type { Store } from '../shell/state';

/** Seconds of difference that nobody notices between lips and voice; beyond it the sound jumps. */
const DRIFT_MAX = 0.12;

/** Speeds at which browsers still play sound. */
const RATES = { min: 0.25, max: 4 } as const;

/** Follows the store for as long as the page lives. */
export class Sound {
  #url: string | null = null;
  #of: Blob | null = null;

  constructor(
    private readonly store: Pick<Store<Pick<AppState, 'playback' | 'sound'>>, 'state' | 'watch'>,
    signal: AbortSignal,
    private readonly element = new Audio(),
  ) {
    element.preservesPitch = true;
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
      this.#close();
    });
  }

  #follow(): void {
    const { playback, sound } = this.store.state;
    if (!sound || !playback?.canStep || playback.request.kind !== 'file') {
      this.#close();
      return;
    }
    const clip = clipAt(playback, playback.request.parts);
    if (!clip) {
      this.#close();
      return;
    }
    this.#open(clip.file);
    const seconds = playback.seconds - clip.start;
    const audible = playback.playing && !playback.ended && isAudible(playback);
    if (!audible) {
      this.element.pause();
      return;
    }
    this.element.playbackRate = playback.rate;
    if (Math.abs(this.element.currentTime - seconds) > DRIFT_MAX * Math.max(1, playback.rate))
      this.element.currentTime = seconds;
    // Refused without a click on the page, or for a container it cannot open: then it is silent.
    if (this.element.paused) this.element.play().catch(() => {});
  }

  #open(file: Blob): void {
    if (this.#of === file) return;
    this.#close();
    this.#of = file;
    this.#url = URL.createObjectURL(file);
    this.element.src = this.#url;
  }

  #close(): void {
    if (this.#url === null) return;
    this.element.pause();
    this.element.removeAttribute('src');
    this.element.load();
    URL.revokeObjectURL(this.#url);
    this.#url = null;
    this.#of = null;
  }
}

/** The video that is heard at this moment, and the media time at its own nought. Of several cameras the one that is followed is. */
function clipAt(
  { info, seconds }: Playback,
  parts: RecordingParts,
): { readonly file: Blob; readonly start: number } | null {
  if (parts.kind === 'pictures') return null;
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

function isAudible({ rate }: Playback): boolean {
  return rate >= RATES.min && rate <= RATES.max;
}
