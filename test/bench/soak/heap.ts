/** Runs on a page. Bytes of the page and its workers after a collection (`measureUserAgentSpecificMemory` waits for one). */
export async function heapBytes(): Promise<number> {
  const { measureUserAgentSpecificMemory: measure } = performance as unknown as {
    measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
  };
  return (await measure.call(performance)).bytes;
}
