/**
 * The clock of a fragmented MP4: each fragment says when it begins (ISO/IEC 14496-12, 8.8.12). Recorders of streams write
 * what the camera says, which may start again or be set while it runs; such fragments are given the time at which the
 * ones before them end.
 */
import { type Box, boxesAt, patched, topBoxes } from './boxes';
import { ByteWindow } from './byte-window';
import { type ClockJump, judgeStep, USUAL_STEP } from './clock-jump';

/** A file whose fragments follow each other, and where they did not. */
export interface FragmentClock {
  readonly blob: Blob;
  /** In seconds of the file's clock once it is mended. */
  readonly jumps: readonly ClockJump[];
}

/** Seconds by which a fragment may begin before the one ahead of it ends: lengths are rounded. */
const OVERLAP = 0.5;

/** A jump of the pictures is one of the clock if all other tracks jump within so many fragments. */
const TOGETHER = 3;

/** One track's part of one fragment. */
interface Run {
  readonly track: number;
  /** Number of the fragment. */
  readonly fragment: number;
  /** Where its time is written, in how many bytes, and what is written, in ticks. */
  readonly at: number;
  readonly wide: boolean;
  readonly time: number;
  /** How long it lasts and how many samples it has, in ticks. */
  readonly length: number;
  readonly samples: number;
}

/** Mends a file's fragments; null when it has none, or there is nothing to be said of them. */
export async function readFragmentClock(blob: Blob): Promise<FragmentClock | null> {
  const bytes = new ByteWindow(blob);
  const top = await topBoxes(blob);
  const movie = top.find(({ type }) => type === 'moov');
  const fragments = top.filter(({ type, to }) => type === 'moof' && to <= blob.size);
  if (!movie || fragments.length < 2) return null;
  const tracks = await tracksOf(bytes, movie);
  const pictures = [...tracks].find(([, { video }]) => video)?.[0];
  if (pictures === undefined) return null;
  const runs: Run[] = [];
  for (const [n, fragment] of fragments.entries()) runs.push(...(await runsOf(bytes, fragment, n, tracks)));
  const { jumps, shifts } = judge(runs, tracks, pictures);
  if (jumps.length === 0) return null;
  const patches = runs.flatMap((run, i) => {
    const shift = shifts[i]!;
    return shift === 0 ? [] : [{ at: run.at, bytes: timeBytes(run, run.time + shift) }];
  });
  // Tables of where fragments are would still have the old times.
  for (const box of top) if (patches.length > 0 && /^(sidx|mfra)$/.test(box.type)) patches.push(blanked(box));
  return {
    blob: patched(
      blob,
      patches.sort((a, b) => a.at - b.at),
    ),
    jumps,
  };
}

function judge(
  runs: readonly Run[],
  tracks: ReadonlyMap<number, Track>,
  pictures: number,
): { jumps: ClockJump[]; shifts: number[] } {
  const jumpy = new Map([...tracks.keys()].map((id) => [id, jumpsOf(runs, id, tracks.get(id)!)]));
  const present = new Set(runs.map(({ track }) => track));
  const others = [...jumpy].filter(([id]) => id !== pictures && present.has(id));
  const together = (fragment: number): boolean =>
    others.every(([, found]) => found.some((jump) => Math.abs(jump.fragment - fragment) <= TOGETHER));
  const own = jumpy.get(pictures) ?? [];
  const closed = own.filter(({ kind, fragment }) => kind === 'jump' && together(fragment));
  const shifts = runs.map(() => 0);
  for (const [id, found] of jumpy) {
    let shift = 0;
    for (const [i, run] of runs.entries()) {
      if (run.track !== id) continue;
      const here = found.find(({ fragment }) => fragment === run.fragment);
      const counts = closed.some(({ fragment }) => Math.abs(fragment - run.fragment) <= TOGETHER);
      if (here?.kind === 'jump' && counts) shift -= here.ticks;
      shifts[i] = shift;
    }
  }
  const scale = tracks.get(pictures)!.scale;
  const jumps = own.map(({ fragment, ticks, kind }) => {
    const i = runs.findIndex((run) => run.track === pictures && run.fragment === fragment);
    const isClosed = kind === 'jump' && closed.some((jump) => jump.fragment === fragment);
    return { at: (runs[i]!.time + shifts[i]!) / scale, by: ticks / scale, closed: isClosed };
  });
  return { jumps, shifts };
}

