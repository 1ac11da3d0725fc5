import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LiveSample, LiveSoakReport } from '../../bench/live/soak-report';
import { isStarved, scheduledOf, starvationOf } from '../../bench/soak/starvation';

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const FED = { waited: 0.2, others: 0.1 };
const STARVED = { waited: 0.8, others: 0.9 };

const sample = (minutes: number, masks: number, starvation = FED): LiveSample => ({
  ...{ minutes, masks, starvation, objects: [12, 71, 27], heap: 1e8, sfu: 5e7, server: 4e7, handles: 80 },
  ...{ fewest: masks / 9, tiles: 9 },
});

const reportOf = (samples: readonly LiveSample[]) => {
  const report = new LiveSoakReport('a machine', { minutes: 3 });
  for (const each of samples) report.add(each);
  return report;
};

test('whoever waits longer than it runs while others have the machine is starved; who crowds itself is not', () => {
  const before = { ran: 10, waited: 10, busy: 100, capacity: 1000 };
  const after = { ran: 12, waited: 18, busy: 128, capacity: 1030 };
  expect(starvationOf(before, after)).toEqual({ waited: 0.8, others: 26 / 30 });
  expect(isStarved(starvationOf(before, after))).toBe(true);
  expect(isStarved(starvationOf(before, { ...after, ran: 38, waited: 100 }))).toBe(false);
});

test.skipIf(process.platform !== 'linux')('this very process is counted', () => {
  const { ran, waited, busy } = scheduledOf([process.pid, 2 ** 30]);
  expect(ran).toBeGreaterThan(0);
  expect(waited).toBeGreaterThanOrEqual(0);
  expect(busy).toBeGreaterThan(0);
});

test('an interval that was starved says nothing of the product, and is told', () => {
  const masks = [0, 90, 180, 180, 270, 360, 450, 540];
  const samples = masks.map((count, i) => sample(1 + i, count, i === 3 ? STARVED : FED));
  const report = reportOf(samples);
  report.end(null);
  expect(report.figures.live_soak_fewest_in_interval?.value).toBe(90);
  expect(report.text).toContain('Starved: others had the processors in 1 of 8 intervals.');
  // The same without an excuse.
  const idle = reportOf(masks.map((count, i) => sample(1 + i, count)));
  expect(idle.figures.live_soak_fewest_in_interval?.value).toBe(0);
});

test('a tile that was gone for a while is found out, and a run that was cut off tells what it saw', () => {
  const samples = [0, 90, 180, 270, 360, 450, 540].map((count, i) => sample(1 + i, count));
  const report = reportOf(samples.map((each, i) => (i === 4 ? { ...each, tiles: 8 } : each)));
  report.end(new Error('The media worker died.\nsomewhere'));
  expect(report.figures.live_soak_fewest_tiles?.value).toBe(8);
  expect(report.text).toContain('Ended before its time: The media worker died.\n');
});
