/**
 * Who makes the workers of an engine on the processor. In Firefox it is always the page: `new Worker` in a worker waits
 * there for the page's thread, and now and then (153: once in some two thousand, under remote control once in a hundred)
 * is never woken again, which holds up that worker for good. Elsewhere whoever needs them makes them, and what is
 * transferred is not copied on its way through ports.
 */

/** As much of a worker as an engine uses. */
export interface EngineWorker {
  onmessage: ((event: MessageEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  terminate(): void;
}

/** To the worker that makes masks, before everything else: it is spoken to by this port, and the network is at that one. */
export interface MetMessage {
  readonly type: 'met';
  readonly engine: MessagePort;
  readonly network: MessagePort;
}

/** To the network's worker, before everything else. */
export interface MetNetworkMessage {
  readonly type: 'met';
  readonly port: MessagePort;
}

const WANTED = 'engine-workers-wanted';

/** From a worker to its page. */
interface Wish {
  readonly type: typeof WANTED;
  /** For the worker that makes masks. */
  readonly engine: MessagePort;
  /** The page says on it what went wrong, and hears on it that the workers may go. */
  readonly control: MessagePort;
}

/** Whether workers are better made by the page. */
function madeByPage(): boolean {
  return /\bFirefox\//.test(globalThis.navigator?.userAgent ?? '');
}

function inWorker(): boolean {
  return 'WorkerGlobalScope' in globalThis;
}

function inferenceWorker(): Worker {
  return new Worker(new URL('../../workers/inference.worker.ts', import.meta.url), {
    type: 'module',
    name: 'carriageway-inference',
  });
}

/** The worker that a network runs in. */
export function networkWorker(): Worker {
  return new Worker(new URL('../../workers/network.worker.ts', import.meta.url), {
    type: 'module',
    name: 'carriageway-network',
  });
}

/** The workers of one engine. Whoever asks owns both: `terminate` ends them. */
export function engineWorker(): EngineWorker {
  return madeByPage() ? new MetWorkers() : inferenceWorker();
}

/**
 * Makes the workers that `worker` wishes for. Called in the page, for each worker that starts engines.
 * @returns ends those that are left; to be disposed of with `worker`
 */
export function lendEngineWorkers(
  worker: Pick<Worker, 'addEventListener' | 'removeEventListener'>,
): Disposable {
  const open = new Set<() => void>();
  const hear = ({ data }: MessageEvent<unknown>): void => {
    if (!isWish(data)) return;
    const { engine, control } = data;
    const end = meet(engine, (detail) => control.postMessage(detail));
    open.add(end);
    control.onmessage = () => {
      open.delete(end);
      end();
      control.close();
    };
  };
  worker.addEventListener('message', hear);
  return {
    [Symbol.dispose]() {
      worker.removeEventListener('message', hear);
      for (const end of open) end();
      open.clear();
    },
  };
}

function isWish(data: unknown): data is Wish {
  return typeof data === 'object' && data !== null && (data as Partial<Wish>).type === WANTED;
}

/** Makes both workers and lets them speak with each other. @returns ends them */
function meet(engine: MessagePort, failed: (detail: string) => void): () => void {
  const workers: Worker[] = [];
  try {
    const between = new MessageChannel();
    workers.push(networkWorker(), inferenceWorker());
    for (const worker of workers) {
      worker.onerror = (event) => {
        event.preventDefault();
        failed(event.message);
      };
      worker.onmessageerror = () => failed('unreadable message');
    }
    const [network, inference] = workers;
    const met: MetNetworkMessage = { type: 'met', port: between.port1 };
    network!.postMessage(met, [met.port]);
    const both: MetMessage = { type: 'met', engine, network: between.port2 };
    inference!.postMessage(both, [both.engine, both.network]);
  } catch (error) {
    failed(String(error));
  }
  return () => {
    for (const worker of workers) worker.terminate();
  };
}

/** Two workers that the page made, spoken to by ports. */
class MetWorkers implements EngineWorker {
  onerror: EngineWorker['onerror'] = null;
  readonly #engine = new MessageChannel();
  readonly #end: () => void;

  constructor() {
    const { port2: engine } = this.#engine;
    const failed = (message: string) =>
      this.onerror?.(new ErrorEvent('error', { message, cancelable: true }));
    if (!inWorker()) {
      this.#end = meet(engine, failed);
      return;
    }
    const { port1, port2: control } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<string>) => failed(data);
    this.#end = () => {
      port1.postMessage('end');
      port1.onmessage = null;
    };
    const wish: Wish = { type: WANTED, engine, control };
    (globalThis as unknown as Worker).postMessage(wish, [engine, control]);
  }

  get onmessage(): EngineWorker['onmessage'] {
    return this.#engine.port1.onmessage;
  }

  set onmessage(listener: EngineWorker['onmessage']) {
    this.#engine.port1.onmessage = listener;
  }

  get onmessageerror(): EngineWorker['onmessageerror'] {
    return this.#engine.port1.onmessageerror;
  }

  set onmessageerror(listener: EngineWorker['onmessageerror']) {
    this.#engine.port1.onmessageerror = listener;
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#engine.port1.postMessage(message, transfer);
  }

  terminate(): void {
    this.#end();
    this.#engine.port1.close();
  }
}
