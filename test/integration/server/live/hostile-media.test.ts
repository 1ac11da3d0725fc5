/** What comes over the ports of browsers, by whoever: one participant, or one datagram, ends no media worker. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';
import { observer, type types } from 'mediasoup';
import { describe, expect, test, vi } from 'vitest';
import { type LiveServer, NO_WORKER, tokenFor, WORKER } from '../../../harness/live';
import { heard, members } from '../../../harness/live-members';
import { AIORTC, PYTHON, WHIP_PUBLISHER } from '../../../harness/python';
import { SOON } from '../../../harness/soon';

if (!WORKER) console.warn(`Tests of hostile media are skipped: ${NO_WORKER}`);
else if (!AIORTC)
  console.warn('The test of hostile media with aiortc is skipped: there is no python3-aiortc');

const { keep, serve, enter } = members();

/** What comes in at the server; it runs in this process. */
const producers: types.Producer[] = [];
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) =>
      transport.observer.on('newproducer', (producer) => producers.push(producer)),
    ),
  ),
);

/** The port that browsers send to. */
async function portOf(server: LiveServer): Promise<number> {
  const viewer = await enter(server, 'view');
  const { iceCandidates } = await viewer.signalling.request('createTransport', { direction: 'receive' });
  const udp = iceCandidates.find((each) => each.protocol === 'udp');
  return Number(udp?.port);
}

/** First bytes by which one port tells apart what comes in (RFC 7983): STUN, DTLS, RTP, RTCP, and nothing of these. */
const STARTS: Readonly<Record<string, readonly number[]>> = {
  stun: [0x00, 0x01],
  dtls: [0x16, 0xfe],
  rtp: [0x90, 0x60],
  rtcp: [0x80, 0xc9],
  nothing: [0xff, 0xff],
};

describe.skipIf(!WORKER)('the port of browsers', () => {
  test.each(Object.keys(STARTS))(
    'takes datagrams of any length that look like %s from anybody',
    async (kind) => {
      const server = await serve();
      const port = await portOf(server);
      const socket = createSocket('udp4');
      keep({ [Symbol.dispose]: () => void socket.close() });
      for (const length of [0, 1, 4, 12, 20, 100, 2047, 2048, 2049, 33_000, 65_000]) {
        const datagram = Buffer.alloc(length, 0x5a);
        Buffer.from(STARTS[kind] ?? []).copy(datagram);
        // STUN's length and cookie, and the length of RTP's header extension: all of it.
        if (kind === 'stun' && length >= 20) {
          datagram.writeUInt16BE(length - 20, 2);
          datagram.writeUInt32BE(0x2112a442, 4);
        }
        if (kind === 'rtp' && length >= 16) datagram.writeUInt16BE(Math.floor((length - 16) / 4), 14);
        await new Promise<void>((resolve) => socket.send(datagram, port, '127.0.0.1', () => resolve()));
      }
      // Answered behind all that by the same worker.
      await portOf(server);
      expect(server.pool.health).toEqual({ running: 1, died: 0 });
    },
  );
});

describe.skipIf(!WORKER || !AIORTC)('a participant with keys of its own', () => {
  test('ends no worker by header extensions of any length, and goes on', async () => {
    const server = await serve();
    const viewer = await enter(server, 'view');
    const token = await tokenFor(server.url, { room: 'a', role: 'publish', name: 'Van' });
    // Four bytes each: within what is read, above 2 KiB, and on both sides of 32 KiB.
    const words = [1, 100, 300, 450, 600, 8191, 8192, 8193, 9000, 15_000].map(String);
    const child = spawn(PYTHON, [WHIP_PUBLISHER, new URL('/live/whip', server.url).href, token, ...words], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    keep({ [Symbol.dispose]: () => void child.kill('SIGKILL') });
    const said: string[] = [];
    createInterface(child.stdout).on('line', (line) => said.push(line));
    await heard(viewer, 'vehicle-came');
    await vi.waitFor(() => expect(said).toEqual(['connected', 'swollen']), { timeout: 40_000 });
    const bytes = async () => {
      const stats = await producers.at(-1)?.getStats();
      return stats?.reduce((sum, each) => sum + each.byteCount, 0) ?? 0;
    };
    // Its usual pictures still come through, and the worker is the one it was.
    const before = await bytes();
    await vi.waitFor(async () => expect(await bytes()).toBeGreaterThan(before + 500), SOON);
    expect(server.pool.health).toEqual({ running: 1, died: 0 });
    child.stdin.end();
    await heard(viewer, 'vehicle-left');
  });
});
