/**
 * Bring your own network: from a dropped ONNX file to a manifest. The file says most of it (`byo-draft.ts`); what it
 * cannot say becomes a list of questions for the interface, and their answers complete the manifest.
 */
import { CarriagewayError } from '../errors';
import { CLASSES_MIN, type ClassRole } from '../taxonomy/class-list';
import type { AxisOrder, ImageShape, ScoreOutput } from './byo-graph';
import { type ModelManifest, parseManifest } from './manifest';
import {
  type BroughtClass,
  CLASS_PRESETS,
  type ClassPreset,
  NORMALISATIONS,
  type Normalisation,
} from './presets';

/** Bins of the pyramid that a gate of four floats switches: those of Zhao et al., CVPR 2017. */
const GATE_LEVELS = [1, 2, 3, 6];

/** What is known of a dropped network. Plain data: it can cross a worker boundary. */
export interface ByoDraft {
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly precision: 'fp32' | 'fp16';
  readonly image: ImageShape;
  readonly gate: string | null;
  readonly outputs: readonly ScoreOutput[];
  /** Pictures that a run takes. */
  readonly batch: number;
  /** Names of the classes, where the file tells them. */
  readonly names: readonly string[] | null;
}

/** A choice as the interface shows it. */
interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

/** What the file cannot say. */
export type ByoQuestion =
  /** Several outputs could be the scores. */
  | { readonly id: 'output'; readonly choices: readonly Choice<string>[] }
  /** Order of the axes of the input; the output's is the same, unless the file says otherwise. */
  | { readonly id: 'layout'; readonly choices: readonly Choice<AxisOrder>[] }
  /** Size of the input in pixels; a side that the file fixes is given. */
  | { readonly id: 'size'; readonly width: number | null; readonly height: number | null }
  | { readonly id: 'normalisation'; readonly choices: readonly Choice<Normalisation>[] }
  /** Meaning of the channels (how many, where the file says it): a preset that fits, or a list of one's own. */
  | {
      readonly id: 'classes';
      readonly channels: number | null;
      readonly choices: readonly Choice<ClassPreset>[];
      /** Names that the file tells, to begin with. */
      readonly names: readonly string[] | null;
    }
  /** What named classes mean on the road, with what their names suggest. */
  | { readonly id: 'roles'; readonly classes: readonly BroughtClass[] };

/** Answers by question. `fit` and `title` have defaults and are never asked. */
export interface ByoAnswers {
  readonly output?: string;
  readonly layout?: AxisOrder;
  readonly size?: { readonly width: number; readonly height: number };
  readonly normalisation?: Normalisation;
  /** A preset, or the classes by name; roles are asked for by themselves. */
  readonly classes?: ClassPreset | readonly BroughtClass[];
  /** For each class its role; null for none. */
  readonly roles?: readonly (ClassRole | null)[];
  readonly fit?: 'stretch' | 'letterbox';
  readonly title?: string;
}

const AXES: readonly Choice<AxisOrder>[] = [
  { value: 'NCHW', label: 'channels first (NCHW, PyTorch)' },
  { value: 'NHWC', label: 'channels last (NHWC, TensorFlow)' },
];

/** The questions that are still open; which ones, may depend on earlier answers (the output decides the classes). */
export function openQuestions(draft: ByoDraft, answers: ByoAnswers = {}): readonly ByoQuestion[] {
  const questions: ByoQuestion[] = [];
  const { image } = draft;
  if (!image.layout && !answers.layout) questions.push({ id: 'layout', choices: AXES });
  if ((!image.width || !image.height) && !answers.size)
    questions.push({ id: 'size', width: image.width, height: image.height });
  if (!answers.normalisation) questions.push({ id: 'normalisation', choices: choicesOf(NORMALISATIONS) });

  const output = chosenOutput(draft, answers);
  if (!output) {
    const choices = draft.outputs.map((o) => ({ value: o.name, label: `${o.name} (${sizeOf(o)})` }));
    return [...questions, { id: 'output', choices }];
  }
  // The size of an output is seen when it runs; how many classes there are is what somebody must know.
  if (!answers.classes) {
    const channels = classCount(output);
    const choices = choicesOf(CLASS_PRESETS).filter(
      ({ value }) => channels === null || CLASS_PRESETS[value].classes.length === channels,
    );
    const names = draft.names && (channels ?? draft.names.length) === draft.names.length ? draft.names : null;
    questions.push({ id: 'classes', channels, choices, names });
  } else if (typeof answers.classes !== 'string' && !answers.roles)
    questions.push({ id: 'roles', classes: answers.classes });
  return questions;
}

