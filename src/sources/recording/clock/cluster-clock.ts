/**
 * The clock of a Matroska or WebM file: each cluster says when it begins (RFC 9559, 5.1.3). Files that were put together
 * from several, and recorders that are set while they run, have clusters whose times jump; such a file is given out with
 * times that run on.
 */
import { ByteWindow } from './byte-window';
import { type ClockJump, judgeStep, USUAL_STEP } from './clock-jump';
import { type Element, elementsIn, ID, readUnsigned, writeElement, writeSize } from './elements';

/** A file whose clusters follow each other, and where they did not. */
export interface ClusterClock {
  readonly blob: Blob;
  /** In seconds of the file's clock once it is mended. */
  readonly jumps: readonly ClockJump[];
}

/** Nanoseconds of a tick where the file does not say it. */
const USUAL_SCALE = 1_000_000;

/** Files up to this size are looked at block by block; of larger ones the clusters tell enough. Bytes. */
const BLOCKS_MAX = 64 * 1024 * 1024;

/** A cluster's time is among its first elements: a checksum may stand in front of it. */
const STAMP_AMONG = 4;

interface Cluster {
  readonly element: Element;
  /** Where its time stands. */
  readonly stamp: Element;
  /** Ticks. */
  readonly time: number;
  /** First and last time of its blocks, in ticks, and the usual step between them. */
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** Mends a file's clusters; null when it is no Matroska file, or there is nothing to be said of them. */
export async function readClusterClock(blob: Blob): Promise<ClusterClock | null> {
  const bytes = new ByteWindow(blob);
  const top = await elementsIn(bytes, 0, blob.size);
  const head = top.find(({ id }) => id === ID.head);
  const segments = top.filter(({ id }) => id === ID.segment);
  if (!head || segments.length === 0) return null;
  const inner: Element[] = [];
  for (const segment of segments) inner.push(...(await levelOne(bytes, segment, blob.size)));
  const clusters: Cluster[] = [];
  const deep = blob.size <= BLOCKS_MAX;
  for (const element of inner)
    if (element.id === ID.cluster) {
      const before = clusters.at(-1);
      const cluster = await (deep ? blocksOf(bytes, element, blob.size) : stampOf(bytes, element, before));
      if (cluster) clusters.push(cluster);
    }
  if (clusters.length === 0) return null;
  const info = inner.find(({ id }) => id === ID.info);
  const tick = (await scaleOf(bytes, info)) / 1e9;
  const { jumps, times } = judge(clusters, tick);
  if (jumps.length === 0) return null;
  if (jumps.every(({ closed }) => !closed)) return { blob, jumps };
  const kept = inner.filter(
    ({ id }, i) => (id === ID.info || id === ID.tracks) && inner.findIndex((e) => e.id === id) === i,
  );
  return {
    blob: new Blob([
      blob.slice(head.from, head.to),
      writeSize(ID.segment, null),
      ...kept.map(({ from, to }) => blob.slice(from, to)),
      ...clusters.flatMap((cluster, i) => rewritten(blob, cluster, times[i]!)),
    ]),
    jumps,
  };
}

function judge(clusters: readonly Cluster[], tick: number): { jumps: ClockJump[]; times: number[] } {
  const jumps: ClockJump[] = [];
  const times: number[] = [];
  const usual = usualStep(clusters) ?? USUAL_STEP / tick;
  let shift = 0;
  for (const [i, cluster] of clusters.entries()) {
    const before = clusters[i - 1];
    if (before) {
      const step = cluster.first - before.last;
      const kind = judgeStep(step * tick, usual * tick, USUAL_STEP * 4);
      const closed = kind === 'jump';
      if (closed) shift -= step - Math.round(usual);
      if (kind !== 'usual')
        jumps.push({ at: (cluster.first + shift) * tick, by: (step - usual) * tick, closed });
    }
    times.push(Math.max(0, cluster.time + shift));
  }
  return { jumps, times };
}

/** The median of the steps within clusters and from one to the next, in ticks; null when time never goes forward. */
function usualStep(clusters: readonly Cluster[]): number | null {
  const within = clusters.map(({ step }) => step);
  const between = clusters.slice(1).map(({ first }, i) => first - clusters[i]!.last);
  const steps = [...within, ...between].filter((step) => step > 0).sort((a, b) => a - b);
  return steps[Math.floor((steps.length - 1) / 2)] ?? null;
}

/** The elements of a segment; one of unknown length may hold the next segment, as files put together do. */
async function levelOne(bytes: ByteWindow, segment: Element, size: number): Promise<Element[]> {
  const found: Element[] = [];
  for (const element of await elementsIn(bytes, segment.body, Math.min(segment.to, size)))
    if (element.id === ID.segment) found.push(...(await levelOne(bytes, element, size)));
    else found.push(element);
  return found;
}

/** A cluster by its own time alone. */
async function stampOf(
  bytes: ByteWindow,
  element: Element,
  before: Cluster | undefined,
): Promise<Cluster | null> {
  const parts = await elementsIn(bytes, element.body, element.to, STAMP_AMONG);
  const stamp = parts.find(({ id }) => id === ID.timestamp);
  if (!stamp) return null;
  const time = await readUnsigned(bytes, stamp);
  const step = before ? time - before.time : 0;
  return { element, stamp, time, first: time, last: time, step: step > 0 ? step : (before?.step ?? 0) };
}

async function blocksOf(bytes: ByteWindow, element: Element, size: number): Promise<Cluster | null> {
  const parts = await elementsIn(bytes, element.body, Math.min(element.to, size));
  const stamp = parts.find(({ id }) => id === ID.timestamp);
  if (!stamp) return null;
  const time = await readUnsigned(bytes, stamp);
  const blocks: number[] = [];
  for (const part of parts) {
    let block: Element | undefined = part.id === ID.simpleBlock ? part : undefined;
    if (part.id === ID.blockGroup)
      block = (await elementsIn(bytes, part.body, Math.min(part.to, size))).find(({ id }) => id === ID.block);
    if (!block) continue;
    const view = await bytes.read(block.body, 12);
    // The track's number, of one byte or more, stands in front.
    const width = view.byteLength > 0 ? Math.clz32(view.getUint8(0)) - 23 : 9;
    if (width <= 8 && view.byteLength >= width + 2) blocks.push(time + view.getInt16(width));
  }
  if (blocks.length === 0) return null;
  const sorted = [...new Set(blocks)].sort((a, b) => a - b);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  return {
    element,
    stamp,
    time,
    first,
    last,
    step: sorted.length > 1 ? (last - first) / (sorted.length - 1) : 0,
  };
}

async function scaleOf(bytes: ByteWindow, info: Element | undefined): Promise<number> {
  const scale = info && (await elementsIn(bytes, info.body, info.to)).find(({ id }) => id === ID.scale);
  return (scale && (await readUnsigned(bytes, scale))) || USUAL_SCALE;
}

/** A cluster with another time: what stood in front of its time (a checksum) is left out. */
function rewritten(blob: Blob, { element, stamp }: Cluster, time: number): BlobPart[] {
  const end = Math.min(element.to, blob.size);
  const said = writeElement(ID.timestamp, time);
  return [writeSize(ID.cluster, said.length + end - stamp.to), said, blob.slice(stamp.to, end)];
}
