/** Rooms on real media workers: who may do what, who hears of it, and what is left afterwards. */
import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { CLOSE_CODES, type Method, REQUESTS } from '../../../../src/live/protocol';
import { openLog } from '../../../../src/server/log';
import { FFMPEG, sendPattern } from '../../../harness/dashcam';
import { connect, type LiveServer, NO_WORKER, SECRET, tokenFor, WORKER } from '../../../harness/live';
import { CAPABILITIES, heard, members } from '../../../harness/live-members';

if (!WORKER) console.warn(`Tests of rooms are skipped: ${NO_WORKER}`);

const { keep, serve, enter: enterAs } = members();

function enter(server: LiveServer, role: 'publish' | 'view', room = 'a', name = 'Van') {
  return enterAs(server, role, { room, name });
}

describe.skipIf(!WORKER)('a room', () => {
  test('tells viewers of vehicles that come and go, and nobody of another room', async () => {
    const server = await serve();
    const [viewer, stranger, van] = [
      await enter(server, 'view'),
      await enter(server, 'view', 'b'),
      await enter(server, 'publish'),
    ];
    const { vehicle } = await van.signalling.request('ingest', { codec: 'vp8' });
    expect(await heard(viewer, 'vehicle-came')).toEqual({
      event: 'vehicle-came',
      vehicle: { id: vehicle, name: 'Van', via: 'rtp', silent: false, roundTrip: null },
    });
    const late = await enter(server, 'view');
    expect(late.answer.vehicles).toEqual([
      { id: vehicle, name: 'Van', via: 'rtp', silent: false, roundTrip: null },
    ]);
    expect(van.answer.vehicles).toEqual([]);
    await van.signalling.request('leave', {});
    expect(await heard(viewer, 'vehicle-left')).toMatchObject({ vehicle, reason: 'left' });
    expect(stranger.heard).toEqual([]);
    // Another room's picture is not to be had, whoever knows its id.
    const { id: transport } = await stranger.signalling.request('createTransport', { direction: 'receive' });
    await expect(
      stranger.signalling.request('consume', { vehicle, transport, rtpCapabilities: CAPABILITIES }),
    ).rejects.toMatchObject({ code: 'live-refused' });
  });

  test('viewers send nothing, vehicles look at nothing', async () => {
    const server = await serve();
    const [viewer, van] = [await enter(server, 'view'), await enter(server, 'publish')];
    await expect(viewer.signalling.request('ingest', { codec: 'vp8' })).rejects.toMatchObject({
      code: 'live-refused',
    });
    const { id: own } = await viewer.signalling.request('createTransport', { direction: 'send' });
    const rtpParameters = {
      codecs: [{ mimeType: 'video/VP8', payloadType: 100, clockRate: 90_000 }],
      encodings: [{ ssrc: 7 }],
    };
    await expect(
      viewer.signalling.request('produce', { transport: own, rtpParameters }),
    ).rejects.toMatchObject({ code: 'live-refused' });
    const { vehicle } = await van.signalling.request('ingest', { codec: 'h264', profile: '64' });
    const { id: transport } = await van.signalling.request('createTransport', { direction: 'receive' });
    await expect(
      van.signalling.request('consume', { vehicle, transport, rtpCapabilities: CAPABILITIES }),
    ).rejects.toMatchObject({ code: 'live-refused' });
  });

  test('what a dashcam sends goes to those who say that they show it, and is refused in one word to others', async () => {
    const server = await serve();
    const [viewer, van] = [await enter(server, 'view'), await enter(server, 'publish')];
    const { id: transport } = await viewer.signalling.request('createTransport', { direction: 'receive' });
    const [vp8] = CAPABILITIES.codecs;
    // As a Chromium without hardware for it states what it decodes: High only as a part of High 4:4:4 Predictive.
    const chromium = ['42e01f', '4d001f', 'f4001f'].map((profile, i) => ({
      ...vp8!,
      mimeType: 'video/H264',
      preferredPayloadType: 100 + i,
      parameters: { 'packetization-mode': 1, 'profile-level-id': profile, 'level-asymmetry-allowed': 1 },
    }));
    const other = await enter(server, 'publish');
    for (const [who, profile] of [
      [van, '64'],
      [other, '4d'],
    ] as const) {
      const { vehicle } = await who.signalling.request('ingest', { codec: 'h264', profile });
      const ask = (codecs: readonly object[]) =>
        viewer.signalling.request('consume', {
          vehicle,
          transport,
          rtpCapabilities: { ...CAPABILITIES, codecs },
        });
      await expect(ask(CAPABILITIES.codecs)).rejects.toMatchObject({ code: 'live-unsupported' });
      await expect(ask([vp8!, ...chromium])).resolves.toMatchObject({ vehicle, kind: 'video' });
    }
  });

  test('bounds hold: vehicles and transports of a peer, peers of a room, rooms of a server', async () => {
    const server = await serve({
      limits: { rooms: 1, peersPerRoom: 2, vehiclesPerPeer: 1, transportsPerPeer: 2 },
    });
    const van = await enter(server, 'publish');
    await van.signalling.request('ingest', { codec: 'vp8' });
    const full = { code: 'live-full' };
    await expect(van.signalling.request('ingest', { codec: 'vp8' })).rejects.toMatchObject(full);
    await van.signalling.request('createTransport', { direction: 'send' });
    await expect(van.signalling.request('createTransport', { direction: 'send' })).rejects.toMatchObject(
      full,
    );
    await enter(server, 'view');
    await expect(enter(server, 'view')).rejects.toMatchObject(full);
    await expect(enter(server, 'view', 'b')).rejects.toMatchObject(full);
  });

  test('parameters without sense are refused, and the room goes on', async () => {
    const server = await serve();
    const [viewer, van] = [await enter(server, 'view'), await enter(server, 'publish')];
    const { vehicle } = await van.signalling.request('ingest', { codec: 'vp8' });
    const { id: transport } = await viewer.signalling.request('createTransport', { direction: 'receive' });
    const refused = { code: 'live-refused' };
    const ask = (rtpCapabilities: Record<string, unknown>) =>
      viewer.signalling.request('consume', { vehicle, transport, rtpCapabilities });
    const unsupported = { code: 'live-unsupported' };
    await expect(ask({ codecs: 'all' })).rejects.toMatchObject(unsupported);
    await expect(ask({ codecs: [{ mimeType: 7 }] })).rejects.toMatchObject(unsupported);
    await expect(
      viewer.signalling.request('connectTransport', { transport, dtlsParameters: { fingerprints: [{}] } }),
    ).rejects.toMatchObject(refused);
    const consumer = await ask(CAPABILITIES);
    expect(consumer).toMatchObject({ vehicle, spatialLayers: 1 });
    await viewer.signalling.request('setConsumer', { consumer: consumer.id, paused: false, priority: 9 });
    await viewer.signalling.request('closeConsumer', { consumer: consumer.id });
    await expect(
      viewer.signalling.request('setConsumer', { consumer: consumer.id, paused: true }),
    ).rejects.toMatchObject(refused);
  });

  test('garbage in place of RTP harms nobody', async () => {
    const server = await serve();
    const van = await enter(server, 'publish');
    const { address, port } = await van.signalling.request('ingest', { codec: 'h264' });
    const socket = createSocket('udp4');
    try {
      for (let i = 0; i < 500; i++) {
        // Half of it at least begins like RTP.
        const packet = Buffer.from(Array.from({ length: (i * 37) % 1400 }, (_, j) => (i * j * 31 + j) & 255));
        if (packet.length > 1 && i % 2) packet[0] = 0x80;
        await new Promise((resolve) => socket.send(packet, port, address, resolve));
      }
    } finally {
      socket.close();
    }
    const second = await enter(server, 'publish', 'a', 'Second');
    await second.signalling.request('ingest', { codec: 'vp8' });
    expect(server.pool.health).toEqual({ running: 1, died: 0 });
  });

  test.skipIf(!FFMPEG)('who sends more than is let through has to go, and the others stay', async () => {
    const server = await serve({ limits: { bitrateMax: 8000 } });
    const [greedy, honest] = [await enter(server, 'publish'), await enter(server, 'publish', 'a', 'Second')];
    await honest.signalling.request('ingest', { codec: 'vp8' });
    keep(sendPattern(await greedy.signalling.request('ingest', { codec: 'vp8' })));
    expect(await greedy.ended).toMatchObject({ code: CLOSE_CODES.tooFast });
    const viewer = await enter(server, 'view');
    expect(viewer.answer.vehicles.map((vehicle) => vehicle.name)).toEqual(['Second']);
  });

  test('a token opens its own room and no other, whatever is asked with it', async () => {
    const server = await serve();
    const van = await enter(server, 'publish');
    await van.signalling.request('ingest', { codec: 'vp8' });
    const intruder = await connect(server.url);
    keep(intruder);
    // Of another room, with the key of somebody in this one.
    const token = await tokenFor(server.url, { room: 'b', role: 'view' });
    const { peer, key } = van.answer;
    const answer = await intruder.signalling.request('join', { token, resume: { peer, key } });
    expect(answer).toMatchObject({ room: 'b', resumed: false, vehicles: [], sources: [] });
  });

  test('whatever a member asks is answered or refused in one word, and the room goes on', async () => {
    const server = await serve({ limits: { messageRate: 10_000, messageBurst: 10_000 } });
    const van = await enter(server, 'publish');
    const { vehicle } = await van.signalling.request('ingest', { codec: 'vp8' });
    const viewer = await enter(server, 'view');
    const { id: transport } = await viewer.signalling.request('createTransport', { direction: 'receive' });
    const methods = Object.keys(REQUESTS).filter((method) => method !== 'leave') as Method[];
    // Ids that exist, among values of all kinds and shapes.
    const value = fc.oneof(fc.constantFrom<unknown>(vehicle, transport, 'send', 'vp8'), fc.jsonValue());
    const keys = ['transport', 'vehicle', 'consumer', 'source', 'direction', 'codec', 'token', 'paused'];
    const data = fc.dictionary(
      fc.constantFrom(...keys, 'rtpParameters', 'rtpCapabilities', 'dtlsParameters', 'sctpStreamParameters'),
      fc.oneof(value, fc.dictionary(fc.string(), value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...methods), data, async (method, data) => {
        if (method === 'join') return;
        const asked = viewer.signalling.request(method, data as never);
        const outcome = await asked.then(
          () => 'answered',
          (thrown: unknown) => (thrown as { code?: string }).code,
        );
        expect(outcome).toMatch(/^(answered|live-(refused|full|unsupported|token-invalid))$/);
      }),
      { numRuns: 300 },
    );
    expect(server.pool.health).toEqual({ running: 1, died: 0 });
    const late = await enter(server, 'view');
    expect(late.answer.vehicles.map((each) => each.id)).toEqual([vehicle]);
  });

  test('a connection that broke is taken up with its key, and with no other', async () => {
    const server = await serve();
    const van = await enter(server, 'publish');
    const viewer = await enter(server, 'view');
    const { vehicle } = await van.signalling.request('ingest', { codec: 'vp8' });
    van.signalling.drop();
    const again = await connect(server.url);
    keep(again);
    const { peer, key } = van.answer;
    const taken = await again.signalling.request('join', {
      token: van.token,
      name: 'Van',
      resume: { peer, key },
    });
    expect(taken).toMatchObject({ resumed: true, peer });
    const thief = await connect(server.url);
    keep(thief);
    const other = await thief.signalling.request('join', {
      token: viewer.token,
      resume: { peer, key: 'x'.repeat(key.length) },
    });
    expect(other).toMatchObject({ resumed: false, vehicles: [{ id: vehicle }] });
    expect(other.peer).not.toBe(peer);
  });

  test('who does not come back in time has left', async () => {
    const lines: string[] = [];
    const log = openLog('info', { write: (line: string) => void lines.push(line) });
    const server = await serve({ limits: { resumeTime: 50 }, log });
    const [viewer, van] = [await enter(server, 'view'), await enter(server, 'publish')];
    await van.signalling.request('ingest', { codec: 'vp8' });
    van.signalling.drop();
    expect(await heard(viewer, 'vehicle-left')).toMatchObject({ reason: 'lost' });
    const said = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /^vehicle (came|left)$/.test(msg));
    expect(said).toMatchObject([
      { msg: 'vehicle came', room: 'a', name: 'Van', via: 'rtp' },
      { msg: 'vehicle left', room: 'a', name: 'Van', reason: 'lost' },
    ]);
  });

  test('outgrows a worker: viewers on another one get the picture through a pipe', async () => {
    const server = await serve({ workers: 2, limits: { consumersPerRouter: 1 } });
    const van = await enter(server, 'publish');
    const { vehicle } = await van.signalling.request('ingest', { codec: 'vp8' });
    for (let i = 0; i < 3; i++) {
      const viewer = await enter(server, 'view');
      const { id: transport } = await viewer.signalling.request('createTransport', { direction: 'receive' });
      const consumer = await viewer.signalling.request('consume', {
        vehicle,
        transport,
        rtpCapabilities: CAPABILITIES,
      });
      expect(consumer.vehicle).toBe(vehicle);
    }
    const asked = await fetch(new URL('/live/metrics', server.url), {
      headers: { authorization: `Bearer ${SECRET}` },
    });
    const metrics = await asked.text();
    expect(metrics).toContain('carriageway_routers 2\n');
    expect(metrics).toContain('carriageway_consumers 3\n');
  });

  test('a worker that dies sends its peers to another', async () => {
    const server = await serve();
    const van = await enter(server, 'publish');
    process.kill(server.pool.pids[0]!, 'SIGKILL');
    expect(await van.ended).toMatchObject({ code: 4000, final: false });
    await vi.waitFor(() => expect(server.pool.health).toEqual({ running: 1, died: 1 }), { timeout: 20_000 });
    const again = await enter(server, 'publish');
    await again.signalling.request('ingest', { codec: 'vp8' });
  });
});
