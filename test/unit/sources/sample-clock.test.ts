/** The table of lengths of a plain MP4, and lengths within fragments: files made in memory. */
import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { readEditList } from '../../../src/sources/recording/clock/edit-list';
import { readFragmentClock } from '../../../src/sources/recording/clock/fragment-clock';
import { readSampleClock } from '../../../src/sources/recording/clock/sample-clock';
import { LazyVideo } from '../../../src/sources/recording/lazy-video';
import { matroskaDate } from '../../../src/sources/recording/matroska-date';

/** Pictures at these times, in seconds, each a key picture; and sound, a packet each tenth of a second. */
async function fileOf(
  times: readonly number[],
  sound = 0,
  fragmented = false,
  each = (_n: number): number => 0.1,
): Promise<Uint8Array<ArrayBuffer>> {
  const target = new BufferTarget();
  const format = new Mp4OutputFormat(
    fragmented ? { fastStart: 'fragmented', minimumFragmentDuration: 0.4 } : { fastStart: false },
  );
  const output = new Output({ format, target });
  const film = new EncodedVideoPacketSource('vp8');
  output.addVideoTrack(film);
  const tone = sound > 0 ? new EncodedAudioPacketSource('pcm-s16') : null;
  if (tone) output.addAudioTrack(tone);
  await output.start();
  const decoderConfig = { codec: 'vp8', codedWidth: 64, codedHeight: 32 };
  for (const [n, time] of times.entries())
    await film.add(new EncodedPacket(Uint8Array.of(n, n, n, n), 'key', time, each(n)), { decoderConfig });
  const heard = { codec: 'pcm-s16', numberOfChannels: 1, sampleRate: 8000 };
  for (let n = 0; tone && n < sound * 10; n++)
    await tone.add(new EncodedPacket(new Uint8Array(1600), 'key', n / 10, 0.1), { decoderConfig: heard });
  await output.finalize();
  return new Uint8Array(target.buffer!);
}

/** Numbers and times of the pictures of a file, and how long they last together. */
async function read(blob: Blob): Promise<{ packets: [number, number][]; end: number }> {
  using input = new Input({ formats: ALL_FORMATS, source: new BlobSource(blob) });
  const track = (await input.getPrimaryVideoTrack())!;
  const packets: [number, number][] = [];
  for await (const { data, timestamp } of new EncodedPacketSink(track).packets())
    packets.push([data[0]!, Math.round(timestamp * 1000) / 1000]);
  return { packets, end: Math.round((await track.computeDuration()) * 100) / 100 };
}

/** Where a box of a kind holds its content. */
function bodyOf(bytes: Uint8Array, type: string, from = 0): number {
  return Buffer.from(bytes.buffer).indexOf(type, from) + 4;
}

const second = (from: number): number[] => Array.from({ length: 10 }, (_, n) => from + n / 10);
/** The same file with an edit list whose only edit begins so many seconds behind the first picture, behind a hole. */
function withEdit(bytes: Uint8Array<ArrayBuffer>, seconds: number, hole = 0): Uint8Array<ArrayBuffer> {
  const old = new DataView(bytes.buffer);
  const [ticks, movie] = ['mdhd', 'mvhd'].map((type) => old.getUint32(bodyOf(bytes, type) + 12));
  // How long, from where (−1 is a hole), and once as fast; as long as there is something.
  const entries = [
    ...(hole > 0 ? [[hole * movie!, -1, 65_536]] : []),
    [0, Math.round(seconds * ticks!), 65_536],
  ];
  const size = 24 + 12 * entries.length;
  const edts = new DataView(new ArrayBuffer(size));
  for (const [at, type] of [
    [4, 'edts'],
    [12, 'elst'],
  ] as const)
    for (let i = 0; i < 4; i++) edts.setUint8(at + i, type.charCodeAt(i));
  for (const [at, value] of [
    [0, size],
    [8, size - 8],
    [20, entries.length],
    ...entries.flat().map((value, i) => [24 + 4 * i, value] as const),
  ] as const)
    edts.setInt32(at, value);
  const trak = bodyOf(bytes, 'trak');
  const changed = new Uint8Array([
    ...bytes.slice(0, trak),
    ...new Uint8Array(edts.buffer),
    ...bytes.slice(trak),
  ]);
  const view = new DataView(changed.buffer);
  for (const body of [trak, bodyOf(bytes, 'moov')]) view.setUint32(body - 8, view.getUint32(body - 8) + size);
  return changed;
}

const running = (count: number): [number, number][] =>
  Array.from({ length: count }, (_, n) => [n, Math.round(n * 100) / 1000]);

