/** What a server recorded, as a page puts it together and asks for it. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  drivesOf,
  fetchReplay,
  listRecorded,
  type RecordedFile,
  readReplay,
  replayAddress,
} from '../../../src/live/recorded';

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 1, 10, 15);

function file(vehicle: string, minute: number, ending = 'mkv', bytes = 1000): RecordedFile {
  const start = START + minute * MINUTE;
  return {
    room: 'depot',
    file: `${minute}_${vehicle}.${ending}`,
    vehicle,
    start,
    end: start + MINUTE,
    bytes,
  };
}

test('files of all vehicles without a pause are one drive, the newest first', () => {
  const drives = drivesOf([
    file('Van', 0),
    file('Bus', 0),
    file('Van', 1),
    file('Van', 0, 'masks'),
    // A pause of two minutes and more.
    file('Bus', 9),
    // Masks alone are nothing to look at.
    file('Bus', 30, 'masks'),
  ]);
  expect(drives).toMatchObject([
    { start: START + 9 * MINUTE, vehicles: ['Bus'], bytes: 1000, masked: false },
    { start: START, end: START + 2 * MINUTE, vehicles: ['Bus', 'Van'], bytes: 4000, masked: true },
  ]);
});

test('an address says what is to be opened, and its token goes to no server', () => {
  const replay = { room: 'depot', from: START, to: START + MINUTE, token: 'a.b-c.d_e' };
  const url = new URL(replayAddress('https://ops.example/?room=depot&x=1#token=other', replay));
  expect(url.search).not.toContain('a.b-c');
  expect(url.searchParams.get('room')).toBeNull();
  expect(readReplay(url.search, url.hash)).toEqual(replay);
});

test.each([
  ['?replay=depot&from=1&to=2', ''],
  ['?replay=depot&from=1', '#token=a.b.c'],
  ['?replay=../x&from=1&to=2', '#token=a.b.c'],
  ['?replay=depot&from=-1&to=2', '#token=a.b.c'],
  ['?replay=depot&from=1&to=2', '#token=a b'],
  ['?source=file', '#token=a.b.c'],
])('%s%s asks for nothing', (query, fragment) => expect(readReplay(query, fragment)).toBeNull());

describe('fetching', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** A server of these files. */
  function serve(files: readonly RecordedFile[], masks: readonly RecordedFile[] = []): string[] {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (path: string, { headers }: { headers: Record<string, string> }) => {
      asked.push(path);
      if (headers.authorization !== 'Bearer good') return new Response(null, { status: 403 });
      return path === '/live/recordings' ? Response.json({ wishes: [], files, masks }) : new Response(path);
    });
    return asked;
  }

  const replay = { room: 'depot', from: START, to: START + 2 * MINUTE, token: 'good' };

  test('takes the files of the stretch, with what was shared, the oldest first', async () => {
    const asked = serve([file('Van', 1), file('Van', 0), file('Van', 2)], [file('Van', 0, 'masks')]);
    const shares: number[] = [];
    const { files, left } = await fetchReplay(replay, (share) => shares.push(share));
    expect(files.map(({ name }) => name)).toEqual(['0_Van.mkv', '0_Van.masks', '1_Van.mkv']);
    expect(left).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(asked[1]).toBe('/live/recordings/depot/0_Van.mkv');
  });

  test('leaves what would be too much, and says how many', async () => {
    serve([file('Van', 0, 'mkv', 9e8), file('Van', 1, 'mkv', 9e8)]);
    const { files, left } = await fetchReplay(replay, () => {});
    expect([files.length, left]).toEqual([1, 1]);
  });

  test('a server that keeps nothing has nothing to look at', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }));
    await expect(listRecorded('depot', 'good')).rejects.toMatchObject({ code: 'recordings-refused' });
  });

  test.each([
    ['who may not look', { ...replay, token: 'bad' }],
    ['what is gone', { ...replay, from: 0, to: 1 }],
    ['another room', { ...replay, room: 'other' }],
  ])('%s is refused', async (_, asked) => {
    serve([file('Van', 0)]);
    await expect(fetchReplay(asked, () => {})).rejects.toMatchObject({ code: 'recordings-refused' });
  });
});
