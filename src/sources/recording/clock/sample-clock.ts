/**
 * The clock of a plain MP4: a table says how long each sample lasts, in the order of decoding (ISO/IEC 14496-12, 8.6.1.2),
 * and another one by how much later it is shown (8.6.1.3). A recorder that was set while it ran, that stood still for hours
 * or that wrote one wrong number must not make a film of a minute last for a day: such entries get the usual length.
 */
import { type Box, boxesAt, patched, topBoxes } from './boxes';
import { ByteWindow } from './byte-window';
import { type ClockJump, judgeStep } from './clock-jump';
import { editBeginnings, readEditList } from './edit-list';
import { type MovieTrack, tracksIn } from './movie-tracks';

/** A file whose samples follow each other, and where they did not. */
export interface SampleClock {
  readonly blob: Blob;
  /** In seconds of the file's clock once it is mended. */
  readonly jumps: readonly ClockJump[];
}

/** Largest table that is looked at, in bytes: ten hours of pictures of which each has a length of its own. */
const TABLE_MAX = 8 * 1024 * 1024;

/** Seconds by which pictures and sound may stand still apart, and it is one and the same stand. */
const TOGETHER = 2;

/** By how much a picture may be shown later than usual, in seconds: no decoder holds back so many. */
const DELAY_MAX = 10;

/** Pictures that a decoder holds back at most (H.264, A.4.2), twice. */
const REORDER_MAX = 32;

/** Most places of one kind that are mended or told of. */
const JUMPS_MAX = 1000;

/** One entry of a table: samples in a row with the same number. */
interface Entry {
  /** Where the number is written. */
  readonly at: number;
  readonly samples: number;
  readonly value: number;
}

/** Samples that last longer than usual, by the clock as it is written. Seconds. */
interface Stand {
  readonly entry: Entry;
  /** Number of the first of them, as they are stored. */
  readonly sample: number;
  readonly kind: 'gap' | 'jump';
  /** When the first of them begins, and when the last one ends. */
  readonly from: number;
  readonly to: number;
  /** Whether the last sample of all is the only one among them: nothing comes behind it. */
  readonly last: boolean;
}

interface Lengths {
  readonly track: MovieTrack;
  readonly entries: readonly Entry[];
  /** In ticks. */
  readonly usual: number;
  readonly stands: readonly Stand[];
  /** Seconds. */
  readonly end: number;
}

/** Mends a file's table of lengths; null when it has fragments or no index, or there is nothing to be said of it. */
export async function readSampleClock(blob: Blob): Promise<SampleClock | null> {
  const top = await topBoxes(blob);
  const movie = top.find(({ type, to }) => type === 'moov' && to <= blob.size);
  if (!movie || top.some(({ type }) => type === 'moof')) return null;
  const bytes = new ByteWindow(blob);
  const lengths: Lengths[] = [];
  for (const track of await tracksIn(bytes, movie)) {
    const entries = await entriesOf(bytes, track.box, 'stts');
    if (entries) lengths.push(standsOf(track, entries));
  }
  const films = lengths.filter(({ track }) => track.kind === 'pictures');
  const film = films.toSorted((a, b) => samplesOf(b) - samplesOf(a))[0];
  if (!film) return null;
  const sounds = lengths.filter(({ track }) => track.kind === 'sound');
  const closed = closedOf(film, sounds);
  let { offset } = await readEditList(blob, film.track.id);
  const patches: ReturnType<typeof patch>[] = [];
  for (const each of [film, ...sounds]) {
    const shut = each === film ? closed : near(closed, each);
    patches.push(...patchesOf(each, shut));
    // What is shown begins as many pictures behind the first as before.
    for (const [n, { at, from }] of (await editBeginnings(bytes, each.track.box)).entries()) {
      const taken = takenBefore(each, shut, from);
      if (taken > 0) patches.push(patch({ at }, from - taken));
      if (each === film && n === 0) offset -= taken / film.track.scale;
    }
  }
  const delays = await delaysOf(bytes, film, closed);
  patches.push(...delays.map(({ at, mended }) => patch({ at }, mended)));
  const strays = delays.flatMap(({ jump }) => (jump ? [jump] : []));
  const jumps = [...jumpsOf(film, closed), ...strays]
    .map((jump) => ({ ...jump, at: jump.at - offset }))
    // What lies in front of the first picture that is shown is seen by nobody: it is how pictures wait for those before them.
    .filter(({ at }) => at > film.usual / film.track.scale / 2)
    .sort((one, other) => one.at - other.at);
  if (patches.length === 0 && jumps.length === 0) return null;
  const sorted = patches.sort((a, b) => a.at - b.at);
  return { blob: sorted.length === 0 ? blob : patched(blob, sorted), jumps: jumps.slice(0, JUMPS_MAX) };
}

