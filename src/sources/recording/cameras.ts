/**
 * Several cameras of one vehicle: all in one picture, or one of them, or each by itself beside the others. The first one
 * is followed; where it has nothing to show, the next that has. A camera that recorded nothing at a moment shows an
 * empty picture that says so.
 */
import type { Rect, Size } from '../../media/size';
import { SAME_TIME, wholeMicroseconds } from '../../media/times';
import type { CameraInfo } from '../source';
import { type CameraGrid, gridOf } from './camera-grid';
import { EmptyPictures, JointPicture, shareOf } from './camera-pictures';
import { CameraReader, type ClipRecording } from './camera-reader';
import { type Schedule, type Stretch, scheduleOf, shownAt, shownIn } from './camera-schedule';
import { jointNotices } from './joint-notices';
import {
  ALL_BLANK,
  type CameraCell,
  type CameraClips,
  type FileFrame,
  type FileSound,
  type Recording,
  type RecordingInfo,
  soundsAlike,
} from './recording';

/** What one camera recorded, open. */
export interface OpenCamera {
  readonly name: string;
  readonly empty?: string;
  readonly clips: readonly (ClipRecording & Omit<CameraClips['clips'][number], 'file'>)[];
}

/** What is shown at a moment, in seconds: for each camera its frame, or null. Borrowed until the next moment. */
interface Moment {
  readonly seconds: number;
  readonly duration: number;
  readonly frames: readonly (FileFrame | null)[];
  /** The moment as each camera's recordings have it: they may be ahead. */
  readonly own: readonly number[];
}

/** All of a picture. */
const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };

/** Cameras as one recording. */
export class Cameras implements Recording {
  readonly info: RecordingInfo;
  readonly #schedule: Schedule;
  readonly #grid: CameraGrid;

