/** A vehicle's page against a server of a few lines: whatever goes wrong while it begins, it sends in the end. */
import type { Device } from 'mediasoup-client';
import { describe, expect, test, vi } from 'vitest';
import { Publishing } from '../../../src/live/publishing';
import { SOON } from '../../harness/soon';

/** What becomes of a request in place of its answer: the word of a refusal, or the connection breaks. */
type Fault = 'failed' | 'breaks';

/** Sockets of one server; faults are used up one after the other. */
function serverWith(faults: Fault[]) {
  const asked: string[] = [];
  let peers = 0;
  let left = false;
  class FakeSocket extends EventTarget {
    constructor() {
      super();
      setTimeout(() => this.dispatchEvent(new Event('open')));
    }

    send(text: string): void {
      const { id, method, data } = JSON.parse(text);
      asked.push(method);
      const fault = method === 'createTransport' ? faults.shift() : undefined;
      if (method === 'leave') left = true;
      setTimeout(() => {
        if (fault === 'breaks') this.dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
        else if (fault) this.#say({ id, ok: false, refusal: fault });
        else this.#say({ id, ok: true, data: this.#answer(method, data) });
      });
    }

    close(): void {}

    #answer(method: string, data: { resume?: object }): object {
      if (method === 'clock') return { now: 0 };
      if (method === 'createTransport')
        return { id: 't', iceParameters: {}, iceCandidates: [], dtlsParameters: {}, sctpParameters: null };
      if (method !== 'join') return {};
      const resumed = data.resume !== undefined && !left;
      left = false;
      if (!resumed) peers++;
      const who = { peer: `p${peers}`, key: 'k', role: 'publish', room: 'a' };
      return { ...who, resumed, rtpCapabilities: {}, vehicles: [], sources: [], bitrateMax: 1, expires: 1 };
    }

    #say(message: object): void {
      this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }));
    }
  }
  return { Socket: FakeSocket as unknown as typeof WebSocket, asked, peers: () => peers };
}

/** WebRTC that connects nothing. */
function fakeDevice(): Device {
  return {
    load: async () => {},
    sendRtpCapabilities: { codecs: [] },
    canProduce: () => true,
    createSendTransport: () => ({
      id: 't',
      connectionState: 'new',
      on: () => {},
      close: () => {},
      produce: async () => ({ id: 'vehicle', rtpParameters: { codecs: [{ mimeType: 'video/VP8' }] } }),
    }),
  } as unknown as Device;
}

function sending(faults: Fault[]) {
  const server = serverWith(faults);
  const events = { state: vi.fn(), sending: vi.fn(), failed: vi.fn() };
  const publishing = new Publishing(
    {} as MediaStreamTrack,
    { name: 'Van', codec: 'vp8', width: 320 },
    {
      url: 'ws://here',
      Socket: server.Socket,
      token: async () => 'token',
      createDevice: async () => fakeDevice(),
      wait: async () => {},
      random: () => 0,
    },
    events,
  );
  publishing.start();
  return { server, events };
}

describe('a vehicle’s page', () => {
  test('sends, with one joining', async () => {
    const { server, events } = sending([]);
    await vi.waitFor(() => expect(events.sending).toHaveBeenCalledWith('vehicle', 'VP8'), SOON);
    expect(server.peers()).toBe(1);
  });

  test('whose sending is refused says so, and tries again with a joining of its own', async () => {
    const { server, events } = sending(['failed', 'failed']);
    await vi.waitFor(() => expect(events.sending).toHaveBeenCalledTimes(1), SOON);
    expect(events.failed).toHaveBeenCalledTimes(2);
    expect(events.failed).toHaveBeenCalledWith(expect.objectContaining({ code: 'live-refused' }));
    expect(server.asked.filter((method) => method === 'leave')).toHaveLength(2);
    expect(server.peers()).toBe(3);
  });

  test('whose connection breaks while it begins, and is taken up again, sends all the same', async () => {
    const { server, events } = sending(['breaks']);
    await vi.waitFor(() => expect(events.sending).toHaveBeenCalledTimes(1), SOON);
    // Nothing half made is gone on with.
    expect(server.peers()).toBe(2);
  });
});
