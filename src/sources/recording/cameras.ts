/**
 * Several cameras of one vehicle in one picture. The first one is followed; where it has nothing to show, the next that
 * has. A camera that recorded nothing at a moment leaves its cell empty, and says so there.
 */
import { CarriagewayError } from '../../errors';
import type { Rect } from '../../media/size';
import { SAME_TIME } from '../../media/times';
import { blanksOf, type CameraGrid, gridOf } from './camera-grid';
import { CameraReader, type ClipRecording } from './camera-reader';
import { type Schedule, type Stretch, scheduleOf, shownAt } from './camera-schedule';
import { drawUpright } from './draw-upright';
import { jointNotices } from './joint-notices';
import type { CameraCell, FileFrame, FileSound, Recording, RecordingInfo } from './recording';

/** What one camera recorded, open. */
export interface OpenCamera {
  readonly name: string;
  readonly clips: readonly (ClipRecording & {
    /** When it began, in milliseconds since 1970; null when nothing tells. */
    readonly clock: number | null;
  })[];
}

/** Cameras as one recording. */
export class Cameras implements Recording {
  readonly info: RecordingInfo;
  readonly #schedule: Schedule;
  readonly #grid: CameraGrid;

  /**
   * @param cameras front first; owned from now on
   * @param offset seconds by which all but the first are ahead
   * @param event a moment of the clock, in milliseconds since 1970
   */
  constructor(
    private readonly cameras: readonly OpenCamera[],
    private readonly offset: number,
    event: { readonly clock: number; readonly note: string } | null,
  ) {
    this.#schedule = scheduleOf(
      cameras.map(({ clips }) =>
        clips.map(({ clock, recording }) => ({
          clock: clock === null ? null : clock / 1000,
          duration: recording.info.duration,
        })),
      ),
    );
    this.#grid = gridOf(cameras.map(({ clips }) => clips[0]!.recording.info));
    const [first] = this.#schedule.stretches;
    const { frameRate, began, beganZone } = this.#clip(first!).recording.info;
    const notices = jointNotices(cameras.flatMap(({ clips }) => clips));
    const steady = cameras[0]!.clips.every(({ recording }) => recording.info.frameRate === frameRate);
    const at = event && this.#schedule.mediaTime(event.clock / 1000);
    this.info = {
      width: this.#grid.width,
      height: this.#grid.height,
      duration: this.#schedule.duration,
      ...(steady && frameRate !== undefined ? { frameRate } : {}),
      ...(began === undefined ? {} : { began }),
      ...(beganZone === undefined ? {} : { beganZone }),
      ...(notices.length > 0 ? { notices } : {}),
      ...(event && at !== null && at <= this.#schedule.duration
        ? { events: [{ seconds: at, note: event.note }] }
        : {}),
      parts: this.#schedule.stretches.map((stretch) => {
        const { name, recording } = this.#clip(stretch);
        const { containerStart, began, beganZone } = recording.info;
        // A stretch may begin in the middle of its file.
        const into = rounded(stretch.from - this.#startOf(stretch));
        return {
          name,
          start: stretch.from,
          ...(containerStart === undefined && into === 0
            ? {}
            : { containerStart: (containerStart ?? 0) + into }),
          ...(began === undefined ? {} : { began: began + Math.round(into * 1000) }),
          ...(beganZone === undefined ? {} : { beganZone }),
        };
      }),
    };
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    const readers = this.cameras.map(
      ({ clips }, camera) =>
        new CameraReader(clips, this.#schedule.cameras[camera]!, this.#schedule.duration),
    );
    try {
      let from = seconds;
      for (const stretch of this.#schedule.stretches.slice(this.#indexAt(seconds))) {
        for await (const frame of this.#followed(stretch, from)) {
          let joint: FileFrame;
          try {
            joint = await this.#joint(stretch, frame, readers);
          } finally {
            frame.close();
          }
          yield joint;
        }
        from = stretch.to;
      }
    } finally {
      for (const reader of readers) await reader[Symbol.asyncDispose]();
    }
  }

  async neighbour(seconds: number, frames: number): Promise<number> {
    let at = this.#indexAt(seconds);
    let time = await this.#timeIn(at, seconds, 0);
    for (let left = Math.abs(frames); left > 0; left--) {
      const way = Math.sign(frames);
      const next = await this.#timeIn(at, time, way);
      const stretch = this.#schedule.stretches[at]!;
      const stays = next >= stretch.from - SAME_TIME && next < stretch.to - SAME_TIME;
      if (stays && Math.abs(next - time) > SAME_TIME) time = next;
      else if (this.#schedule.stretches[at + way]) {
        at += way;
        const { from, to } = this.#schedule.stretches[at]!;
        time = way > 0 ? await this.#firstIn(at, from) : await this.#timeIn(at, to - 2 * SAME_TIME, 0);
      } else break;
    }
    return time;
  }

  async numberAt(seconds: number): Promise<number> {
    const at = this.#indexAt(seconds);
    let before = 0;
    for (let i = 0; i < at; i++) before += await this.#framesIn(i);
    return Math.max(0, before + (await this.#localNumber(at, seconds)) - (await this.#firstNumber(at)));
  }

  async frameCount(): Promise<number> {
    let count = 0;
    for (let i = 0; i < this.#schedule.stretches.length; i++) count += await this.#framesIn(i);
    return count;
  }

  async sound(): Promise<FileSound | null> {
    const [first] = this.#schedule.stretches;
    const sound = await this.#clip(first!).recording.sound();
    if (!sound) return null;
    const stretches = this.#schedule.stretches;
    const soundOf = (stretch: Stretch) => this.#clip(stretch).recording.sound();
    const startOf = (stretch: Stretch) => this.#startOf(stretch);
    return {
      codec: sound.codec,
      config: sound.config,
      async *packets(from, to) {
        for (const stretch of stretches) {
          const [begin, end] = [Math.max(from, stretch.from), Math.min(to, stretch.to)];
          const part = begin < end ? await soundOf(stretch) : null;
          if (!alike(sound, part)) continue;
          const start = startOf(stretch);
          for await (const packet of part.packets(begin - start, end - start))
            yield packet.clone({ timestamp: start + packet.timestamp });
        }
      },
    };
  }

  place(): Promise<string | null> {
    return this.#clip(this.#schedule.stretches[0]!).recording.place();
  }

  [Symbol.dispose](): void {
    for (const { clips } of this.cameras) for (const { recording } of clips) recording[Symbol.dispose]();
  }

  #clip({ camera, clip }: Stretch): ClipRecording {
    return this.cameras[camera]!.clips[clip]!;
  }

  #startOf({ camera, clip }: Stretch): number {
    return this.#schedule.cameras[camera]![clip]!.start;
  }

  #indexAt(seconds: number): number {
    const { stretches } = this.#schedule;
    return Math.max(
      0,
      stretches.findLastIndex(({ from }) => from <= seconds + SAME_TIME),
    );
  }

  /** The frames of a stretch, with media times. The one shown at `from` is the first, if it lies in the stretch. */
  async *#followed(stretch: Stretch, from: number): AsyncGenerator<FileFrame, void, undefined> {
    const start = this.#startOf(stretch);
    for await (const frame of this.#clip(stretch).recording.frames(Math.max(0, from - start))) {
      const seconds = rounded(start + frame.seconds);
      if (seconds >= stretch.to - SAME_TIME) {
        frame.close();
        return;
      }
      // What this camera showed before the stretch began was the other camera's time.
      if (seconds < stretch.from - SAME_TIME) frame.close();
      else yield { ...frame, seconds, close: () => frame.close() };
    }
  }

  /** Time of the frame some frames away inside one stretch's clip; it may lie outside the stretch. */
  async #timeIn(index: number, seconds: number, frames: number): Promise<number> {
    const stretch = this.#schedule.stretches[index]!;
    const start = this.#startOf(stretch);
    const local = await this.#clip(stretch).recording.neighbour(Math.max(0, seconds - start), frames);
    return rounded(start + local);
  }

  /** Number, in its own file, of the frame that a stretch's camera shows at a time. */
  #localNumber(index: number, seconds: number): Promise<number> {
    const stretch = this.#schedule.stretches[index]!;
    return this.#clip(stretch).recording.numberAt(Math.max(0, seconds - this.#startOf(stretch)));
  }

  async #firstNumber(index: number): Promise<number> {
    return this.#localNumber(index, await this.#firstIn(index, this.#schedule.stretches[index]!.from));
  }

  async #framesIn(index: number): Promise<number> {
    const last = await this.#localNumber(index, this.#schedule.stretches[index]!.to - 2 * SAME_TIME);
    return Math.max(0, last + 1 - (await this.#firstNumber(index)));
  }

  /** Time of the first frame that lies in a stretch. */
  async #firstIn(index: number, from: number): Promise<number> {
    const time = await this.#timeIn(index, from, 0);
    return time >= from - SAME_TIME ? time : this.#timeIn(index, time, 1);
  }

  /** The pictures of all cameras at the moment of one frame. */
  async #joint(stretch: Stretch, followed: FileFrame, readers: readonly CameraReader[]): Promise<FileFrame> {
    const { seconds, duration } = followed;
    const offsetOf = (camera: number): number => (camera > 0 ? this.offset : 0);
    const moment = seconds - offsetOf(stretch.camera);
    const frames: (FileFrame | null)[] = [];
    for (const [camera, reader] of readers.entries())
      frames.push(camera === stretch.camera ? followed : await reader.at(moment + offsetOf(camera)));
    const joint = this.#drawn(frames, seconds);
    const { width, height } = this.#grid;
    const blanks = blanksOf(
      this.#grid,
      frames.map((frame) => frame === null),
    ).map((blank) => shareOf(blank, width, height));
    const cells = this.#cellsAt(
      frames.map((frame) => frame !== null),
      (camera) => moment + offsetOf(camera),
    );
    return {
      frame: joint,
      rotation: 0,
      seconds,
      duration,
      ...(cells.length > 0 ? { cells } : {}),
      ...(blanks.length > 0 ? { blanks } : {}),
      close: () => joint.close(),
    };
  }

  /** Cameras that show something, with the time of it by the clocks of their files. @param at media time of each */
  #cellsAt(shown: readonly boolean[], at: (camera: number) => number): CameraCell[] {
    const { width, height, places } = this.#grid;
    return this.cameras.flatMap(({ name, clips }, camera) => {
      const placed = this.#schedule.cameras[camera]!;
      const clip = shown[camera] ? shownAt(placed, this.#schedule.duration, at(camera)) : -1;
      const clock = clips[clip]?.clock ?? null;
      if (clock === null) return [];
      const into = at(camera) - placed[clip]!.start;
      return [{ name, clock: clock + into * 1000, place: shareOf(places[camera]!, width, height) }];
    });
  }

  #drawn(frames: readonly (FileFrame | null)[], seconds: number): VideoFrame {
    const { width, height, places, cells } = this.#grid;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new CarriagewayError('source-failed', 'no 2D canvas for several pictures');
    for (const [camera, frame] of frames.entries())
      if (frame) drawUpright(context, frame, places[camera]!);
      else drawEmpty(context, this.cameras[camera]!.name, cells[camera]!);
    return new VideoFrame(canvas, { timestamp: Math.round(seconds * 1e6), alpha: 'discard' });
  }
}

/** Says that a camera recorded nothing; dark, so that nobody takes it for a picture. */
function drawEmpty(
  context: OffscreenCanvasRenderingContext2D,
  name: string,
  { x, y, width, height }: Rect,
): void {
  context.save();
  context.fillStyle = '#16181d';
  context.fillRect(x, y, width, height);
  context.fillStyle = '#c9ced8';
  context.font = `${Math.max(8, Math.round(Math.min(height / 12, width / 16)))}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const said = name
    ? `${name[0]!.toUpperCase()}${name.slice(1)}: nothing recorded here`
    : 'Nothing recorded here';
  context.fillText(said, x + width / 2, y + height / 2, width * 0.9);
  context.restore();
}

function shareOf({ x, y, width, height }: Rect, across: number, down: number): Rect {
  return { x: x / across, y: y / down, width: width / across, height: height / down };
}

function alike(one: FileSound, other: FileSound | null): other is FileSound {
  return (
    other?.codec === one.codec &&
    other.config.sampleRate === one.config.sampleRate &&
    other.config.numberOfChannels === one.config.numberOfChannels
  );
}

/** To whole microseconds, as frames say their time. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
