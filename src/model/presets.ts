/**
 * What a foreign network's file cannot say, as short lists to choose from: how its pixels are scaled, and what its
 * channels mean.
 */
import { CLASSES_MAX, type ClassRole } from '../taxonomy/class-list';
import { CLASSES } from '../taxonomy/classes';
import { roleByName } from '../taxonomy/meanings';
import type { ModelManifest } from './manifest';

/** How a pixel becomes a number: value = (pixel · scale − mean) / std. */
export type PixelScaling = Pick<ModelManifest['input'], 'channels' | 'scale' | 'mean' | 'std'>;

/** Scalings that networks are trained with; the first is offered first. */
export const NORMALISATIONS = {
  imagenet: {
    label: 'ImageNet mean and deviation, RGB',
    // The usual statistics of ImageNet's training set, on pixels from 0 to 1.
    scaling: { channels: 'RGB', scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  },
  unit: {
    label: '0 to 1, RGB',
    scaling: { channels: 'RGB', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
  },
  symmetric: {
    label: '−1 to 1, RGB',
    scaling: { channels: 'RGB', scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  },
  'bytes-rgb': {
    label: '0 to 255, RGB',
    scaling: { channels: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  },
  'bytes-bgr': {
    label: '0 to 255, BGR',
    scaling: { channels: 'BGR', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  },
} as const satisfies Record<
  string,
  { label: string; scaling: Readonly<Record<keyof PixelScaling, unknown>> }
>;

/** Name of a scaling. */
export type Normalisation = keyof typeof NORMALISATIONS;

/** A class of a network that is brought: its name, and its role where it has one. */
export interface BroughtClass {
  readonly name: string;
  readonly role: ClassRole | null;
}

const offered = (names: readonly string[]): readonly BroughtClass[] =>
  names.map((name) => ({ name, role: roleByName(name) }));

/** Class lists that networks come with. */
export const CLASS_PRESETS = {
  carriageway: {
    label: `Carriageway, ${CLASSES.length} classes`,
    classes: offered(CLASSES.map((c) => c.name)),
  },
  'carriageway-12': {
    label: 'Carriageway before the own car, 12 classes',
    classes: offered(CLASSES.slice(0, 12).map((c) => c.name)),
  },
  cityscapes: {
    label: 'Cityscapes, 19 classes (train ids)',
    classes: offered(
      'road,sidewalk,building,wall,fence,pole,traffic light,traffic sign,vegetation,terrain,sky,person,rider,car,truck,bus,train,motorcycle,bicycle'.split(
        ',',
      ),
    ),
  },
  drivable: { label: 'background and drivable, 2 classes', classes: offered(['background', 'drivable']) },
} as const satisfies Record<string, { label: string; classes: readonly BroughtClass[] }>;

/** Name of a class list. */
export type ClassPreset = keyof typeof CLASS_PRESETS;

/** Words for a channel that stands for nothing. */
const NAMELESS = new Set(['', '-', 'null']);

/**
 * Reads class names typed by a person, separated by commas, semicolons or lines, one for each channel in order; `-` for
 * a channel that stands for nothing. Roles are offered by name.
 */
export function readClassNames(text: string): readonly BroughtClass[] {
  let nameless = 0;
  return offered(
    text
      .split(/[,;\n]/)
      .map((part) => part.trim())
      .map((name) => (NAMELESS.has(name) ? `none of these${nameless++ ? ` ${nameless}` : ''}` : name)),
  ).map((entry) => (entry.name.startsWith('none of these') ? { ...entry, role: 'nothing' as const } : entry));
}

/** Under which keys exporters write the names of classes, most usual first. */
const NAME_KEYS = ['names', 'classes', 'labels', 'id2label', 'class_names'];

/**
 * The names of classes in a file's remarks: a list or an object of JSON (Python's quotes are taken as well), or names
 * between commas; null where there are none.
 */
export function namesInMetadata(metadata: ReadonlyMap<string, string>): readonly string[] | null {
  for (const key of NAME_KEYS) {
    const text = metadata.get(key)?.trim();
    const names = text ? (namesInJson(text) ?? (/^[[{]/.test(text) ? null : text.split(','))) : null;
    const clean = names?.map((name) => name.trim());
    if (clean && clean.length >= 2 && clean.length <= CLASSES_MAX && clean.every((name) => name !== ''))
      return clean;
  }
  return null;
}

function namesInJson(text: string): readonly string[] | null {
  // `{0: 'road', 1: 'sky'}` is how Python prints a dictionary.
  for (const candidate of [text, text.replaceAll("'", '"').replace(/([{,]\s*)(\d+)\s*:/g, '$1"$2":')]) {
    let value: unknown;
    try {
      value = JSON.parse(candidate);
    } catch {
      continue;
    }
    // Keys that are whole numbers come in their order, whatever the order in the file.
    const names = Array.isArray(value)
      ? value
      : value && typeof value === 'object'
        ? Object.values(value)
        : null;
    if (names?.every((name): name is string => typeof name === 'string')) return names;
  }
  return null;
}
