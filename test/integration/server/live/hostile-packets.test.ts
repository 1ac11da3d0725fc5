/** Packets without sense, thousands of them, to every parser of a media worker: by a seed, so that they can be sent again. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { types } from 'mediasoup';
import { describe, expect, test, vi } from 'vitest';
import {
  Dice,
  HostileRtp,
  hostileDtls,
  hostileRtcp,
  hostileStun,
  type IceKeys,
  type Pretence,
  stunRequest,
} from '../../../harness/hostile-packets';
import { HostileSctp } from '../../../harness/hostile-sctp';
import { type LiveServer, NO_WORKER, WORKER } from '../../../harness/live';
import { members } from '../../../harness/live-members';
import { SOON } from '../../../harness/soon';

if (!WORKER) console.warn(`Tests of hostile packets are skipped: ${NO_WORKER}`);

const { keep, serve, enter } = members();

/** Others than usual, for whoever looks for more. */
const SEED = Number(process.env.HOSTILE_SEED ?? 1);
const PACKETS = Number(process.env.HOSTILE_PACKETS ?? 1500);

/** Packets between two questions to the worker: more would wait in its socket, and be lost there. */
const AT_ONCE = 100;

/** Packets of one association of SCTP. */
const PER_ASSOCIATION = 100;

const HERE = '127.0.0.1';

/** All that a picture may come in, with what sends it again, and the first bytes that mean something in each. */
const CODECS = [
  { mimeType: 'video/VP8', starts: [0x10, 0x90, 0x80, 0x00, 0xff] },
  { mimeType: 'video/VP9', starts: [0x80, 0xff, 0x8f, 0xaa, 0x0a] },
  { mimeType: 'video/H264', starts: [0x65, 0x67, 0x78, 0x7c, 0x7d, 0x79, 0x61] },
  { mimeType: 'video/AV1', starts: [0x08, 0x18, 0x58, 0xa8, 0xff] },
] as const;

const EXTENSIONS = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:3gpp:video-orientation',
  'urn:ietf:params:rtp-hdrext:toffset',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
] as const;

/** Where an extension that any browser may send stands above. */
const ORIENTATION = EXTENSIONS.indexOf('urn:3gpp:video-orientation') + 1;

async function open(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, HERE);
  keep({ [Symbol.dispose]: () => void socket.close() });
  await once(socket, 'listening');
  return socket;
}

function send(socket: Socket, bytes: Buffer, port: number): Promise<void> {
  return new Promise((resolve) => socket.send(bytes, port, HERE, () => resolve()));
}

async function routerOn(server: LiveServer): Promise<types.Router> {
  const mediaCodecs = CODECS.map(({ mimeType }) => ({
    kind: 'video' as const,
    mimeType,
    clockRate: 90_000,
    ...(mimeType === 'video/H264' ? { parameters: { 'packetization-mode': 1 } } : {}),
    rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'transport-cc' }],
  }));
  const placed = await server.pool.place('a', new Set(), mediaCodecs);
  if (!placed) throw new Error('There is no worker.');
  return placed.router;
}

/** Without keys, so that what comes reaches the same parsers as what comes with them. */
function plain(router: types.Router, enableSctp = false): Promise<types.PlainTransport> {
  return router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: HERE },
    rtcpMux: true,
    comedia: true,
    enableSctp,
  });
}

/** A picture of each kind comes in, and goes out to a socket. */
async function pictures(router: types.Router) {
  const [sending, receiving] = [await plain(router), await open()];
  const out = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: HERE },
    rtcpMux: true,
  });
  await out.connect({ ip: HERE, port: receiving.address().port });
  const pretences: Pretence[] = [];
  for (const [i, { mimeType, starts }] of CODECS.entries()) {
    const payloadType = 100 + 2 * i;
    const [ssrc, second] = [1000 + i, 2000 + i];
    const format = mimeType === 'video/H264' ? { 'packetization-mode': 1 } : {};
    const { id } = await sending.produce({
      kind: 'video',
      rtpParameters: {
        mid: String(i),
        codecs: [
          {
            mimeType,
            payloadType,
            clockRate: 90_000,
            parameters: format,
            rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
          },
          {
            mimeType: 'video/rtx',
            payloadType: payloadType + 1,
            clockRate: 90_000,
            parameters: { apt: payloadType },
          },
        ],
        encodings: [{ ssrc, rtx: { ssrc: second }, scalabilityMode: 'L3T3' }],
        headerExtensions: EXTENSIONS.map((uri, index) => ({ uri, id: index + 1 })),
        rtcp: { cname: 'them' },
      },
    });
    await out.consume({ producerId: id, rtpCapabilities: router.rtpCapabilities, enableRtx: true });
    const again = { payloadType: payloadType + 1, ssrc: second };
    pretences.push({ payloadType, ssrc, again, starts });
  }
  return { sending, out, pretences };
}

