/**
 * What a server recorded of a room, as a page asks for it: listed, put together into drives, and fetched with the token
 * that lets its holder look.
 */
import { CarriagewayError } from '../errors';
import { z } from '../schema';
import { MASK_FILE_ENDING } from './mask-file';
import { roomName } from './names';
import { NOTHING_KEPT, RECORDING_PATH } from './protocol';

/** Most bytes that are fetched to be opened: they lie in the browser while they are played. */
const BYTES_MAX = 1024 ** 3;

/** Milliseconds without any file that part two drives. */
const APART = 120_000;

/** Most files of a list: two days of nine vehicles. */
const FILES_MAX = 60_000;

const file = z.object({
  room: roomName,
  file: z.string().max(128),
  vehicle: z.string().max(64),
  /** Milliseconds since 1970. */
  start: z.number(),
  end: z.number(),
  bytes: z.number().min(0),
});

/** A file as the server lists it. */
export type RecordedFile = z.output<typeof file>;

const listing = z.object({
  files: z.array(file).max(FILES_MAX),
  masks: z.array(file).max(FILES_MAX).default([]),
});

/** What was recorded without a pause. */
export interface RecordedDrive {
  /** Of its first picture and behind its last one, in milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly vehicles: readonly string[];
  /** Of pictures and of shared masks. */
  readonly files: readonly RecordedFile[];
  readonly bytes: number;
  /** Whether viewers shared masks meanwhile. */
  readonly masked: boolean;
}

/** A drive that a page is asked to open: its room and stretch, in milliseconds since 1970. */
export interface Replay {
  readonly room: string;
  readonly from: number;
  readonly to: number;
  readonly token: string;
}

/**
 * Lists what was recorded.
 * @throws CarriagewayError `recordings-refused` where the token does not allow it, or nothing is recorded here;
 *   `live-unreachable`
 */
export async function listRecorded(room: string, token: string): Promise<readonly RecordedDrive[]> {
  const response = await ask(RECORDING_PATH, token);
  if (response.status === NOTHING_KEPT)
    throw new CarriagewayError('recordings-refused', 'nothing is recorded here');
  const listed = listing.safeParse(await response.json().catch(() => null));
  if (!listed.success) throw new CarriagewayError('live-unreachable', 'the list of recordings');
  const of = ({ files, masks }: z.output<typeof listing>) =>
    [...files, ...masks].filter((each) => each.room === room);
  return drivesOf(of(listed.data));
}

/** Puts files together: whatever lies within two minutes belongs together, whichever vehicle it is of. The newest first. */
export function drivesOf(files: readonly RecordedFile[]): readonly RecordedDrive[] {
  const isMask = ({ file }: RecordedFile): boolean => file.endsWith(MASK_FILE_ENDING);
  const groups: RecordedFile[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const each of files.toSorted((a, b) => a.start - b.start)) {
    if (each.start - end > APART) groups.push([]);
    groups.at(-1)!.push(each);
    end = Math.max(end, each.end);
  }
  return groups
    .filter((group) => !group.every(isMask))
    .map((group) => {
      const pictures = group.filter((each) => !isMask(each));
      return {
        start: Math.min(...pictures.map(({ start }) => start)),
        end: Math.max(...pictures.map(({ end }) => end)),
        vehicles: [...new Set(pictures.map(({ vehicle }) => vehicle))].sort(),
        files: group,
        bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
        masked: pictures.length < group.length,
      };
    })
    .reverse();
}

/** Address of a page that opens a drive. @param base address of this page, of which only origin and path are kept */
export function replayAddress(base: string, { room, from, to, token }: Replay): string {
  const url = new URL(base);
  url.search = '';
  // The token is for this page alone: browsers send fragments to nobody.
  url.hash = `token=${token}`;
  for (const [name, value] of Object.entries({ source: 'file', replay: room, from, to }))
    url.searchParams.set(name, String(value));
  return url.href;
}

/** The drive that an address asks for; null for none. */
export function readReplay(query: string, fragment: string): Replay | null {
  const params = new URLSearchParams(query);
  const room = roomName.safeParse(params.get('replay'));
  const time = (name: string) => Number(/^\d{1,15}$/.exec(params.get(name) ?? '')?.[0] ?? Number.NaN);
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  const [from, to] = [time('from'), time('to')];
  if (!room.success || Number.isNaN(from) || Number.isNaN(to)) return null;
  if (token === null || !/^[\w.-]{1,2048}$/.test(token)) return null;
  return { room: room.data, from, to, token };
}

/**
 * Fetches a drive's files, one after the other, the oldest first; what was shared of a vehicle comes with it.
 * @param onProgress told of the share that is there, 0 to 1
 * @returns the files, and how many of the later ones were left since together they are too much
 * @throws CarriagewayError `recordings-refused`, `live-unreachable`
 */
export async function fetchReplay(
  { room, from, to, token }: Replay,
  onProgress: (share: number) => void,
): Promise<{ readonly files: readonly File[]; readonly left: number }> {
  const wanted = (await listRecorded(room, token))
    .flatMap(({ files }) => files)
    .filter((each) => each.start < to && each.end > from)
    .sort((a, b) => a.start - b.start);
  if (wanted.length === 0) throw new CarriagewayError('recordings-refused', 'it is not there any more');
  const total = Math.min(
    BYTES_MAX,
    wanted.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const files: File[] = [];
  let bytes = 0;
  for (const each of wanted) {
    if (bytes + each.bytes > BYTES_MAX) break;
    const response = await ask(`${RECORDING_PATH}/${room}/${encodeURIComponent(each.file)}`, token);
    const blob = await response.blob().catch((cause: unknown) => {
      throw new CarriagewayError('live-unreachable', each.file, { cause });
    });
    files.push(new File([blob], each.file, { type: blob.type }));
    bytes += each.bytes;
    onProgress(total > 0 ? Math.min(1, bytes / total) : 1);
  }
  return { files, left: wanted.length - files.length };
}

async function ask(path: string, token: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  } catch (cause) {
    throw new CarriagewayError('live-unreachable', '', { cause });
  }
  if (response.ok) return response;
  if ([401, 403, 404].includes(response.status))
    throw new CarriagewayError('recordings-refused', `status ${response.status}`);
  throw new CarriagewayError('live-unreachable', `status ${response.status}`);
}
