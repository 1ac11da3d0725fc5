/** A recording's file with a clock that runs on: the one place where clocks of containers are mended. */
import { BlobSource, CustomSource, type Source } from 'mediabunny';
import { topBoxes } from './boxes';
import type { ClockJump } from './clock-jump';
import { readClusterClock } from './cluster-clock';
import { readFragmentClock } from './fragment-clock';
import { readSampleClock } from './sample-clock';
import { readTransportClock, type TransportClock } from './transport-clock';
import { readMended } from './transport-mend';
import { TICKS } from './transport-packets';

/** What a file is read through. */
export interface SteadyFile {
  readonly source: Source;
  /** Where the file's own clock jumped or nothing was recorded, in seconds of the source's clock. */
  readonly jumps: readonly ClockJump[];
  /** Seconds to be added to the source's times to get those of the file's own clock, at its beginning. */
  readonly back: number;
  /** Number of pictures in it, where it was counted; null otherwise. */
  readonly pictures: number | null;
  /** Whether its times were changed: what the file says of its length is then not to be believed. */
  readonly mended: boolean;
  /** Bytes that are no part of the stream and were left out, and all of them; null where there are none. */
  readonly dropped: { readonly bytes: number; readonly of: number } | null;
  /** Programs of a transport stream that are not played. */
  readonly programs: number;
}

/** Bytes kept in memory of a file that is rewritten while it is read. */
const CACHE = 16 * 1024 * 1024;

/** Looks at a file's clock and gives out the file with one that runs on. */
export async function steadyFile(blob: Blob): Promise<SteadyFile> {
  const transport = await readTransportClock(blob);
  if (transport)
    return {
      ...steadyStream(transport),
      dropped: transport.dropped > 0 ? { bytes: transport.dropped, of: blob.size } : null,
      programs: transport.programs,
    };
  const whole = await withoutCutHead(blob);
  const mended =
    (await readClusterClock(whole)) ?? (await readFragmentClock(whole)) ?? (await readSampleClock(whole));
  return {
    source: new BlobSource(mended?.blob ?? whole),
    jumps: mended?.jumps ?? [],
    back: 0,
    pictures: null,
    mended: mended !== null && mended.blob !== whole,
    dropped: null,
    programs: 0,
  };
}

/** A file that ends in the head of a fragment, without that head: a demuxer would read nothing of the file for it. */
async function withoutCutHead(blob: Blob): Promise<Blob> {
  const last = (await topBoxes(blob)).at(-1);
  return last?.type === 'moof' && last.to > blob.size ? blob.slice(0, last.from) : blob;
}

function steadyStream(clock: TransportClock): Omit<SteadyFile, 'dropped' | 'programs'> {
  const { blob, jumps, mended, shifts, pictures } = clock;
  if (!mended) return { source: new BlobSource(blob), jumps, back: 0, pictures, mended };
  return {
    source: new CustomSource({
      getSize: () => blob.size,
      read: (from, to) => readMended(clock, from, to),
      maxCacheSize: CACHE,
      prefetchProfile: 'fileSystem',
    }),
    jumps,
    back: -shifts[0]!.add / TICKS,
    pictures,
    mended,
  };
}
