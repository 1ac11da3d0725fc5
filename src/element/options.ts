/** What an embedder may say, checked at the door: a wrong value is refused with the name of its field. */

import { DRIVE_CARS, DRIVE_LENSES, DRIVE_MOODS, type DriveOptions } from '../drive/options';
import { CarriagewayError } from '../errors';
import { DEFAULT_VIEW, type OverlayView } from '../overlay/view';
import { z } from '../schema';

/** Longest address or name that is taken. */
const TEXT_MAX = 2000;

/** The fields of a view. */
const LOOKS = {
  /** What is painted. */
  mode: z.enum(['drivable', 'classes', 'confidence']),
  /** Whether a picture waits for its mask: see `SyncMode`. */
  sync: z.enum(['synced', 'live']),
  /** 0 (picture only) to 1 (paint only). */
  opacity: z.number().min(0).max(1),
} as const;

const LOOK = z.strictObject(LOOKS).partial();

const STAGE = z.strictObject({
  /** `auto` takes WebGPU where it is, and the processor elsewhere. */
  engine: z.enum(['auto', 'webgpu', 'cpu', 'wasm']).default('auto'),
  /** `auto`, the name of a model that comes along, or the address of a manifest. */
  model: z.string().min(1).max(TEXT_MAX).default('auto'),
  /** Address of the folder that holds `models/`; the page's own origin by default. */
  base: z
    .string()
    .max(TEXT_MAX)
    .refine((text) => URL.canParse(text, 'http://page.invalid'), 'no address')
    .optional(),
  /** Whether more than four canvases will be drawn on. */
  manyViews: z.boolean().default(false),
});

/** What a view tells and plays beside its picture. */
const SENSES = z
  .strictObject({
    /** Whether the class map of every mask is told. */
    masks: z.boolean(),
    /** Whether the sound of recordings stays off. */
    muted: z.boolean(),
  })
  .partial();

/** What a drive may be told: see `DriveOptions`. */
const DRIVE = z
  .strictObject({
    seed: z.number().int().min(0).max(999_999),
    width: z.number().int().min(16).max(4096),
    height: z.number().int().min(16).max(4096),
    fps: z.number().min(1).max(120),
    quality: z.enum(['low', 'normal', 'auto']),
    truth: z.boolean(),
    mood: z.enum(DRIVE_MOODS),
    car: z.enum(DRIVE_CARS),
    lens: z.enum(DRIVE_LENSES),
  })
  .partial();

/** How a picture is painted; what is left out is as a new visitor sees it. */
export type Look = z.output<typeof LOOK>;

/** How a stage begins. */
export type StageSettings = z.input<typeof STAGE>;

/** The first fault of a parse, as `field: reason`. */
function refusal({ issues: [issue] }: z.ZodError): CarriagewayError {
  const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  return new CarriagewayError('option-invalid', `${field || 'options'}: ${issue?.message ?? 'not valid'}`);
}

/** @throws CarriagewayError `option-invalid`, whose detail names the field */
function checked<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const result = schema.safeParse(given);
  if (!result.success) throw refusal(result.error);
  return result.data;
}

/** @throws CarriagewayError `option-invalid`, whose detail names the field */
export function stageSettings(given: unknown): z.output<typeof STAGE> {
  return checked(STAGE, given);
}

/** @throws CarriagewayError `option-invalid`, whose detail names the field */
export function viewSenses(given: unknown): { readonly masks?: boolean; readonly muted?: boolean } {
  return present(checked(SENSES, given));
}

/** @throws CarriagewayError `option-invalid`, whose detail names the field */
export function driveOptions(given: unknown): Partial<DriveOptions> {
  return present(checked(DRIVE, given));
}

/** An object without the fields that are undefined. */
export function present<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/**
 * A view with a look laid over it.
 * @throws CarriagewayError `option-invalid`, whose detail names the field
 */
export function overlayOf(given: unknown, base: OverlayView = DEFAULT_VIEW): OverlayView {
  const { mode = base.mode, sync = base.sync, opacity = base.opacity } = checked(LOOK, given);
  return { ...base, mode, sync, opacity };
}
