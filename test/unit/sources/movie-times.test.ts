/** What an index tells of its pictures is what the demuxer makes of it. */
import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Input,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { KnownFile } from '../../../src/sources/recording/clock/known-file';
import { LazyVideo } from '../../../src/sources/recording/lazy-video';
import { readMovieTimes } from '../../../src/sources/recording/movie-times';

/** Pictures at these times, as they are stored: the first of each three is a key picture. */
async function movieOf(times: readonly number[], size = 4): Promise<Blob> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: false }), target });
  const source = new EncodedVideoPacketSource('vp8');
  output.addVideoTrack(source);
  await output.start();
  const decoderConfig = { codec: 'vp8', codedWidth: 64, codedHeight: 32 };
  for (const [n, time] of times.entries()) {
    const packet = new EncodedPacket(new Uint8Array(size), n % 3 === 0 ? 'key' : 'delta', time, 0.1);
    await source.add(packet, { decoderConfig });
  }
  await output.finalize();
  return new Blob([target.buffer!]);
}

const steady = Array.from({ length: 12 }, (_, n) => n / 10);
/** Two of each three are stored the other way round. */
const reordered = steady.map((_, n) => [0, 2, 1][n % 3]! + 3 * Math.floor(n / 3)).map((n) => n / 10);

describe('times of an index', () => {
  test.for([
    ['one after the other', steady],
    ['stored out of order', reordered],
    ['each as long as it likes', [0, 0.1, 0.35, 0.4, 0.9, 1.3]],
    ['not from nought on', steady.map((time) => time + 2)],
    ['one alone', [0]],
  ] as const)('%s', async ([, times]) => {
    const blob = await movieOf(times);
    using input = new Input({ formats: ALL_FORMATS, source: new BlobSource(blob) });
    const track = (await input.getPrimaryVideoTrack())!;
    const found = (await readMovieTimes(blob))!;
    expect(found.start).toBeCloseTo(await track.getFirstTimestamp(), 6);
    expect(found.end).toBeCloseTo(await track.computeDuration(), 6);
    if (found.rate !== null) expect(found.rate).toBeCloseTo(10, 3);
    expect(found.rate === null).toBe(times.length === 1 || times[2] === 0.35);
  });

  test('bytes that are no index tell nothing', async () => {
    for (const blob of [new Blob([]), new Blob(['no boxes']), (await movieOf(steady)).slice(0, 200)])
      expect(await readMovieTimes(blob)).toBeNull();
  });
});

test('a file that is looked at lasts as long as it does when it is opened, and goes on at the rate before', async () => {
  const like = { width: 64, height: 32, duration: 1, frameRate: 10.000001 };
  const look = await LazyVideo.look(await movieOf(steady), like);
  expect(look!.info).toMatchObject({ duration: expect.closeTo(1.2, 5), frameRate: like.frameRate });
});

describe('a file of which both ends are at hand', () => {
  test('reads what any file does', async () => {
    for (const length of [0, 10, 5000, 70_000, 200_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) >> 3);
      const known = await KnownFile.of(new Blob([bytes]));
      expect(known.size).toBe(length);
      for (const [from, to] of [
        [0, 16],
        [4000, 4200],
        [length - 100, length],
        [length - 65_600, length - 65_000],
        [0, length],
      ] as const) {
        const range = [Math.max(0, from), Math.max(0, to)] as const;
        const read = new Uint8Array(await known.slice(...range).arrayBuffer());
        expect(Buffer.from(read).equals(bytes.subarray(...range))).toBe(true);
      }
    }
  });

  test('asks the file for nothing that lies in them', async () => {
    const whole = new Blob([new Uint8Array(500_000)]);
    const known = await KnownFile.of(whole);
    whole.slice = () => {
      throw new Error('asked again');
    };
    await known.slice(0, 4096).arrayBuffer();
    await known.slice(450_000, 500_000).arrayBuffer();
    await expect(async () => known.slice(100_000, 100_010).arrayBuffer()).rejects.toThrow('asked again');
  });
});
