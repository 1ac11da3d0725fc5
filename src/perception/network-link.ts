/**
 * The network as the worker that makes masks sees it: it runs in a worker of its own, so that one picture is read,
 * resized or painted while the network works on another.
 */
import { CarriagewayError } from '../errors';
import type { ModelManifest } from '../model/manifest';
import type {
  FromNetwork,
  NetworkRun,
  StartedMessage,
  StartMessage,
  ToNetwork,
  WarmMessage,
} from './network-protocol';
import { revive } from './pending-answers';

/** The part of a worker that is used; of one that the page made there is a port, and the page hears of its failures. */
export type NetworkWorker = Pick<Worker, 'postMessage' | 'onmessage' | 'onmessageerror'> & {
  onerror?: Worker['onerror'] | undefined;
};

/** Inputs that are kept: one in the network, one that is filled for it. */
const INPUTS_KEPT = 2;

/** Somebody waiting for an answer. */
interface Waiter {
  readonly resolve: (run: NetworkRun) => void;
  readonly reject: (error: Error) => void;
}

/** A network in a worker of its own, which ends with this one. */
export class NetworkLink {
  readonly #worker: NetworkWorker;
  /** In the order of the runs, as the answers come. */
  readonly #waiting: Waiter[] = [];
  readonly #inputs: Float32Array<ArrayBuffer>[] = [];
  #started: { resolve(started: StartedMessage): void; reject(error: Error): void } | null = null;
  #failure: CarriagewayError | null = null;

  constructor(worker: NetworkWorker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromNetwork>) => this.#hear(data);
    worker.onmessageerror = () => this.#fail(new CarriagewayError('inference-failed', 'unreadable scores'));
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new CarriagewayError('inference-failed', event.message || 'the network’s worker stopped'));
    };
  }

  /** Loads a runtime ahead of its network. */
  warm(message: WarmMessage): void {
    this.#send(message);
  }

  /**
   * Starts the network.
   * @throws CarriagewayError `model-load-failed`, `memory-short`
   */
  start(message: StartMessage): Promise<StartedMessage> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      this.#send(message, [message.bytes]);
    });
  }

  /** An input to be filled: 3 · width · height floats, of whatever was in it. `run` takes it, `keep` takes it back. */
  input({ width, height }: ModelManifest['input']): Float32Array<ArrayBuffer> {
    return this.#inputs.pop() ?? new Float32Array(3 * width * height);
  }

  /** Takes an input back when nobody reads it any more. */
  keep(image: Float32Array<ArrayBuffer>): void {
    if (this.#inputs.length < INPUTS_KEPT) this.#inputs.push(image);
  }

  /**
   * Runs the network, after all runs before.
   * @param image given away
   * @throws CarriagewayError `inference-failed`, `memory-short`
   */
  run(image: Float32Array<ArrayBuffer>, gate: readonly number[] | null): Promise<NetworkRun> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#send({ type: 'run', image, gate }, [image.buffer]);
    });
  }

  #send(message: ToNetwork, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #hear(data: FromNetwork): void {
    switch (data.type) {
      case 'started':
        this.#started?.resolve(data);
        return;
      case 'start-failed':
        this.#started?.reject(revive(data.error));
        return;
      case 'scores':
        this.#waiting.shift()?.resolve(data);
        return;
      case 'run-failed':
        this.#waiting.shift()?.reject(revive(data.error));
    }
  }

  /** Nothing is answered any more. */
  #fail(error: CarriagewayError): void {
    this.#failure ??= error;
    this.#started?.reject(error);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
