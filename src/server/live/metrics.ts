/** What the live server counts, told by prom-client in the form that Prometheus reads. */
import { Counter, Gauge, Registry } from 'prom-client';

/** Counters with one bounded label each. */
const COUNTERS = {
  refused: { help: 'Requests refused, by reason.', label: 'reason' },
  closed: { help: 'Sockets closed by the server, by reason.', label: 'reason' },
  tokens: { help: 'Tokens issued, by role.', label: 'role' },
  denied: { help: 'Requests turned away before they were read, by status.', label: 'status' },
} as const;

/** A value that is read when somebody asks. */
export interface Reading {
  readonly help: string;
  readonly labels: readonly string[];
  read(): Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>;
}

/** Counts, and reads what others count. */
export class LiveMetrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();

  constructor() {
    for (const [name, { help, label }] of Object.entries(COUNTERS))
      this.#counters.set(
        name,
        new Counter({
          name: `carriageway_${name}_total`,
          help,
          labelNames: [label],
          registers: [this.#registry],
        }),
      );
  }

  /** @param value one of a bounded set: it becomes a time series of its own */
  count(counter: keyof typeof COUNTERS, value: string): void {
    this.#counters.get(counter)?.inc({ [COUNTERS[counter].label]: value });
  }

  /** Tells a value at each asking. @param name without prefix @param read never waits */
  gauge(name: string, help: string, read: () => number): void {
    this.gauges(name, { help, labels: [], read: () => [[{}, read()]] });
  }

  /** The same of several, told apart by labels. */
  gauges(name: string, { help, labels, read }: Reading): void {
    const registers = [this.#registry];
    new Gauge({
      name: `carriageway_${name}`,
      help,
      labelNames: [...labels],
      registers,
      collect() {
        this.reset();
        for (const [of, value] of read()) this.set({ ...of }, value);
      },
    });
  }

  /** Its media type. */
  get type(): string {
    return this.#registry.contentType;
  }

  /** The exposition. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
