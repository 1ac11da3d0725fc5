/** Several recordings as one: where each begins, which frame is whose, and steps over the seams. */
import { describe, expect, test } from 'vitest';
import { Playlist } from '../../../src/sources/recording/playlist';
import type { FileFrame, FileSound, Recording } from '../../../src/sources/recording/recording';

/** A recording of so many frames at ten a second that notes what becomes of it. */
class Reel implements Recording {
  disposed = false;
  open = 0;
  readonly info;

  constructor(
    readonly count: number,
    private readonly voice: FileSound | null = null,
    began?: number,
  ) {
    this.info = {
      width: 160,
      height: 90,
      frameRate: 10,
      duration: count / 10,
      ...(began === undefined ? {} : { began }),
    };
  }

  async *frames(seconds: number): AsyncGenerator<FileFrame, void, undefined> {
    this.open++;
    try {
      for (let n = Math.max(0, Math.floor(seconds * 10 + 1e-6)); n < this.count; n++)
        yield { seconds: n / 10, duration: 0.1, close: () => {} } as unknown as FileFrame;
    } finally {
      this.open--;
    }
  }

  async neighbour(seconds: number, frames: number): Promise<number> {
    return Math.min(this.count - 1, Math.max(0, Math.floor(seconds * 10 + 1e-6) + frames)) / 10;
  }

  async numberAt(seconds: number): Promise<number> {
    return Math.min(this.count - 1, Math.floor(seconds * 10 + 1e-6));
  }

  async frameCount(): Promise<number> {
    return this.count;
  }

  async sound(): Promise<FileSound | null> {
    return this.voice;
  }

  async place(): Promise<string | null> {
    return null;
  }

  [Symbol.dispose](): void {
    this.disposed = true;
  }
}

function playlistOf(...counts: number[]): { list: Playlist; reels: Reel[] } {
  const reels = counts.map((count) => new Reel(count));
  return { list: new Playlist(reels.map((recording, i) => ({ name: `${i}.mp4`, recording }))), reels };
}

async function timesFrom(list: Playlist, seconds: number, most = 100): Promise<number[]> {
  const times: number[] = [];
  for await (const frame of list.frames(seconds)) {
    times.push(frame.seconds);
    frame.close();
    if (times.length === most) break;
  }
  return times;
}

describe('a playlist', () => {
  test('is as long as its files together, and knows where each begins', () => {
    const { list } = playlistOf(5, 3, 4);
    expect(list.info).toMatchObject({ duration: 1.2, frameRate: 10 });
    expect(list.info.parts).toEqual([
      { name: '0.mp4', start: 0 },
      { name: '1.mp4', start: 0.5 },
      { name: '2.mp4', start: 0.8 },
    ]);
  });

  test('shows every frame once, from any point on', async () => {
    const { list } = playlistOf(5, 3, 4);
    const all = Array.from({ length: 12 }, (_, n) => n / 10);
    expect(await timesFrom(list, 0)).toEqual(all);
    for (let n = 0; n < 12; n++) expect(await timesFrom(list, n / 10)).toEqual(all.slice(n));
    expect(await timesFrom(list, 0.55)).toEqual(all.slice(5));
  });

  test('steps over the seams, both ways, and no further than its ends', async () => {
    const { list } = playlistOf(5, 3, 4);
    for (let from = 0; from < 12; from++)
      for (const frames of [0, 1, -1, 2, -3, 7, -20, 20]) {
        const to = Math.min(11, Math.max(0, from + frames));
        expect(await list.neighbour(from / 10, frames)).toBeCloseTo(to / 10, 9);
      }
  });

  test('ends the file being read when the loop is left, and closes all', async () => {
    const { list, reels } = playlistOf(5, 3, 4);
    await timesFrom(list, 0, 6);
    expect(reels.map(({ open }) => open)).toEqual([0, 0, 0]);
    list[Symbol.dispose]();
    expect(reels.every(({ disposed }) => disposed)).toBe(true);
  });

  test('joins sound of one kind; a file with another kind is silent', async () => {
    const voiceOf = (sampleRate: number): FileSound => ({
      codec: 'aac',
      config: { codec: 'mp4a.40.2', sampleRate, numberOfChannels: 1 },
      async *packets(from, to) {
        for (let n = 0; n < 10; n++) {
          const timestamp = n / 10;
          const packet = { timestamp, clone: (patch: object) => ({ ...packet, ...patch }) };
          if (timestamp >= from && timestamp < to) yield packet as never;
        }
      },
    });
    const reels = [new Reel(5, voiceOf(48_000)), new Reel(5, voiceOf(44_100)), new Reel(5, voiceOf(48_000))];
    const list = new Playlist(reels.map((recording, i) => ({ name: `${i}`, recording })));
    const sound = (await list.sound())!;
    const times: number[] = [];
    for await (const { timestamp } of sound.packets(0.2, 1.25)) times.push(Math.round(timestamp * 10) / 10);
    // What outlasts the picture of its file would lie over the next one's.
    expect(times).toEqual([0.2, 0.3, 0.4, 1, 1.1, 1.2]);
    // And what was left out can be told.
    expect(sound.left).toEqual(['1']);
  });

  test('asks a file for its sound when its time comes: a card has hundreds, and each would be opened', async () => {
    const asked: number[] = [];
    const silent: FileSound = {
      codec: 'aac',
      config: { codec: 'mp4a.40.2', sampleRate: 48_000, numberOfChannels: 1 },
      async *packets(from) {
        const packet = { timestamp: from, clone: (patch: object) => ({ ...packet, ...patch }) };
        yield packet as never;
      },
    };
    const reels = Array.from({ length: 5 }, (_, n) => {
      const reel = new Reel(5, silent);
      reel.sound = async () => {
        asked.push(n);
        return silent;
      };
      return reel;
    });
    const list = new Playlist(reels.map((recording, i) => ({ name: `${i}`, recording })));
    const sound = (await list.sound())!;
    expect(asked).toEqual([0]);
    const packets = sound.packets(0.6, 1.2);
    await packets.next();
    expect(asked).toEqual([0, 1]);
    for await (const _ of packets);
    expect(asked).toEqual([0, 1, 2]);
  });

  test('began when its first file did, and knows when each of the others did', () => {
    const reels = [new Reel(5, null, 1000), new Reel(5, null, 9000)];
    const { info } = new Playlist(reels.map((recording) => ({ name: '', recording })));
    expect(info.began).toBe(1000);
    expect(info.parts?.map(({ began }) => began)).toEqual([1000, 9000]);
  });
});
