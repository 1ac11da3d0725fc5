/** HTTPS without a proxy: with the owner's certificate, or one that is made and can be compared. */
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { SOCKET_PATH } from '../../../src/live/protocol';
import { createApp } from '../../../src/server/app';
import { type Certificate, makeCertificate, readCertificate } from '../../../src/server/certificate';
import { RESPONSE_HEADERS } from '../../../src/server/headers';
import { listen } from '../../../src/server/listen';
import { liveRooms } from '../../../src/server/live/live-rooms';
import { WorkerPool } from '../../../src/server/sfu/worker-pool';

const SKIPPED = spawnSync('openssl', ['version']).status !== 0;
if (SKIPPED) console.warn('Tests of HTTPS are skipped: no openssl');

describe.skipIf(SKIPPED)('a server with a certificate of its own', () => {
  let certificate: Certificate;
  let app: Awaited<ReturnType<typeof createApp>>;
  let url = '';
  const pool = new WorkerPool({ count: 1, address: '127.0.0.1', announced: [], port: 0 });
  beforeAll(async () => {
    certificate = makeCertificate(['sfu.example', '203.0.113.7']);
    const { part } = liveRooms({ pool, secret: 'the-secret-of-this-test' });
    app = await createApp([part], { https: certificate });
    url = await listen(app, { host: '127.0.0.1', port: 0, origin: { host: 'default', port: 'flag' } });
  });
  afterAll(() => app?.close());

  test('is known by that certificate at every name of the machine, and says so', () => {
    const { subjectAltName = '', fingerprint256 } = new X509Certificate(certificate.cert);
    for (const name of ['DNS:localhost', 'IP Address:127.0.0.1', 'DNS:sfu.example', 'IP Address:203.0.113.7'])
      expect(subjectAltName).toContain(name);
    expect(certificate.fingerprint).toBe(fingerprint256);
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
  });

  test('answers with every header', async () => {
    const options: RequestOptions = { ca: certificate.cert };
    const [response] = await once(get(new URL('live/health', url), options), 'response');
    expect(response.statusCode).toBe(503);
    for (const [name, value] of Object.entries(RESPONSE_HEADERS))
      expect(response.headers[name.toLowerCase()], name).toBe(value);
    response.resume();
  });

  test('opens sockets to its own page and no other', async () => {
    const address = new URL(SOCKET_PATH, url.replace('https', 'wss'));
    const statusWith = (origin: string) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(address, { ca: certificate.cert, headers: { origin } });
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
        socket.on('open', () => {
          resolve(101);
          socket.terminate();
        });
        socket.on('error', () => {});
      });
    expect(await statusWith(new URL(url).origin)).toBe(101);
    expect(await statusWith('https://evil.example')).toBe(403);
  });

  test('answers an offer of another protocol in place', async () => {
    const { port } = new URL(url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', ca: certificate.cert });
    socket.write(`GET /live/health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
    expect((await socket.toArray()).join('')).toMatch(/^HTTP\/1\.1 503 /);
  });

  test('reads it from files, and refuses what does not belong together', () => {
    const folder = mkdtempSync(join(tmpdir(), 'carriageway-cert-'));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    try {
      const [cert, key] = [file('cert.pem', certificate.cert), file('key.pem', certificate.key)];
      expect(readCertificate(cert, key)).toEqual({ ...certificate, made: false });
      const other = file('other.pem', makeCertificate([]).key);
      expect(() => readCertificate(cert, other)).toThrow(/^--key is not the key of the certificate/);
      expect(() => readCertificate(file('no.pem', 'nothing'), key)).toThrow(/must be PEM files/);
      expect(() => readCertificate(join(folder, 'none'), key)).toThrow(
        /^--cert is ".*none", which cannot be read/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
