/** Figures of vehicles, look by look. */
import { describe, expect, test } from 'vitest';
import type { Peer } from '../../../../src/server/live/peer';
import { VehicleWatch } from '../../../../src/server/live/vehicle-watch';

/** A vehicle that brings so many bytes before each look. */
function watched(...bytes: readonly number[]) {
  let [now, total, look] = [0, 0, 0];
  const silent: boolean[] = [];
  const producer = {
    id: 'v',
    paused: false,
    closed: false,
    getStats: async () => {
      total += bytes[look++] ?? 0;
      const counts = { packetsLost: 0, jitter: 0, roundTripTime: 0, pliCount: 0, firCount: 0 };
      return [{ byteCount: total, ...counts }];
    },
  };
  const room = { name: 'a', setSilent: (_: string, is: boolean) => silent.push(is), setWay: () => {} };
  const peer = { room, name: 'Van', producers: [producer] } as unknown as Peer;
  const watch = new VehicleWatch(
    () => [peer],
    5000,
    () => now,
  );
  return {
    producer,
    silent,
    async run() {
      for (let i = 0; i < bytes.length; i++) {
        await watch.look();
        now += 1000;
      }
      return watch.figures.get('v');
    },
  };
}

describe('freezes', () => {
  test('are counted when nothing came between two looks, each once, however long', async () => {
    const one = watched(100, 100, 0, 0, 100, 0, 100);
    expect(await one.run()).toMatchObject({ freezes: 2, silences: 0, silent: false });
    expect(one.silent).toEqual([]);
  });

  test('of five seconds are silence as well', async () => {
    const one = watched(100, 0, 0, 0, 0, 0, 0);
    expect(await one.run()).toMatchObject({ freezes: 1, silences: 1, silent: true });
    expect(one.silent).toEqual([true]);
  });

  test('are none of a vehicle that the operator muted', async () => {
    const one = watched(100, 0, 0);
    one.producer.paused = true;
    expect(await one.run()).toMatchObject({ freezes: 0 });
  });
});