describe('a table of lengths', () => {
  test.for([7200, 12])('whose clock was set by %i s runs on', async (seconds) => {
    const clock = (await readSampleClock(new Blob([await fileOf([...second(0), ...second(1 + seconds)])])))!;
    expect(clock.jumps).toEqual([{ at: expect.closeTo(1, 2), by: expect.closeTo(seconds, 1), closed: true }]);
    expect(await read(clock.blob)).toEqual({ packets: running(20), end: 2 });
  });

  test('of several jumps each is closed', async () => {
    const times = [...second(0), ...second(500), ...second(90_000)];
    const clock = (await readSampleClock(new Blob([await fileOf(times)])))!;
    expect(clock.jumps.map(({ at }) => Math.round(at * 10) / 10)).toEqual([1, 2]);
    expect(await read(clock.blob)).toEqual({ packets: running(30), end: 3 });
  });

  test('what an edit list shows begins at the same picture, on either side of what is closed', async () => {
    const times = [0, ...second(20)];
    const behind = (await readSampleClock(new Blob([withEdit(await fileOf(times), 20)])))!;
    expect((await read(behind.blob)).packets).toEqual(
      running(11).map(([n, at]) => [n, Math.round(at * 10 - 1) / 10]),
    );
    expect(behind.jumps).toEqual([]);
    const ahead = (await readSampleClock(
      new Blob([withEdit(await fileOf([...second(0), ...second(20)]), 0.5)]),
    ))!;
    expect((await read(ahead.blob)).packets[5]).toEqual([5, 0]);
    expect(ahead.jumps).toEqual([{ at: expect.closeTo(0.5, 2), by: expect.closeTo(19, 0), closed: true }]);
    // A hole in front moves what is told, and not what is closed.
    const file = await fileOf([...second(0), ...second(20), ...second(40)]);
    const held = (await readSampleClock(new Blob([withEdit(file, 20.5, 1)])))!;
    expect((await read(held.blob)).packets[15]).toEqual([15, 1]);
    expect(held.jumps.at(-1)).toEqual({
      at: expect.closeTo(1.5, 2),
      by: expect.closeTo(19, 0),
      closed: true,
    });
  });

  test('a stand of some seconds is told and left as long as it is', async () => {
    const file = new Blob([await fileOf([...second(0), ...second(4)])]);
    const clock = (await readSampleClock(file))!;
    expect(clock.blob).toBe(file);
    expect(clock.jumps).toEqual([{ at: expect.closeTo(4, 2), by: expect.closeTo(3, 1), closed: false }]);
  });

  test('sound that goes on proves that time did; sound that does not proves nothing', async () => {
    const times = [...second(0), ...second(21)];
    const stalled = (await readSampleClock(new Blob([await fileOf(times, 22)])))!;
    expect(stalled.jumps).toEqual([{ at: expect.closeTo(21, 2), by: expect.any(Number), closed: false }]);
    expect((await read(stalled.blob)).end).toBe(22);
    const set = (await readSampleClock(new Blob([await fileOf(times, 2)])))!;
    expect(set.jumps).toMatchObject([{ closed: true }]);
    expect(await read(set.blob)).toEqual({ packets: running(20), end: 2 });
  });

  test('a last picture that would last for hours does not; one that is shown for a while is', async () => {
    // The last picture has an entry of its own.
    const bytes = await fileOf([...second(0), 1.05]);
    const view = new DataView(bytes.buffer);
    const table = bodyOf(bytes, 'stts');
    const last = table + 8 + 8 * (view.getUint32(table + 4) - 1);
    const ticks = view.getUint32(bodyOf(bytes, 'mdhd') + 12);
    view.setUint32(last + 4, 3600 * ticks);
    const clock = (await readSampleClock(new Blob([bytes])))!;
    expect(clock.jumps).toEqual([{ at: expect.closeTo(1.15, 1), by: expect.closeTo(3600, 0), closed: true }]);
    expect((await read(clock.blob)).end).toBeCloseTo(1.15, 1);
    view.setUint32(last + 4, 4 * ticks);
    expect(await readSampleClock(new Blob([bytes]))).toBeNull();
  });

  test('a length below nought is one of the usual', async () => {
    const bytes = await fileOf([...second(0), ...second(3)]);
    const view = new DataView(bytes.buffer);
    const table = bodyOf(bytes, 'stts');
    const count = view.getUint32(table + 4);
    for (let i = 0; i < count; i++) {
      const entry = table + 8 + 8 * i;
      if (view.getUint32(entry) === 1) view.setInt32(entry + 4, -3 * 57_600);
    }
    const clock = (await readSampleClock(new Blob([bytes])))!;
    expect(clock.jumps[0]).toMatchObject({ closed: true });
    expect(clock.jumps[0]!.by).toBeLessThan(0);
    expect((await read(clock.blob)).end).toBeCloseTo(2, 1);
  });

  test('a picture without a length keeps a time of its own', async () => {
    const bytes = await fileOf([...second(0), 1.05, ...second(1.1)]);
    const view = new DataView(bytes.buffer);
    const table = bodyOf(bytes, 'stts');
    let timeless = 0;
    for (let i = 0; i < view.getUint32(table + 4); i++) {
      const entry = table + 8 + 8 * i;
      if (view.getUint32(entry) > 2) continue;
      view.setUint32(entry + 4, 0);
      timeless += view.getUint32(entry);
    }
    expect(timeless).toBeGreaterThan(0);
    const clock = (await readSampleClock(new Blob([bytes])))!;
    expect(clock.jumps).toEqual([]);
    using input = new Input({ formats: ALL_FORMATS, source: new BlobSource(clock.blob) });
    const exact: number[] = [];
    for await (const { timestamp } of new EncodedPacketSink((await input.getPrimaryVideoTrack())!).packets())
      exact.push(timestamp);
    expect(exact).toHaveLength(21);
    expect(new Set(exact).size).toBe(21);
  });

  test.for([
    ['a film of one picture', [0]],
    ['a picture every quarter of a minute', [0, 15, 30, 45, 60]],
    ['a steady film', second(0)],
  ] as const)('%s is left alone', async ([, times]) => {
    expect(await readSampleClock(new Blob([await fileOf(times)]))).toBeNull();
  });

  test('cut or changed anywhere, it is read as far as it goes', async () => {
    const bytes = await fileOf([...second(0), ...second(900)], 2);
    for (let cut = 0; cut < bytes.length; cut += 41)
      await expect(readSampleClock(new Blob([bytes.subarray(0, cut)]))).resolves.toBeDefined();
    const table = bodyOf(bytes, 'stts');
    for (let at = table - 8; at < table + 40; at++) {
      const changed = bytes.slice();
      changed[at] = 0xff;
      await expect(readSampleClock(new Blob([changed]))).resolves.toBeDefined();
      await expect(readEditList(new Blob([changed]), 1)).resolves.toBeDefined();
    }
  });
});