  /**
   * @param cameras front first; owned from now on
   * @param offset seconds by which all but the first are ahead
   * @param event a moment of the clock, in milliseconds since 1970
   * @param camera place of the one whose pictures are the frames; null for all in one picture
   */
  constructor(
    private readonly cameras: readonly OpenCamera[],
    private readonly offset: number,
    event: { readonly clock: number; readonly note: string } | null,
    private readonly camera: number | null = null,
  ) {
    this.#schedule = scheduleOf(
      cameras.map(({ clips }) =>
        clips.map(({ clock, moment, recording }) => ({
          clock: clock === null ? null : clock / 1000,
          duration: recording.info.duration,
          ...(moment === undefined ? {} : { moment }),
        })),
      ),
    );
    const sizes = cameras.map((_, n) => this.#sizeOf(n));
    this.#grid = gridOf(sizes);
    const { width, height } = camera === null ? this.#grid : sizes[camera]!;
    const [first] = this.#schedule.stretches;
    const { frameRate, began, beganZone } = this.#clip(first!).recording.info;
    const notices = jointNotices(cameras.flatMap(({ clips }) => clips));
    const steady = cameras[0]!.clips.every(({ recording }) => recording.info.frameRate === frameRate);
    const at = event && this.#schedule.mediaTime(event.clock / 1000);
    this.info = {
      width,
      height,
      duration: this.#schedule.duration,
      ...(cameras.length > 1 ? { cameras: this.#described(sizes) } : {}),
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
        const into = wholeMicroseconds(stretch.from - this.#startOf(stretch));
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

  async *frames(seconds: number, camera = this.camera): AsyncGenerator<FileFrame, void, undefined> {
    if (camera !== null) {
      using empty = new EmptyPictures();
      for await (const moment of this.#moments(seconds, [camera])) yield this.#ownAt(moment, camera, empty);
      return;
    }
    const joint = new JointPicture(this.#grid, this.#said);
    const all = this.cameras.map((_, n) => n);
    const { places, width, height } = this.#grid;
    for await (const moment of this.#moments(seconds, all)) {
      const { seconds, duration, frames } = moment;
      const cells = all.flatMap((n) => this.#cellOf(moment, n, shareOf(places[n]!, width, height)));
      yield { ...joint.of(frames, seconds), seconds, duration, cells };
    }
  }

  async *views(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    using empty = new EmptyPictures();
    const all = this.cameras.map((_, n) => n);
    for await (const moment of this.#moments(seconds, all)) {
      const [first, ...beside] = all.map((camera) => this.#ownAt(moment, camera, empty));
      const close = () => {
        for (const frame of [first!, ...beside]) frame.close();
      };
      yield { ...first!, beside, close };
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
          if (!soundsAlike(sound, part)) continue;
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
      const seconds = wholeMicroseconds(start + frame.seconds);
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
    return wholeMicroseconds(start + local);
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

  /** What cameras show, moment by moment, from the one at `seconds` on. @param wanted their places; others are null */
  async *#moments(seconds: number, wanted: readonly number[]): AsyncGenerator<Moment, void, undefined> {
    const { cameras, duration } = this.#schedule;
    const readers = new Map(
      wanted.map((n) => [n, new CameraReader(this.cameras[n]!.clips, cameras[n]!, duration)]),
    );
    try {
      let from = seconds;
      for (const stretch of this.#schedule.stretches.slice(this.#indexAt(seconds))) {
        for await (const followed of this.#followed(stretch, from)) {
          try {
            const shared = followed.seconds - this.#offsetOf(stretch.camera);
            const own = this.cameras.map((_, n) => shared + this.#offsetOf(n));
            const frames = own.map(async (at, n) => {
              if (n === stretch.camera) return followed;
              return (await readers.get(n)?.at(at)) ?? null;
            });
            const { seconds, duration } = followed;
            yield { seconds, duration, frames: await Promise.all(frames), own };
          } finally {
            followed.close();
          }
        }
        from = stretch.to;
      }
    } finally {
      for (const reader of readers.values()) await reader[Symbol.asyncDispose]();
    }
  }

  /** One camera's picture of a moment, the taker's own. */
  #ownAt(moment: Moment, camera: number, empty: EmptyPictures): FileFrame {
    const { seconds, duration, frames } = moment;
    const shown = frames[camera];
    if (shown) {
      const frame = shown.frame.clone();
      const cells = this.#cellOf(moment, camera, WHOLE);
      return { ...shown, frame, seconds, duration, cells, close: () => frame.close() };
    }
    const frame = empty.of(this.#said[camera]!, this.#sizeOf(camera));
    return { frame, rotation: 0, seconds, duration, blanks: ALL_BLANK, close: () => frame.close() };
  }

  /**
   * A camera that shows something, with the time of it by the clock of its file; empty where nothing tells the time.
   * @param place of its picture, as shares
   */
  #cellOf({ frames, own }: Moment, camera: number, place: Rect): readonly CameraCell[] {
    const at = own[camera]!;
    const placed = this.#schedule.cameras[camera]!;
    const { name, clips } = this.cameras[camera]!;
    const clip = frames[camera] ? shownAt(placed, this.#schedule.duration, at) : -1;
    const clock = clips[clip]?.clock ?? null;
    return clock === null ? [] : [{ name, clock: clock + (at - placed[clip]!.start) * 1000, place }];
  }

  #described(sizes: readonly Size[]): readonly CameraInfo[] {
    return this.cameras.map(({ name }, n) => ({
      name,
      ...sizes[n]!,
      shows: shownIn(this.#schedule, n, (other) => this.#offsetOf(other)),
    }));
  }

  /** Upright size of a camera's first picture, in pixels. */
  #sizeOf(camera: number): Size {
    const { width, height } = this.cameras[camera]!.clips[0]!.recording.info;
    return { width, height };
  }

  /** Seconds by which a camera's recordings are ahead of the first one's. */
  #offsetOf(camera: number): number {
    return camera > 0 ? this.offset : 0;
  }

  get #said(): readonly string[] {
    return this.cameras.map(({ name, empty }) => empty ?? name);
  }
}
