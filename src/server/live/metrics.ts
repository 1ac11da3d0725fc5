/** What the live server counts, as text for Prometheus (exposition format 0.0.4). */

/** Counters with one bounded label each. */
const COUNTERS = {
  refused: { help: 'Requests refused, by reason.', label: 'reason' },
  closed: { help: 'Sockets closed by the server, by reason.', label: 'reason' },
  tokens: { help: 'Tokens issued, by role.', label: 'role' },
} as const;

/** A value read when somebody asks. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

/** Counts. */
export class LiveMetrics {
  readonly #counts = new Map<string, number>();

  /** @param label one of a bounded set: it becomes a time series of its own */
  count(counter: keyof typeof COUNTERS, label: string): void {
    const key = `${counter} ${label}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** How often something was counted. */
  of(counter: keyof typeof COUNTERS, label: string): number {
    return this.#counts.get(`${counter} ${label}`) ?? 0;
  }

  /** The exposition. */
  text(gauges: readonly Gauge[]): string {
    const lines: string[] = [];
    for (const { name, help, value } of gauges)
      lines.push(
        `# HELP carriageway_${name} ${help}`,
        `# TYPE carriageway_${name} gauge`,
        `carriageway_${name} ${value}`,
      );
    for (const [counter, { help, label }] of Object.entries(COUNTERS)) {
      const name = `carriageway_${counter}_total`;
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
      for (const [key, value] of [...this.#counts].sort()) {
        const [of, by] = key.split(' ');
        if (of === counter) lines.push(`${name}{${label}="${by}"} ${value}`);
      }
    }
    return `${lines.join('\n')}\n`;
  }
}
