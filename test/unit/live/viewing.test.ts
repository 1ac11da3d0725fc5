/** A viewer against a server of a few lines: what is told of one vehicle waits for no other. */
import type { Device } from 'mediasoup-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Vehicle } from '../../../src/live/protocol';
import { Viewing } from '../../../src/live/viewing';
import { SOON } from '../../harness/soon';

const VEHICLES: Vehicle[] = ['slow', 'quick'].map((id) => ({
  id,
  name: id,
  via: 'rtp',
  silent: false,
  roundTrip: null,
}));

/** Methods that are refused the next time, and whether a connection that broke is taken up again. */
const refused = new Set<string>();
let resumes = false;
afterEach(() => {
  refused.clear();
  resumes = false;
});

/** A socket whose server answers at once, but to whoever looks at `slow` never. */
class FakeSocket extends EventTarget {
  static last: FakeSocket | null = null;
  readonly asked: string[] = [];
  readonly tokens: string[] = [];

  constructor(_url: string) {
    super();
    FakeSocket.last = this;
    setTimeout(() => this.dispatchEvent(new Event('open')));
  }

  send(text: string): void {
    const { id, method, data } = JSON.parse(text);
    this.asked.push(method);
    if (method === 'join' || method === 'renew') this.tokens.push(data.token);
    if (refused.has(method)) {
      refused.delete(method);
      setTimeout(() => this.say({ id, ok: false, refusal: 'not-found' }));
      return;
    }
    const answer = answerTo(method, data);
    if (answer) setTimeout(() => this.say({ id, ok: true, data: answer }));
  }

  close(): void {}

  say(message: object): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }));
  }
}

function answerTo(method: string, data: { vehicle?: string }): object | null {
  if (method === 'join')
    return {
      peer: 'p',
      key: 'k',
      resumed: resumes,
      role: 'view',
      room: 'a',
      rtpCapabilities: {},
      vehicles: VEHICLES,
      sources: [],
      bitrateMax: 1,
      expires: 1,
    };
  if (method === 'renew') return { expires: 2 };
  if (method === 'createTransport')
    return { id: 't', iceParameters: {}, iceCandidates: [], dtlsParameters: {}, sctpParameters: null };
  if (method === 'consume') {
    if (data.vehicle === 'slow') return null;
    const id = `consumer-of-${data.vehicle}`;
    const layers = { spatialLayers: 1, temporalLayers: 1 };
    return { id, vehicle: data.vehicle, kind: 'video', rtpParameters: {}, ...layers };
  }
  return {};
}

/** WebRTC that connects nothing. */
function fakeDevice(): Device {
  return {
    load: async () => {},
    recvRtpCapabilities: {},
    createRecvTransport: () => ({
      id: 't',
      on: () => {},
      close: () => {},
      consume: async ({ id }: { id: string }) => ({ id, track: {}, close: () => {} }),
    }),
  } as unknown as Device;
}

function watching(tokens = ['first']) {
  const events = {
    state: vi.fn(),
    vehicles: vi.fn(),
    came: vi.fn(),
    left: vi.fn(),
    failed: vi.fn(),
    track: vi.fn(),
    unsupported: vi.fn(),
    layer: vi.fn(),
    mask: vi.fn(),
    alarms: vi.fn(),
    alarm: vi.fn(),
  };
  const viewing = new Viewing(
    {
      url: 'ws://here',
      Socket: FakeSocket as unknown as typeof WebSocket,
      token: async () => tokens.shift() ?? 'last',
      createDevice: async () => fakeDevice(),
      wait: async () => {},
      random: () => 0,
    },
    events,
  );
  viewing.start();
  return { viewing, events };
}

const socket = () => {
  const last = FakeSocket.last;
  if (!last) throw new Error('Nobody connected.');
  return last;
};

