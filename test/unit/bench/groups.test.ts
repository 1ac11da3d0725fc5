import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outputSpec } from '../../../src/perception/output-spec';
import { CLASS_COUNT, CLASSES, COARSE_GROUPS } from '../../../src/taxonomy/classes';
import { groupManifest, SIDES, winningGroups } from '../../bench/evaluate/groups';
import { verdictOf } from '../../twins/postprocess';
import { manifestOf } from '../perception/cases';

/** The twelve that labels of groups know. */
const KNOWN = CLASSES.slice(0, 12);

const manifest = manifestOf({ classes: KNOWN.map((c) => c.name) });

/** What the engine would paint for one distribution under the manifest of one side: class and confidence. */
function painted(distribution: readonly number[], side: 0 | 1): Uint8Array {
  const merged = new Array<number>(CLASS_COUNT).fill(0);
  for (const [channel, id] of groupManifest(manifest, side).channels.entries())
    merged[id]! += distribution[channel]!;
  const { id, confidence } = verdictOf(merged, outputSpec(manifestOf()));
  return Uint8Array.of(id, Math.round(confidence * 255), 0, 255);
}

test('every channel means one class of its group; only the cyclist changes sides', () => {
  const [first, second] = SIDES.map((side) => groupManifest(manifest, side).channels);
  expect(new Set(first).size).toBe(COARSE_GROUPS.length);
  expect(KNOWN.filter((_, i) => first![i] !== second![i]).map((c) => c.name)).toEqual(['cyclist']);
});

test('channels without a class stay without one', () => {
  const peer = groupManifest(manifestOf({ classes: ['road', null, 'dragon'] }), 0);
  expect(peer.channels.map((id) => peer.classes[id]!.name)).toEqual([
    'road',
    'none of these',
    'none of these',
  ]);
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
