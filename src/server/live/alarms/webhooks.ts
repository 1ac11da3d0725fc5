/**
 * Alarms as HTTP requests, signed so that whoever gets one knows whose it is: `Carriageway-Signature: t=SECONDS,v1=HEX`,
 * where HEX is HMAC-SHA-256 of `SECONDS.BODY` under the secret that both know.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alarm } from '../../../live/alarms.ts';
import type { Log } from '../../log.ts';
import type { AlarmOutlet } from './alarm-book.ts';

/** Alarms that wait for one address; the oldest give way. */
const WAITING_MAX = 100;

/** Milliseconds for an answer, and before each further try. */
const ANSWER_LIMIT = 5000;
const PAUSES = [0, 1000, 5000] as const;

/** Signs a body. @param seconds since 1970 */
export function signatureOf(secret: string, seconds: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

/** One address to which alarms are sent, one after the other. */
export class Webhook implements AlarmOutlet {
  readonly #waiting: Alarm[] = [];
  readonly #stopped = new AbortController();
  #sending: Promise<void> | null = null;

  /** @param pauses milliseconds before each try */
  constructor(
    private readonly url: string,
    private readonly secret: string,
    private readonly log: Log,
    private readonly pauses: readonly number[] = PAUSES,
  ) {}

  publish(alarm: Alarm): void {
    if (this.#stopped.signal.aborted) return;
    this.#waiting.push(alarm);
    if (this.#waiting.length > WAITING_MAX) {
      this.#waiting.shift();
      this.log.warn({ url: printable(this.url) }, 'a webhook is too slow; the oldest alarm is left out');
    }
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let alarm = this.#waiting.shift(); alarm; alarm = this.#waiting.shift())
      if (!(await this.#send(alarm)) && !this.#stopped.signal.aborted)
        this.log.error({ url: printable(this.url), alarm: alarm.id }, 'an alarm could not be delivered');
  }

  async #send(alarm: Alarm): Promise<boolean> {
    const { signal } = this.#stopped;
    const body = JSON.stringify(alarm);
    for (const pause of this.pauses) {
      try {
        await sleep(pause, undefined, { signal });
        const seconds = Math.floor(Date.now() / 1000);
        const answer = await fetch(this.url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'carriageway-signature': signatureOf(this.secret, seconds, body),
          },
          body,
          // Whoever is to get it was named; nobody sends it on to another.
          redirect: 'error',
          signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT)]),
        });
        await answer.body?.cancel();
        if (answer.ok) return true;
        // It was heard, and is not wanted: asking again changes nothing.
        if (answer.status < 500 && answer.status !== 429) return false;
      } catch {
        if (signal.aborted) return false;
      }
    }
    return false;
  }
}

/** Without what may be a key. */
function printable(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
