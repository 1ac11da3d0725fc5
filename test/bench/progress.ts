/**
 * A progress bar on a terminal; a line now and then where there is none.
 */

const WIDTH = 30;

/** Without a terminal, a line for each such share of the work. */
const LINE_EVERY = 0.1;

/** The bar as text, without cursor movements. */
export function barText(done: number, total: number, secondsPassed: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  const left = done > 0 && done < total ? `, ${duration((secondsPassed / done) * (total - done))} left` : '';
  return `${bar} ${done}/${total}${left}`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 100 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}

/** Shows how far a tool has come. Writes to the standard error, so that results can be piped. */
export class Progress {
  readonly #started = performance.now();
  #nextLine = LINE_EVERY;

  constructor(private readonly total: number) {}

  /** Shows that `done` of the total are done. */
  show(done: number): void {
    const text = barText(done, this.total, (performance.now() - this.#started) / 1000);
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}${done >= this.total ? '\n' : ''}`);
    else if (done / this.total >= this.#nextLine || done >= this.total) {
      this.#nextLine = Math.floor(done / this.total / LINE_EVERY + 1) * LINE_EVERY;
      process.stderr.write(`${text}\n`);
    }
  }
}
