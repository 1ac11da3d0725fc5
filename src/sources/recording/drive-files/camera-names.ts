/**
 * How makers name the files of their cameras: a table, one row a maker. A name says which camera of the vehicle saw it,
 * when it began by the recorder's clock, and, where long recordings are cut into chapters, which piece of which
 * recording it is. Rows follow the makers' manuals and names in public bug reports.
 */

/** What a file's name says. */
export interface CameraFile {
  readonly maker: string;
  /** `front`, `rear`, `inside`, `left`, …; null where the name says nothing of a camera. */
  readonly camera: string | null;
  /** Milliseconds since 1970 as if the recorder's clock showed UTC; null where the name has no time. */
  readonly clock: number | null;
  /** Number of the recording and of its piece, where names have them: order without a clock. */
  readonly order: readonly [recording: number, piece: number] | null;
  /** A smaller copy of another file. */
  readonly copy: boolean;
}

/** One row: a pattern over the name without its ending, and what its named groups mean. */
interface MakerRow {
  readonly maker: string;
  /**
   * Groups: `date`, `time` or `stamp` (digits with anything between), `camera`, `recording`, `piece`, and `copy`, which
   * is there in names of smaller copies only.
   */
  readonly pattern: RegExp;
  readonly cameras: Readonly<Record<string, string>>;
  /** Whether the camera's name is a name of somebody's, and stands for nothing else. */
  readonly asWritten?: boolean;
  /** Number of the first piece where the name has none. */
  readonly firstPiece?: number;
}

/** Letters that most makers agree on. */
const LETTERS: Readonly<Record<string, string>> = {
  f: 'front',
  r: 'rear',
  b: 'rear',
  i: 'inside',
  c: 'inside',
  t: 'telephoto',
  o: 'outside',
};

const TESLA: Readonly<Record<string, string>> = {
  front: 'front',
  back: 'rear',
  left_repeater: 'left',
  right_repeater: 'right',
  left_pillar: 'left pillar',
  right_pillar: 'right pillar',
  cabin: 'inside',
};

const MAKERS: readonly MakerRow[] = [
  // 20260301_101500_123_Van: what a server of live rooms recorded, to the millisecond, in UTC; the vehicle is the camera.
  {
    maker: 'Carriageway',
    pattern: /^(?<stamp>20\d{6}_\d{6}_\d{3})_(?<camera>[\p{L}\p{N}-][\p{L}\p{N}_-]*)$/u,
    cameras: {},
    asWritten: true,
  },
  // GX010042: piece 01 of recording 0042. H: AVC, X: HEVC, L: small copies, S: the sound of them.
  { maker: 'GoPro', pattern: /^G(?:[HX]|(?<copy>[LS]))(?<piece>\d\d)(?<recording>\d{4})$/i, cameras: {} },
  // Loops: GHAA0001, GHAA0002, … are the pieces of one loop.
  { maker: 'GoPro', pattern: /^G[HX](?<loop>[A-Z]{2})(?<piece>\d{4})$/i, cameras: {} },
  // Older ones: GOPR0042, then GP010042, GP020042.
  { maker: 'GoPro', pattern: /^(?:GOPR|GP(?<piece>\d\d))(?<recording>\d{4})$/i, cameras: {}, firstPiece: 0 },
  // Fusion: GPFR0042 and GPBK0042, then GF010042 and GB010042.
  {
    maker: 'GoPro',
    pattern: /^G(?:P(?<camera>FR|BK)|(?<letter>[FB])(?<piece>\d\d))(?<recording>\d{4})$/i,
    cameras: { fr: 'front', bk: 'rear', f: 'front', b: 'rear' },
    firstPiece: 0,
  },
  // 20260301_101500_NF: N normal, E event, P parking, M manual, …; then the camera; L or S at the end: small copies.
  {
    maker: 'BlackVue',
    pattern: /^(?<date>\d{8})_(?<time>\d{6})_[A-Z](?<camera>[FRIO])?_?(?<copy>[LS])?$/i,
    cameras: LETTERS,
  },
  // 2026_0301_101500_0001PF, and 20260301101500_000001PF of later ones: P parking, E or L locked.
  {
    maker: 'Viofo',
    pattern: /^(?<stamp>\d{4}_?\d{4}_?\d{6})_(?<recording>\d{3,6})[PELN]?(?<camera>[FRIT])?$/i,
    cameras: LETTERS,
  },
  // REC_2026_03_01_10_15_00_F: REC, EVT, MAN, MOT, PAR, …
  {
    maker: 'Thinkware',
    pattern: /^[A-Z]{2,6}_(?<stamp>\d{4}_\d\d_\d\d_\d\d_\d\d_\d\d)(?:_(?<camera>[FRI]))?$/i,
    cameras: LETTERS,
  },
  // 260301_101500_001_FH: camera, then H high, L low or N normal quality; P at the end: protected.
  {
    maker: 'Nextbase',
    pattern: /^(?<date>\d{6})_(?<time>\d{6})_(?<recording>\d{3})_(?<camera>[FRIC])(?:[HN]|(?<copy>L))P?$/i,
    cameras: LETTERS,
  },
  // NO20260301-101500-000001F: NO normal, EV event, PA parking, TL time lapse; B is the one at the back.
  {
    maker: '70mai',
    pattern: /^[A-Z]{2}(?<date>\d{8})-(?<time>\d{6})-(?<recording>\d{3,6})(?<camera>[FBRI])?$/i,
    cameras: LETTERS,
  },
  { maker: 'Garmin', pattern: /^GRMN(?<recording>\d{4})(?:[-_](?<camera>F|R|FRONT|REAR))?$/i, cameras: {} },
  {
    maker: 'Tesla',
    pattern: /^(?<stamp>\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)-(?<camera>[a-z]+(?:_[a-z]+)?)$/i,
    cameras: TESLA,
  },
];

