/** What viewers' networks saw of a vehicle while it is recorded, beside its files: small files of a minute. */
import { appendFileSync } from 'node:fs';
import { maskFileHead, maskRecord } from '../../../live/mask-file.ts';
import type { SharedMask } from '../../../live/shared-mask.ts';
import type { Log } from '../../log.ts';
import type { RecordingStore } from './store.ts';

/** Least milliseconds between two masks that are kept: several viewers may share the same vehicle. */
const INTERVAL = 400;

/** What is kept. */
export interface MaskLogOptions {
  readonly room: string;
  /** Name of the vehicle. */
  readonly vehicle: string;
  /** Seconds of one file. */
  readonly seconds: number;
}

/** Writes them as they come; there is nothing to be closed. */
export class MaskLog {
  #file: { readonly path: string; readonly until: number } | null = null;
  #last = Number.NEGATIVE_INFINITY;
  #failed = false;

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly of: MaskLogOptions,
    private readonly store: RecordingStore,
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  /** Keeps a mask, unless another of the same moment is there. @param bytes of the mask, as it was sent */
  keep({ age }: Pick<SharedMask, 'age'>, bytes: Uint8Array): void {
    const now = this.now();
    if (now - this.#last < INTERVAL) return;
    this.#last = now;
    try {
      if (!this.#file || now >= this.#file.until) {
        const { path, camera } = this.store.masksFrom(this.of.room, this.of.vehicle, now);
        this.#file = { path, until: now + this.of.seconds * 1000 };
        appendFileSync(path, maskFileHead(camera));
      }
      // At once: whoever is killed loses none.
      appendFileSync(this.#file.path, maskRecord(now - age, bytes));
    } catch (thrown) {
      // A full disk, mostly: said once.
      if (!this.#failed) this.log.warn({ err: thrown }, 'shared masks cannot be kept');
      this.#failed = true;
    }
  }
}
