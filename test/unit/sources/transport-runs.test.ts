/** Transport streams with bytes in them that are no packets, and several of them in one file. */
import { describe, expect, test } from 'vitest';
import { wholePackets } from '../../../src/sources/recording/clock/transport-runs';
import { splitJoined } from '../../../src/sources/recording/joined-file';

const PACKET = 188;

/** A packet of a stream. @param front bytes in front of it, as AVCHD has four */
function packet(pid: number, content: readonly number[], front = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(front + PACKET).fill(0xff);
  bytes.set([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10, ...content], front);
  return bytes;
}

const MAP = 0x100;

/** The tables of a stream of pictures, and of sound where it has some. */
function tables(pictures: number, sound: number | null = null): Uint8Array<ArrayBuffer>[] {
  const streams = [[0x1b, pictures], ...(sound === null ? [] : [[0x0f, sound]])];
  const map = streams.flatMap(([kind, pid]) => [kind!, 0xe0 | (pid! >> 8), pid! & 0xff, 0xf0, 0]);
  const size = 9 + map.length + 4;
  const head = [0, 2, 0xb0, size, 0, 1, 0xc1, 0, 0, 0xe0 | (pictures >> 8), pictures & 0xff, 0xf0, 0];
  return [
    packet(0, [0, 0, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1, 0xe0 | (MAP >> 8), MAP & 0xff, 0, 0, 0, 0]),
    packet(MAP, [...head, ...map, 0, 0, 0, 0]),
  ];
}

const filled = (count: number, pid = 0x101, front = 0): Uint8Array<ArrayBuffer>[] =>
  Array.from({ length: count }, (_, n) => packet(pid, [0, n], front));

describe('packets', () => {
  test('a clean stream is given out as it is', async () => {
    for (const front of [0, 4]) {
      const blob = new Blob(filled(40, 0x101, front));
      expect(await wholePackets(blob)).toMatchObject({ blob, dropped: 0, layout: { offset: front } });
    }
  });

  test('a stream that was joined in the middle of a packet begins with the next one', async () => {
    const all = new Blob(filled(40));
    const found = (await wholePackets(all.slice(77)))!;
    expect([found.blob.size, found.dropped]).toEqual([39 * PACKET, 0]);
    const bytes = new Uint8Array(await found.blob.arrayBuffer());
    expect([bytes[0], bytes[5]]).toEqual([0x47, 1]);
  });

  test('what is between packets is left out and counted, with the packet that it damaged', async () => {
    const found = (await wholePackets(new Blob([...filled(20), new Uint8Array(1000), ...filled(20)])))!;
    expect([found.blob.size, found.dropped]).toEqual([39 * PACKET, 1000 + PACKET]);
    const cut = new Blob([...filled(20), filled(1)[0]!.subarray(0, 90), ...filled(20)]);
    const after = (await wholePackets(cut))!;
    const bytes = new Uint8Array(await after.blob.arrayBuffer());
    for (let at = 0; at < bytes.length; at += PACKET) expect(bytes[at]).toBe(0x47);
    expect(bytes.length).toBeGreaterThanOrEqual(38 * PACKET);
  });

  test('what a recorder filled a file up with is counted, the rest of a packet is not', async () => {
    expect(await wholePackets(new Blob([...filled(20), new Uint8Array(100)]))).toMatchObject({ dropped: 0 });
    const found = (await wholePackets(new Blob([...filled(20), new Uint8Array(20_000)])))!;
    expect(found.dropped).toBeGreaterThan(19_000);
  });

  test('other files are none', async () => {
    for (const bytes of ['', 'G', 'not a stream at all', '\u0000\u0000\u0000\u0018ftypisom', 'RIFF'])
      expect(await wholePackets(new Blob([bytes]))).toBeNull();
    expect(await wholePackets(new Blob([new Uint8Array(300_000)]))).toBeNull();
  });
});

describe('several streams in one file', () => {
  const sizes = async (...packets: Uint8Array<ArrayBuffer>[]): Promise<number[] | undefined> =>
    (await splitJoined(new Blob(packets)))?.map(({ size }) => size / PACKET);

  test('are cut apart where the tables name other streams', async () => {
    const one = [...tables(0x101), ...filled(10)];
    expect(await sizes(...one, ...tables(0x102), ...filled(7, 0x102))).toEqual([12, 9]);
    expect(await sizes(...one, ...tables(0x101, 0x103), ...filled(7))).toEqual([12, 9]);
  });

  test('tables that are repeated cut nothing', async () => {
    const one = [...tables(0x101, 0x103), ...filled(10)];
    expect(await sizes(...one, ...one, ...one)).toBeUndefined();
  });

  test('tables with impossible lengths are none', async () => {
    const bad = packet(0, [200, 0, 0xbf, 255]);
    const worse = packet(MAP, [0, 2, 0xbf, 255, 0, 1, 0xc1, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(await sizes(...tables(0x101), bad, worse, ...filled(10))).toBeUndefined();
  });
});
