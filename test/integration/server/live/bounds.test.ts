/** Bounds belong to whoever sends, and tokens say more and end: on real media workers. */
import { createSocket } from 'node:dgram';
import { observer, type types } from 'mediasoup';
import { describe, expect, test, vi } from 'vitest';
import { CLOSE_CODES } from '../../../../src/live/protocol';
import { Tokens } from '../../../../src/server/live/tokens';
import { FFMPEG, sendPattern } from '../../../harness/dashcam';
import { connect, NO_WORKER, SECRET, tokenFor, WORKER } from '../../../harness/live';
import { CHANNEL, heard, members } from '../../../harness/live-members';
import { SOON } from '../../../harness/soon';

if (!WORKER) console.warn(`Tests of bounds are skipped: ${NO_WORKER}`);

const { keep, serve, enter } = members();
/** What is opened at the server; it runs in this process. */
const transports: types.Transport[] = [];
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) => transports.push(transport)),
  ),
);

const FULL = { code: 'live-full' };
const REFUSED = { code: 'live-refused' };

describe.skipIf(!WORKER)('bounds', () => {
  test('of a token hold over all rooms and connections, and leave other tokens alone', async () => {
    const server = await serve({ limits: { peersPerToken: 2 } });
    const shared = await tokenFor(server.url, { room: 'a', role: 'view' });
    await enter(server, 'view', { given: shared });
    const second = await enter(server, 'view', { given: shared });
    await expect(enter(server, 'view', { given: shared })).rejects.toMatchObject(FULL);
    await enter(server, 'view');
    await second.signalling.request('leave', {});
    await enter(server, 'view', { given: shared });
  });

  test('of an address hold whatever tokens are shown; a proxy’s clients are told apart', async () => {
    const server = await serve({ limits: { peersPerAddress: 1 } });
    await enter(server, 'view');
    await expect(enter(server, 'view', { room: 'b' })).rejects.toMatchObject(FULL);
  });

  test('a full room is called full, and is no reason to give up', async () => {
    const server = await serve({ limits: { peersPerRoom: 1 } });
    await enter(server, 'view');
    const late = keep(await connect(server.url));
    const token = await tokenFor(server.url, { room: 'a', role: 'view' });
    await expect(late.signalling.request('join', { token })).rejects.toMatchObject(FULL);
    expect(await late.ended).toEqual({ code: CLOSE_CODES.full, final: false });
  });

  test('a viewer shares masks once, and listens to each other once', async () => {
    const server = await serve();
    const [sharer, listener] = [await enter(server, 'view'), await enter(server, 'view')];
    const { id: out } = await sharer.signalling.request('createTransport', { direction: 'send' });
    const share = (streamId: number) =>
      sharer.signalling.request('produceData', {
        transport: out,
        sctpStreamParameters: { ...CHANNEL, streamId },
      });
    const { source } = await share(0);
    await expect(share(1)).rejects.toMatchObject(FULL);
    const { id: transport } = await listener.signalling.request('createTransport', { direction: 'receive' });
    const listen = () => listener.signalling.request('consumeData', { source, transport });
    await listen();
    await expect(listen()).rejects.toMatchObject(FULL);
    expect(await heard(listener, 'source-came')).toMatchObject({ source: { id: source } });
  });

  test('a token that does not let share lets look', async () => {
    const server = await serve();
    const given = await tokenFor(server.url, { room: 'a', role: 'view', share: false });
    const viewer = await enter(server, 'view', { given });
    expect(viewer.answer.share).toBe(false);
    const { id: transport } = await viewer.signalling.request('createTransport', { direction: 'send' });
    await expect(
      viewer.signalling.request('produceData', { transport, sctpStreamParameters: CHANNEL }),
    ).rejects.toMatchObject(REFUSED);
  });

  test.skipIf(!FFMPEG)(
    'whoever was sent away for too many bits pauses, whatever it says its name is',
    async () => {
      const server = await serve({ limits: { bitrateMax: 8000 } });
      const given = await tokenFor(server.url, { room: 'a', role: 'publish' });
      const greedy = await enter(server, 'publish', { given });
      keep(sendPattern(await greedy.signalling.request('ingest', { codec: 'vp8' })));
      expect(await greedy.ended).toMatchObject({ code: CLOSE_CODES.tooFast });
      const again = keep(await connect(server.url));
      await expect(again.signalling.request('join', { token: given, name: 'Another' })).rejects.toMatchObject(
        REFUSED,
      );
      expect(await again.ended).toMatchObject({ code: CLOSE_CODES.tooFast });
      await enter(server, 'publish');
    },
  );

  test('a vehicle is not sent away for what strangers send to its port', async () => {
    const server = await serve({ limits: { bitrateMax: 50_000 } });
    const van = await enter(server, 'publish');
    const { address, port } = await van.signalling.request('ingest', { codec: 'vp8' });
    const transport = transports.at(-1);
    if (!transport) throw new Error('There is no transport.');
    const looks = vi.spyOn(transport, 'getStats');
    const socket = createSocket('udp4');
    const flood = setInterval(() => {
      for (let i = 0; i < 20; i++) socket.send(Buffer.alloc(1200, 0x80), port, address);
    }, 20);
    try {
      // More than the bucket holds, and looked at twice since.
      await vi.waitFor(async () => {
        const [stats] = (await transport.getStats()) as readonly types.PlainTransportStat[];
        expect(stats?.bytesReceived).toBeGreaterThan(200_000);
      }, SOON);
      looks.mockClear();
      await vi.waitFor(() => expect(looks.mock.calls.length).toBeGreaterThan(2), { timeout: 20_000 });
      await van.signalling.request('clock', {});
    } finally {
      clearInterval(flood);
      socket.close();
    }
  });
});

