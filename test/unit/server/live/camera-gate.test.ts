import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CameraGate } from '../../../../src/server/live/pulls/camera-gate';
import { authorize } from '../../../../src/server/live/pulls/rtsp-login';
import { NoRtsp, RtspReader } from '../../../../src/server/live/pulls/rtsp-messages';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

/** A camera that answers each request with what it is told, as bytes. */
async function camera(answer: (request: string) => string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      asked.push(bytes.toString('latin1'));
      socket.write(answer(bytes.toString('latin1')), 'latin1');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/1`, asked };
}

/** Asks through a gate, as ffmpeg would. @returns all that came back until it was closed, or an answer was whole */
async function through(url: string, hosts = ['127.0.0.1'], path?: string) {
  const complaints: string[] = [];
  const gate = await CameraGate.open(url, hosts, (sentence) => complaints.push(sentence));
  undo.push(() => gate[Symbol.asyncDispose]());
  const socket = connect(Number(new URL(gate.url).port), '127.0.0.1');
  undo.push(() => socket.destroy());
  socket.write(`DESCRIBE ${path ?? gate.url} RTSP/1.0\r\nCSeq: 7\r\n\r\n`);
  let said = '';
  await new Promise<void>((resolve) => {
    socket.on('data', (bytes) => {
      said += bytes.toString('latin1');
      if (said.includes('\r\n\r\n')) resolve();
    });
    socket.once('close', () => resolve());
  });
  return { said, complaints, gate };
}

const cseq = (request: string) => /CSeq: (\d+)/.exec(request)?.[1] ?? '';

describe('what a camera answers', () => {
  test('comes through by the numbers of who asked, with its own address asked for', async () => {
    const there = await camera(
      (request) => `RTSP/1.0 200 OK\r\nCSeq: ${cseq(request)}\r\nPublic: PLAY\r\n\r\n`,
    );
    const { said } = await through(there.url.replace('//', '//me:hunter2@'));
    expect(said).toBe('RTSP/1.0 200 .\r\nCSeq: 7\r\npublic: PLAY\r\n\r\n');
    expect(there.asked[0]).toMatch(`DESCRIBE ${there.url} RTSP/1.0\r\n`);
  });

  test.each([
    ['another host', 'rtsp://camera.example/2'],
    ['a neighbour', 'rtsp://127.0.0.2/2'],
    ['another protocol', 'http://127.0.0.1/2'],
    ['nowhere', ''],
  ])('does not send on to %s', async (_, location) => {
    const there = await camera(
      (request) => `RTSP/1.0 301 Moved\r\nCSeq: ${cseq(request)}\r\nLocation: ${location}\r\n\r\n`,
    );
    const { said, complaints } = await through(there.url);
    expect(said).toBe('');
    expect(complaints).toEqual([expect.stringMatching(/sends on to .*, which --pull does not allow\.$/)]);
  });

  test('sends on where it may, by way of the gate', async () => {
    const there = await camera(
      (request) => `RTSP/1.0 302 Found\r\nCSeq: ${cseq(request)}\r\nlocation: rtsp://b.example/2\r\n\r\n`,
    );
    const { said, gate } = await through(there.url, ['127.0.0.1', 'b.example']);
    expect(said).toContain(`Location: rtsp://127.0.0.1:${new URL(gate.url).port}/`);
    expect(said).not.toContain('b.example');
  });

  test.each(['rtsp://127.0.0.1:PORT/1', '/1'])('does not send round in a circle (%s)', async (location) => {
    const there = await camera((request) => {
      const { port } = new URL(there.url);
      return `RTSP/1.0 302 Found\r\nCSeq: ${cseq(request)}\r\nLocation: ${location.replace('PORT', port)}\r\n\r\n`;
    });
    const { said, complaints } = await through(there.url);
    expect(said).toBe('');
    expect(complaints).toEqual([expect.stringContaining('in a circle')]);
  });

  // ffmpeg reads lines loosely, and a packet wherever a line begins with a dollar.
  test.each([
    ['a second answer hidden in a header', 'X: y\rRTSP/1.0 302 Found\rLocation: rtsp://evil.example/'],
    ['a header that begins like a packet', '$\0\0\0RTSP/1.0 302 Found'],
    ['a location beside a success', 'Location: rtsp://evil.example/'],
    ['folded lines', 'Public: PLAY\r\n Location: rtsp://evil.example/'],
  ])('is written anew: %s', async (_, line) => {
    const there = await camera((request) => `RTSP/1.0 200 OK\r\nCSeq: ${cseq(request)}\r\n${line}\r\n\r\n`);
    const { said } = await through(there.url);
    expect(said).not.toMatch(/evil|302|\$/);
  });

  test('that is no answer ends it', async () => {
    const there = await camera(() => 'HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n');
    const { said, complaints } = await through(there.url);
    expect(said).toBe('');
    expect(complaints).toEqual([expect.stringContaining('speaks no RTSP')]);
  });
});

