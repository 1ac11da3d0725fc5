/** Measures how fast a job goes and how long it will take. */
import type { FrameRecord } from './frame-record';
import type { JobProgress } from './job';

/** Milliseconds between two reports. */
const INTERVAL = 250;

/** Counts frames and time of one job. */
export class JobClock {
  readonly #began: number;
  #frames = 0;
  #last = Number.NEGATIVE_INFINITY;
  #records: FrameRecord[] = [];

  /**
   * @param from media time at which the job begins, in seconds
   * @param length seconds of media in all
   * @param start share that was done before, 0 to 1
   */
  constructor(
    private readonly from: number,
    private readonly length: number,
    private readonly start: number,
    private readonly report: (progress: JobProgress) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#began = now();
  }

  get frames(): number {
    return this.#frames;
  }

  /** A frame is done. @param end media time at which it is over, in seconds */
  done(end: number, record: FrameRecord | null = null): void {
    this.#frames++;
    if (record) this.#records.push(record);
    if (this.now() - this.#last >= INTERVAL) this.tell(end);
  }

  /** Reports now. */
  tell(end: number): void {
    const now = this.now();
    this.#last = now;
    const elapsed = (now - this.#began) / 1000;
    const share = this.length > 0 ? Math.min(1, Math.max(0, (end - this.from) / this.length)) : 1;
    const gained = share - this.start;
    this.report({
      frames: this.#frames,
      share,
      rate: elapsed > 0 ? this.#frames / elapsed : 0,
      left: gained > 0 ? (elapsed * (1 - share)) / gained : null,
      records: this.#records.splice(0),
    });
  }
}
