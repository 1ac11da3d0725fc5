/** Nothing is waited for without end. */

/** What was waited for did not come in time. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Waits for a promise for so long at most. What comes later is left alone.
 * @param what for the message
 * @param holds whether waiting alone keeps the process alive
 * @throws DeadlineError
 */
export async function within<T>(
  promise: Promise<T>,
  milliseconds: number,
  what: string,
  holds = true,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DeadlineError(`${what} did not answer within ${milliseconds} ms.`)),
      milliseconds,
    );
    if (!holds) timer.unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