describe.skipIf(!WORKER)('a token', () => {
  test('names its holder, whatever that says', async () => {
    const server = await serve();
    const given = await tokenFor(server.url, { room: 'a', role: 'publish', name: 'Bus 7' });
    const viewer = await enter(server, 'view');
    const bus = await enter(server, 'publish', { given, name: 'Fire engine' });
    await bus.signalling.request('ingest', { codec: 'vp8' });
    expect(await heard(viewer, 'vehicle-came')).toMatchObject({ vehicle: { name: 'Bus 7' } });
  });

  test('ends, and its holder’s stay with it', async () => {
    const server = await serve({ limits: { renewTime: 200 } });
    const { token } = await new Tokens(SECRET).issue({ room: 'a', role: 'publish' }, 2);
    const van = await enter(server, 'publish', { given: token });
    const viewer = await enter(server, 'view');
    await van.signalling.request('ingest', { codec: 'vp8' });
    expect(await van.ended).toEqual({ code: CLOSE_CODES.expired, final: true });
    expect(van.heard).toContainEqual({ event: 'token-ends', seconds: 0 });
    expect(await heard(viewer, 'vehicle-left')).toMatchObject({ reason: 'expired' });
  });

  test('gives way to another of the same room and role before its end, and to no other', async () => {
    const server = await serve({ limits: { renewTime: 200 } });
    const tokens = new Tokens(SECRET);
    const { token } = await tokens.issue({ room: 'a', role: 'publish' }, 2);
    const van = await enter(server, 'publish', { given: token });
    const renew = async (wish: { room: string; role: 'publish' | 'view' }) =>
      van.signalling.request('renew', { token: (await tokens.issue(wish, 3600)).token });
    await expect(renew({ room: 'b', role: 'publish' })).rejects.toMatchObject(REFUSED);
    await expect(renew({ room: 'a', role: 'view' })).rejects.toMatchObject(REFUSED);
    const { expires } = await renew({ room: 'a', role: 'publish' });
    const short = await enter(server, 'view', {
      given: (await tokens.issue({ room: 'a', role: 'view' }, 2)).token,
    });
    // By the time that this one has gone, the first would have gone as well.
    expect(await short.ended).toMatchObject({ code: CLOSE_CODES.expired });
    expect(expires).toBeGreaterThan(Date.now() / 1000 + 3000);
    await van.signalling.request('ingest', { codec: 'vp8' });
  });

  test('that is revoked ends the stays it began', async () => {
    const server = await serve();
    const given = await tokenFor(server.url, { room: 'a', role: 'view' });
    const [viewer, other] = [await enter(server, 'view', { given }), await enter(server, 'view')];
    const { jti } = JSON.parse(Buffer.from(given.split('.')[1] ?? '', 'base64url').toString());
    const response = await fetch(new URL('/live/tokens/revoke', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` },
      body: JSON.stringify({ id: jti }),
    });
    expect(response.status).toBe(204);
    expect(await viewer.ended).toEqual({ code: CLOSE_CODES.removed, final: true });
    await expect(enter(server, 'view', { given })).rejects.toMatchObject({ code: 'live-token-invalid' });
    await other.signalling.request('createTransport', { direction: 'receive' });
  });

  test('takes a connection up by a key that is good once', async () => {
    const server = await serve();
    const van = await enter(server, 'publish');
    const { peer, key } = van.answer;
    const take = async (shown: string) => {
      const client = keep(await connect(server.url));
      return client.signalling.request('join', {
        token: van.token,
        name: 'Van',
        resume: { peer, key: shown },
      });
    };
    const first = await take(key);
    expect(first).toMatchObject({ resumed: true, peer });
    expect(first.key).not.toBe(key);
    expect(await take(key)).toMatchObject({ resumed: false });
    expect(await take(first.key)).toMatchObject({ resumed: true, peer });
  });
});

describe.skipIf(!WORKER)('a dashcam’s port', () => {
  test('takes nothing that is not under the key of the join', async () => {
    const server = await serve({ limits: { silentAfter: 500 } });
    const van = await enter(server, 'publish');
    const viewer = await enter(server, 'view');
    const { address, port, payloadType, ssrc, srtp, vehicle } = await van.signalling.request('ingest', {
      codec: 'vp8',
    });
    expect(Buffer.from(srtp.key, 'base64')).toHaveLength(30);
    const stranger = createSocket('udp4');
    const send = setInterval(() => {
      const packet = Buffer.alloc(200, 7);
      packet.writeUInt8(0x80, 0);
      packet.writeUInt8(payloadType, 1);
      packet.writeUInt32BE(ssrc, 8);
      stranger.send(packet, port, address);
    }, 20);
    try {
      // Right in everything but the key: nothing of it is taken, and the vehicle is silent for everybody.
      for (const client of [van, viewer])
        expect(await heard(client, 'vehicle-silent')).toEqual({
          event: 'vehicle-silent',
          vehicle,
          silent: true,
        });
      const late = await enter(server, 'view');
      expect(late.answer.vehicles).toMatchObject([{ id: vehicle, silent: true }]);
    } finally {
      clearInterval(send);
      stranger.close();
    }
    await vi.waitFor(() => expect(server.pool.health.died).toBe(0), SOON);
  });
});