/** Words that name a camera by themselves, in names and as folders. */
const WORDS: Readonly<Record<string, string>> = {
  front: 'front',
  forward: 'front',
  rear: 'rear',
  back: 'rear',
  left: 'left',
  right: 'right',
  inside: 'inside',
  interior: 'inside',
  cabin: 'inside',
};

/** The order in which cameras are shown; others come behind, by name. */
const SHOWN = ['front', 'telephoto', 'rear', 'left', 'right', 'left pillar', 'right pillar', 'inside'];

const SEPARATOR = '[-_. ()]';
const WORD = `(?<camera>${Object.keys(WORDS).join('|')})`;
/** A word of its own, alone, behind a separator or before one. */
const WORD_AT_END = new RegExp(`(?:^|${SEPARATOR})${WORD}(?:cam(?:era)?)?$`, 'i');
const WORD_AT_START = new RegExp(`^${WORD}(?:cam(?:era)?)?(?=${SEPARATOR}|\\d)`, 'i');
/** A letter alone says something behind a number only: `drive_12_F`, not `part_b`. */
const LETTER_AT_END = /\d[-_ ]?(?<camera>[FRIfri])$/;

/** A time anywhere in a name: year, month, day, hour, minute, second. */
const STAMP =
  /(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_.T ]{0,2}([01]\d|2[0-3])[-_.h]?([0-5]\d)[-_.m]?([0-5]\d)(?!\d)/i;

/** Reads a name. @param path of the file, with its folders: a folder may be named for a camera */
export function readCameraFile(path: string): CameraFile {
  const parts = path.split('/');
  const stem = parts.at(-1)!.replace(/\.[^.]+$/, '');
  for (const row of MAKERS) {
    const groups = row.pattern.exec(stem)?.groups;
    if (groups) return made(row, groups, folderCamera(parts));
  }
  const word = WORD_AT_END.exec(stem) ?? WORD_AT_START.exec(stem);
  const letter = LETTER_AT_END.exec(stem)?.groups?.camera;
  const said = word?.groups?.camera;
  return {
    maker: '',
    camera:
      (said && WORDS[said.toLowerCase()]) ?? (letter && LETTERS[letter.toLowerCase()]) ?? folderCamera(parts),
    clock: clockOf(STAMP.exec(stem)?.slice(1) ?? null),
    order: null,
    copy: false,
  };
}

/** Puts cameras into the order in which they are shown: front first. */
export function byCamera(a: string, b: string): number {
  const rank = (name: string): number => (SHOWN.indexOf(name) + SHOWN.length + 1) % (SHOWN.length + 1);
  return rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true });
}

function made(row: MakerRow, groups: Record<string, string | undefined>, folder: string | null): CameraFile {
  const written = groups.camera ?? groups.letter;
  const said = written?.toLowerCase();
  const { recording, piece, loop } = groups;
  const stamp = groups.stamp ?? (groups.date && `${groups.date}${groups.time}`);
  const number = loop ? loop.toUpperCase().charCodeAt(0) * 256 + loop.toUpperCase().charCodeAt(1) : recording;
  return {
    maker: row.maker,
    camera:
      said === undefined
        ? folder
        : row.asWritten
          ? written!
          : (row.cameras[said] ?? WORDS[said] ?? LETTERS[said] ?? written!),
    clock: stamp ? clockOf(digits(stamp)) : null,
    order: number === undefined ? null : [Number(number), Number(piece ?? row.firstPiece ?? 0)],
    copy: groups.copy !== undefined,
  };
}

/** Year to second, and milliseconds where there are any, out of a maker's digits; years of two digits are of this century. */
function digits(stamp: string): readonly string[] {
  const bare = stamp.replaceAll(/\D/g, '');
  const full = bare.length === 12 ? `20${bare}` : bare;
  return [full.slice(0, 4), ...(full.slice(4, 14).match(/\d\d/g) ?? []), full.slice(14)];
}

/** A time that exists, or null: `99` is no month. */
function clockOf(fields: readonly string[] | null): number | null {
  if (!fields || fields.length < 6) return null;
  const [year, month, day, hour, minute, second, milliseconds = 0] = fields.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number?,
  ];
  const clock = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(clock);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
  return exists && second < 60 ? clock : null;
}

/** The camera that the nearest folder is named for: `Front/`, `R/`. */
function folderCamera(parts: readonly string[]): string | null {
  const folder = parts.at(-2)?.toLowerCase();
  if (!folder) return null;
  return WORDS[folder] ?? (/^[fri]$/.test(folder) ? (LETTERS[folder] ?? null) : null);
}