test('who does not know the gate’s own address does not come through', async () => {
  const there = await camera(() => '');
  const { said } = await through(there.url, undefined, there.url);
  expect(said).toBe('');
  expect(there.asked).toEqual([]);
});

test('a camera that is not there is told of', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { complaints } = await through(`rtsp://127.0.0.1:${port}/1`);
  await vi.waitFor(() => expect(complaints).toEqual([`127.0.0.1:${port} cannot be reached (ECONNREFUSED).`]));
});

test('a password is shown as it is asked for, and to no other host', async () => {
  const there = await camera((request) =>
    request.includes('Authorization: Basic bWU6aHVudGVyMg==')
      ? `RTSP/1.0 302 Found\r\nCSeq: ${cseq(request)}\r\nLocation: rtsp://localhost:${new URL(there.url).port}/2\r\n\r\n`
      : `RTSP/1.0 401 No\r\nCSeq: ${cseq(request)}\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n`,
  );
  const { said, complaints } = await through(there.url.replace('//', '//me:hunter2@'), [
    '127.0.0.1',
    'localhost',
  ]);
  expect(there.asked).toHaveLength(2);
  const next = connect(Number(new URL(/Location: (.*)/.exec(said)![1]!).port), '127.0.0.1');
  undo.push(() => next.destroy());
  next.write(`DESCRIBE ${/Location: (.*)\r/.exec(said)![1]} RTSP/1.0\r\nCSeq: 8\r\n\r\n`);
  await vi.waitFor(() =>
    expect(complaints).toEqual([expect.stringContaining('asks for a name and a password')]),
  );
  expect(there.asked[2]).not.toContain('Authorization');
});

test('Digest is answered as RFC 2617 has it', () => {
  const challenge =
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
  const login = { name: 'Mufasa', password: 'Circle Of Life' };
  // The RFC's own example has a `qop`; without one, its two hashes are joined by the nonce alone.
  expect(authorize([challenge], login, 'GET', '/dir/index.html')).toContain(
    'response="670fd8c2df070c60b045671b8b24ff02"',
  );
  expect(authorize(['Digest realm="x", nonce="y", algorithm=SHA-256'], login, 'GET', '/')).toBeNull();
});

test('packets go through between messages, wherever the bytes are cut', () => {
  const packet = Buffer.from([0x24, 0, 0, 3, 1, 0x0d, 0x0a]);
  const bytes = Buffer.concat([packet, Buffer.from('RTSP/1.0 200 OK\nCSeq: 1\n\n'), packet]);
  const reader = new RtspReader();
  const read = [...bytes].flatMap((byte) => [...reader.read(Buffer.from([byte]))]);
  expect(read).toEqual([packet, expect.objectContaining({ start: 'RTSP/1.0 200 OK' }), packet]);
  expect(() => [...new RtspReader().read(Buffer.alloc(20_000, 65))]).toThrow(NoRtsp);
  expect(() => [...new RtspReader().read(Buffer.from('A\r\nContent-Length: 999999\r\n\r\n'))]).toThrow(
    NoRtsp,
  );
});
