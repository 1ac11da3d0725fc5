/**
 * The model manifest: all that must be known to feed a segmentation network and to read its logits. Written by
 * `models/training/export.py`, read by the app; checked by schema before anything is downloaded.
 */

import { CarriagewayError } from '../errors';
import { z } from '../schema';
import { CLASSES_MAX, type ClassList, parseClassList } from '../taxonomy/class-list';
import { DRIVING } from '../taxonomy/classes';

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
    /** Pictures that a run takes, where the file fixes more than one: the first is used. */
    batch: z.int().min(1).max(64).default(1),
  }),
  /** Second input, one float for each pyramid level (1 = level in use); null when the network has none. */
  gate: z.object({ name: z.string().min(1), levels: z.array(z.int().positive()).min(1).max(8) }).nullable(),
  output: z.object({
    name: z.string().min(1),
    layout: z.enum(['NCHW', 'NHWC']),
    width: z.int().min(1).max(4096),
    height: z.int().min(1).max(4096),
    stride: z.number().positive(),
    /**
     * What the network's last step was: `none` (raw scores; a softmax follows here), `softmax`, `sigmoid` (each class
     * for itself), `logits` (the same before its sigmoid, which follows here), or `ids` (the number of the winning class
     * in place of scores, one channel).
     */
    activation: z.enum(['none', 'softmax', 'sigmoid', 'logits', 'ids']),
  }),
  /**
   * The network's classes, 2 to 256: names, or objects of name, colour and role (see `taxonomy/class-list`). A name of
   * our own list alone has that class's colour and role; others get a colour that is made. Without `channels`, null
   * marks channels that mean none of them.
   */
  classes: z.array(z.unknown()),
  /** For each output channel the id of its class, where the two differ; several may mean the same one. */
  channels: z.array(z.int().min(0)).min(1).max(CLASSES_MAX).optional(),
  licence: z.string().min(1),
  source: z.string().min(1),
});

/** A checked manifest: the schema's fields, the class list complete. */
export type ModelManifest = Omit<z.infer<typeof manifestSchema>, 'classes' | 'channels'> & {
  readonly classes: ClassList;
  /** For each output channel (each number, where the output holds ids) the id of its class. */
  readonly channels: readonly number[];
};

/** The class that stands for channels without one. */
const NONE_OF_THESE = { name: 'none of these', role: 'nothing' } as const;

/** One file of a manifest. */
export type ModelFile = ModelManifest['files'][number];

/** What runs a file of a network. */
export type ModelRuntime = NonNullable<ModelFile['engine']>;

/** What runs `file`. */
export function runtimeOf({ engine = 'onnxruntime' }: Pick<ModelFile, 'engine'>): ModelRuntime {
  return engine;
}

/**
 * Checks a parsed JSON value. A checked manifest may be checked again and stays what it is.
 * @throws CarriagewayError `model-manifest-invalid` or `class-list-invalid`; the detail names the first wrong field
 */
export function parseManifest(value: unknown): ModelManifest {
  const result = manifestSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalid(issue?.path.join('.') || 'manifest', issue?.message ?? 'not valid');
  }
  const { classes: written, channels: given, ...rest } = result.data;
  const { entries, channels } = given ? { entries: written, channels: given } : byChannel(written);
  const classes = parseClassList(entries, DRIVING);
  const stray = channels.findIndex((id) => id >= classes.length);
  if (stray >= 0)
    throw invalid(
      `channels.${stray}`,
      `there are ${classes.length} classes, none with the id ${channels[stray]}`,
    );
  return { ...rest, classes, channels };
}

function invalid(field: string, message: string): CarriagewayError {
  return new CarriagewayError('model-manifest-invalid', `${field}: ${message}`);
}

/** The short form: one entry a channel. Channels without a class share one. */
function byChannel(written: readonly unknown[]): {
  entries: readonly unknown[];
  channels: readonly number[];
} {
  const entries: unknown[] = [];
  let none = -1;
  const channels = written.map((entry) => {
    if (entry !== null) return entries.push(entry) - 1;
    if (none < 0) none = entries.push(NONE_OF_THESE) - 1;
    return none;
  });
  return { entries, channels };
}
