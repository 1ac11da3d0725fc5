/**
 * What a class list is: the names of a network's classes, their colours and, where they have one, their roles. A list
 * belongs to a network; ids are positions in it. Whoever needs a meaning asks for a role, never for a number.
 */

import { CarriagewayError } from '../errors';
import { z } from '../schema';
import { type HexColour, makeColours } from './palette';

/** Label of a pixel nobody was asked about: masked by hand, outside the picture, not labelled. Never scored. */
export const VOID_CLASS = 255;

/**
 * An answer that is no class: two classes have the same probability, or none of independent classes reaches one half.
 * Drawn as nothing; wrong where labels name a class.
 */
export const UNDECIDED_CLASS = 254;

/** No answer at all: the network's scores are no numbers there. Drawn as nothing; wrong where labels name a class. */
export const BROKEN_CLASS = 253;

/** Fewest and most classes of a list. */
export const CLASSES_MIN = 2;
export const CLASSES_MAX = 256;

/**
 * Classes that a mask of eight bits can hold beside the three codes above. Longer lists are taken; their last classes
 * are read as undecided.
 */
export const MASK_CLASSES_MAX = 253;

/** What a class means to somebody who drives. */
export const ROLES = [
  'drivable',
  'marking',
  'boundary',
  'obstacle',
  'person',
  'ground',
  'sky',
  'own car',
  'nothing',
] as const;

/** What a class means to somebody who drives: one of `ROLES`. */
export type ClassRole = (typeof ROLES)[number];

/** One class. Plain data: it crosses worker boundaries and lies in manifests. */
export interface SemanticClass {
  /** The name shown to people and written into files. */
  readonly name: string;
  readonly colour: HexColour;
  /** Null where it has none; `nothing` is a class that stands for the rest. */
  readonly role: ClassRole | null;
}

/** Classes by id. */
export type ClassList = readonly SemanticClass[];

const nameSchema = z
  .string()
  .transform((name) => name.trim())
  .pipe(z.string().min(1, 'a class needs a name').max(80));

const colourSchema = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'not a colour of the form #rrggbb')
  .transform((colour) => colour.toLowerCase() as HexColour);

/** A class as files write it: a name alone, or a name with colour and role. */
const entrySchema = z.union([
  nameSchema.transform((name) => ({ name })),
  z.object({
    name: nameSchema,
    colour: colourSchema.optional(),
    role: z
      .enum(ROLES, `not a role; roles are ${ROLES.join(', ')}`)
      .nullable()
      .optional(),
  }),
]);

/** See `entrySchema`. */
export type ClassEntry = z.input<typeof entrySchema>;

/**
 * Checks what a file says of its classes, and completes it.
 * @param known classes that a name alone stands for, with their colours and roles
 * @param field where the list lies, for the error
 * @throws CarriagewayError `class-list-invalid`; the detail names the field: `classes.3.colour: …`
 */
export function parseClassList(value: unknown, known: ClassList = [], field = 'classes'): ClassList {
  const refuse = (path: string, message: string): never => {
    throw new CarriagewayError('class-list-invalid', `${path}: ${message}`);
  };
  if (!Array.isArray(value)) return refuse(field, 'a list is needed');
  if (value.length < CLASSES_MIN || value.length > CLASSES_MAX)
    return refuse(field, `${CLASSES_MIN} to ${CLASSES_MAX} classes are needed, not ${value.length}`);
  const taken = new Map<string, number>();
  const entries = value.map((raw: unknown, id) => {
    const result = (typeof raw === 'object' ? entrySchema.options[1] : entrySchema.options[0]).safeParse(raw);
    if (!result.success) {
      const issue = result.error.issues[0];
      return refuse([field, id, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not valid');
    }
    const entry: { name: string; colour?: HexColour | undefined; role?: ClassRole | null | undefined } =
      result.data;
    const other = taken.get(entry.name);
    if (other !== undefined)
      return refuse(`${field}.${id}.name`, `class ${other} is called “${entry.name}” as well`);
    taken.set(entry.name, id);
    return entry;
  });
  const full = entries.map((entry) => {
    const own = known.find(({ name }) => name === entry.name);
    return {
      name: entry.name,
      colour: entry.colour ?? own?.colour ?? null,
      role: entry.role === undefined ? (own?.role ?? null) : entry.role,
    };
  });
  const given = full.flatMap(({ colour }) => (colour ? [colour] : []));
  const made = makeColours(full.length - given.length, given);
  let next = 0;
  return full.map((entry) => ({ ...entry, colour: entry.colour ?? made[next++]! }));
}

/** Whether a vehicle may drive on what has this role. */
export function isDrivableRole(role: ClassRole | null): boolean {
  return role === 'drivable' || role === 'marking';
}

/** Ids whose pixels a vehicle may drive on. */
export function drivableIds(list: ClassList): readonly number[] {
  return list.flatMap(({ role }, id) => (isDrivableRole(role) ? [id] : []));
}

/** Whether a class is painted unless somebody asks for it: the own car and what stands for nothing are not. */
export function isShownByDefault({ role }: SemanticClass): boolean {
  return role !== 'own car' && role !== 'nothing';
}

/** Whether two lists mean the same by the same ids. */
export function isSameList(a: ClassList, b: ClassList): boolean {
  return a === b || (a.length === b.length && a.every(({ name }, id) => name === b[id]?.name));
}
