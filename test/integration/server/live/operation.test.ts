/** An operator's day: workers that die or are deaf, draining, and the means to see and to act. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CLOSE_CODES } from '../../../../src/live/protocol';
import { openLog } from '../../../../src/server/log';
import { listenProblem } from '../../../../src/server/sfu/listen';
import { WorkerPool } from '../../../../src/server/sfu/worker-pool';
import { type LiveServer, NO_WORKER, SECRET, tokenFor, WORKER } from '../../../harness/live';
import { heard, members } from '../../../harness/live-members';
import { SOON } from '../../../harness/soon';

if (!WORKER) console.warn(`Tests of operation are skipped: ${NO_WORKER}`);

const { keep, serve, enter } = members();

function ask(server: LiveServer, path: string, method = 'GET', body?: object, bearer = SECRET) {
  return fetch(new URL(path, server.url), {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

describe.skipIf(!WORKER)('a media worker', () => {
  test('lives through a datagram whose header extension is over 32 KiB', async () => {
    const server = await serve();
    const placed = await server.pool.place('a');
    if (!placed) throw new Error('There is no worker.');
    const transport = await placed.router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: true,
      comedia: true,
    });
    const ssrc = 7;
    await transport.produce({
      kind: 'video',
      rtpParameters: {
        codecs: [{ mimeType: 'video/VP8', payloadType: 100, clockRate: 90_000 }],
        encodings: [{ ssrc }],
      },
    });
    const socket = createSocket('udp4');
    let sequence = 0;
    const packet = (words: number) => {
      const bytes = Buffer.alloc(12 + 4 + words * 4 + 100);
      bytes.writeUInt8(0x90, 0);
      bytes.writeUInt8(100, 1);
      bytes.writeUInt16BE(++sequence, 2);
      bytes.writeUInt32BE(ssrc, 8);
      bytes.writeUInt16BE(0xbede, 12);
      bytes.writeUInt16BE(words, 14);
      return bytes;
    };
    try {
      // Below 2 KiB it is read, above it is not, and at neither is the worker lost.
      for (const words of [1, 8191, 8193, 9000, 15_000, 1, 1, 1])
        await new Promise((resolve) =>
          socket.send(packet(words), transport.tuple.localPort, '127.0.0.1', resolve),
        );
      await vi.waitFor(async () => {
        const [stats] = await transport.getStats();
        // Three small ones came after the large.
        expect(stats?.rtpBytesReceived).toBeGreaterThanOrEqual(4 * 120);
      }, SOON);
      expect(server.pool.health).toEqual({ running: 1, died: 0 });
    } finally {
      socket.close();
    }
  });

  test('that is deaf is killed and replaced; nothing waits for it, and the log says who was on it', async () => {
    const lines: string[] = [];
    const log = openLog('info', { write: (line: string) => void lines.push(line) });
    const server = await serve({ probe: 300, log });
    const van = await enter(server, 'publish', { room: 'depot' });
    const pid = server.pool.pids[0]!;
    process.kill(pid, 'SIGSTOP');
    const metrics = await ask(server, '/live/metrics');
    expect(await metrics.text()).toContain('carriageway_peers 1');
    expect((await ask(server, '/live/health')).status).toBe(200);
    expect(await van.ended).toMatchObject({ code: CLOSE_CODES.again, final: false });
    await vi.waitFor(() => expect(server.pool.health).toEqual({ running: 1, died: 1 }), { timeout: 20_000 });
    expect(server.pool.pids[0]).not.toBe(pid);
    const died = lines.map((line) => JSON.parse(line)).find((line) => line.msg === 'media worker died');
    expect(died).toMatchObject({ level: 'error', worker: 0, signal: 'SIGKILL', rooms: ['depot'] });
    await enter(server, 'publish', { room: 'depot' });
  });

  test('that is deaf does not keep the server from ending', async () => {
    const server = await serve();
    process.kill(server.pool.pids[0]!, 'SIGSTOP');
    const [pid] = server.pool.pids;
    await server[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(() => process.kill(pid!, 0)).toThrow(), { timeout: 10_000 });
  });

  test('that dies again with a room on it has the room held back, and no other', async () => {
    const server = await serve();
    const given = await tokenFor(server.url, { room: 'a', role: 'publish' });
    for (const died of [1, 2]) {
      const van = await enter(server, 'publish', { given });
      process.kill(server.pool.pids[0]!, 'SIGKILL');
      await van.ended;
      await vi.waitFor(() => expect(server.pool.health).toEqual({ running: 1, died }), { timeout: 20_000 });
    }
    const held = { code: 'live-held-back' };
    await expect(enter(server, 'publish', { given })).rejects.toMatchObject(held);
    await expect(enter(server, 'view', { room: 'a' })).rejects.toMatchObject(held);
    await enter(server, 'publish', { room: 'b' });
    expect(await (await ask(server, '/live/metrics')).text()).toContain('carriageway_held_back 2');
  });
});

describe.skipIf(!WORKER)('media over TCP', () => {
  beforeAll(() => vi.stubEnv('CARRIAGEWAY_TCP_IDLE_MS', '200'));
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  test('that says nothing gives way to newcomers', async () => {
    const server = await serve();
    const viewer = await enter(server, 'view');
    const { iceCandidates } = await viewer.signalling.request('createTransport', { direction: 'receive' });
    const port = Number(iceCandidates.find((each) => each.protocol === 'tcp')?.port);
    const open = async () => {
      const socket = connectTo(port, '127.0.0.1');
      keep({ [Symbol.dispose]: () => void socket.destroy() });
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    const idle = await open();
    let ended = false;
    idle.on('close', () => {
      ended = true;
    });
    // Its end is read only by whoever reads.
    idle.resume();
    await vi.waitFor(
      async () => {
        await open();
        expect(ended).toBe(true);
      },
      { timeout: 20_000, interval: 150 },
    );
  });
});

describe.skipIf(!WORKER)('media ports', () => {
  test('that are taken, or of no address of this machine, are told in a sentence that helps', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const bound = taken.address();
    const port = typeof bound === 'object' && bound ? bound.port : 0;
    const problemOf = async (address: string, wanted: number) => {
      const pool = keep(new WorkerPool({ count: 1, address, announced: [], port: wanted }));
      return pool.start(WORKER ?? '').then(
        () => 'none',
        (thrown: Error) => listenProblem(thrown.message, pool.options, wanted),
      );
    };
    try {
      expect(await problemOf('127.0.0.1', port)).toMatch(
        new RegExp(`^Media port ${port} is in use .*--media-port`),
      );
      // An address for documents (RFC 5737).
      expect(await problemOf('192.0.2.1', 0)).toMatch(/^"192\.0\.2\.1" is not an address .*--media-host/);
    } finally {
      taken.close();
    }
  });

  test('take garbage over TCP, frames of any length, and the worker lives', async () => {
    const server = await serve();
    const viewer = await enter(server, 'view');
    const { iceCandidates } = await viewer.signalling.request('createTransport', { direction: 'receive' });
    const port = Number(iceCandidates.find((each) => each.protocol === 'tcp')?.port);
    const socket = connectTo(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    // RFC 4571: two bytes of length, then RTP, here with a header extension as long as the frame.
    for (const length of [1, 100, 2048, 2049, 33_000, 65_535]) {
      const frame = Buffer.alloc(2 + length, 0x90);
      frame.writeUInt16BE(length, 0);
      if (length > 20) frame.writeUInt16BE(Math.floor((length - 16) / 4), 2 + 14);
      socket.write(frame);
    }
    await new Promise<void>((resolve) => socket.end(resolve));
    await viewer.signalling.request('createTransport', { direction: 'receive' });
    expect(server.pool.health).toEqual({ running: 1, died: 0 });
  });
});

describe.skipIf(!WORKER)('several addresses', () => {
  test('are offered to every client', async () => {
    const server = await serve({ announced: ['127.0.0.1', '::1', 'sfu.example'] });
    const viewer = await enter(server, 'view');
    const { iceCandidates } = await viewer.signalling.request('createTransport', { direction: 'receive' });
    const offered = iceCandidates.map((each) => `${each.protocol} ${each.address}`);
    expect(offered.sort()).toEqual(
      ['tcp', 'udp'].flatMap((p) => ['127.0.0.1', '::1', 'sfu.example'].map((a) => `${p} ${a}`)),
    );
  });
});

describe.skipIf(!WORKER)('draining', () => {
  test('sends everybody elsewhere, lets nobody in, and says so', async () => {
    const server = await serve();
    const [van, viewer] = [await enter(server, 'publish'), await enter(server, 'view')];
    expect((await ask(server, '/live/ready')).status).toBe(200);
    await server.rooms.drain(50);
    for (const each of [van, viewer])
      expect(await each.ended).toEqual({ code: CLOSE_CODES.again, final: false });
    const ready = await ask(server, '/live/ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, draining: true });
    expect((await ask(server, '/live/health')).status).toBe(200);
    await expect(enter(server, 'view')).rejects.toMatchObject({ code: 'live-unreachable' });
  });
});

describe.skipIf(!WORKER)('an operator', () => {
  const ROOMS = '/live/admin/rooms';

  test('sees who is there, with figures, and no token', async () => {
    const server = await serve();
    const van = await enter(server, 'publish', { name: 'Van 3' });
    const { vehicle } = await van.signalling.request('ingest', { codec: 'vp8' });
    await vi.waitFor(async () => {
      const text = await (await ask(server, ROOMS)).text();
      expect(text).not.toContain(van.token);
      expect(JSON.parse(text)).toMatchObject({
        rooms: [
          {
            name: 'a',
            peers: [
              {
                id: van.answer.peer,
                name: 'Van 3',
                role: 'publish',
                address: '127.0.0.1',
                vehicles: [{ id: vehicle, muted: false, figures: { name: 'Van 3', silent: false } }],
              },
            ],
          },
        ],
      });
    }, SOON);
    const metrics = await (await ask(server, '/live/metrics')).text();
    const of = `\\{room="a",vehicle="${vehicle}",name="Van 3"\\}`;
    for (const name of ['packets_lost', 'masks_shared', 'silent'])
      expect(metrics).toMatch(new RegExp(`carriageway_vehicle_${name}${of} 0`));
    expect(metrics).toMatch(new RegExp(`carriageway_vehicle_freezes${of} \\d`));
  });

  test('sends somebody away, for good or for now, and ends a room', async () => {
    const server = await serve();
    const [first, second] = [await enter(server, 'view'), await enter(server, 'view')];
    const other = await enter(server, 'view', { room: 'b' });
    expect((await ask(server, `${ROOMS}/a/peers/${first.answer.peer}`, 'DELETE')).status).toBe(204);
    expect(await first.ended).toEqual({ code: CLOSE_CODES.removed, final: true });
    await enter(server, 'view', { given: first.token });
    expect((await ask(server, `${ROOMS}/a/peers/${second.answer.peer}?revoke=1`, 'DELETE')).status).toBe(204);
    await expect(enter(server, 'view', { given: second.token })).rejects.toMatchObject({
      code: 'live-token-invalid',
    });
    expect((await ask(server, `${ROOMS}/a/peers/nobody`, 'DELETE')).status).toBe(404);
    expect((await ask(server, `${ROOMS}/b`, 'DELETE')).status).toBe(204);
    expect(await other.ended).toMatchObject({ code: CLOSE_CODES.removed });
    expect((await ask(server, `${ROOMS}/b`, 'DELETE')).status).toBe(404);
  });

  test('mutes a vehicle and has it heard again', async () => {
    const server = await serve();
    const van = await enter(server, 'publish');
    await van.signalling.request('ingest', { codec: 'vp8' });
    const mute = (muted: unknown) =>
      ask(server, `${ROOMS}/a/peers/${van.answer.peer}/mute`, 'POST', { muted });
    const muted = async () => (await (await ask(server, ROOMS)).json()).rooms[0].peers[0].vehicles[0].muted;
    expect((await mute('yes')).status).toBe(400);
    expect((await mute(true)).status).toBe(204);
    expect(await muted()).toBe(true);
    expect((await mute(false)).status).toBe(204);
    expect(await muted()).toBe(false);
  });

  test('of one room sees and ends that one, and a guest none', async () => {
    const server = await serve();
    await enter(server, 'view', { room: 'b' });
    const guest = await enter(server, 'view');
    const admin = await tokenFor(server.url, { room: 'a', role: 'view', may: ['admin'] });
    expect((await ask(server, ROOMS, 'GET', undefined, guest.token)).status).toBe(403);
    expect((await ask(server, ROOMS, 'GET', undefined, 'nonsense')).status).toBe(401);
    const seen = await (await ask(server, ROOMS, 'GET', undefined, admin)).json();
    expect(seen.rooms.map((room: { name: string }) => room.name)).toEqual(['a']);
    expect((await ask(server, `${ROOMS}/b`, 'DELETE', undefined, admin)).status).toBe(404);
    expect((await ask(server, `${ROOMS}/a`, 'DELETE', undefined, admin)).status).toBe(204);
    expect(await guest.ended).toMatchObject({ code: CLOSE_CODES.removed });
  });
});

test('what a vehicle does not see, it is not told of', async () => {
  if (!WORKER) return;
  const server = await serve();
  const [first, second] = [await enter(server, 'publish'), await enter(server, 'publish')];
  const viewer = await enter(server, 'view');
  await second.signalling.request('ingest', { codec: 'vp8' });
  await heard(viewer, 'vehicle-came');
  expect(first.heard).toEqual([]);
  const third = await enter(server, 'publish');
  expect(third.answer).toMatchObject({ vehicles: [], sources: [], alarms: [] });
});
