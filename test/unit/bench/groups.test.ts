import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelManifest } from '../../../src/model/manifest';
import { verdictOf } from '../../../src/perception/postprocess';
import { CLASS_COUNT, CLASSES, COARSE_GROUPS, classIdOf } from '../../../src/taxonomy/classes';
import { groupManifest, SIDES, winningGroups } from '../../bench/evaluate/groups';

const manifest = { classes: CLASSES.map((c) => c.name) } as unknown as ModelManifest;

/** What the engine would paint for one distribution under the manifest of one side: class and confidence. */
function painted(distribution: readonly number[], side: 0 | 1): Uint8Array {
  const merged = new Array<number>(CLASS_COUNT).fill(0);
  for (const [channel, name] of groupManifest(manifest, side).classes.entries())
    merged[classIdOf(name!)!]! += distribution[channel]!;
  const { id, confidence } = verdictOf(merged);
  return Uint8Array.of(id, Math.round(confidence * 255), 0, 255);
}

test('every channel means one class of its group; only the cyclist changes sides', () => {
  const [first, second] = SIDES.map((side) => groupManifest(manifest, side).classes);
  expect(new Set(first).size).toBe(COARSE_GROUPS.length);
  expect(CLASSES.filter((_, i) => first![i] !== second![i]).map((c) => c.name)).toEqual(['cyclist']);
});

test('channels without a class stay without one', () => {
  const peer = { classes: ['road', null, 'dragon'] } as unknown as ModelManifest;
  expect(groupManifest(peer, 0).classes).toEqual(['road', null, null]);
});

test('the group with the largest sum of its members wins', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(weights, (raw) => {
      const total = raw.reduce((a, b) => a + b, 0);
      fc.pre(total > 0);
      const p = raw.map((w) => w / total);
      const sums = COARSE_GROUPS.map((group) => group.members.reduce<number>((sum, id) => sum + p[id]!, 0));
      const ranked = sums.toSorted((a, b) => b - a);
      // Masks resolve a 255th; closer calls may go either way.
      fc.pre(ranked[0]! - ranked[1]! > 1 / 127);
      const [group] = winningGroups(painted(p, 0), painted(p, 1));
      expect(group).toBe(sums.indexOf(ranked[0]!));
    }),
    { numRuns: 2000 },
  );
});

test('the cyclist lifts the group that would win without it, too', () => {
  // living = 0.2 + 0.3, vehicle = 0.25 + 0.3, drivable = 0.25
  const p = new Array<number>(CLASS_COUNT).fill(0);
  [p[0], p[9], p[10], p[11]] = [0.25, 0.2, 0.3, 0.25];
  expect(winningGroups(painted(p, 0), painted(p, 1))).toEqual(Uint8Array.of(3));
});

test('where no group wins there is none', () => {
  const nothing = Uint8Array.of(255, 0, 0, 255);
  expect(winningGroups(nothing, nothing)).toEqual(Uint8Array.of(255));
});
