/** What an embedder may say, checked at the door: a wrong value is refused with the name of its field. */

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
export function stageSettings(given: unknown): z.output<typeof STAGE> {
  const result = STAGE.safeParse(given);
  if (!result.success) throw refusal(result.error);
  return result.data;
}

/**
 * A view with a look laid over it.
 * @throws CarriagewayError `option-invalid`, whose detail names the field
 */
export function overlayOf(given: unknown, base: OverlayView = DEFAULT_VIEW): OverlayView {
  const result = LOOK.safeParse(given);
  if (!result.success) throw refusal(result.error);
  const { mode = base.mode, sync = base.sync, opacity = base.opacity } = result.data;
  return { ...base, mode, sync, opacity };
}