/**
 * Completes the manifest.
 * @throws CarriagewayError `model-manifest-invalid`, the detail naming the question that is open or badly answered
 */
export function answer(draft: ByoDraft, answers: ByoAnswers): ModelManifest {
  const invalid = (detail: string) => new CarriagewayError('model-manifest-invalid', detail);
  const open = openQuestions(draft, answers);
  if (open.length > 0) throw invalid(`${open[0]!.id}: not answered`);
  const { image } = draft;
  const output = chosenOutput(draft, answers)!;
  const width = image.width ?? answers.size!.width;
  const height = image.height ?? answers.size!.height;
  const layout = image.layout ?? answers.layout!;

  const chosen = answers.classes!;
  const classes: readonly BroughtClass[] =
    typeof chosen === 'string'
      ? CLASS_PRESETS[chosen].classes
      : chosen.map(({ name }, id) => ({ name, role: answers.roles?.[id] ?? null }));
  const count = classCount(output);
  if (count !== null && count !== classes.length)
    throw invalid(`classes: the network has ${count} classes, the list ${classes.length}`);
  // Of one channel, which says how likely one thing is, the list's first class is the rest.
  const channels = output.channels === 1 ? [1] : classes.map((_, id) => id);

  // Where the file says nothing of it, one number for each pixel is assumed; what comes is read as it is.
  const outputWidth = output.width ?? width;
  const outputHeight = output.height ?? height;

  return parseManifest({
    schema: 1,
    name: slugOf(draft.fileName),
    title: (answers.title?.trim() || draft.fileName).slice(0, 80),
    version: draft.sha256.slice(0, 12),
    files: [{ precision: draft.precision, path: draft.fileName, bytes: draft.bytes, sha256: draft.sha256 }],
    input: {
      name: image.name,
      layout,
      width,
      height,
      ...NORMALISATIONS[answers.normalisation!].scaling,
      fit: answers.fit ?? 'stretch',
      batch: draft.batch,
    },
    gate: draft.gate === null ? null : { name: draft.gate, levels: GATE_LEVELS },
    output: {
      name: output.name,
      layout: output.layout ?? layout,
      width: outputWidth,
      height: outputHeight,
      stride: width / outputWidth,
      activation: output.activation,
    },
    classes,
    channels,
    licence: 'the user’s own',
    source: draft.fileName,
  });
}

/** How many classes an output tells apart; null where the file does not say. A single channel tells two. */
function classCount({ channels }: ScoreOutput): number | null {
  return channels === null ? null : Math.max(CLASSES_MIN, channels);
}

function chosenOutput(draft: ByoDraft, answers: ByoAnswers): ScoreOutput | undefined {
  if (draft.outputs.length === 1) return draft.outputs[0];
  return draft.outputs.find((output) => output.name === answers.output);
}

function choicesOf<K extends string>(table: Readonly<Record<K, { readonly label: string }>>): Choice<K>[] {
  return (Object.keys(table) as K[]).map((value) => ({ value, label: table[value].label }));
}

function sizeOf({ channels, width, height }: ImageShape): string {
  const classes = channels === null ? '' : `${channels} classes`;
  const size = width && height ? `${width} × ${height}` : '';
  return [classes, size].filter(Boolean).join(', ') || 'size unknown';
}

/** A manifest's name out of a file's name: small letters, digits and dashes. */
function slugOf(fileName: string): string {
  const slug = fileName
    .toLowerCase()
    .replace(/\.onnx$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return slug || 'own-model';
}
