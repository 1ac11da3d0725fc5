/** When a picture was taken, by clocks that differ. */
import { describe, expect, test } from 'vitest';
import { askForCaptureTimes, captureOf, clockOffset, sinceCapture } from '../../../src/live/capture-times';

const TAKEN = Date.UTC(2026, 2, 1, 10, 15);
const NTP = 2_208_988_800_000;

describe('the moment at which a picture was taken', () => {
  test.each([
    [[], null],
    [[{}], null],
    [[{ captureTimestamp: 0 }], null],
    [[{ captureTimestamp: Number.NaN }], null],
    // Counted from 1900, as NTP does, and from 1970.
    [[{ captureTimestamp: TAKEN + NTP }], TAKEN],
    [[{ captureTimestamp: TAKEN }], TAKEN],
    [[{ captureTimestamp: TAKEN + NTP, senderCaptureTimeOffset: -250 }], TAKEN - 250],
  ])('of %j is %j', (sources, taken) => expect(captureOf(sources)).toBe(taken));
});

describe('the time since then', () => {
  test('is counted by the server’s clock, however those of both ends go', () => {
    // The vehicle's clock is an hour fast, ours a minute slow: 180 ms have passed.
    const [sender, own] = [-3_600_000, 60_000];
    const taken = TAKEN + 3_600_000;
    expect(sinceCapture(taken, sender, own, TAKEN - 60_000 + 180)).toBe(180);
  });

  test.each([
    ['no moment', null, 0, 0, TAKEN],
    ['no clock of the sender', TAKEN, null, 0, TAKEN],
    ['no clock here', TAKEN, 0, null, TAKEN],
    ['a picture of tomorrow', TAKEN, 0, 0, TAKEN - 5],
    ['a picture of an hour ago', TAKEN, 0, 0, TAKEN + 3_600_000],
  ])('is not known with %s', (_, taken, sender, own, now) =>
    expect(sinceCapture(taken, sender, own, now)).toBeNull(),
  );
});

test('a clock is compared by the quickest of several answers', async () => {
  // The server is 1000 ms ahead. The second answer takes 4 ms on each way, the others 50 there and 10 back.
  let time = 0;
  let asked = 0;
  const offset = await clockOffset(
    async () => {
      const quick = ++asked === 2;
      time += quick ? 4 : 50;
      const told = time + 1000;
      time += quick ? 4 : 10;
      return told;
    },
    () => time,
  );
  expect([asked, offset]).toEqual([4, 1000]);
});

describe('connections', () => {
  const URI = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';

  function fake() {
    const extensions = [
      { uri: 'urn:mid', direction: 'sendrecv' },
      { uri: URI, direction: 'stopped' },
    ];
    const transceiver = {
      getHeaderExtensionsToNegotiate: () => extensions.map((each) => ({ ...each })),
      set: [] as unknown[],
      setHeaderExtensionsToNegotiate(all: unknown[]) {
        this.set.push(all);
      },
    };
    class Connection {
      getTransceivers() {
        return [transceiver];
      }
      async createOffer() {
        return transceiver.set.length;
      }
      async createAnswer() {
        return transceiver.set.length;
      }
    }
    const scope = { RTCPeerConnection: Connection as unknown as typeof RTCPeerConnection };
    return { scope, transceiver };
  }

  test('ask for times of capture before they offer or answer, and are changed once', async () => {
    const { scope, transceiver } = fake();
    askForCaptureTimes(scope);
    const changed = scope.RTCPeerConnection;
    askForCaptureTimes(scope);
    expect(scope.RTCPeerConnection).toBe(changed);
    const connection = new changed();
    expect(await connection.createOffer()).toBe(1);
    expect(await connection.createAnswer()).toBe(2);
    expect(transceiver.set[0]).toEqual([
      { uri: 'urn:mid', direction: 'sendrecv' },
      { uri: URI, direction: 'sendrecv' },
    ]);
  });

  test('of browsers that know nothing of it are as they were', async () => {
    const { scope, transceiver } = fake();
    Object.assign(transceiver, { getHeaderExtensionsToNegotiate: undefined });
    askForCaptureTimes(scope);
    expect(await new scope.RTCPeerConnection().createOffer()).toBe(0);
    expect(() => askForCaptureTimes({})).not.toThrow();
  });
});