/** Entries of a track's table of pairs; null when it has none. */
async function entriesOf(bytes: ByteWindow, track: Box, type: 'stts' | 'ctts'): Promise<Entry[] | null> {
  const [table] = await boxesAt(bytes, track, 'mdia', 'minf', 'stbl', type);
  if (!table || table.to - table.body > TABLE_MAX) return null;
  const view = await bytes.read(table.body, table.to - table.body);
  if (view.byteLength < 8) return null;
  const count = Math.min(view.getUint32(4), Math.floor((view.byteLength - 8) / 8));
  return Array.from({ length: count }, (_, i) => ({
    at: table.body + 12 + 8 * i,
    samples: view.getUint32(8 + 8 * i),
    // Some write what was set back as a number below nought, in either table.
    value: view.getInt32(12 + 8 * i),
  }));
}

function standsOf(track: MovieTrack, entries: readonly Entry[]): Lengths {
  const usual = medianOf(entries.filter(({ value }) => value > 0)) ?? 0;
  const stands: Stand[] = [];
  let ticks = 0;
  const all = entries.reduce((sum, { samples }) => sum + samples, 0);
  let sample = 0;
  for (const entry of entries) {
    const { samples, value } = entry;
    // What is below nought is written as a length of days.
    const kind = value < 0 ? 'jump' : judgeStep(value / track.scale, usual / track.scale);
    const from = ticks / track.scale;
    ticks += samples * (value >>> 0);
    const last = sample + samples === all && samples === 1;
    const odd = samples > 0 && kind !== 'usual' && stands.length < JUMPS_MAX;
    if (odd) stands.push({ entry, sample, kind, from, to: ticks / track.scale, last });
    sample += samples;
  }
  return { track, entries, usual, stands, end: ticks / track.scale };
}

/** The number that the middle one of all samples has; null without any. */
function medianOf(entries: readonly Entry[]): number | null {
  const half = entries.reduce((sum, { samples }) => sum + samples, 0) / 2;
  let seen = 0;
  for (const { samples, value } of entries.toSorted((a, b) => a.value - b.value)) {
    seen += samples;
    if (samples > 0 && seen >= half) return value;
  }
  return null;
}

/**
 * Which jumps of the pictures are ones of the clock. Where sound went on meanwhile, time did: it stays as it is. A film of
 * one picture has no usual length.
 */
function closedOf(film: Lengths, sounds: readonly Lengths[]): ReadonlySet<Stand> {
  if (samplesOf(film) < 2) return new Set();
  const goesOn = ({ to }: Stand, sound: Lengths): boolean =>
    sound.end >= to - TOGETHER && !sound.stands.some((other) => meets(other, to));
  return new Set(
    film.stands.filter((stand) => stand.kind === 'jump' && !sounds.some((sound) => goesOn(stand, sound))),
  );
}

const meets = ({ from, to }: Stand, end: number): boolean => from - TOGETHER <= end && to + TOGETHER >= end;

/** The stands of a sound that are those of the pictures, too. */
function near(closed: ReadonlySet<Stand>, { stands }: Lengths): ReadonlySet<Stand> {
  return new Set(
    stands.filter((stand) => stand.kind === 'jump' && [...closed].some(({ to }) => meets(stand, to))),
  );
}

