/**
 * A stretch of a recording as a recording of its own: an edit list of several parts is several of them, one behind the
 * other, so that player, labels, analysis and exports follow it by one rule.
 */
import type { EncodedPacket } from 'mediabunny';
import { SAME_TIME, wholeMicroseconds } from '../../media/times';
import type { FileFrame, FileSound, Recording, RecordingInfo } from './recording';

/** A stretch, from the frame shown at its beginning on. What it is a stretch of is disposed of by whoever owns that. */
export class Excerpt implements Recording {
  readonly info: RecordingInfo;

  /**
   * @param from media time at which it begins
   * @param to media time at which it ends, behind `from`
   */
  constructor(
    private readonly whole: Recording,
    private readonly from: number,
    private readonly to: number,
  ) {
    const { jumps, notices, containerStart, began, ...info } = whole.info;
    const inside = (jumps ?? []).flatMap((jump) =>
      jump.at > from && jump.at < to ? [{ ...jump, at: jump.at - from }] : [],
    );
    this.info = {
      ...info,
      duration: wholeMicroseconds(to - from),
      ...(inside.length > 0 ? { jumps: inside } : {}),
      ...(notices ? { notices } : {}),
      ...(began === undefined ? {} : { began: began + Math.round(from * 1000) }),
      containerStart: (containerStart ?? 0) + from,
    };
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    for await (const frame of this.whole.frames(this.#there(seconds))) {
      const here = wholeMicroseconds(frame.seconds - this.from);
      const left = this.to - Math.max(frame.seconds, this.from);
      if (left <= SAME_TIME) {
        frame.close();
        return;
      }
      yield {
        ...frame,
        seconds: Math.max(0, here),
        duration: Math.min(frame.duration + Math.min(0, here), left),
        close: () => frame.close(),
      };
    }
  }

  async neighbour(seconds: number, frames: number): Promise<number> {
    const there = await this.whole.neighbour(this.#there(seconds), frames);
    if (there >= this.to - SAME_TIME) return this.neighbour(this.info.duration, 0);
    return Math.max(0, wholeMicroseconds(there - this.from));
  }

  async numberAt(seconds: number): Promise<number> {
    return (await this.whole.numberAt(this.#there(seconds))) - (await this.whole.numberAt(this.from));
  }

  async frameCount(): Promise<number> {
    return (await this.numberAt(this.info.duration)) + 1;
  }

  async sound(): Promise<FileSound | null> {
    const sound = await this.whole.sound();
    if (!sound) return null;
    const { from, to } = this;
    return {
      ...sound,
      async *packets(first, end): AsyncGenerator<EncodedPacket, void, undefined> {
        for await (const packet of sound.packets(from + first, Math.min(from + end, to)))
          yield packet.clone({ timestamp: packet.timestamp - from });
      },
    };
  }

  place(): Promise<string | null> {
    return this.whole.place();
  }

  [Symbol.dispose](): void {
    this.whole[Symbol.dispose]();
  }

  /** A time of its own as the whole has it: its end is not the beginning of what comes behind. */
  #there(seconds: number): number {
    return Math.min(this.from + seconds, this.to - 2 * SAME_TIME);
  }
}
