/**
 * The twelve classes every network of the house answers in, their groups and the seven coarse groups of
 * weaker labels. Ids are the indices of the logits' channels; they never change meaning.
 */

/** Label of a pixel nobody vouches for: not drawn, not scored. */
export const VOID_CLASS = 255;

/** What a class means for somebody who drives. */
export type ClassGroup = 'drivable' | 'off-road' | 'far' | 'roadside' | 'sky' | 'living' | 'vehicle';

/** One semantic class. */
export interface SemanticClass {
  /** Channel index of the logits, 0 to 11. */
  readonly id: number;
  /** The name shown to people and written into files. */
  readonly name: string;
  readonly group: ClassGroup;
}

/** The class table, in channel order. */
export const CLASSES = [
  { id: 0, name: 'road', group: 'drivable' },
  { id: 1, name: 'lane marking', group: 'drivable' },
  { id: 2, name: 'sidewalk', group: 'off-road' },
  { id: 3, name: 'building', group: 'far' },
  { id: 4, name: 'fence', group: 'roadside' },
  { id: 5, name: 'pole', group: 'roadside' },
  { id: 6, name: 'sign', group: 'roadside' },
  { id: 7, name: 'vegetation', group: 'far' },
  { id: 8, name: 'sky', group: 'sky' },
  { id: 9, name: 'person', group: 'living' },
  { id: 10, name: 'cyclist', group: 'living' },
  { id: 11, name: 'vehicle', group: 'vehicle' },
] as const satisfies readonly SemanticClass[];

/** Number of classes, and of logit channels. */
export const CLASS_COUNT = CLASSES.length;

/** Name of a class of the table. */
export type ClassName = (typeof CLASSES)[number]['name'];

/** Ids whose pixels a vehicle may drive on: road and lane marking. */
export const DRIVABLE_CLASS_IDS: readonly number[] = CLASSES.filter((c) => c.group === 'drivable').map(
  (c) => c.id,
);

/** Whether `id` is a drivable class. */
export function isDrivable(id: number): boolean {
  return DRIVABLE_CLASS_IDS.includes(id);
}

/**
 * The seven coarse groups of weaker human labels. Members may overlap (a cyclist is both living and a
 * vehicle there), so a coarse prediction sums the members' softmax and takes the argmax of the sums.
 */
export const COARSE_GROUPS = [
  { id: 0, name: 'drivable', members: [0, 1] },
  { id: 1, name: 'non-drivable', members: [2] },
  { id: 2, name: 'living', members: [9, 10] },
  { id: 3, name: 'vehicle', members: [11, 10] },
  { id: 4, name: 'roadside', members: [4, 5, 6] },
  { id: 5, name: 'far', members: [3, 7] },
  { id: 6, name: 'sky', members: [8] },
] as const;

/** Id of the class called `name`, or undefined when the taxonomy has no such class. */
export function classIdOf(name: string): number | undefined {
  return CLASSES.find((c) => c.name === name)?.id;
}
