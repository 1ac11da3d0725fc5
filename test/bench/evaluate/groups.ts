/**
 * Asks the shipped engine for the coarse groups. It sums the probabilities of channels that mean the same class, so a
 * manifest in which every channel means *the first class of its group* makes it sum over groups. A cyclist belongs to
 * two groups; two such manifests are run, one for each, and the two answers say which group wins when both count it.
 */
import type { ModelManifest } from '../../../src/model/manifest.ts';
import { CLASSES, COARSE_GROUPS, DRIVING, VOID_CLASS } from '../../../src/taxonomy/classes.ts';
import { drivingIds } from '../../../src/taxonomy/meanings.ts';

/** The two sides on which a class of two groups can be counted. */
export const SIDES = [0, 1] as const;

/** Groups of each class id, in the order of the groups. */
const GROUPS_OF = CLASSES.map(({ id }) =>
  COARSE_GROUPS.filter((group) => (group.members as readonly number[]).includes(id)).map((group) => group.id),
);

/** The class that stands for each group: the first member that is in no other group. */
const STANDS_FOR = COARSE_GROUPS.map(
  (group) => (group.members as readonly number[]).find((id) => GROUPS_OF[id]!.length === 1)!,
);

/**
 * The manifest with every class replaced by the one that stands for its group.
 * @param side which of its groups a class with two is counted in
 */
export function groupManifest(manifest: ModelManifest, side: 0 | 1): ModelManifest {
  const ids = drivingIds(manifest.classes);
  return {
    ...manifest,
    classes: [...DRIVING, { name: 'none of these', colour: '#000000', role: 'nothing' }],
    channels: manifest.channels.map((id) => {
      const groups = GROUPS_OF[ids[id]!];
      return groups && groups.length > 0 ? STANDS_FOR[groups[side] ?? groups[0]!]! : CLASSES.length;
    }),
  };
}

/**
 * The winning group of each pixel, from the masks of both sides.
 *
 * Each side's winner is the best of all groups with the doubtful class counted on that side only. Where the winners
 * agree there is no doubt. Where one side's winner does not profit from the doubtful class, it lost to the other only
 * because that one does not profit here, so the other wins; where both do, the larger sum wins (to a 255th, the
 * resolution of a mask; the first side on a tie).
 * @param first, second masks of four bytes for each pixel: class, confidence, drivable, 255
 * @returns group ids; 255 where no group wins
 */
export function winningGroups(first: Uint8Array, second: Uint8Array): Uint8Array {
  const groups = new Uint8Array(first.length / 4);
  for (let i = 0; i < groups.length; i++) {
    const a = groupOf(first[4 * i]!);
    const b = groupOf(second[4 * i]!);
    if (a === b) groups[i] = a;
    else {
      const profitsA = profits(a, 0);
      const profitsB = profits(b, 1);
      const firstWins = profitsA === profitsB ? first[4 * i + 1]! >= second[4 * i + 1]! : profitsA;
      groups[i] = firstWins ? a : b;
    }
  }
  return groups;
}

/** Whether a group's sum holds a class of two groups on this side. */
function profits(group: number, side: 0 | 1): boolean {
  return GROUPS_OF.some((groups) => groups.length > 1 && groups[side] === group);
}

function groupOf(standIn: number): number {
  const group = STANDS_FOR.indexOf(standIn);
  return group < 0 ? VOID_CLASS : group;
}
