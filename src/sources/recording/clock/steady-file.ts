/** A recording's file with a clock that runs on: the one place where clocks of containers are mended. */
import { BlobSource, CustomSource, type Source } from 'mediabunny';
import type { ClockJump } from './clock-jump';
import { readTransportClock } from './transport-clock';
import { readMended } from './transport-mend';
import { TICKS } from './transport-packets';

/** What a file is read through. */
export interface SteadyFile {
  readonly source: Source;
  /** Where the file's own clock jumped or nothing was recorded, in seconds of the source's clock. */
  readonly jumps: readonly ClockJump[];
  /** Seconds to be added to the source's times to get those of the file's own clock, at its beginning. */
  readonly back: number;
}

/** Bytes kept in memory of a file that is rewritten while it is read. */
const CACHE = 16 * 1024 * 1024;

/** Looks at a file's clock and gives out the file with one that runs on. */
export async function steadyFile(blob: Blob): Promise<SteadyFile> {
  const transport = await readTransportClock(blob);
  if (!transport) return { source: new BlobSource(blob), jumps: [], back: 0 };
  const { jumps, mended, shifts } = transport;
  if (!mended) return { source: new BlobSource(blob), jumps, back: 0 };
  return {
    source: new CustomSource({
      getSize: () => blob.size,
      read: (from, to) => readMended(blob, transport, from, to),
      maxCacheSize: CACHE,
      prefetchProfile: 'fileSystem',
    }),
    jumps,
    back: -shifts[0]!.add / TICKS,
  };
}
