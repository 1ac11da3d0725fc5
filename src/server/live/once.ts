/** Numbers that were seen, each until it could no longer be shown anyway. */

/** More are not remembered: the oldest give way. */
const REMEMBERED_MAX = 100_000;

/** Remembers. */
export class Once {
  readonly #until = new Map<string, number>();

  /** @param now seconds since 1970 */
  constructor(private readonly now: () => number = () => Date.now() / 1000) {}

  /** @param until seconds since 1970 @returns whether it is new */
  add(id: string, until: number): boolean {
    if (this.has(id)) return false;
    if (this.#until.size >= REMEMBERED_MAX) this.#sweep();
    this.#until.set(id, until);
    return true;
  }

  has(id: string): boolean {
    const until = this.#until.get(id);
    return until !== undefined && until > this.now();
  }

  #sweep(): void {
    for (const [id, until] of this.#until) if (until <= this.now()) this.#until.delete(id);
    for (const id of this.#until.keys()) {
      if (this.#until.size < REMEMBERED_MAX) break;
      this.#until.delete(id);
    }
  }
}
