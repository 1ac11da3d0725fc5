/**
 * How makers name the files of their cameras: a table, one row a maker. A name says which camera of the vehicle saw it,
 * when it began by the recorder's clock, and, where long recordings are cut into chapters, which piece of which
 * recording it is. Rows follow the makers' manuals and names in public bug reports.
 */
import { compareNames } from '../../../media/file-names';

/** What a file's name says. */
export interface CameraFile {
  readonly maker: string;
  /** `front`, `rear`, `inside`, `left`, …; null where the name says nothing of a camera. */
  readonly camera: string | null;
  /** Milliseconds since 1970 as if the recorder's clock showed UTC; null where the name has no time. */
  readonly clock: number | null;
  /** Number of the recording and of its piece, where names have them: order without a clock. */
  readonly order: readonly [recording: number, piece: number] | null;
  /** A copy of another file: a smaller one, or one that a system made (`GX010042 (1)`). */
  readonly copy: boolean;
  /** The name without what it says of the camera, in small letters: the same for all cameras of one moment. */
  readonly bare: string;
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

/** Of makers that number their lenses with letters: A looks ahead. */
const LENSES: Readonly<Record<string, string>> = { a: 'front', b: 'rear', c: 'inside' };

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
  // 20260301_101500_NF: N normal, E event, P parking, M manual, …; then the camera; L or S at the end: small copies. A
  // camera's letter in the place of the kind is a camera's, of makers that write no kind.
  {
    maker: 'BlackVue',
    pattern: /^(?<date>\d{8})_(?<time>\d{6})_(?![FRI]$)[A-Z](?<camera>[FRIO])?_?(?<copy>[LS])?$/i,
    cameras: LETTERS,
  },
  // 2026_0301_101500_0001PF, and 20260301101500_000001PF of later ones: P parking, E or L locked.
  {
    maker: 'Viofo',
    pattern: /^(?<stamp>\d{4}_?\d{4}_?\d{6})_(?<recording>\d{3,6})[PELN]?(?<camera>[FRIT])?$/i,
    cameras: LETTERS,
  },
  // 20260301101500_000001A: recorders of several makers with this firmware (Rexing, Akaso, …), a letter a lens.
  { maker: 'Novatek', pattern: /^(?<stamp>\d{14})_(?<recording>\d{3,6})(?<camera>[ABC])$/i, cameras: LENSES },
  // 20260301_101500_0001_N_A: N normal, E event, P parking; A ahead, B inside, C behind.
  {
    maker: 'Vantrue',
    pattern: /^(?<date>\d{8})_(?<time>\d{6})_(?<recording>\d{3,6})_[A-Z](?:_(?<camera>[ABC]))?$/i,
    cameras: { a: 'front', b: 'inside', c: 'rear' },
  },
  // 2026_0301_101500_001A: B is the lens inside.
  {
    maker: 'Transcend',
    pattern: /^(?<stamp>\d{4}_\d{4}_\d{6})_(?<recording>\d{3,6})(?<camera>[AB])$/i,
    cameras: { a: 'front', b: 'inside' },
  },
  // FILE260301-101500F: FILE, EVT, EMER, PARK, …
  {
    maker: 'Mio',
    pattern: /^[A-Z]{3,6}(?<date>\d{6})-(?<time>\d{6})(?<camera>[FRI])?$/i,
    cameras: LETTERS,
  },
  // VID_20260301_101500_00_001: lens 00 or 10, piece 001; the time is that of the first piece. LRV: small copies.
  {
    maker: 'Insta360',
    pattern: /^(?:VID|(?<copy>LRV))_(?<date>\d{8})_(?<time>\d{6})_(?<camera>\d\d)_(?<piece>\d{3})$/i,
    cameras: { '00': 'front', '10': 'rear' },
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

/** Rows with patterns that say where their groups stand. */
const PATTERNS = MAKERS.map((row) => ({ row, pattern: new RegExp(row.pattern, `${row.pattern.flags}d`) }));

/** Words that name a camera by themselves, in names and as folders. */
const WORDS: Readonly<Record<string, string>> = {
  front: 'front',
  forward: 'front',
  vorne: 'front',
  vorn: 'front',
  rear: 'rear',
  back: 'rear',
  hinten: 'rear',
  heck: 'rear',
  left: 'left',
  links: 'left',
  right: 'right',
  rechts: 'right',
  inside: 'inside',
  interior: 'inside',
  cabin: 'inside',
  innen: 'inside',
};

/** Words that say on which side of the one before or behind them (`front_left`, `SIDE_RIGHT`). */
const AHEAD = 'front|forward|rear|back|side|vorne|vorn|hinten|heck';
const ASIDE = 'left|right|links|rechts';

/** The order in which cameras are shown; others come behind, by name. */
const SHOWN = [
  ...['front', 'telephoto', 'front left', 'front right', 'rear', 'rear left', 'rear right'],
  ...['left', 'right', 'left pillar', 'right pillar', 'inside'],
];

const SEPARATOR = '[-_. ()]';
const BETWEEN = '[-_ ]?';
const WORD = `(?<camera>(?:${AHEAD})${BETWEEN}(?:${ASIDE})|(?:${ASIDE})${BETWEEN}(?:${AHEAD})|${Object.keys(WORDS).join('|')})`;
/** A word of its own: at the end, at the beginning, or between separators. */
const WORD_AT_END = new RegExp(`(?:^|${SEPARATOR})${WORD}(?:cam(?:era)?)?$`, 'i');
const WORD_AT_START = new RegExp(
  `^(?:cam(?:era)?${BETWEEN})?${WORD}(?:cam(?:era)?)?(?=${SEPARATOR}|\\d)`,
  'i',
);
const WORD_INSIDE = new RegExp(`${SEPARATOR}${WORD}(?:cam(?:era)?)?(?=${SEPARATOR})`, 'i');
/** `cam0`, `camera 2`, `ch1`: which way it looks, nobody says. */
const NUMBERED = /(?:^|[-_. ()])(?<kind>cam(?:era)?|ch(?:annel)?)[-_ ]?(?<number>\d{1,2})(?=$|[-_. ()])/i;
/** A letter alone says something beside a number only: `drive_12_F`, `F_20260301`, not `part_b`. */
const LETTER_AT_END = /\d[-_ ]?(?<camera>[FRIfri])$/;
const LETTER_AT_START = /^(?<camera>[FRIfri])[-_ ]?(?=\d)/;

/** What systems add to the name of a file that is there already. */
const SYSTEM_COPY = /(?: ?\(\d{1,3}\)| - (?:Copy|Kopie)(?: \(\d{1,3}\))?)$/i;

/** A time anywhere in a name: year, month, day, hour, minute, second. */
const STAMP =
  /(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_.T ]{0,2}([01]\d|2[0-3])[-_.h]?([0-5]\d)[-_.m]?([0-5]\d)(?!\d)/i;

/** Reads a name. @param path of the file, with its folders: a folder may be named for a camera */
export function readCameraFile(path: string): CameraFile {
  const parts = path.split('/');
  const written = parts.at(-1)!.replace(/\.[^.]+$/, '');
  const stem = written.replace(SYSTEM_COPY, '');
  for (const { row, pattern } of PATTERNS) {
    const match = pattern.exec(stem);
    if (!match) continue;
    const file = made(row, match.groups!, folderCamera(parts));
    const [from, to] = match.indices!.groups!.camera ?? match.indices!.groups!.letter ?? [0, 0];
    const bare = bareOf(`${stem.slice(0, from)} ${stem.slice(to)}`);
    return { ...file, copy: file.copy || stem !== written, bare };
  }
  const said = cameraIn(written);
  return {
    maker: '',
    camera: said?.camera ?? folderCamera(parts),
    clock: clockOf(STAMP.exec(written)?.slice(1) ?? null),
    order: null,
    copy: false,
    bare: bareOf(said ? written.replace(said.text, ' ') : written),
  };
}

/** What a name that no maker gives says of a camera, and the text that says it; null where it does not. */
function cameraIn(stem: string): { readonly camera: string; readonly text: string } | null {
  const word = WORD_AT_END.exec(stem) ?? WORD_AT_START.exec(stem) ?? WORD_INSIDE.exec(stem);
  if (word) return { camera: wordCamera(word.groups!.camera!), text: word[0] };
  const numbered = NUMBERED.exec(stem);
  if (numbered) return { camera: `camera ${Number(numbered.groups!.number)}`, text: numbered[0] };
  const letter = (LETTER_AT_END.exec(stem) ?? LETTER_AT_START.exec(stem))?.groups?.camera;
  if (!letter) return null;
  const text = LETTER_AT_END.test(stem) ? new RegExp(`${letter}$`) : new RegExp(`^${letter}`);
  return { camera: LETTERS[letter.toLowerCase()]!, text: text.exec(stem)![0] };
}

/** A camera by one word, or by two. */
function wordCamera(said: string): string {
  const [one, two] =
    said.toLowerCase().match(new RegExp(`${AHEAD}|${Object.keys(WORDS).join('|')}`, 'g')) ?? [];
  if (two === undefined) return WORDS[one ?? ''] ?? said;
  const both = [one!, two].map((word) => WORDS[word] ?? word);
  const aside = both.find((word) => word === 'left' || word === 'right')!;
  const ahead = both.find((word) => word !== aside)!;
  return ahead === 'side' ? aside : `${ahead} ${aside}`;
}

function bareOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[-_. ()]+/g, ' ')
    .trim();
}

/** Puts cameras into the order in which they are shown: front first. */
export function byCamera(a: string, b: string): number {
  const rank = (name: string): number => (SHOWN.indexOf(name) + SHOWN.length + 1) % (SHOWN.length + 1);
  return rank(a) - rank(b) || compareNames(a, b);
}

function made(
  row: MakerRow,
  groups: Record<string, string | undefined>,
  folder: string | null,
): Omit<CameraFile, 'bare'> {
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