function samplesOf({ entries }: Lengths): number {
  return entries.reduce((sum, { samples }) => sum + samples, 0);
}

/** Ticks by which samples last longer than usual. */
function surplus({ samples, value }: Entry, usual: number): number {
  return samples * ((value >>> 0) - usual);
}

/** Ticks that closing takes away in front of a tick. */
function takenBefore({ track, usual }: Lengths, closed: ReadonlySet<Stand>, tick: number): number {
  return [...closed]
    .filter(({ to }) => to * track.scale <= tick)
    .reduce((sum, { entry }) => sum + surplus(entry, usual), 0);
}

/** Closed stands get the usual length. So that each picture has a time of its own, one without a length gets a tick. */
function patchesOf(
  { track, entries, usual }: Lengths,
  closed: ReadonlySet<Stand>,
): ReturnType<typeof patch>[] {
  const ends = new Set([...closed].map(({ entry }) => entry));
  return entries.flatMap((entry) => {
    if (ends.has(entry)) return [patch(entry, usual)];
    const timeless = track.kind === 'pictures' && entry.value === 0 && usual > 1;
    return timeless ? [patch(entry, 1)] : [];
  });
}

function patch({ at }: Pick<Entry, 'at'>, value: number): { at: number; bytes: Uint8Array<ArrayBuffer> } {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value);
  return { at, bytes };
}

/** Where the pictures' clock stood or jumped, by the mended one. */
function jumpsOf({ track, usual, stands }: Lengths, closed: ReadonlySet<Stand>): ClockJump[] {
  const jumps: ClockJump[] = [];
  let taken = 0;
  for (const stand of stands) {
    const { value, samples } = stand.entry;
    const isClosed = closed.has(stand);
    const step = value >= 0 || isClosed ? value : value >>> 0;
    const by = (step - usual) / track.scale;
    // A last picture that is shown for a while is none.
    if (stand.last && !isClosed) continue;
    const each = (isClosed ? usual : value >>> 0) / track.scale;
    for (let i = 0; i < Math.min(samples, JUMPS_MAX); i++)
      jumps.push({ at: stand.from - taken + (i + 1) * each, by, closed: isClosed });
    if (isClosed) taken += surplus(stand.entry, usual) / track.scale;
  }
  return jumps;
}

/** A picture that is said to be shown much later, or earlier, than others, and by how much it really is. */
interface OddDelay {
  readonly at: number;
  /** In ticks. */
  readonly mended: number;
  /** Null where it only bears a jump out that is told already. */
  readonly jump: ClockJump | null;
}

/**
 * Odd delays. Pictures are stored ahead of those that are shown before them: where the clock jumps, those that lie in
 * front of the jump but are shown behind it are delayed by as much, and no more than that is wrong with them.
 */
async function delaysOf(
  bytes: ByteWindow,
  { track, usual: step, stands }: Lengths,
  closed: ReadonlySet<Stand>,
): Promise<OddDelay[]> {
  const entries = (await entriesOf(bytes, track.box, 'ctts')) ?? [];
  const usual = medianOf(entries);
  if (usual === null) return [];
  const found: OddDelay[] = [];
  let n = 0;
  for (const { at, samples, value } of entries) {
    const by = (value - usual) / track.scale;
    if (samples > 0 && Math.abs(by) > DELAY_MAX && found.length < JUMPS_MAX) {
      const stand = stands.find(
        ({ sample, entry }) =>
          sample >= n - 1 &&
          sample <= n + REORDER_MAX &&
          Math.abs(by - (entry.value - step) / track.scale) < DELAY_MAX,
      );
      if (!stand) found.push({ at, mended: usual, jump: { at: (n * step) / track.scale, by, closed: true } });
      else if (closed.has(stand)) found.push({ at, mended: value - (stand.entry.value - step), jump: null });
    }
    n += samples;
  }
  return found;
}