describe('lengths within fragments', () => {
  // Samples of one length alone have it said once for all of them.
  const UNEVEN = Array.from({ length: 20 }, (_, n) => n / 10 + (n % 2 === 0 ? 0 : 0.02));

  /** Changes the lengths of samples. @param change of the n-th sample of all, in ticks */
  async function lengths(change: (n: number, ticks: number, scale: number) => number): Promise<Blob> {
    const bytes = await fileOf(UNEVEN, 0, true, (n) => (n % 2 === 0 ? 0.12 : 0.08));
    const view = new DataView(bytes.buffer);
    const scale = view.getUint32(bodyOf(bytes, 'mdhd') + 12);
    let n = 0;
    for (let at = bodyOf(bytes, 'trun'); at > 3; at = bodyOf(bytes, 'trun', at)) {
      const flags = view.getUint32(at) & 0xffffff;
      const stride = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
      const first = at + 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
      if (!(flags & 0x100)) throw new Error('no lengths to change');
      for (let i = 0; i < view.getUint32(at + 4); i++, n++) {
        const place = first + i * stride;
        view.setUint32(place, change(n, view.getUint32(place), scale));
      }
    }
    expect(n).toBe(20);
    return new Blob([bytes]);
  }

  test.for([3, 19])(
    'a wrong length of sample %i, which no later time bears out, is put right',
    async (odd) => {
      const clock = (await readFragmentClock(
        await lengths((n, ticks, scale) => (n === odd ? 7200 * scale : ticks)),
      ))!;
      const { packets, end } = await read(clock.blob);
      expect(packets).toEqual(UNEVEN.map((time, n) => [n, Math.round(time * 1000) / 1000]));
      expect(end).toBeCloseTo(2, 1);
    },
  );

  test('a picture a quarter of a minute is no jump there either', async () => {
    const bytes = await fileOf([0, 15, 30, 45, 60, 75], 0, true, () => 15);
    expect(await readFragmentClock(new Blob([bytes]))).toBeNull();
  });
});

test('a card’s file that is only looked at has its clock mended, too', async () => {
  const like = { width: 64, height: 32, duration: 1 };
  const looked = (await LazyVideo.look(new Blob([await fileOf([...second(0), ...second(7201)])]), like))!;
  expect(looked.info.duration).toBeCloseTo(2, 1);
  expect(looked.info).toMatchObject({
    jumps: [{ closed: true }],
    notices: [{ code: 'source-clock-jumped' }],
  });
  expect(await LazyVideo.look(new Blob(['text']), like)).toBeNull();
});

test('when a Matroska file was made', async () => {
  const [head, info] = [0x1a45dfa3, 0x1549a966];
  const element = (id: number, content: readonly number[]): number[] => {
    const bytes: number[] = [];
    for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
    return [...bytes, 0x80 | content.length, ...content];
  };
  const dated = (ms: number): Blob => {
    const date = new DataView(new ArrayBuffer(8));
    date.setBigInt64(0, BigInt(ms - Date.UTC(2001, 0, 1)) * 1_000_000n);
    const told = element(info, element(0x4461, [...new Uint8Array(date.buffer)]));
    return new Blob([Uint8Array.from([...element(head, []), ...element(0x18538067, told)])]);
  };
  const made = Date.UTC(2026, 2, 1, 10, 15);
  expect(await matroskaDate(dated(made))).toEqual({ ms: made, zone: 0 });
  expect(await matroskaDate(dated(Date.UTC(2001, 0, 1)))).toBeNull();
  expect(await matroskaDate(new Blob(['no film']))).toBeNull();
});
