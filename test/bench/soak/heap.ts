import type { Page } from 'playwright';

/** Runs on a page. Bytes of the page and its workers after a collection (`measureUserAgentSpecificMemory` waits for one). */
export async function heapBytes(): Promise<number> {
  const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
    measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
  };
  return (await measure.call(performance)).bytes;
}

/** Bytes of a page's heap; NaN where the browser does not collect in time, as on a machine with much else to do. */
export async function heapWithin(page: Page, milliseconds: number): Promise<number> {
  const over = new AbortController();
  const late = new Promise<number>((resolve) => {
    const timer = setTimeout(() => resolve(Number.NaN), milliseconds);
    over.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    return await Promise.race([page.evaluate(heapBytes), late]);
  } finally {
    over.abort();
  }
}
