/**
 * The clock of a fragmented MP4: each fragment says when it begins (ISO/IEC 14496-12, 8.8.12). Recorders of streams write
 * what the camera says, which may start again or be set while it runs; such fragments are given the time at which the
 * ones before them end.
 */
import { type Box, boxesAt, patched, topBoxes } from './boxes';
import { ByteWindow } from './byte-window';
import { type ClockJump, judgeStep, USUAL_STEP } from './clock-jump';
import { tracksIn } from './movie-tracks';

/** A file whose fragments follow each other, and where they did not. */
export interface FragmentClock {
  readonly blob: Blob;
  /** In seconds of the file's clock once it is mended. */
  readonly jumps: readonly ClockJump[];
}

/** Seconds by which a fragment may begin before the one ahead of it ends: lengths are rounded. */
const OVERLAP = 0.5;

/** Seconds from which on a sample counts as long. */
const LONG = 1;

/** A jump of the pictures is one of the clock if all other tracks jump within so many fragments. */
const TOGETHER = 3;

/** A sample that says it lasts for long: a place where the clock may have jumped within a fragment. Ticks. */
interface LongSample {
  /** Where its length is written, and what is written. */
  readonly at: number;
  readonly length: number;
  /** When it begins, from the beginning of its fragment. */
  readonly from: number;
}

/** One track's part of one fragment. */
interface Run {
  readonly track: number;
  /** Number of the fragment. */
  readonly fragment: number;
  /** Where its time is written, in how many bytes, and what is written, in ticks. */
  readonly at: number;
  readonly wide: boolean;
  readonly time: number;
  /** How long it lasts and how many samples it has, in ticks; its long samples are left out of both. */
  readonly length: number;
  readonly samples: number;
  readonly long: readonly LongSample[];
}

