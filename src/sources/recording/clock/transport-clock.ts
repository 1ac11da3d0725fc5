/**
 * The clock of an MPEG transport stream. It has 33 bits and begins anew after 26.5 hours; recorders start it again within
 * one file, or set it while they record. Here such a file is read through once, and from then on given out with times
 * that simply run on, so that whoever demuxes it sees a clean file.
 */
import { middleOf } from '../../../media/middle';
import { type ClockJump, judgeStep, USUAL_STEP, usualAfter } from './clock-jump';
import { PACKET, type PacketLayout, TICKS, ticksBetween, timesAt, type UnitTimes } from './transport-packets';
import { chooseProgram } from './transport-programs';
import { type WholePackets, wholePackets } from './transport-runs';

/** Bytes read at a time. */
const CHUNK = 4 * 1024 * 1024;

/** Files up to this size are read through; of larger ones, samples are. Bytes. */
const WHOLE_MAX = 256 * 1024 * 1024;

/** Bytes between two samples, and of each. */
const SAMPLE_EVERY = 8 * 1024 * 1024;
const SAMPLE = 512 * 1024;

/** Samples whose advance differs from the usual one by more than this factor have what lies between them read through. */
const UNUSUAL = 1.5;

/** At most so many stretches between samples are read through. */
const STRETCHES_MAX = 64;

/** A mended clock begins here, in ticks, so that sound from before the first picture has a time above nought. */
const ORIGIN = 10 * TICKS;

/**
 * How far times of presentation may go back where a stream tells no times of decoding, in seconds: it should not need
 * them then, but some recorders leave them out all the same.
 */
const REORDERED = 0.4;

/** The longest first step that is taken for the usual one, in seconds: a picture a minute, and one that was missed. */
const FIRST_STEP_MAX = 120;

/** Units of sound inside a gap of the pictures that prove that time went on. */
const SOUND_PROOF = 3;

/** From one position of the file on, what has to be added to its times, in ticks. */
export interface Shift {
  readonly from: number;
  readonly add: number;
  /** Mended time of the pictures there, in ticks. */
  readonly seam: number;
}

/** What a look through a transport stream found. */
export interface TransportClock extends WholePackets {
  /** At least one, the first from 0. */
  readonly shifts: readonly Shift[];
  readonly jumps: readonly ClockJump[];
  /** Time of the first unit of pictures by the file's own clock, in seconds. */
  readonly began: number;
  /** Number of pictures, where the whole file was looked through; null otherwise. */
  readonly pictures: number | null;
  /** Programs beside the one that is played. */
  readonly programs: number;
  /** Whether times have to be rewritten at all. */
  readonly mended: boolean;
}

/** Looks through a file; null when it is no transport stream, or has no pictures with times. */
export async function readTransportClock(blob: Blob): Promise<TransportClock | null> {
  const packets = await wholePackets(blob);
  if (!packets) return null;
  const { layout } = packets;
  const program = await chooseProgram(packets.blob, layout);
  const clean = program?.blob ?? packets.blob;
  const watch = new ClockWatch(program?.pids ?? null);
  const whole = clean.size <= WHOLE_MAX;
  if (whole) await readThrough(clean, layout, 0, clean.size, watch);
  else await readSamples(clean, layout, watch);
  const found = watch.result(whole);
  return found && { ...packets, ...found, blob: clean, programs: program?.others ?? 0 };
}

/** Follows the clock of the first stream of pictures from unit to unit. */
class ClockWatch {
  readonly #shifts: Shift[] = [];
  readonly #jumps: ClockJump[] = [];
  #pid: number | null = null;
  #first = 0;
  #last = 0;
  /** Mended time of the last unit, in ticks. */
  #steady = ORIGIN;
  #usual: number | null = null;
  /** The last step that was neither gap nor jump, in ticks: what a closed jump is given. */
  #lastStep = USUAL_STEP * TICKS;
  #wrapped = false;
  #pictures = 0;
  #decodeTimes = false;
  /** Times of sound since the last unit of pictures; a few are enough. */
  #sound: number[] = [];

  /** @param pids the streams that are looked at; null for all */
  constructor(private readonly pids: ReadonlySet<number> | null) {}

