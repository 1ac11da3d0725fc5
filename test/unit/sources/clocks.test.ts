/** Clocks of containers, mended: files made in memory, with packets whose bytes are their numbers. */
import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MkvOutputFormat,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { boxesIn } from '../../../src/sources/recording/clock/boxes';
import { ByteWindow } from '../../../src/sources/recording/clock/byte-window';
import { judgeStep } from '../../../src/sources/recording/clock/clock-jump';
import { readClusterClock } from '../../../src/sources/recording/clock/cluster-clock';
import { elementsIn, ID } from '../../../src/sources/recording/clock/elements';
import { readFragmentClock } from '../../../src/sources/recording/clock/fragment-clock';
import { splitHybrid } from '../../../src/sources/recording/hybrid-file';
import { leftOver } from '../../../src/sources/recording/left-over';

type Kind = 'mkv' | 'webm' | 'mp4';

/** Pictures at these times, in seconds, each a key picture. */
async function fileOf(kind: Kind, times: readonly number[]): Promise<Blob> {
  const format = {
    mkv: () => new MkvOutputFormat({ minimumClusterDuration: 0.4 }),
    webm: () => new WebMOutputFormat({ minimumClusterDuration: 0.4 }),
    mp4: () => new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.4 }),
  }[kind]();
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source = new EncodedVideoPacketSource('vp8');
  output.addVideoTrack(source);
  await output.start();
  const decoderConfig = { codec: 'vp8', codedWidth: 64, codedHeight: 32 };
  for (const [n, time] of times.entries())
    await source.add(new EncodedPacket(Uint8Array.of(n, n, n, n), 'key', time, 0.1), { decoderConfig });
  await output.finalize();
  return new Blob([target.buffer!]);
}

/** Numbers and times of the packets of a file, as they are stored. */
async function packetsOf(blob: Blob): Promise<[number, number][]> {
  using input = new Input({ formats: ALL_FORMATS, source: new BlobSource(blob) });
  const track = (await input.getPrimaryVideoTrack())!;
  const packets: [number, number][] = [];
  for await (const { data, timestamp } of new EncodedPacketSink(track).packets())
    packets.push([data[0]!, Math.round(timestamp * 1000) / 1000]);
  return packets;
}

const second = (from: number): number[] => Array.from({ length: 10 }, (_, n) => from + n / 10);
const running = (count: number, from = 0): [number, number][] =>
  Array.from({ length: count }, (_, n) => [n, Math.round((from + n / 10) * 1000) / 1000]);

describe('clusters of Matroska and WebM', () => {
  test.for(['mkv', 'webm'] as const)('%s: a jump forward is closed, and told', async (kind) => {
    const clock = (await readClusterClock(await fileOf(kind, [...second(0), ...second(7200)])))!;
    expect(clock.jumps).toEqual([{ at: expect.closeTo(1, 2), by: expect.closeTo(7199, 0), closed: true }]);
    expect(await packetsOf(clock.blob)).toEqual(running(20));
  });

  test('two files put together run on, whatever the second one’s clock begins with', async () => {
    const [one, other] = [await fileOf('webm', second(500)), await fileOf('webm', second(3))];
    const clock = (await readClusterClock(new Blob([one, other])))!;
    expect(clock.jumps).toHaveLength(1);
    expect(clock.jumps[0]).toMatchObject({ by: expect.closeTo(-498, 0), closed: true });
    const packets = await packetsOf(clock.blob);
    expect(packets.map(([, time]) => time)).toEqual(running(20, 500).map(([, time]) => time));
  });

  test('a short gap is told and left as long as it is; a time-lapse has none', async () => {
    const gap = await fileOf('mkv', [...second(0), ...second(4)]);
    const clock = (await readClusterClock(gap))!;
    expect(clock.blob).toBe(gap);
    expect(clock.jumps).toEqual([{ at: expect.closeTo(4, 2), by: expect.closeTo(3, 1), closed: false }]);
    expect(await readClusterClock(await fileOf('mkv', [0, 15, 30, 45, 60, 75]))).toBeNull();
  });

  test('lengths of eight bytes are exact, and those that are not told end with the next cluster', async () => {
    const sized = (size: number): Blob =>
      new Blob([Uint8Array.of(0xec, 1, 0, 0, 0, 0, 0, size >> 8, size & 0xff, ...new Uint8Array(size))]);
    for (const size of [0, 1, 6290, 6291])
      expect((await elementsIn(new ByteWindow(sized(size)), 0, 9 + size))[0]).toMatchObject({ to: 9 + size });
    const open = Uint8Array.of(0x1f, 0x43, 0xb6, 0x75, 0xff, 0xe7, 0x81, 5, 0x1f, 0x43, 0xb6, 0x75, 0x80);
    const found = await elementsIn(new ByteWindow(new Blob([open])), 0, open.length);
    expect(found.map(({ from, to }) => [from, to])).toEqual([
      [0, 8],
      [8, 13],
    ]);
  });

  test.for(['mkv', 'webm'] as const)('%s: a clean file is left alone', async (kind) => {
    expect(await readClusterClock(await fileOf(kind, second(0)))).toBeNull();
  });

  test('cut anywhere, it is read as far as it goes', async () => {
    const whole = await fileOf('webm', [...second(0), ...second(900)]);
    for (let cut = 0; cut < whole.size; cut += 37)
      await expect(readClusterClock(whole.slice(0, cut))).resolves.toBeDefined();
  });
});

