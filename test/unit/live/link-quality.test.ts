/** A link's quality is of the way, not of how many pictures come on it. */
import { describe, expect, test } from 'vitest';
import { LinkWatch } from '../../../src/live/link-quality';

/** Looks once a second at a stream. @returns what was said last */
function lookAt(
  seconds: number,
  of: { packets: number; lost?: number; roundTrip?: number | null; wanted?: boolean },
  watch = new LinkWatch(),
) {
  const { packets, lost = 0, roundTrip = 20, wanted = true } = of;
  let said: ReturnType<LinkWatch['look']> = null;
  for (let at = 1; at <= seconds; at++) {
    const counts = { bytes: packets * 1000 * at, received: packets * at, lost: lost * at };
    said = watch.look(counts, roundTrip, wanted, at * 1000);
  }
  return said;
}

describe('a link', () => {
  test.each([
    ['two pictures a second, none lost', { packets: 2 }, 'good'],
    ['thirty, one packet in a hundred lost', { packets: 99, lost: 1 }, 'good'],
    ['one in twenty lost', { packets: 19, lost: 1 }, 'fair'],
    ['one in five lost', { packets: 4, lost: 1 }, 'poor'],
    ['none lost on a way round the world', { packets: 50, roundTrip: 700 }, 'fair'],
    ['none lost, and an answer after two seconds', { packets: 50, roundTrip: 2000 }, 'poor'],
    ['a round trip that is not known', { packets: 50, roundTrip: null }, 'good'],
  ] as const)('with %s: %j is %s', (_, of, quality) => {
    expect(lookAt(12, of)).toBe(quality);
  });

  test('is not known before anything came, and none when nothing comes any more', () => {
    const watch = new LinkWatch();
    expect(watch.look({ bytes: 0, received: 0, lost: 0 }, null, true, 0)).toBe(null);
    lookAt(5, { packets: 10 }, watch);
    const still = { bytes: 50_000, received: 50, lost: 0 };
    expect(watch.look(still, 20, true, 9000)).toBe('good');
    expect(watch.look(still, 20, true, 10_000)).toBe('none');
    expect(watch.look({ ...still, bytes: 51_000, received: 51 }, 20, true, 11_000)).toBe('good');
  });

  test('of a picture that nobody asks for is not missed, and has its time when it is asked for again', () => {
    const watch = new LinkWatch();
    lookAt(5, { packets: 10 }, watch);
    const still = { bytes: 50_000, received: 50, lost: 0 };
    for (let at = 6; at < 60; at++) expect(watch.look(still, 20, false, at * 1000)).not.toBe('none');
    expect(watch.look(still, 20, true, 60_000)).not.toBe('none');
    expect(watch.look(still, 20, true, 66_000)).toBe('none');
  });

  test('forgets what was lost long ago, and counts anew where its counts begin anew', () => {
    const watch = new LinkWatch();
    lookAt(10, { packets: 4, lost: 1 }, watch);
    let [bytes, received] = [40_000, 40];
    for (let at = 11; at <= 25; at++) {
      bytes += 4000;
      received += 4;
      watch.look({ bytes, received, lost: 10 }, 20, true, at * 1000);
    }
    expect(watch.look({ bytes: bytes + 1, received, lost: 10 }, 20, true, 26_000)).toBe('good');
    expect(watch.look({ bytes: 500, received: 1, lost: 0 }, 20, true, 27_000)).toBe(null);
    expect(watch.look({ bytes: 900, received: 2, lost: 0 }, 20, true, 28_000)).toBe('good');
  });
});
