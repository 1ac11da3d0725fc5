/** One media worker as a process: begun, and ended whether it listens or not. */
import type { types } from 'mediasoup';
import { within } from '../deadline.ts';

/** Milliseconds in which a worker has to begin, and to end. */
const START_LIMIT = 10_000;
const STOP_LIMIT = 1000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Starts a worker. mediasoup ends its workers by itself at the first signal; here that is the server's to say, which may
 * have others move away first.
 * @throws Error when it does not run
 */
export async function startWorker(binary: string): Promise<types.Worker> {
  // Not at the top: a server without rooms needs none of it.
  const { createWorker } = await import('mediasoup');
  const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  const worker = await within(
    createWorker({ workerBin: binary, logLevel: 'error' }),
    START_LIMIT,
    'The media worker',
    // Told to stop meanwhile, mediasoup lets the worker go without another word.
    false,
  );
  // `once` wraps what it is given; mediasoup's is the only one that came meanwhile under this name.
  for (const [i, signal] of SIGNALS.entries())
    for (const listener of process.listeners(signal))
      if (!before[i]!.has(listener) && listener.name === 'onSignal') process.off(signal, listener);
  return worker;
}

/** Ends a worker, by force when it does not end by itself. Never rejects. */
export async function stopWorker(worker: types.Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  const ended = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
  worker.close();
  try {
    await within(ended, STOP_LIMIT, 'The media worker');
  } catch {
    try {
      process.kill(worker.pid, 'SIGKILL');
    } catch {
      // Gone meanwhile.
    }
  }
}
