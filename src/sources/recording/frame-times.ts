/**
 * The times of all pictures of a video, in order: the one rule by which a frame has a number. The n-th picture that is
 * shown has number n, whatever its time and whatever rate the file says.
 */
import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';
import { SAME_TIME, wholeMicroseconds } from '../../media/times';

/** Times in seconds, ascending. */
export class FrameTimes {
  constructor(private readonly times: Float64Array) {}

  /**
   * Reads the index of a track.
   * @param start the demuxer's time of the first picture that is shown
   * @param end media time from which on none is shown
   */
  static async read(track: InputVideoTrack, start: number, end: number): Promise<FrameTimes> {
    const times: number[] = [];
    for await (const { timestamp } of new EncodedPacketSink(track).packets(undefined, undefined, {
      metadataOnly: true,
    })) {
      const seconds = wholeMicroseconds(timestamp - start);
      if (seconds >= -SAME_TIME && seconds < end) times.push(Math.max(0, seconds));
    }
    const sorted = Float64Array.from(times).sort();
    // Of two pictures with one time only one is shown.
    return new FrameTimes(sorted.filter((time, n) => n === 0 || time > sorted[n - 1]!));
  }

  /** Number of pictures. */
  get count(): number {
    return this.times.length;
  }

  /** Number of the picture shown at a time, from 0. */
  numberAt(seconds: number): number {
    let [low, high] = [0, this.times.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.times[middle]! <= seconds + SAME_TIME) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
