/**
 * What a foreign network's file cannot say, as short lists to choose from: how its pixels are scaled, and what its
 * channels mean in the house's own classes.
 */
import { CLASSES, classIdOf } from '../taxonomy/classes';
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

/** The meaning of each channel; null where the taxonomy has no counterpart. */
export type ClassList = readonly (string | null)[];

/** Class lists that networks come with. */
export const CLASS_PRESETS = {
  carriageway: { label: `Carriageway, ${CLASSES.length} classes`, classes: CLASSES.map((c) => c.name) },
  'carriageway-12': {
    label: 'Carriageway before the own car, 12 classes',
    classes: CLASSES.slice(0, 12).map((c) => c.name),
  },
  cityscapes: {
    label: 'Cityscapes, 19 classes (train ids)',
    classes: [
      'road',
      'sidewalk',
      'building',
      'building', // wall
      'fence',
      'pole',
      'sign', // traffic light
      'sign',
      'vegetation',
      'vegetation', // terrain
      'sky',
      'person',
      'cyclist', // rider
      'vehicle', // car
      'vehicle', // truck
      'vehicle', // bus
      'vehicle', // train
      'cyclist', // motorcycle
      'cyclist', // bicycle
    ],
  },
  drivable: { label: 'background and drivable, 2 classes', classes: [null, 'road'] },
} as const satisfies Record<string, { label: string; classes: ClassList }>;

/** Name of a class list. */
export type ClassPreset = keyof typeof CLASS_PRESETS;

/** Other names of the classes, as data sets write them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  drivable: 'road',
  'drivable area': 'road',
  lane: 'lane marking',
  mark: 'lane marking',
  marking: 'lane marking',
  'road marking': 'lane marking',
  pavement: 'sidewalk',
  curb: 'sidewalk',
  wall: 'building',
  'guard rail': 'fence',
  'traffic light': 'sign',
  'traffic sign': 'sign',
  tree: 'vegetation',
  terrain: 'vegetation',
  pedestrian: 'person',
  human: 'person',
  rider: 'cyclist',
  bicycle: 'cyclist',
  bicyclist: 'cyclist',
  motorcycle: 'cyclist',
  car: 'vehicle',
  truck: 'vehicle',
  bus: 'vehicle',
  train: 'vehicle',
};

/** Words for a channel that stands for nothing of the taxonomy. */
const NOTHING = new Set([
  '',
  '-',
  'null',
  'none',
  'void',
  'unlabelled',
  'unlabeled',
  'background',
  'other',
  'ignore',
]);

/**
 * Reads class names typed by a person, separated by commas or lines, one for each channel in order.
 * @returns the class of each channel, and the names that mean nothing here (their channels get null)
 */
export function readClassNames(text: string): { classes: ClassList; unknown: readonly string[] } {
  const unknown: string[] = [];
  const classes = text.split(/[,;\n]/).map((part) => {
    const name = part.trim().toLowerCase().replaceAll('_', ' ');
    if (NOTHING.has(name)) return null;
    const found = classIdOf(name) === undefined ? SYNONYMS[name] : name;
    if (!found) unknown.push(part.trim());
    return found ?? null;
  });
  return { classes, unknown };
}
