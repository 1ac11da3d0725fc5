/**
 * One WebSocket to the server: requests with their answers, and notifications. Everything that arrives is checked by
 * schema. Works in browsers and, given a WebSocket class, in Node.
 */
import { CarriagewayError, type ErrorCode } from '../errors.ts';
import {
  ANSWERS,
  type AnswerData,
  CLOSE_CODES,
  type Method,
  type Notification,
  type Refusal,
  type RequestData,
  serverMessage,
} from './protocol.ts';

/** Longest wait for an answer, in milliseconds: a server that takes longer is as good as gone. */
const ANSWER_LIMIT = 15_000;

/** What each refusal is called on this side. */
const REFUSALS: Readonly<Record<Refusal, ErrorCode>> = {
  malformed: 'live-refused',
  unauthorised: 'live-token-invalid',
  expired: 'live-token-expired',
  forbidden: 'live-refused',
  'not-found': 'live-refused',
  'too-many': 'live-full',
  'too-fast': 'live-refused',
  unsupported: 'live-unsupported',
  'not-ready': 'live-not-ready',
  'held-back': 'live-held-back',
  closed: 'live-connection-lost',
  failed: 'live-refused',
};

/** The part of a WebSocket that is used here. */
export type SocketClass = new (url: string) => WebSocket;

/** How the connection ended. */
export interface Ending {
  /** Close code; 1006 when it broke. */
  readonly code: number;
  /** Whether trying again makes sense. */
  readonly final: boolean;
}

/** Codes after which the same token would be refused again. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  CLOSE_CODES.malformed,
  CLOSE_CODES.unauthorised,
  CLOSE_CODES.expired,
  CLOSE_CODES.removed,
]);

interface Waiting {
  readonly method: Method;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: CarriagewayError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** An open connection. */
export class Signalling {
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #ended = false;

  private constructor(
    private readonly socket: WebSocket,
    private readonly onNotification: (notification: Notification) => void,
    private readonly onEnd: (ending: Ending) => void,
  ) {
    socket.addEventListener('message', (event) => this.#receive(event.data));
    socket.addEventListener('close', (event) => this.#end(event.code));
  }

  /**
   * Connects.
   * @param onEnd called once, when the connection ends for whatever reason but `close`
   * @throws CarriagewayError `live-unreachable`
   */
  static open(
    url: string,
    Socket: SocketClass,
    onNotification: (notification: Notification) => void,
    onEnd: (ending: Ending) => void,
  ): Promise<Signalling> {
    return new Promise((resolve, reject) => {
      const socket = new Socket(url);
      const failed = () => {
        reject(new CarriagewayError('live-unreachable', url));
        socket.close();
      };
      const timer = setTimeout(failed, ANSWER_LIMIT);
      socket.addEventListener('error', failed, { once: true });
      socket.addEventListener(
        'open',
        () => {
          clearTimeout(timer);
          socket.removeEventListener('error', failed);
          // A socket's errors say nothing; the close that follows does.
          socket.addEventListener('error', () => {});
          resolve(new Signalling(socket, onNotification, onEnd));
        },
        { once: true },
      );
      socket.addEventListener('close', () => clearTimeout(timer), { once: true });
    });
  }

  /**
   * Asks, and gives back the answer.
   * @throws CarriagewayError one of the `live-` codes
   */
  request<M extends Method>(method: M, data: RequestData<M>): Promise<AnswerData<M>> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new CarriagewayError('live-connection-lost', method));
        return;
      }
      const id = this.#next++;
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new CarriagewayError('live-connection-lost', `no answer to ${method}`));
        this.socket.close();
        this.#end(1006);
      }, ANSWER_LIMIT);
      this.#waiting.set(id, { method, resolve: resolve as (data: unknown) => void, reject, timer });
      this.socket.send(JSON.stringify({ id, method, data }));
    });
  }

  /** Ends the connection without telling `onEnd`. */
  close(): void {
    this.#ended = true;
    this.#fail('closed');
    this.socket.close(1000);
  }

  /** Breaks the connection as a network would: for tests. */
  drop(): void {
    this.socket.close();
    this.#end(1006);
  }

  #receive(data: unknown): void {
    const checked = serverMessage.safeParse(typeof data === 'string' ? parse(data) : null);
    // A newer server may say what this page does not know.
    if (!checked.success) return;
    const message = checked.data;
    if ('event' in message) {
      this.onNotification(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if (!message.ok) {
      waiting.reject(new CarriagewayError(REFUSALS[message.refusal], waiting.method));
      return;
    }
    const answer = ANSWERS[waiting.method].safeParse(message.data);
    if (answer.success) waiting.resolve(answer.data);
    else waiting.reject(new CarriagewayError('live-refused', `answer to ${waiting.method}`));
  }

  #end(code: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#fail('connection ended');
    this.onEnd({ code, final: FINAL_CODES.has(code) });
  }

  #fail(detail: string): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new CarriagewayError('live-connection-lost', detail));
    }
    this.#waiting.clear();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
