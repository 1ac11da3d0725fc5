/**
 * Cameras that the server fetches itself (RTSP), since they cannot come to it: each is pulled for ever, and sent into
 * its room as any other dashcam is. Only from hosts that the owner allows: an address is a request from inside.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { retryDelay } from '../../../live/backoff.ts';
import type { Log } from '../../log.ts';
import { printable } from '../../publish/ffmpeg.ts';
import { sendVideo } from '../../publish/send-video.ts';
import { Refused } from '../refused.ts';
import type { Tokens } from '../tokens.ts';
import { CameraGate, mayPull } from './camera-gate.ts';

/** Most cameras that are pulled at a time: each is a process. */
const PULLS_MAX = 32;

/** Seconds for which a camera's own token lasts; it is issued anew after that. */
const TOKEN_SECONDS = 86_400;

/** What is pulled. */
export interface PullWish {
  readonly room: string;
  readonly name: string;
  /** Of RTSP, with a password if it takes one. */
  readonly url: string;
}

interface Pull extends PullWish {
  readonly id: string;
  readonly stopped: AbortController;
  done: Promise<void>;
  /** What was said last. */
  state: string;
}

/** Owns what is pulled. */
export class Pulls implements AsyncDisposable {
  readonly #pulls = new Map<string, Pull>();

  /**
   * @param hosts that may be pulled from; none allows none
   * @param server address of this very server; known when the first is begun
   */
  constructor(
    private readonly hosts: readonly string[],
    private readonly tokens: Tokens,
    private readonly server: () => string,
    private readonly log: Log,
  ) {}

  /** Begins. @returns its id @throws Refused `forbidden`, `too-many` */
  begin(wish: PullWish): string {
    if (!mayPull(wish.url, this.hosts)) throw new Refused('forbidden');
    if (this.#pulls.size >= PULLS_MAX) throw new Refused('too-many');
    const stopped = new AbortController();
    const id = randomUUID();
    const pull: Pull = { ...wish, id, stopped, state: 'beginning', done: Promise.resolve() };
    pull.done = this.#run(pull);
    this.#pulls.set(id, pull);
    return id;
  }

  /** Without passwords. @param room of one room, or of all */
  list(room: string | null): readonly (PullWish & { readonly id: string; readonly state: string })[] {
    return [...this.#pulls.values()]
      .filter((pull) => room === null || pull.room === room)
      .map(({ id, room: of, name, url, state }) => ({ id, room: of, name, url: printable(url), state }));
  }

  /** Ends one. @returns whether there was one */
  async end(id: string): Promise<boolean> {
    const pull = this.#pulls.get(id);
    if (!pull) return false;
    this.#pulls.delete(id);
    pull.stopped.abort();
    await pull.done;
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pulls.keys()].map((id) => this.end(id)));
  }

  async #run(pull: Pull): Promise<void> {
    const { signal } = pull.stopped;
    const log = this.log.child({ pull: pull.id, room: pull.room, name: pull.name });
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await sleep(retryDelay(attempt, Math.random()), undefined, { signal });
        let refused: string | null = null;
        await using gate = await CameraGate.open(pull.url, this.hosts, (sentence) => {
          refused = sentence;
          log.warn(sentence);
        });
        const tell = (level: 'info' | 'warn') => (line: string) => {
          const told = line.replaceAll(gate.url, printable(pull.url));
          if (level === 'info') refused = null;
          // What the camera itself did says more than that nothing can be read.
          pull.state = level === 'warn' ? (refused ?? told) : told;
          log[level](told);
        };
        const wish = { room: pull.room, role: 'publish', name: pull.name } as const;
        const { token } = await this.tokens.issue(wish, TOKEN_SECONDS);
        const options = {
          ...pull,
          server: this.server(),
          token,
          secret: null,
          transcode: false,
          input: gate.url,
        };
        await sendVideo(options, signal, { say: tell('info'), complain: tell('warn'), Socket: OwnSocket });
      } catch (thrown) {
        if (!signal.aborted) log.error({ err: thrown }, 'pull failed');
      }
    }
  }
}

/** A socket to this very server, whose certificate may have been made at its start. */
class OwnSocket extends WebSocket {
  constructor(url: string) {
    super(url, { rejectUnauthorized: false });
  }
}
