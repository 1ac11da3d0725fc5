/** What a command says while it works: a line for each recording, and how far it is in between. */
import type { WorkResult } from './work.ts';

/** Milliseconds between two lines of progress where lines stay. */
const EVERY = 30_000;

/** Where it is said. */
export interface Terminal {
  /** Whether a line can be written over. */
  readonly live: boolean;
  readonly write: (text: string) => void;
}

/** Counts recordings and says what becomes of them. */
export class Report {
  done = 0;
  there = 0;
  failed = 0;
  #shares = new Map<string, number>();
  #said = 0;
  #shown = false;

  constructor(
    private readonly total: number,
    private readonly terminal: Terminal,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** A recording is under way. @param share done, 0 to 1 */
  progress(title: string, share: number, rate: number): void {
    this.#shares.set(title, share);
    const { live, write } = this.terminal;
    if (!live && this.now() - this.#said < EVERY) return;
    this.#said = this.now();
    const each = [...this.#shares].map(([name, part]) => `${name} ${Math.floor(part * 100)} %`).join(', ');
    const text = `${this.#count()} ${each}${rate > 0 ? `, ${rate.toFixed(1)} frames/s` : ''}`;
    write(live ? `\r\u001b[K${text.slice(0, 160)}` : `${text}\n`);
    this.#shown = live;
  }

  /** A recording is over. */
  over(title: string, result: WorkResult): void {
    this.#shares.delete(title);
    if (result.kind === 'done') this.done++;
    else if (result.kind === 'there') this.there++;
    else this.failed++;
    this.say(`${this.#count()} ${title}: ${wordsOf(result)}`);
  }

  /** A line of its own. */
  say(line: string): void {
    this.terminal.write(`${this.#shown ? '\r\u001b[K' : ''}${line}\n`);
    this.#shown = false;
  }

  /** The last line. @param out where the results are */
  summary(out: string, interrupted: boolean): void {
    const parts = [
      `${this.done} done`,
      ...(this.there > 0 ? [`${this.there} there already`] : []),
      ...(this.failed > 0 ? [`${this.failed} failed`] : []),
    ];
    const rest = this.total - this.done - this.there - this.failed;
    if (rest > 0) parts.push(`${rest} not begun or unfinished`);
    this.say(`${parts.join(', ')}. Results: ${out}`);
    if (interrupted) this.say('Interrupted; the same command goes on from here.');
  }

  #count(): string {
    return `[${this.done + this.there + this.failed}/${this.total}]`;
  }
}

function wordsOf(result: WorkResult): string {
  if (result.kind === 'there') return 'there already';
  if (result.kind === 'failed') return `failed. ${result.why}`;
  return `${result.frames} frames${result.note ? `. ${result.note}` : ''}`;
}
