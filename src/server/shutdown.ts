/**
 * Waits for the process to be told to stop, and sees to it that it does.
 */

/** What a terminal (Ctrl-C), a supervisor and a closed terminal send. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds in which everything has to be closed: what hangs by then is left to the system. */
const CLOSE_LIMIT = 5000;

/** Resolves at the first signal to stop; a second one ends the process as usual. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}

/** Ends the process when closing takes too long. */
export function hardExit(): void {
  setTimeout(() => {
    console.error(
      `Something did not close within ${CLOSE_LIMIT / 1000} seconds; the server ends all the same.`,
    );
    process.exit(1);
  }, CLOSE_LIMIT).unref();
}