/** Sends packets as fast as the worker reads them, and asks it whether it lives. */
async function pour(
  server: LiveServer,
  next: () => readonly [bytes: Buffer, port: number],
  alive: () => Promise<unknown>,
): Promise<void> {
  const socket = await open();
  for (let i = 0; i < PACKETS; i++) {
    await send(socket, ...next());
    if (i % AT_ONCE === 0) await alive();
  }
  await alive();
  expect(server.pool.health).toEqual({ running: 1, died: 0 });
}

describe.skipIf(!WORKER)('a media worker', () => {
  test('lives through an extension that has no value, beside others that have one', async () => {
    const server = await serve();
    const { sending, pretences } = await pictures(await routerOn(server));
    const [{ payloadType, ssrc } = { payloadType: 0, ssrc: 0 }] = pretences;
    const head = Buffer.from([0x90, payloadType, 0, 1, 0, 0, 0, 0, 0, 0, ssrc >> 8, ssrc & 255]);
    const extension = Buffer.from([0x10, 0x00, 0, 1, ORIENTATION, 0, 0, 0]);
    await send(
      await open(),
      Buffer.concat([head, extension, Buffer.alloc(50, 0x10)]),
      sending.tuple.localPort,
    );
    await vi.waitFor(async () => {
      const [stats] = await sending.getStats();
      expect(stats?.rtpBytesReceived).toBeGreaterThan(0);
    }, SOON);
    await sending.getStats();
    expect(server.pool.health).toEqual({ running: 1, died: 0 });
  });

  test('lives through RTP without sense', async () => {
    const server = await serve();
    const { sending, pretences } = await pictures(await routerOn(server));
    const dice = new Dice(SEED);
    const numbers = EXTENSIONS.map((_, i) => i + 1);
    const rtp = new HostileRtp(dice, numbers);
    const next = () => [rtp.next(dice.of(pretences)), sending.tuple.localPort] as const;
    await pour(server, next, () => sending.getStats());
    const [stats] = await sending.getStats();
    // Most of it was taken for what it says it is.
    expect(stats?.rtpBytesReceived).toBeGreaterThan(PACKETS * 20);
  });

  test('lives through RTCP without sense, from who sends and from who looks', async () => {
    const server = await serve();
    const { sending, out, pretences } = await pictures(await routerOn(server));
    const dice = new Dice(SEED);
    const ssrcs = pretences.flatMap(({ ssrc, again }) => [ssrc, again?.ssrc ?? ssrc]);
    const ports = [sending.tuple.localPort, out.tuple.localPort];
    const next = () => [hostileRtcp(dice, ssrcs), dice.of(ports)] as const;
    await pour(server, next, () => Promise.all([sending.getStats(), out.getStats()]));
  });

  test('lives through SCTP without sense, in an association that stands', async () => {
    const server = await serve();
    const router = await routerOn(server);
    const dice = new Dice(SEED);
    // One after the other: any of them may be ended by what it is told.
    for (let sent = 0; sent < PACKETS; sent += PER_ASSOCIATION) {
      const transport = await plain(router, true);
      await transport.produceData({ sctpStreamParameters: { streamId: 1, ordered: true } });
      const socket = await open();
      const { localPort } = transport.tuple;
      const other = new HostileSctp(dice);
      socket.on('message', (heard) => {
        const answer = other.answer(heard);
        if (answer) socket.send(answer, localPort, HERE);
      });
      await send(socket, other.hello(), localPort);
      await vi.waitFor(() => expect(other.stands).toBe(true), SOON);
      for (let i = 0; i < PER_ASSOCIATION; i++) await send(socket, other.next(), localPort);
      await transport.getStats();
      transport.close();
    }
    expect(server.pool.health).toEqual({ running: 1, died: 0 });
  });

  test('lives through STUN and DTLS without sense, from who knows the keys of a way', async () => {
    const server = await serve();
    const viewer = await enter(server, 'view');
    const { iceCandidates, iceParameters } = await viewer.signalling.request('createTransport', {
      direction: 'receive',
    });
    const port = Number(iceCandidates.find((each) => each.protocol === 'udp')?.port);
    const keys = iceParameters as unknown as IceKeys;
    const socket = await open();
    const heard = once(socket, 'message');
    await send(socket, stunRequest(keys), port);
    // A good answer (RFC 8489, 6.3.3): from now on DTLS is listened to from here.
    expect((await heard)[0].readUInt16BE(0)).toBe(0x0101);
    const dice = new Dice(SEED);
    for (let i = 0; i < PACKETS; i++) {
      await send(socket, dice.chance(0.5) ? hostileStun(dice, keys) : hostileDtls(dice), port);
      if (i % AT_ONCE === 0) await viewer.signalling.request('clock', {});
    }
    await viewer.signalling.request('createTransport', { direction: 'send' });
    expect(server.pool.health).toEqual({ running: 1, died: 0 });
  });
});
