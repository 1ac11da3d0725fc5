/** How a picture came here, from what WebRTC counts. */
import { describe, expect, test } from 'vitest';
import { delayOf, pathOf, receptionOf, waitBetween } from '../../../src/live/reception';
import { wayToTell } from '../../../src/server/live/vehicle-watch';

describe('the way of a picture', () => {
  const pair = {
    id: 'p',
    type: 'candidate-pair',
    nominated: true,
    currentRoundTripTime: 0.02,
    localCandidateId: 'l',
  };
  const local = { id: 'l', type: 'local-candidate', candidateType: 'host', protocol: 'udp' };
  test.each([
    [[pair, local], 'udp'],
    [[pair, { ...local, protocol: 'tcp' }], 'tcp'],
    [[pair, { ...local, candidateType: 'relay' }], 'relay'],
    [[pair, { ...local, candidateType: 'prflx', relayProtocol: 'udp' }], 'relay'],
    [[pair, { ...local, candidateType: 'prflx' }], 'udp'],
    [[pair], null],
  ] as const)('%j is %s', (stats, way) => expect(pathOf(stats)).toEqual({ roundTrip: 20, way }));

  test('is not known before one is chosen, whatever else is told', () => {
    const stats = [{ ...pair, nominated: false }, local, { id: 7 }, null];
    expect(pathOf(stats)).toEqual({ roundTrip: null, way: null });
  });
});

describe('the wait of a picture', () => {
  const at = (emitted: number, waited: number, decoded = emitted, decoding = 0) =>
    receptionOf([
      {
        id: 'i',
        type: 'inbound-rtp',
        bytesReceived: 100,
        packetsLost: 2,
        jitterBufferEmittedCount: emitted,
        jitterBufferDelay: waited,
        framesDecoded: decoded,
        totalDecodeTime: decoding,
      },
      { id: 'o', type: 'outbound-rtp', bytesReceived: 7 },
    ]);

  test('is that of the pictures since the look before, with their decoding', () => {
    expect(at(10, 0.5)).toMatchObject({ bytes: 100, lost: 2, emitted: 10 });
    expect(waitBetween(at(10, 0.5), at(20, 1.3, 20, 0.2))).toBeCloseTo(80 + 20);
    expect(waitBetween(null, at(10, 0.5))).toBeCloseTo(50);
  });

  test('is not known where none came, and is counted anew after a reconnection', () => {
    expect(waitBetween(at(10, 0.5), at(10, 0.5))).toBeNull();
    expect(waitBetween(at(100, 5), at(10, 0.5))).toBeCloseTo(50);
  });

  test('and half of both ways are the delay, which is not told while a part is not known', () => {
    expect(delayOf(40, 20, 50)).toBe(80);
    expect(delayOf(null, 20, 50)).toBe(60);
    expect(delayOf(40, null, 50)).toBeNull();
    expect(delayOf(40, 20, null)).toBeNull();
  });
});

test.each([
  [null, 0, null],
  [null, 12.4, 12],
  [12, 0, 12],
  [12, 16, 12],
  [12, 18, 18],
  [100, 120, 100],
  [100, 70, 70],
])('a room that knows %s of a way is told of %s as %s', (told, now, expected) =>
  expect(wayToTell(told, now)).toBe(expected),
);