  /** @param at where the unit begins in the file */
  see(unit: UnitTimes, at: number): void {
    if (this.pids && !this.pids.has(unit.pid)) return;
    if (!unit.video) {
      if (this.#sound.length < 4096) this.#sound.push(unit.pts);
      return;
    }
    const time = unit.dts ?? unit.pts;
    if (this.#pid === null) {
      this.#pid = unit.pid;
      this.#first = unit.pts;
      this.#last = time;
      this.#shifts.push({ from: 0, add: ORIGIN - time, seam: ORIGIN });
    }
    if (unit.pid !== this.#pid) return;
    this.#pictures++;
    this.#decodeTimes ||= unit.dts !== null;
    this.#step(ticksBetween(this.#last, time), time, at);
    this.#wrapped ||= time < this.#last && ticksBetween(this.#last, time) >= 0;
    this.#last = time;
    this.#sound.length = 0;
  }

  #step(ticks: number, time: number, at: number): void {
    const step = ticks / TICKS;
    // Nothing is known before the first step: a time-lapse has long ones.
    const usual = this.#usual ?? Math.max(USUAL_STEP, step <= FIRST_STEP_MAX ? step : 0);
    const kind = judgeStep(step, usual, this.#decodeTimes ? 0 : REORDERED);
    const closed = kind === 'jump' && !this.#heardBetween(ticks);
    if (closed) {
      this.#steady += this.#lastStep;
      this.#shifts.push({ from: at, add: this.#steady - time, seam: this.#steady });
    } else {
      this.#steady += ticks;
      if (kind === 'usual' && ticks > 0) {
        this.#usual = usualAfter(this.#usual, step);
        this.#lastStep = ticks;
      }
    }
    if (kind !== 'usual') this.#jumps.push({ at: this.#steady / TICKS, by: step - usual, closed });
  }

  /** Whether sound went on while there were no pictures: then that time did pass. */
  #heardBetween(ticks: number): boolean {
    const inside = this.#sound.filter((time) => {
      const after = ticksBetween(this.#last, time);
      return after > TICKS && after < ticks - TICKS;
    });
    return inside.length >= SOUND_PROOF;
  }

  /** Takes up the clock in a part that was not read through: time went on as usual meanwhile. */
  skipTo(unit: UnitTimes): void {
    const time = unit.dts ?? unit.pts;
    this.#steady += ticksBetween(this.#last, time);
    this.#wrapped ||= time < this.#last;
    this.#last = time;
    this.#sound.length = 0;
  }

  /** Whether a unit is of the pictures that are followed. */
  follows(unit: UnitTimes): boolean {
    if (!unit.video) return false;
    return this.#pid === null ? (this.pids?.has(unit.pid) ?? true) : unit.pid === this.#pid;
  }

  /** @param whole whether every unit was seen */
  result(whole: boolean): Omit<TransportClock, keyof WholePackets | 'programs'> | null {
    if (this.#pid === null) return null;
    const mended = this.#wrapped || this.#jumps.some(({ closed }) => closed);
    const back = mended ? 0 : this.#shifts[0]!.add / TICKS;
    return {
      shifts: this.#shifts,
      jumps: this.#jumps.map((jump) => ({ ...jump, at: jump.at - back })),
      began: this.#first / TICKS,
      pictures: whole ? this.#pictures : null,
      mended,
    };
  }
}

/** Shows every unit between two positions to `watch`. */
async function readThrough(
  blob: Blob,
  layout: PacketLayout,
  from: number,
  to: number,
  watch: ClockWatch,
): Promise<void> {
  for await (const { unit, at } of unitsIn(blob, layout, from, to)) watch.see(unit, at);
}

/** Looks at samples of a large file, and reads through what lies between two that do not fit. */
async function readSamples(blob: Blob, layout: PacketLayout, watch: ClockWatch): Promise<void> {
  const samples: { readonly unit: UnitTimes; readonly at: number }[] = [];
  for (let from = 0; from < blob.size; from += SAMPLE_EVERY)
    for await (const found of unitsIn(blob, layout, from, from + SAMPLE))
      if (watch.follows(found.unit) && (samples.length === 0 || samples[0]!.unit.pid === found.unit.pid)) {
        samples.push(found);
        break;
      }
  const [first] = samples;
  if (!first) return readThrough(blob, layout, 0, blob.size, watch);
  watch.see(first.unit, first.at);
  const timeOf = ({ dts, pts }: UnitTimes): number => dts ?? pts;
  const advances = samples
    .slice(1)
    .map(({ unit }, i) => ticksBetween(timeOf(samples[i]!.unit), timeOf(unit)));
  const usual = middleOf(advances) ?? 0;
  let stretches = 0;
  for (const [i, advance] of advances.entries()) {
    const [one, next] = [samples[i]!, samples[i + 1]!];
    const fits = advance > usual / UNUSUAL && advance < usual * UNUSUAL;
    if (fits || ++stretches > STRETCHES_MAX) watch.skipTo(next.unit);
    else await readThrough(blob, layout, one.at + PACKET, next.at + PACKET, watch);
  }
}

/** Units with times that begin between two positions of the file, in their order. */
async function* unitsIn(
  blob: Blob,
  layout: PacketLayout,
  from: number,
  to: number,
): AsyncGenerator<{ readonly unit: UnitTimes; readonly at: number }, void, undefined> {
  const { stride, offset } = layout;
  let at = Math.max(0, Math.ceil((from - offset) / stride)) * stride + offset;
  const end = Math.min(to, blob.size);
  while (at + PACKET <= blob.size && at < end) {
    const packets = Math.max(1, Math.floor(CHUNK / stride));
    const bytes = new Uint8Array(
      await blob.slice(at, Math.min(blob.size, at + packets * stride)).arrayBuffer(),
    );
    for (let p = 0; p + PACKET <= bytes.length && at + p < end; p += stride) {
      const unit = timesAt(bytes, p);
      if (unit) yield { unit, at: at + p };
    }
    at += packets * stride;
  }
}