describe('a viewer', () => {
  test('hears of one vehicle’s layers though another’s picture never comes', async () => {
    const { viewing, events } = watching();
    await vi.waitFor(() => expect(events.vehicles).toHaveBeenCalled(), SOON);
    viewing.want('slow', 'full');
    viewing.want('quick', 'full');
    await vi.waitFor(() => expect(events.track).toHaveBeenCalledWith('quick', expect.anything()), SOON);
    const consumer = 'consumer-of-quick';
    socket().say({ event: 'consumer-layers', consumer, spatial: 1 });
    // At once: nothing is waited for in between.
    expect(events.layer.mock.calls).toEqual([['quick', 1]]);
    const asked = socket().asked.filter((method) => method === 'consume').length;
    socket().say({ event: 'consumer-closed', consumer });
    await vi.waitFor(
      () => expect(socket().asked.filter((method) => method === 'consume')).toHaveLength(asked + 1),
      SOON,
    );
    // What is told of a consumer that nobody has is nobody's.
    socket().say({ event: 'consumer-layers', consumer: 'none', spatial: 1 });
    expect(events.layer).toHaveBeenCalledTimes(1);
  });

  const consumes = () => socket().asked.filter((method) => method === 'consume').length;

  test('asks again for a picture that is refused, and says so', async () => {
    const { viewing, events } = watching();
    await vi.waitFor(() => expect(events.vehicles).toHaveBeenCalled(), SOON);
    refused.add('consume');
    viewing.want('quick', 'full');
    await vi.waitFor(() => expect(events.track).toHaveBeenCalledTimes(1), SOON);
    expect(consumes()).toBe(2);
    const error = expect.objectContaining({ code: 'live-refused' });
    expect(events.failed.mock.calls).toEqual([[expect.objectContaining({ id: 'quick' }), error]]);
  });

  test('whose connection is taken up again asks anew for what has ended meanwhile', async () => {
    const { viewing, events } = watching();
    await vi.waitFor(() => expect(events.vehicles).toHaveBeenCalled(), SOON);
    viewing.want('quick', 'full');
    await vi.waitFor(() => expect(events.track).toHaveBeenCalledTimes(1), SOON);
    resumes = true;
    // The server knows that consumer no more; nobody was there to be told.
    refused.add('setConsumer');
    socket().dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
    await vi.waitFor(() => expect(events.track).toHaveBeenCalledTimes(2), SOON);
  });

  test('and for what was being asked for when it broke', async () => {
    const { viewing, events } = watching();
    await vi.waitFor(() => expect(events.vehicles).toHaveBeenCalled(), SOON);
    viewing.want('slow', 'full');
    await vi.waitFor(() => expect(consumes()).toBe(1), SOON);
    resumes = true;
    const before = socket();
    before.dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
    await vi.waitFor(() => expect(FakeSocket.last).not.toBe(before), SOON);
    await vi.waitFor(() => expect(consumes()).toBe(1), SOON);
  });

  test('is told why a vehicle left; of what left meanwhile nobody says it', async () => {
    const { events } = watching();
    await vi.waitFor(() => expect(events.vehicles).toHaveBeenCalled(), SOON);
    const [slow, quick] = VEHICLES;
    socket().say({ event: 'vehicle-left', vehicle: 'slow', reason: 'lost' });
    socket().say({ event: 'vehicle-came', vehicle: slow });
    socket().say({ event: 'vehicle-left', vehicle: 'slow', reason: 'of a newer server' });
    expect(events.left.mock.calls).toEqual([
      [slow, 'lost'],
      [slow, 'left'],
    ]);
    expect(events.came.mock.calls).toEqual([[slow]]);
    socket().say({ event: 'vehicle-came', vehicle: { ...quick, id: 'third' } });
    socket().dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
    await vi.waitFor(
      () => expect(events.left).toHaveBeenLastCalledWith(expect.objectContaining({ id: 'third' }), null),
      SOON,
    );
  });

  test('knows which vehicle is silent', async () => {
    const { viewing, events } = watching();
    await vi.waitFor(() => expect(events.vehicles).toHaveBeenCalled(), SOON);
    socket().say({ event: 'vehicle-silent', vehicle: 'slow', silent: true });
    expect(viewing.vehicles.map((each) => each.silent)).toEqual([true, false]);
    socket().say({ event: 'vehicle-silent', vehicle: 'slow', silent: false });
    expect(viewing.vehicles.map((each) => each.silent)).toEqual([false, false]);
    socket().say({ event: 'vehicle-silent', vehicle: 'unknown', silent: true });
    expect(viewing.vehicles).toHaveLength(2);
  });

  test('shows another token when its own is about to end, if it has one', async () => {
    const { events } = watching(['first', 'first', 'second']);
    await vi.waitFor(() => expect(events.vehicles).toHaveBeenCalled(), SOON);
    socket().say({ event: 'token-ends', seconds: 60 });
    socket().say({ event: 'token-ends', seconds: 30 });
    await vi.waitFor(() => expect(socket().tokens).toEqual(['first', 'second']), SOON);
  });

  test.each([
    [4007, 'live-token-expired'],
    [4008, 'live-removed'],
    [4004, 'live-token-invalid'],
  ])('that was sent away with code %i says why, and does not come again', async (code, error) => {
    const { events } = watching();
    await vi.waitFor(() => expect(events.vehicles).toHaveBeenCalled(), SOON);
    const before = socket();
    before.dispatchEvent(Object.assign(new Event('close'), { code }));
    await vi.waitFor(
      () =>
        expect(events.state).toHaveBeenLastCalledWith('refused', expect.objectContaining({ code: error })),
      SOON,
    );
    expect(FakeSocket.last).toBe(before);
  });
});