/** Where one track's fragments do not follow each other, and by how much. */
function jumpsOf(
  runs: readonly Run[],
  id: number,
  { scale }: Track,
): { readonly fragment: number; readonly ticks: number; readonly kind: 'gap' | 'jump' }[] {
  const found: ReturnType<typeof jumpsOf> = [];
  let end: number | null = null;
  for (const { track, fragment, time, length, samples } of runs) {
    if (track !== id) continue;
    const ticks = end === null ? 0 : time - end;
    const usual = samples > 0 ? length / samples / scale : USUAL_STEP;
    const kind = judgeStep(ticks / scale, usual, OVERLAP);
    if (kind !== 'usual') found.push({ fragment, ticks, kind });
    end = time + length;
  }
  return found;
}

interface Track {
  readonly video: boolean;
  /** Ticks in a second. */
  readonly scale: number;
  /** Length of a sample where a fragment does not say it, in ticks. */
  readonly usual: number;
}

async function tracksOf(bytes: ByteWindow, movie: Box): Promise<Map<number, Track>> {
  const tracks = new Map<number, Track>();
  const usual = new Map<number, number>();
  for (const { body } of await boxesAt(bytes, movie, 'mvex', 'trex')) {
    const view = await bytes.read(body, 24);
    if (view.byteLength === 24) usual.set(view.getUint32(4), view.getUint32(12));
  }
  for (const track of await boxesAt(bytes, movie, 'trak')) {
    const [header] = await boxesAt(bytes, track, 'tkhd');
    const [media] = await boxesAt(bytes, track, 'mdia', 'mdhd');
    const [handler] = await boxesAt(bytes, track, 'mdia', 'hdlr');
    if (!header || !media || !handler) continue;
    const head = await bytes.read(header.body, 24);
    const id = head.getUint32(head.getUint8(0) === 1 ? 20 : 12);
    const about = await bytes.read(media.body, 28);
    const scale = about.getUint32(about.getUint8(0) === 1 ? 20 : 12);
    const kind = (await bytes.read(handler.body, 12)).getUint32(8);
    if (scale > 0) tracks.set(id, { video: kind === 0x76696465, scale, usual: usual.get(id) ?? 0 });
  }
  return tracks;
}

async function runsOf(
  bytes: ByteWindow,
  fragment: Box,
  n: number,
  tracks: ReadonlyMap<number, Track>,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (const part of await boxesAt(bytes, fragment, 'traf')) {
    const [header] = await boxesAt(bytes, part, 'tfhd');
    const [decode] = await boxesAt(bytes, part, 'tfdt');
    if (!header || !decode) continue;
    const head = await bytes.read(header.body, 24);
    const flags = head.getUint32(0) & 0xffffff;
    const track = head.getUint32(4);
    const known = tracks.get(track);
    if (!known) continue;
    const place = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
    const usual = flags & 8 && head.byteLength >= place + 4 ? head.getUint32(place) : known.usual;
    const time = await bytes.read(decode.body, 12);
    const wide = time.getUint8(0) === 1;
    const written = wide ? Number(time.getBigUint64(4)) : time.getUint32(4);
    let [length, samples] = [0, 0];
    for (const run of await boxesAt(bytes, part, 'trun')) {
      const sum = await lengthOf(bytes, run, usual);
      length += sum.length;
      samples += sum.samples;
    }
    runs.push({ track, fragment: n, at: decode.body + 4, wide, time: written, length, samples });
  }
  return runs;
}

async function lengthOf(
  bytes: ByteWindow,
  run: Box,
  usual: number,
): Promise<{ readonly length: number; readonly samples: number }> {
  const view = await bytes.read(run.body, run.to - run.body);
  if (view.byteLength < 8) return { length: 0, samples: 0 };
  const flags = view.getUint32(0) & 0xffffff;
  const samples = view.getUint32(4);
  if (!(flags & 0x100)) return { length: samples * usual, samples };
  const first = 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
  const stride = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  let length = 0;
  for (let i = 0; i < samples && first + i * stride + 4 <= view.byteLength; i++)
    length += view.getUint32(first + i * stride);
  return { length, samples };
}

function timeBytes({ wide }: Run, ticks: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(wide ? 8 : 4);
  const view = new DataView(bytes.buffer);
  const whole = Math.max(0, Math.round(ticks));
  if (wide) view.setBigUint64(0, BigInt(whole));
  else view.setUint32(0, whole);
  return bytes;
}

/** Makes a box one that is skipped. */
function blanked({ from }: Box): { readonly at: number; readonly bytes: Uint8Array<ArrayBuffer> } {
  return { at: from + 4, bytes: new TextEncoder().encode('free') };
}
