/** Several videos as one recording: dashcams write a file a minute. */
import { SAME_TIME, wholeMicroseconds } from '../../media/times';
import { jointNotices } from './joint-notices';
import { type FileFrame, type FileSound, type Recording, type RecordingInfo, soundsAlike } from './recording';

/** One of the videos, and its name. */
export interface NamedRecording {
  readonly name: string;
  readonly recording: Recording;
}

/** Recordings one behind the other; the next begins where the last frame of the one before ends. */
export class Playlist implements Recording {
  readonly info: RecordingInfo;
  readonly #starts: readonly number[];

  /**
   * @param clips at least two, in order; owned from now on
   * @param oneFile whether they lie in one file: then nobody is told that there are several
   */
  constructor(
    private readonly clips: readonly NamedRecording[],
    oneFile = false,
  ) {
    let duration = 0;
    this.#starts = clips.map(({ recording }) => {
      const start = wholeMicroseconds(duration);
      duration = start + recording.info.duration;
      return start;
    });
    const infos = clips.map(({ recording }) => recording.info);
    const { width, height, frameRate, began, beganZone } = infos[0]!;
    const jumps = infos.flatMap(({ jumps }, i) =>
      (jumps ?? []).map((jump) => ({ ...jump, at: wholeMicroseconds(this.#starts[i]! + jump.at) })),
    );
    const notices = jointNotices(clips);
    const steady = frameRate !== undefined && infos.every((info) => info.frameRate === frameRate);
    const { containerStart } = infos[0]!;
    const parts = clips.map(({ name, recording }, i) => {
      const { containerStart, began, beganZone } = recording.info;
      return {
        name,
        start: this.#starts[i]!,
        ...(containerStart === undefined ? {} : { containerStart }),
        ...(began === undefined ? {} : { began }),
        ...(beganZone === undefined ? {} : { beganZone }),
      };
    });
    this.info = {
      width,
      height,
      duration: wholeMicroseconds(duration),
      ...(steady ? { frameRate } : {}),
      ...(began === undefined ? {} : { began }),
      ...(beganZone === undefined ? {} : { beganZone }),
      ...(jumps.length > 0 ? { jumps } : {}),
      ...(notices.length > 0 ? { notices } : {}),
      ...(oneFile ? (containerStart === undefined ? {} : { containerStart }) : { parts }),
    };
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    const first = this.#indexAt(seconds);
    for (let i = first; i < this.clips.length; i++) {
      const start = this.#starts[i]!;
      const from = i === first ? Math.max(0, seconds - start) : 0;
      for await (const frame of this.clips[i]!.recording.frames(from))
        yield { ...frame, seconds: wholeMicroseconds(start + frame.seconds), close: () => frame.close() };
    }
  }

  async neighbour(seconds: number, frames: number): Promise<number> {
    let at = this.#indexAt(seconds);
    let local = await this.#clip(at).neighbour(Math.max(0, seconds - this.#starts[at]!), 0);
    for (let left = Math.abs(frames); left > 0; left--) {
      const way = Math.sign(frames);
      const next = await this.#clip(at).neighbour(local, way);
      if (Math.abs(next - local) > SAME_TIME) local = next;
      else if (this.clips[at + way]) {
        at += way;
        local = way > 0 ? 0 : await this.#clip(at).neighbour(this.#clip(at).info.duration, 0);
      } else break;
    }
    return wholeMicroseconds(this.#starts[at]! + local);
  }

  async numberAt(seconds: number): Promise<number> {
    const at = this.#indexAt(seconds);
    let before = 0;
    for (let i = 0; i < at; i++) before += await this.#clip(i).frameCount();
    return before + (await this.#clip(at).numberAt(Math.max(0, seconds - this.#starts[at]!)));
  }

  async frameCount(): Promise<number> {
    let count = 0;
    for (const { recording } of this.clips) count += await recording.frameCount();
    return count;
  }

  /** The sound of all that have the first one's codec; the others are silent. Each is opened when its time comes. */
  async sound(): Promise<FileSound | null> {
    const first = await this.#clip(0).sound();
    if (!first) return null;
    const starts = this.#starts;
    const { clips } = this;
    const left: string[] = [];
    return {
      codec: first.codec,
      config: first.config,
      left,
      async *packets(from, to) {
        for (const [i, { name, recording }] of clips.entries()) {
          const start = starts[i]!;
          const { duration } = recording.info;
          // Sound that outlasts its picture would overlap the next video's.
          const end = Math.min(to - start, duration);
          if (end <= 0) return;
          if (start + duration <= from) continue;
          const sound = await recording.sound();
          if (!soundsAlike(first, sound)) {
            if (sound && !left.includes(name)) left.push(name);
            continue;
          }
          for await (const packet of sound.packets(Math.max(0, from - start), end))
            yield packet.clone({ timestamp: start + packet.timestamp });
        }
      },
    };
  }

  place(): Promise<string | null> {
    return this.#clip(0).place();
  }

  [Symbol.dispose](): void {
    for (const { recording } of this.clips) recording[Symbol.dispose]();
  }

  #clip(i: number): Recording {
    return this.clips[i]!.recording;
  }

  /** The video that is shown at a time. */
  #indexAt(seconds: number): number {
    const after = this.#starts.findIndex((start) => start > seconds + SAME_TIME);
    return after < 0 ? this.clips.length - 1 : Math.max(0, after - 1);
  }
}
