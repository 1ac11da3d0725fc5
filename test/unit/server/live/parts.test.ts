import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { roomName, vehicleName } from '../../../../src/live/names';
import { fromThisMachine, originAllowed } from '../../../../src/server/live/door';
import { LiveMetrics } from '../../../../src/server/live/metrics';
import { RateLimit } from '../../../../src/server/live/rate-limit';
import { Tokens } from '../../../../src/server/live/tokens';

describe('tokens', () => {
  const tokens = new Tokens('a secret of the right length');
  const grant = { room: 'a', role: 'view', invites: false } as const;

  test('say what they were issued for', async () => {
    const { token, expires } = await tokens.issue(grant, 60);
    expect(await tokens.read(token)).toEqual({ ...grant, expires });
  });

  test('end', async () => {
    const { token } = await tokens.issue(grant, -60);
    await expect(tokens.read(token)).rejects.toMatchObject({ refusal: 'expired' });
  });

  test('of another secret, changed ones and unsigned ones are refused alike', async () => {
    const other = await new Tokens('another secret, just as long').issue(grant, 60);
    const { token } = await tokens.issue(grant, 60);
    const [head, body, signature] = token.split('.') as [string, string, string];
    const forged = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), room: 'b' }),
    ).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const bad of [other.token, `${head}.${forged}.${signature}`, `${none}.${body}.`, 'x', ''])
      await expect(tokens.read(bad)).rejects.toMatchObject({ refusal: 'unauthorised' });
  });
});

test('a bucket gives its burst, then its rate, to each by itself', () => {
  let now = 0;
  const limit = new RateLimit(2, 3, () => now);
  const took = () => [1, 2, 3, 4, 5].map(() => limit.take('a'));
  expect(took()).toEqual([true, true, true, false, false]);
  expect(limit.take('b')).toBe(true);
  now += 1000;
  expect(took()).toEqual([true, true, false, false, false]);
  now += 3_600_000;
  expect(took()).toEqual([true, true, true, false, false]);
});

describe('the door', () => {
  const request = (remoteAddress: string, headers: Record<string, string>) =>
    ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

  test.each([
    ['127.0.0.1', { host: 'localhost:8080' }, true],
    ['::1', { host: '[::1]:8080' }, true],
    ['::ffff:127.0.0.1', { host: '127.0.0.1' }, true],
    ['192.0.2.7', { host: 'localhost' }, false],
    // A proxy on this machine, and a page that points its own name here.
    ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '192.0.2.7' }, false],
    ['127.0.0.1', { host: 'localhost', forwarded: 'for=192.0.2.7' }, false],
    ['127.0.0.1', { host: 'rebound.example' }, false],
  ])('%s %j is this machine: %s', (address, headers, own) => {
    expect(fromThisMachine(request(address, headers))).toBe(own);
  });

  test.each([
    [{ host: 'a.example' }, true],
    [{ host: 'a.example', origin: 'https://a.example' }, true],
    [{ host: 'a.example:8080', origin: 'http://a.example:8080' }, true],
    [{ host: 'a.example', origin: 'https://evil.example' }, false],
    [{ host: 'a.example', origin: 'https://a.example.evil.example' }, false],
    [{ host: 'a.example', origin: 'null' }, false],
    [{ host: 'a.example', origin: 'https://friend.example' }, true],
  ])('%j may come: %s', (headers, may) => {
    expect(originAllowed(request('192.0.2.7', headers), ['https://friend.example'])).toBe(may);
  });
});

test('names: what could break a line or an address is refused', () => {
  for (const name of ['a', 'Depot-7', 'x_1']) expect(roomName.safeParse(name).success).toBe(true);
  for (const name of ['', '-a', 'a b', 'ä', '../x', 'a'.repeat(65)])
    expect(roomName.safeParse(name).success).toBe(false);
  expect(vehicleName.parse('  Van 3, Köln ')).toBe('Van 3, Köln');
  for (const name of ['', '   ', 'a\u202Eb', 'a\nb', 'a\u0000', 'a'.repeat(49)])
    expect(vehicleName.safeParse(name).success).toBe(false);
});

test('counts are told in the form that Prometheus reads', () => {
  const metrics = new LiveMetrics();
  metrics.count('refused', 'expired');
  metrics.count('refused', 'expired');
  metrics.count('tokens', 'view');
  const text = metrics.text([{ name: 'rooms', help: 'Rooms.', value: 2 }]);
  expect(text).toContain('# TYPE carriageway_rooms gauge\ncarriageway_rooms 2\n');
  expect(text).toContain('carriageway_refused_total{reason="expired"} 2\n');
  expect(text).toContain('carriageway_tokens_total{role="view"} 1\n');
  expect(text.endsWith('\n')).toBe(true);
});
