/**
 * Our own class list: the thirteen classes that networks of the house answer in. One JSON file, which the training
 * reads as well. Ids are the positions; they never change meaning, and older networks know the first twelve.
 */
import { type ClassList, type ClassRole, drivableIds } from './class-list';
import driving from './driving.json';
import type { HexColour } from './palette';

export { VOID_CLASS } from './class-list';

/** Under which heading a class stands in the legend. */
export type ClassGroup =
  | 'drivable'
  | 'off-road'
  | 'far'
  | 'roadside'
  | 'sky'
  | 'living'
  | 'vehicle'
  | 'own car';

/** One class of ours. */
export interface DrivingClass {
  readonly id: number;
  readonly name: string;
  readonly group: ClassGroup;
  readonly role: ClassRole;
  readonly colour: HexColour;
}

/** The class table, by id. */
export const CLASSES: readonly DrivingClass[] = driving.classes.map((entry, id) => ({
  id,
  name: entry.name,
  group: entry.group as ClassGroup,
  role: entry.role as ClassRole,
  colour: entry.colour as HexColour,
}));

/** Number of our classes. @public */
export const CLASS_COUNT = CLASSES.length;

/** Our classes as a list like any other. */
export const DRIVING: ClassList = CLASSES.map(({ name, colour, role }) => ({ name, colour, role }));

/** Ids whose pixels a vehicle may drive on: road and lane marking. */
export const DRIVABLE_CLASS_IDS: readonly number[] = drivableIds(DRIVING);

/** Whether `id` is a drivable class of ours. */
export function isDrivable(id: number): boolean {
  return DRIVABLE_CLASS_IDS.includes(id);
}

/**
 * The seven coarse groups of weaker human labels. Members may overlap (a cyclist is both living and a
 * vehicle there), so a coarse prediction sums the members' softmax and takes the argmax of the sums. The own car is in
 * none of them: those labels leave it out.
 * @public
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

/** Id of the class called `name`, or undefined when our list has no such class. */
export function classIdOf(name: string): number | undefined {
  return CLASSES.find((c) => c.name === name)?.id;
}

/**
 * Id of a class of ours that must be there.
 * @throws RangeError when our list has no class of that name
 */
export function ownId(name: string): number {
  const id = classIdOf(name);
  if (id === undefined) throw new RangeError(`There is no class called “${name}”.`);
  return id;
}
