/**
 * Settings in the address of the page, checked by schema. What is not understood is ignored and named, so that an old
 * or mistyped link still shows a drive.
 */
import { DRIVE_CARS, DRIVE_LENSES, DRIVE_MOODS } from '../../drive/options';
import { wholeMicroseconds } from '../../media/times';
import { z } from '../../schema';
import { languageOf } from '../../words/language';
import { FIRST_SEED, SEED_MAX, type SourceRequest } from '../session/open-source';

/** A bare name of the catalogue, as in manifests. */
const MODEL_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Whether a text is an address that can be fetched: a data: or javascript: address has no business here. */
function isAddress(text: string): boolean {
  return (
    /^(https?:\/\/|\/|\.\/)/.test(text) && text.length <= 2000 && URL.canParse(text, 'http://page.invalid')
  );
}

const modelSchema = z.string().refine((text) => {
  return MODEL_NAME.test(text) || isAddress(text);
}, 'neither the name of a model nor the address of a manifest');

const SCHEMAS = {
  source: z.enum(['drive', 'camera', 'file']),
  seed: z
    .string()
    .regex(/^\d{1,6}$/, 'not a whole number')
    .transform(Number)
    .pipe(z.int().min(0).max(SEED_MAX)),
  /** Of a recording, on the server of this page; opened with `source=file`. */
  address: z.string().refine(isAddress, 'not an address'),
  /** Seconds from the beginning of the drive or the recording. */
  t: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,6})?$/, 'not a number of seconds')
    .transform(Number),
  mood: z.enum(['any', ...DRIVE_MOODS]),
  car: z.enum(DRIVE_CARS),
  lens: z.enum(DRIVE_LENSES),
  /** For a frame in another page: the picture and its bar alone. */
  embed: z.enum(['', 'on', '1']).transform(() => true),
  engine: z.enum(['auto', 'webgpu', 'cpu', 'wasm']),
  model: modelSchema,
  mode: z.enum(['drivable', 'classes', 'confidence']),
  sync: z.enum(['synced', 'live']),
  /** Read before the page begins, see `chooseLanguage`; here, so that an unknown one is told. */
  lang: z.string().refine((tag) => languageOf(tag) !== null, 'no language of this page'),
} as const;

type ParamName = keyof typeof SCHEMAS;

/** What the address asks for; `null` where it says nothing of use. */
export interface PageParams {
  readonly source: z.output<typeof SCHEMAS.source>;
  readonly seed: number;
  readonly address: string | null;
  readonly t: number;
  readonly mood: z.output<typeof SCHEMAS.mood>;
  readonly car: z.output<typeof SCHEMAS.car>;
  readonly lens: z.output<typeof SCHEMAS.lens>;
  readonly embed: boolean;
  readonly engine: z.output<typeof SCHEMAS.engine>;
  readonly model: string | null;
  readonly mode: z.output<typeof SCHEMAS.mode> | null;
  readonly sync: z.output<typeof SCHEMAS.sync> | null;
  readonly lang: string | null;
}

/** A setting that was not understood. */
export interface IgnoredParam {
  readonly name: string;
  readonly reason: string;
}

const DEFAULTS: PageParams = {
  source: 'drive',
  seed: FIRST_SEED,
  address: null,
  t: 0,
  mood: 'any',
  car: 'none',
  lens: 'own',
  embed: false,
  engine: 'auto',
  model: null,
  mode: null,
  sync: null,
  lang: null,
};

/**
 * Reads the query of an address.
 * @param query with or without the leading `?`. Unknown names are left alone: they may belong to somebody else.
 */
export function readParams(query: string): { params: PageParams; ignored: readonly IgnoredParam[] } {
  const found: Record<string, unknown> = {};
  const ignored: IgnoredParam[] = [];
  const given = new URLSearchParams(query);
  for (const name of Object.keys(SCHEMAS) as ParamName[]) {
    const text = given.get(name);
    if (text === null) continue;
    const result = SCHEMAS[name].safeParse(text);
    if (result.success) found[name] = result.data;
    else ignored.push({ name, reason: result.error.issues[0]?.message ?? 'not valid' });
  }
  return { params: { ...DEFAULTS, ...found }, ignored };
}

/**
 * The address of a moment of the simulated drive, or of a recording that has an address; null where there is none, since no
 * address opens a file of the user's own.
 * @param page address of the page; what else its query says (model, engine, mode) stays
 * @param seconds from the beginning
 */
export function momentLink(page: string, request: SourceRequest, seconds: number): string | null {
  const shown = shownIn(request, seconds);
  if (!shown) return null;
  const url = new URL(page);
  for (const name of ['address', 'seed', 'mood', 'car', 'lens']) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(shown)) url.searchParams.set(name, String(value));
  return url.href;
}

function shownIn(request: SourceRequest, seconds: number): Readonly<Record<string, string | number>> | null {
  if (request.kind === 'drive') {
    const { seed, mood, car = DEFAULTS.car, lens = DEFAULTS.lens } = request;
    return { source: 'drive', seed, mood, car, lens, t: Math.round(seconds * 100) / 100 };
  }
  if (request.kind !== 'file' || request.address === undefined) return null;
  // Frames say their time in microseconds: with less, the one before would be shown.
  return { source: 'file', address: request.address, t: wholeMicroseconds(seconds) };
}
