import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { SoakReport } from '../../bench/soak/soak-report';
import { countGrowthPercent, enough, parseObjects, type Sample, summaryOf } from '../../bench/soak/summary';

const sample = (minutes: number, objects: number[], heap: number): Sample => ({
  minutes,
  objects,
  heap,
  masks: minutes * 10,
});

test('the objects are read from what the page shows', () => {
  expect(parseObjects('1 frames, 20 buffers, 9 textures')).toEqual([1, 20, 9]);
});

test('the first minute does not count, one odd sample neither', () => {
  const samples = [sample(0.5, [1, 1, 1], 10)];
  for (let i = 0; i < 8; i++)
    samples.push(sample(1 + i, [i === 7 ? 3 : 1, 20, 9], i === 1 ? 300 : 100 + 0.5 * i));
  const { objectsGrowth, heapGrowth, masks, fewestMasks } = summaryOf(samples);
  expect(objectsGrowth).toBe(0);
  expect(heapGrowth).toBeCloseTo((103 / 101 - 1) * 100, 6);
  expect(masks).toBe(75);
  expect(fewestMasks).toBe(5);
});

test('a page that stopped segmenting for a while is found out, however many masks it made before', () => {
  const masks = [0, 1136, 2300, 3400, 3400, 4400, 5500, 6600, 7700];
  const samples = masks.map((count, i) => ({ ...sample(1 + i, [1, 20, 9], 100), masks: count }));
  expect(summaryOf(samples)).toMatchObject({
    masks: 7700,
    fewestMasks: 0,
    empty: [{ from: 4, to: 5 }],
  });
});

test('a worker that took another’s place counts from nought: neither an interval without masks nor masks lost', () => {
  const masks = [100, 200, 300, 40, 140, 240, 340];
  const samples = masks.map((count, i) => ({ ...sample(1 + i, [1, 20, 9], 100), masks: count }));
  expect(summaryOf(samples)).toMatchObject({ masks: 540, fewestMasks: 40, empty: [] });
});

test('a heap that was not told in time is left out', () => {
  const samples = Array.from({ length: 8 }, (_, i) => sample(1 + i, [1, 20, 9], i === 7 ? Number.NaN : 100));
  expect(summaryOf(samples).heapGrowth).toBe(0);
});

test('handles that come and go are no growth; those that are never given back are', () => {
  const flat = [90, 101, 90, 101, 101, 90, 101, 90];
  const rising = flat.map((count, i) => count + 5 * i);
  const of = (counts: number[]) =>
    countGrowthPercent(
      counts.map((count, i) => sample(1 + i, [count], 100)),
      total,
    );
  const total = ({ objects }: Sample) => objects[0]!;
  expect(of(flat)).toBe(0);
  expect(of(rising)).toBeGreaterThan(5);
});

test('a run that is cut off tells what was seen until then, and one that failed says why', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-soak-'));
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  try {
    const json = join(folder, 'soak.json');
    const read = () => JSON.parse(readFileSync(json, 'utf8'));
    const report = new SoakReport('a machine', { minutes: 75, recording: 'drive.mp4', json });
    expect(read()).toMatchObject({ ended: 'not yet', samples: [], figures: {} });
    for (let i = 0; i < 6; i++)
      report.add({ ...sample(1 + i, [1, 20, 9], 100), handles: 90, analyses: i, masks: i < 5 ? 10 * i : 40 });
    expect(read()).toMatchObject({
      ended: 'not yet',
      empty: [{ from: 5, to: 6 }],
      figures: { soak_masks: { value: 40 }, soak_empty_intervals: { value: 1 }, soak_analyses: { value: 5 } },
    });
    expect(read().samples).toHaveLength(6);
    report.trouble(new Error('the button is gone\nat a place'));
    report.end(new Error('Target crashed'));
    expect(read()).toMatchObject({ ended: 'Target crashed', troubles: ['the button is gone'] });
    expect(report.text).toContain('Ended before its time: Target crashed');
  } finally {
    said.mockRestore();
    rmSync(folder, { recursive: true });
  }
});

test('a frame in flight is no growth, however often it is met', () => {
  const samples = Array.from({ length: 9 }, (_, i) =>
    sample(1 + i, [i === 6 || i === 7 ? 3 : 2, 19, 6], 100),
  );
  expect(summaryOf(samples).objectsGrowth).toBe(0);
});

test('nor are many in flight, of which now more and now fewer are met', () => {
  const frames = [19, 12, 18, 18, 15, 19, 19, 14, 19, 16];
  expect(summaryOf(frames.map((count, i) => sample(1 + i, [count, 71, 27], 100))).objectsGrowth).toBe(0);
});

test('what grows is told', () => {
  const samples = Array.from({ length: 9 }, (_, i) => sample(1 + i, [1, 20 + i, 9], 100 + 10 * i));
  expect(summaryOf(samples).objectsGrowth).toBe(6);
  expect(summaryOf(samples).heapGrowth).toBeGreaterThan(40);
});

test('a short run says nothing', () => {
  expect(() => summaryOf([sample(1, [1], 1)])).toThrow(RangeError);
});

test('a run is long enough once three samples at either end lie behind the first minute', () => {
  const samples = [0.3, 0.9, 1.5, 2.1, 2.7, 3.3, 3.9].map((minutes) => sample(minutes, [1, 20, 9], 100));
  expect(enough(samples)).toBe(false);
  expect(() => summaryOf(samples)).toThrow(RangeError);
  expect(enough([...samples, sample(4.5, [1, 20, 9], 100)])).toBe(true);
});

test('a long run is judged by more samples, since frames on their way are many and few by chance', () => {
  const frames = [19, 20, 19, 12, ...Array.from({ length: 52 }, () => 18), 20, 20, 12, 20, 20, 20];
  expect(summaryOf(frames.map((count, i) => sample(1 + i, [count, 71, 27], 100))).objectsGrowth).toBe(0);
});
