import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { roomName, vehicleName } from '../../../../src/live/names';
import { originAllowed } from '../../../../src/server/live/door';
import { HeldBack } from '../../../../src/server/live/held-back';
import { IceServers, isIceAddress } from '../../../../src/server/live/ice-servers';
import { LiveMetrics } from '../../../../src/server/live/metrics';
import { Seal } from '../../../../src/server/live/node-state';
import { Once } from '../../../../src/server/live/once';
import { RateLimit } from '../../../../src/server/live/rate-limit';
import { Tokens } from '../../../../src/server/live/tokens';
import { openLog, tokenHash } from '../../../../src/server/log';
import { candidatesAt } from '../../../../src/server/sfu/listen';
import { problemOfProxies, TrustedProxies } from '../../../../src/server/trusted-proxies';

describe('tokens', () => {
  const tokens = new Tokens('a secret of the right length');
  const grant = { room: 'a', role: 'view', may: ['invite'], name: 'Van 3', share: false } as const;

  test('say what they were issued for', async () => {
    const { token, expires, id } = await tokens.issue(grant, 60);
    expect(await tokens.read(token)).toEqual({ ...grant, expires, id, hash: tokenHash(token) });
    const plain = await tokens.issue({ room: 'a', role: 'publish' }, 60);
    expect(await tokens.read(plain.token)).toMatchObject({ may: [], name: null, share: true });
    expect(plain.id).not.toBe(id);
  });

  test('end', async () => {
    const { token } = await tokens.issue(grant, -60);
    await expect(tokens.read(token)).rejects.toMatchObject({ refusal: 'expired' });
  });

  test('that were revoked open nothing, and no other is meant', async () => {
    const [gone, stays] = [await tokens.issue(grant, 60), await tokens.issue(grant, 60)];
    tokens.revoke(gone.id, gone.expires);
    await expect(tokens.read(gone.token)).rejects.toMatchObject({ refusal: 'unauthorised' });
    expect((await tokens.read(stays.token)).id).toBe(stays.id);
  });

  test('between processes are for one vehicle of one room, from one to one, once', async () => {
    const request = { room: 'a', vehicle: 'v', from: 'near', to: 'far' };
    const issue = () => tokens.issueForNode(request);
    for (const other of [{ room: 'b' }, { vehicle: 'w' }, { from: 'third' }, { to: 'third' }])
      expect(await tokens.isNode(await issue(), { ...request, ...other })).toBe(false);
    expect(await new Tokens('another secret, just as long').isNode(await issue(), request)).toBe(false);
    const token = await issue();
    expect(await tokens.isNode(token, request)).toBe(true);
    expect(await tokens.isNode(token, request)).toBe(false);
    // Nor is an invitation one.
    expect(await tokens.isNode((await tokens.issue(grant, 60)).token, request)).toBe(false);
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

test('counts are told in the form that Prometheus reads, and what is read is read at each asking', async () => {
  const metrics = new LiveMetrics();
  metrics.count('refused', 'expired');
  metrics.count('refused', 'expired');
  let vehicles = new Map([['v1', 7]]);
  metrics.gauge('rooms', 'Rooms.', () => 3);
  metrics.gauges('vehicle_bits_per_second', {
    help: 'Bits.',
    labels: ['vehicle'],
    read: () => [...vehicles].map(([vehicle, bits]) => [{ vehicle }, bits] as const),
  });
  const first = await metrics.text();
  expect(first).toContain('# TYPE carriageway_refused_total counter');
  expect(first).toContain('carriageway_refused_total{reason="expired"} 2');
  expect(first).toContain('carriageway_rooms 3');
  expect(first).toContain('carriageway_vehicle_bits_per_second{vehicle="v1"} 7');
  vehicles = new Map();
  expect(await metrics.text()).not.toContain('v1');
});

describe('who is held back', () => {
  test('the first death is forgiven, the next hold for longer and longer, and an hour later all is forgotten', () => {
    let now = 0;
    const held = new HeldBack(() => now);
    held.died(['room a', 'token t']);
    expect(held.holds('room a')).toBe(false);
    held.died(['room a']);
    expect(held.holds('room a')).toBe(true);
    expect(held.holds('room b', 'token t')).toBe(false);
    expect(held.size).toBe(1);
    now += 31_000;
    expect(held.holds('room a')).toBe(false);
    held.died(['room a']);
    now += 31_000;
    expect(held.holds('room a')).toBe(true);
    now += 3_600_000;
    held.died(['room a']);
    expect(held.holds('room a')).toBe(false);
  });

  test('who was sent away is let in again after its pause', () => {
    let now = 0;
    const held = new HeldBack(() => now);
    held.hold('sent t', 1000);
    expect(held.holds('sent t')).toBe(true);
    now += 1001;
    expect(held.holds('sent t')).toBe(false);
  });
});

test('a number is new once, until it could not be shown any more', () => {
  let now = 0;
  const once = new Once(() => now);
  expect(once.add('a', 10)).toBe(true);
  expect(once.add('a', 10)).toBe(false);
  now = 11;
  expect(once.has('a')).toBe(false);
});

describe('proxies', () => {
  const from = (remoteAddress: string, forwarded?: string) =>
    ({
      socket: { remoteAddress },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    }) as unknown as IncomingMessage;

  test.each([
    ['192.0.2.7', '198.51.100.1', '192.0.2.7'],
    ['10.0.0.2', undefined, '10.0.0.2'],
    ['10.0.0.2', '198.51.100.1', '198.51.100.1'],
    ['::ffff:10.0.0.2', '198.51.100.1', '198.51.100.1'],
    // What a client writes before the proxy's own entry is the client's word.
    ['10.0.0.2', '203.0.113.9, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.2', '198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['10.0.0.2', 'nonsense', '10.0.0.2'],
    ['fd00::1', '2001:db8::7', '2001:db8::7'],
  ])('asked from %s on behalf of %s, it is %s', (remote, forwarded, address) => {
    expect(new TrustedProxies(['10.0.0.0/8', 'fd00::/8']).addressOf(from(remote, forwarded))).toBe(address);
  });

  test('nobody is believed unless told to be', () => {
    expect(new TrustedProxies().addressOf(from('127.0.0.1', '198.51.100.1'))).toBe('127.0.0.1');
    expect(problemOfProxies(['10.0.0.0/8', 'proxy.example'])).toBe('proxy.example');
    expect(problemOfProxies(['10.0.0.0/33'])).toBe('10.0.0.0/33');
    expect(problemOfProxies(['::1', '10.0.0.0/8'])).toBeNull();
  });
});

describe('what a process tells of itself', () => {
  const state = {
    node: { id: 'n', url: 'http://10.0.0.7:8080/' },
    rooms: { a: [{ id: 'v', name: 'Van', via: 'rtp' as const, silent: false, roundTrip: null }] },
    revoked: [{ id: 't', until: 5 }],
  };

  test('is read by whoever knows the secret, within the minute', () => {
    let now = 1000;
    const seal = new Seal('a common secret', () => now);
    const text = seal.close(state);
    expect(seal.open(text)).toEqual(state);
    expect(new Seal('another secret', () => now).open(text)).toBeNull();
    expect(seal.open(text.replace('10.0.0.7', '10.0.0.8'))).toBeNull();
    expect(seal.open('{}')).toBeNull();
    now += 61;
    expect(seal.open(text)).toBeNull();
  });
});

test('further addresses are offered beside the first, less preferred', () => {
  const candidate = {
    foundation: 'udp',
    priority: 1000,
    address: '203.0.113.7',
    ip: '203.0.113.7',
    protocol: 'udp' as const,
    port: 44_400,
    type: 'host' as const,
  };
  expect(candidatesAt([candidate], ['203.0.113.7'])).toEqual([candidate]);
  const [first, second, third] = candidatesAt([candidate], ['203.0.113.7', '2001:db8::7', 'sfu.example']);
  expect(first).toEqual(candidate);
  expect(second).toMatchObject({ address: '2001:db8::7', port: 44_400, priority: 999 });
  expect(third).toMatchObject({ address: 'sfu.example', priority: 998 });
  expect(new Set([first, second, third].map((each) => each?.foundation)).size).toBe(3);
});

test('a log line says a connection and the hash of a token, and never the token', () => {
  const lines: string[] = [];
  const log = openLog('info', { write: (line: string) => void lines.push(line) });
  const token = 'aaaa.bbbb.cccc';
  log.child({ connection: 'connection-1', room: 'a', token: tokenHash(token) }).info('joined');
  log.debug('not asked for');
  expect(lines).toHaveLength(1);
  const line: unknown = JSON.parse(lines[0] ?? '');
  expect(line).toMatchObject({ level: 'info', connection: 'connection-1', room: 'a', msg: 'joined' });
  expect(lines[0]).toMatch(/"token":"[0-9a-f]{12}"/);
  expect(lines[0]).not.toContain('bbbb');
});

describe('STUN and TURN', () => {
  test.each([
    ['stun:stun.example:3478', true],
    ['turn:turn.example:3478?transport=udp', true],
    ['turns:[2001:db8::7]:5349?transport=tcp', true],
    ['https://turn.example', false],
    ['turn:turn.example?transport=quic', false],
    ['turn:user@turn.example', false],
  ])('%s is an address: %s', (text, is) => expect(isIceAddress(text)).toBe(is));

  test('a client gets credentials of its own, which end no later than its token', () => {
    const addresses = ['stun:a.example', 'turn:b.example', 'turns:b.example'];
    const servers = new IceServers(addresses, { kind: 'shared', secret: 'north' }, () => 1000);
    const [stun, turn] = servers.for('peer-1', 1500);
    expect(stun).toEqual({ urls: ['stun:a.example'] });
    expect(turn).toEqual({
      urls: ['turn:b.example', 'turns:b.example'],
      username: '1500:peer-1',
      credential: createHmac('sha1', 'north').update('1500:peer-1').digest('base64'),
    });
    expect(servers.for('peer-1', 9e9)[1]?.username).toBe(`${1000 + 12 * 3600}:peer-1`);
    const fixed = new IceServers(addresses, { kind: 'static', username: 'u', password: 'p' });
    expect(fixed.for('peer-1', 1500)[1]).toMatchObject({ username: 'u', credential: 'p' });
    expect(new IceServers([], null).for('peer-1', 1500)).toEqual([]);
  });
});