/** Mends a file's fragments; null when it has none, or there is nothing to be said of them. */
export async function readFragmentClock(blob: Blob): Promise<FragmentClock | null> {
  const bytes = new ByteWindow(blob);
  const top = await topBoxes(blob);
  const movie = top.find(({ type }) => type === 'moov');
  const fragments = top.filter(({ type, to }) => type === 'moof' && to <= blob.size);
  if (!movie || fragments.length === 0) return null;
  const tracks = await tracksOf(bytes, movie);
  const pictures = [...tracks].find(([, { video }]) => video)?.[0];
  if (pictures === undefined) return null;
  const runs: Run[] = [];
  for (const [n, fragment] of fragments.entries()) runs.push(...(await runsOf(bytes, fragment, n, tracks)));
  const { jumps, shifts, shortened } = judge(runs, tracks, pictures);
  const patches = runs.flatMap((run, i) => {
    const shift = shifts[i]!;
    return shift === 0 ? [] : [{ at: run.at, bytes: timeBytes(run, run.time + shift) }];
  });
  for (const { at, ticks } of shortened) patches.push({ at, bytes: timeBytes({ wide: false }, ticks) });
  if (jumps.length === 0 && patches.length === 0) return null;
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

interface Verdict {
  readonly jumps: ClockJump[];
  /** For each run what is added to its time, in ticks. */
  readonly shifts: number[];
  /** Lengths that samples get in place of what is written. */
  readonly shortened: { readonly at: number; readonly ticks: number }[];
}

function judge(runs: readonly Run[], tracks: ReadonlyMap<number, Track>, pictures: number): Verdict {
  const lanes = new Map([...tracks].map(([id, track]) => [id, laneOf(runs, id, track)]));
  const others = [...lanes].filter(([id, { runs: own }]) => id !== pictures && own.length > 0);
  const together = (fragment: number): boolean =>
    others.every(([, { jumps }]) => jumps.some((jump) => Math.abs(jump.fragment - fragment) <= TOGETHER));
  const film = lanes.get(pictures)!;
  const closed = film.jumps.filter(({ kind, fragment }) => kind === 'jump' && together(fragment));
  const shiftOf = new Map<Run, number>();
  const shortened: Verdict['shortened'] = [];
  for (const { runs: own, jumps, usual, scale } of lanes.values()) {
    let shift = 0;
    for (const [i, run] of own.entries()) {
      const here = jumps.find(({ fragment }) => fragment === run.fragment);
      const counts = closed.some(({ fragment }) => Math.abs(fragment - run.fragment) <= TOGETHER);
      if (here?.kind === 'jump' && counts) shift -= here.ticks;
      shiftOf.set(run, shift);
      // Of a long sample that the next fragment's time does not bear out only the length is wrong.
      if (here && !counts) continue;
      for (const { at, length } of own[i - 1]?.long ?? [])
        if (kindOf(length, usual, scale) === 'jump') shortened.push({ at, ticks: usual });
    }
    for (const { at, length } of own.at(-1)?.long ?? [])
      if (kindOf(length, usual, scale) === 'jump') shortened.push({ at, ticks: usual });
  }
  const jumps = film.jumps.map(({ fragment, ticks, kind, inside }) => {
    const run = film.runs.find((each) => each.fragment === fragment)!;
    const isClosed = kind === 'jump' && closed.some((jump) => jump.fragment === fragment);
    const at = (run.time + shiftOf.get(run)! - inside) / film.scale;
    return { at, by: ticks / film.scale, closed: isClosed };
  });
  const last = film.runs.at(-1);
  const end = last && endingOf(last, film);
  if (end) jumps.push({ ...end, at: end.at + shiftOf.get(last)! / film.scale });
  return { jumps, shifts: runs.map((run) => shiftOf.get(run) ?? 0), shortened };
}

/** One track's fragments, in order. */
interface Lane {
  readonly runs: readonly Run[];
  readonly scale: number;
  /** The length that the middle one of all samples has, in ticks. */
  readonly usual: number;
  readonly jumps: readonly FoundJump[];
}

interface FoundJump {
  readonly fragment: number;
  readonly ticks: number;
  readonly kind: 'gap' | 'jump';
  /** How much of the fragment before lies behind the jump, in ticks. */
  readonly inside: number;
}

/** Where one track's fragments do not follow each other, and by how much. */
function laneOf(runs: readonly Run[], id: number, { scale }: Track): Lane {
  const own = runs.filter(({ track }) => track === id);
  const usual = usualOf(own, scale);
  const jumps = own.slice(1).flatMap((run, i): FoundJump[] => {
    const before = own[i]!;
    const ticks = run.time - before.time - steadyLength(before, usual, scale);
    const each = before.samples > 0 ? before.length / before.samples : usual;
    const kind = judgeStep(ticks / scale, each / scale, OVERLAP);
    return kind === 'usual'
      ? []
      : [{ fragment: run.fragment, ticks, kind, inside: behind(before, usual, scale) }];
  });
  return { runs: own, scale, usual, jumps };
}

/** The usual length of samples: the mean of the short ones, or the middle one of the long where these are more. */
function usualOf(runs: readonly Run[], scale: number): number {
  const long = runs.flatMap((run) => run.long.map(({ length }) => length)).sort((a, b) => a - b);
  const samples = runs.reduce((sum, run) => sum + run.samples, 0);
  const length = runs.reduce((sum, run) => sum + run.length, 0);
  if (long.length > samples) return long[Math.floor((long.length - 1) / 2)]!;
  return Math.max(1, Math.round(samples > 0 ? length / samples : USUAL_STEP * scale));
}

const kindOf = (length: number, usual: number, scale: number): ReturnType<typeof judgeStep> =>
  judgeStep(length / scale, usual / scale);

/** How long a fragment lasts where samples that last too long count as usual ones, in ticks. */
function steadyLength({ length, long }: Run, usual: number, scale: number): number {
  return long.reduce(
    (sum, each) => sum + (kindOf(each.length, usual, scale) === 'usual' ? each.length : usual),
    length,
  );
}

/** How much of a fragment lies behind the last of its samples that last too long, in ticks. */
function behind(run: Run, usual: number, scale: number): number {
  const odd = run.long.findLast((each) => kindOf(each.length, usual, scale) !== 'usual');
  return odd ? run.length - odd.from : 0;
}

/** A jump within the last fragment, behind which no other bears it out; null when there is none. */
function endingOf(run: Run, { usual, scale }: Lane): ClockJump | null {
  const odd = run.long.findLast((each) => kindOf(each.length, usual, scale) === 'jump');
  if (!odd) return null;
  const at = run.time + steadyLength(run, usual, scale) - behind(run, usual, scale);
  return { at: at / scale, by: (odd.length - usual) / scale, closed: true };
}

interface Track {
  readonly video: boolean;
  /** Ticks in a second. */
  readonly scale: number;
  /** Length of a sample where a fragment does not say it, in ticks. */
  readonly usual: number;
}

async function tracksOf(bytes: ByteWindow, movie: Box): Promise<Map<number, Track>> {
  const usual = new Map<number, number>();
  for (const { body } of await boxesAt(bytes, movie, 'mvex', 'trex')) {
    const view = await bytes.read(body, 24);
    if (view.byteLength === 24) usual.set(view.getUint32(4), view.getUint32(12));
  }
  const tracks = await tracksIn(bytes, movie);
  return new Map(
    tracks.map(({ id, kind, scale }) => [
      id,
      { video: kind === 'pictures', scale, usual: usual.get(id) ?? 0 },
    ]),
  );
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
    const lengths = { length: 0, samples: 0, long: [] as LongSample[] };
    for (const run of await boxesAt(bytes, part, 'trun'))
      await addLengths(bytes, run, usual, known.scale, lengths);
    runs.push({ track, fragment: n, at: decode.body + 4, wide, time: written, ...lengths });
  }
  return runs;
}

/** Adds the lengths of a run's samples to those of its fragment. @param usual in ticks, where the run tells none */
async function addLengths(
  bytes: ByteWindow,
  run: Box,
  usual: number,
  scale: number,
  sum: { length: number; samples: number; readonly long: LongSample[] },
): Promise<void> {
  const view = await bytes.read(run.body, run.to - run.body);
  if (view.byteLength < 8) return;
  const flags = view.getUint32(0) & 0xffffff;
  const samples = view.getUint32(4);
  if (!(flags & 0x100)) {
    sum.length += samples * usual;
    sum.samples += samples;
    return;
  }
  const first = 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
  const stride = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  for (let i = 0; i < samples && first + i * stride + 4 <= view.byteLength; i++) {
    const place = first + i * stride;
    const length = view.getUint32(place);
    if (length > LONG * scale) sum.long.push({ at: run.body + place, length, from: sum.length });
    else {
      sum.length += length;
      sum.samples++;
    }
  }
}

function timeBytes({ wide }: Pick<Run, 'wide'>, ticks: number): Uint8Array<ArrayBuffer> {
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