describe('fragments of MP4', () => {
  /** The same fragments with other times: what a recorder writes whose clock is set. @param seconds added from a fragment on */
  async function set(blob: Blob, from: number, seconds: number): Promise<Blob> {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const view = new DataView(bytes.buffer);
    const scale = 57_600;
    let fragment = 0;
    for (const { type, body, to } of await boxesIn(new ByteWindow(blob), 0, blob.size)) {
      if (type !== 'moof' || fragment++ < from) continue;
      const text = String.fromCharCode(...bytes.subarray(body, to));
      const at = body + text.indexOf('tfdt') + 4;
      if (view.getUint8(at) === 1)
        view.setBigUint64(at + 4, view.getBigUint64(at + 4) + BigInt(seconds * scale));
      else view.setUint32(at + 4, view.getUint32(at + 4) + seconds * scale);
    }
    return new Blob([bytes]);
  }

  test.for([7200, -1])('whose clock is set by %i s run on', async (seconds) => {
    const file = await set(await fileOf('mp4', [...second(2), ...second(3)]), 2, seconds);
    const clock = (await readFragmentClock(file))!;
    expect(clock.jumps).toEqual([{ at: expect.any(Number), by: expect.closeTo(seconds, 1), closed: true }]);
    expect(await packetsOf(clock.blob)).toEqual(running(20, 2));
  });

  test('a gap of some seconds is told and left', async () => {
    const clock = (await readFragmentClock(
      await set(await fileOf('mp4', [...second(0), ...second(1)]), 2, 4),
    ))!;
    expect(clock.jumps).toEqual([{ at: expect.any(Number), by: expect.closeTo(4, 1), closed: false }]);
  });

  test('clean ones are left alone, and cut ones read as far as they go', async () => {
    const whole = await fileOf('mp4', [...second(0), ...second(1)]);
    expect(await readFragmentClock(whole)).toBeNull();
    expect(await splitHybrid(whole)).toBeNull();
    for (let cut = 0; cut < whole.size; cut += 61) {
      await expect(readFragmentClock(whole.slice(0, cut))).resolves.toBeDefined();
      await expect(splitHybrid(whole.slice(0, cut))).resolves.toBeDefined();
    }
  });
});

describe('what is not shown', () => {
  async function indexed(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const target = new BufferTarget();
    const output = new Output({ format: new Mp4OutputFormat({ fastStart: false }), target });
    const source = new EncodedVideoPacketSource('vp8');
    output.addVideoTrack(source);
    await output.start();
    for (let n = 0; n < count; n++)
      await source.add(new EncodedPacket(new Uint8Array(1000 + n).fill(n), 'key', n / 10, 0.1), {
        decoderConfig: { codec: 'vp8', codedWidth: 64, codedHeight: 32 },
      });
    await output.finalize();
    return new Uint8Array(target.buffer!);
  }

  test('is told of an index that leaves out half of the media data', async () => {
    const bytes = await indexed(20);
    expect(await leftOver(new Blob([bytes]))).toEqual({ unread: null, cut: false });
    // The table of sizes, whose count is that of the samples.
    const at = Buffer.from(bytes.buffer).indexOf('stsz');
    new DataView(bytes.buffer).setUint32(at + 12, 10);
    const { unread } = await leftOver(new Blob([bytes]));
    expect(unread!.bytes / unread!.of).toBeCloseTo(0.5, 1);
  });

  test('is told of fragments and clusters that are cut in the middle', async () => {
    for (const kind of ['mp4', 'webm'] as const) {
      const times = [...second(0), ...second(1)];
      const whole = await fileOf(kind, times);
      expect((await leftOver(whole)).cut).toBe(false);
      // Behind the last fragment lies a table; what counts is the middle of the film.
      expect((await leftOver(whole.slice(0, Math.floor(whole.size * 0.7)))).cut).toBe(true);
    }
  });

  test('is told of bytes that are no blocks, and of those behind the last box; zeros are filling', async () => {
    const bytes = new Uint8Array(await (await fileOf('mkv', second(0))).arrayBuffer());
    const view = new ByteWindow(new Blob([bytes]));
    const segment = (await elementsIn(view, 0, bytes.length)).find(({ id }) => id === ID.segment)!;
    const inside = await elementsIn(view, segment.body, segment.to);
    const cluster = inside.find(({ id }) => id === ID.cluster)!;
    const at = (await elementsIn(view, cluster.body, cluster.to))[2]!.from;
    const grown = new Blob([bytes.subarray(0, at), new Uint8Array(2000), bytes.subarray(at)]);
    expect((await leftOver(grown)).unread!.bytes).toBeGreaterThan(64);
    const movie = await fileOf('mp4', second(0));
    const behind = async (fill: number) =>
      (await leftOver(new Blob([movie, new Uint8Array(9000).fill(fill)]))).unread;
    expect(await behind(0)).toBeNull();
    expect(await behind(1)).toMatchObject({ bytes: 9000 });
  });

  test('nothing is told of bytes that are no file at all', async () => {
    expect(await leftOver(new Blob(['no boxes here']))).toEqual({ unread: null, cut: false });
    expect(await leftOver(new Blob([]))).toEqual({ unread: null, cut: false });
  });
});

test.for([
  [0.04, 0.04, 'usual'],
  [0.9, 0.04, 'usual'],
  [3, 0.04, 'gap'],
  [11, 0.04, 'jump'],
  [-0.1, 0.04, 'jump'],
  // Once a minute, as a camera on a mast takes them.
  [60, 60, 'usual'],
  [3600 * 24, 60, 'jump'],
] as const)('a step of %s s where %s s are usual is %s', ([step, usual, kind]) => {
  expect(judgeStep(step, usual)).toBe(kind);
});
