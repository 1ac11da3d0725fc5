/**
 * The sound of a recording, beside its picture: a media element that follows the picture's clock. The picture never
 * waits for it; where the two drift apart the sound jumps. Containers that the element cannot open are silent.
 */

/** Seconds of difference that nobody notices between lips and voice; beyond it the sound jumps. */
const DRIFT_MAX = 0.12;

/** Speeds at which browsers still play sound. */
const RATES = { min: 0.25, max: 4 } as const;

/** What is heard at a moment. */
export interface HeardMoment {
  /** The file, or its address. */
  readonly file: Blob | string;
  /** Where in the file, in seconds of its own clock. */
  readonly seconds: number;
  readonly rate: number;
  readonly playing: boolean;
}

/** Plays the sound of one file at a time. */
export class FollowingSound {
  #url: string | null = null;
  #of: Blob | string | null = null;

  constructor(private readonly element = new Audio()) {
    element.preservesPitch = true;
  }

  /** Is where the picture is; null ends it, and lets go of the file. */
  follow(moment: HeardMoment | null): void {
    if (!moment) {
      this.#close();
      return;
    }
    const { file, seconds, rate, playing } = moment;
    this.#open(file);
    if (!playing || rate < RATES.min || rate > RATES.max) {
      this.element.pause();
      return;
    }
    this.element.playbackRate = rate;
    if (Math.abs(this.element.currentTime - seconds) > DRIFT_MAX * Math.max(1, rate))
      this.element.currentTime = seconds;
    // Refused without a click on the page, or for a container it cannot open: then it is silent.
    if (this.element.paused) this.element.play().catch(() => {});
  }

  #open(file: Blob | string): void {
    if (this.#of === file) return;
    this.#close();
    this.#of = file;
    if (file instanceof Blob) this.#url = URL.createObjectURL(file);
    // An isolated page may only hear what its owner lets others read.
    else this.element.crossOrigin = 'anonymous';
    this.element.src = this.#url ?? String(file);
  }

  #close(): void {
    if (this.#of === null) return;
    this.element.pause();
    this.element.removeAttribute('src');
    this.element.load();
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
    this.#of = null;
  }
}
