/**
 * What can be done with a recording and not with a camera: steps of one frame, speeds, backwards, a marked range.
 */
import type { SourceControls, TimeRange } from '../../sources/source';
import { say } from '../../words/words';
import type { SourceActions } from '../session/source-actions';
import type { Playback } from '../session/source-session';
import type { AppStore } from '../shell/app-state';
import type { Notices } from '../shell/notices';

/** Speeds that are offered, against the recording's own. */
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16] as const;

/** Speeds that J and L go through. */
const SHUTTLE_MAX = 16;

/** Steers the running recording; does nothing while something else runs. */
export class PlayerActions {
  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly sources: Pick<SourceActions, 'togglePlay' | 'open' | 'seekTo' | 'sought'>,
  ) {}

  /** Stands still a number of frames further on, or back when negative. */
  async step(frames: number): Promise<void> {
    // A jump that still waits for the one before it would take the step back.
    await this.sources.sought();
    await this.#do(
      (controls) => controls.step?.(frames),
      () => ({ playing: false, ended: false }),
    );
  }

  /** Changes the speed; below 0 runs backwards. */
  async setRate(rate: number): Promise<void> {
    await this.#do(
      (controls) => controls.setRate?.(rate),
      () => ({ rate }),
    );
    this.store.update({
      spoken: rate < 0 ? say('spoken.backwards', { rate: -rate }) : say('spoken.speed', { rate }),
    });
  }

  /**
   * The J and L keys of editing tables: the first press plays that way at the recording's own speed, each further one
   * doubles it.
   * @param way 1 forwards, -1 backwards
   */
  async shuttle(way: 1 | -1): Promise<void> {
    const playback = this.#recording();
    if (!playback) return;
    const { playing, rate } = playback;
    const same = playing && Math.sign(rate) === way;
    const next = same ? Math.min(SHUTTLE_MAX, Math.max(1, Math.abs(rate) * 2)) : 1;
    await this.setRate(way * next);
    if (!playing) await this.sources.togglePlay();
  }

  /** The range begins at the picture shown. */
  async beginRange(): Promise<void> {
    const playback = this.#recording();
    if (!playback) return;
    const from = playback.seconds;
    const to = playback.range && playback.range.to >= from ? playback.range.to : endOf(playback);
    await this.setRange({ from, to });
  }

  /** The range ends with the picture shown. */
  async endRange(): Promise<void> {
    const playback = this.#recording();
    if (!playback) return;
    const to = playback.seconds;
    const from = playback.range && playback.range.from <= to ? playback.range.from : 0;
    await this.setRange({ from, to });
  }

  /** Cuts playback, analysis and export to a range; null gives the whole recording back. */
  async setRange(range: TimeRange | null): Promise<void> {
    await this.#do(
      (controls) => controls.setRange?.(range),
      () => ({ range }),
    );
  }

  /** Moves the other cameras' time against the first one's, in seconds; the recording is opened again where it stands. */
  async setRearOffset(offset: number): Promise<void> {
    const playback = this.#recording();
    const request = playback?.request;
    if (!playback || request?.kind !== 'file' || request.parts.kind !== 'cameras') return;
    await this.sources.open({ ...request, parts: { ...request.parts, offset } });
    this.sources.seekTo(playback.seconds);
    if (!playback.playing) await this.sources.togglePlay();
    this.store.update({ spoken: say('spoken.offset', { offset }) });
  }

  #recording(): Playback | null {
    const { playback } = this.store.state;
    return playback?.canStep ? playback : null;
  }

  async #do(
    use: (controls: SourceControls) => Promise<void> | undefined,
    patch: () => Partial<Playback>,
  ): Promise<void> {
    const { session } = this.store.state;
    if (!session || !this.#recording()) return;
    session.play(patch());
    try {
      await use(session.controls);
    } catch (thrown) {
      this.notices.thrown(thrown, 'source-failed');
    }
  }
}

function endOf(playback: Playback): number {
  return playback.info.duration ?? 0;
}
