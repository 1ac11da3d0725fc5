/**
 * The model manifest: all that must be known to feed a segmentation network and to read its logits. Written by
 * `models/training/export.py`, read by the app; checked by schema before anything is downloaded.
 */
import { z } from 'zod';
import { CarriagewayError } from '../errors';

/** Largest model file the page accepts, in bytes. Above this a tab on a phone dies while it compiles. */
export const MODEL_SIZE_CAP = 256 * 1024 * 1024;

const side = z.int().min(8).max(4096);

const manifestSchema = z.object({
  schema: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  title: z.string().min(1).max(80),
  version: z.string().min(1).max(40),
  /** The same network in one or more precisions; paths are relative to the manifest. */
  files: z
    .array(
      z.object({
        /** What runs the file; onnxruntime-web where nothing is said. */
        engine: z.enum(['onnxruntime', 'litert']).optional(),
        /** int8: mixed, what needs it stays in float. */
        precision: z.enum(['fp32', 'fp16', 'int8']),
        path: z.string().min(1).max(300),
        bytes: z.int().min(1).max(MODEL_SIZE_CAP),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        /** Share of cells that get the same class as from the single-precision file, measured where it was made. */
        agreement: z.number().min(0).max(1).optional(),
      }),
    )
    .min(1),
  /** The image input: value = (pixel · scale − mean) / std, with pixel from 0 to 255, per channel. */
  input: z.object({
    name: z.string().min(1),
    layout: z.enum(['NCHW', 'NHWC']),
    width: side,
    height: side,
    channels: z.enum(['RGB', 'BGR']),
    scale: z.number().positive(),
    mean: z.array(z.number()).length(3),
    std: z.array(z.number().positive()).length(3),
    /** Stretch the picture to the input, or keep its aspect and pad with the mean. */
    fit: z.enum(['stretch', 'letterbox']),
  }),
  /** Second input, one float for each pyramid level (1 = level in use); null when the network has none. */
  gate: z.object({ name: z.string().min(1), levels: z.array(z.int().positive()).min(1).max(8) }).nullable(),
  output: z.object({
    name: z.string().min(1),
    layout: z.enum(['NCHW', 'NHWC']),
    width: z.int().min(1).max(4096),
    height: z.int().min(1).max(4096),
    stride: z.number().positive(),
    /** Whether scores are raw logits or already a softmax. */
    activation: z.enum(['none', 'softmax']),
  }),
  /**
   * For each output channel the name of the taxonomy class it means; several channels may mean the same class
   * (their probabilities add up), null marks a channel without a counterpart.
   */
  classes: z.array(z.string().nullable()).min(2).max(256),
  licence: z.string().min(1),
  source: z.string().min(1),
});

/** A checked manifest. */
export type ModelManifest = z.infer<typeof manifestSchema>;

/** One file of a manifest. */
export type ModelFile = ModelManifest['files'][number];

/** What runs a file of a network. */
export type ModelRuntime = NonNullable<ModelFile['engine']>;

/** What runs `file`. */
export function runtimeOf({ engine = 'onnxruntime' }: Pick<ModelFile, 'engine'>): ModelRuntime {
  return engine;
}

/**
 * Checks a parsed JSON value.
 * @throws CarriagewayError `model-manifest-invalid`; the detail names the first wrong field
 */
export function parseManifest(value: unknown): ModelManifest {
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'manifest';
  throw new CarriagewayError('model-manifest-invalid', `${field}: ${issue?.message ?? 'not valid'}`);
}
