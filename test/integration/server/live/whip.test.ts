/** Pictures in and out by HTTP and WebRTC: what is asked and answered, and clients that nobody here wrote. */
import { spawn, spawnSync } from 'node:child_process';
import { parse } from 'sdp-transform';
import { describe, expect, test, vi } from 'vitest';
import { type LiveServer, NO_WORKER, tokenFor, WORKER } from '../../../harness/live';
import { heard, members } from '../../../harness/live-members';
import { offer } from '../../../harness/offers';
import { AIORTC, PYTHON, WHIP_PUBLISHER } from '../../../harness/python';

/** Debian 12's ends as soon as its plugins are loaded: one of them brings another libsoup than its own. */
const WHIP_CLIENT = (() => {
  const tried = spawnSync('whip-client', ['-u', 'http://127.0.0.1:9/', '-V', 'videotestsrc'], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return tried.error !== undefined && !('code' in tried.error && tried.error.code === 'ETIMEDOUT')
    ? 'there is no simple-whip-client'
    : tried.stderr.includes('libsoup2 symbols detected')
      ? 'simple-whip-client ends by itself, since its parts bring two versions of libsoup'
      : null;
})();
if (!WORKER) console.warn(`Tests of WHIP and WHEP are skipped: ${NO_WORKER}`);
if (!AIORTC) console.warn('The test with aiortc is skipped: there is no python3-aiortc');
if (WHIP_CLIENT !== null) console.warn(`The test with whip-client is skipped: ${WHIP_CLIENT}`);

const { keep, serve, enter } = members();

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';

interface Asking {
  readonly token?: string | null;
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(server: LiveServer, method: string, path: string, asking: Asking = {}): Promise<Response> {
  const { token = null, body, type = SDP, headers = {} } = asking;
  return fetch(new URL(path, server.url), {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
}

const vehicleToken = (server: LiveServer, room = 'a', name = 'Van') =>
  tokenFor(server.url, { room, role: 'publish', name });

describe('without a media worker', () => {
  test.each([
    ['GET', '/live/whip', 405],
    ['HEAD', '/live/whip', 405],
    ['PUT', '/live/whip', 405],
    ['DELETE', '/live/whep/Van', 405],
    ['GET', '/live/media-sessions/x', 405],
    ['OPTIONS', '/live/whip', 204],
    ['OPTIONS', '/live/whep/Van', 204],
    ['OPTIONS', '/live/media-sessions/x', 204],
    ['DELETE', '/live/media-sessions/x', 401],
    ['POST', '/live/whip', 415],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const server = await serve({ bare: true });
    const answer = await ask(server, method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    if (status === 204 && !path.includes('sessions')) expect(answer.headers.get('accept-post')).toBe(SDP);
  });

  test('an offer is refused by who sends it and what it is, before anything is asked of a worker', async () => {
    const server = await serve({ bare: true });
    const token = await vehicleToken(server);
    const viewer = await tokenFor(server.url, { room: 'a', role: 'view' });
    const post = async (asking: Asking, path = '/live/whip') =>
      (await ask(server, 'POST', path, asking)).status;
    const body = offer();
    expect(await post({ body })).toBe(401);
    expect(await post({ body, token: 'nonsense' })).toBe(401);
    expect(await post({ body, token: viewer })).toBe(403);
    expect(await post({ body: offer({ direction: 'recvonly' }), token }, '/live/whep/Van')).toBe(403);
    expect(await post({ body, token, type: 'application/json' })).toBe(415);
    expect(await post({ body: 'hello', token })).toBe(422);
    expect(await post({ body: body.replace(/a=setup.*\r\n/, ''), token })).toBe(400);
    expect(await post({ body: 'a'.repeat(40_000), token })).toBe(413);
    expect(await post({ body, token, headers: { origin: 'https://evil.example' } })).toBe(403);
    const unready = await ask(server, 'POST', '/live/whip', { body, token });
    expect([unready.status, unready.headers.get('retry-after')]).toEqual([503, '5']);
  });

  test('pages of origins that the owner named may ask and read, and no others', async () => {
    const server = await serve({ bare: true, origins: ['https://fleet.example'] });
    const allowed = async (origin: string) =>
      (await ask(server, 'OPTIONS', '/live/whip', { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await allowed('https://fleet.example')).toBe('https://fleet.example');
    expect(await allowed('https://evil.example')).toBeNull();
  });

  test('a server that drains, and an address that asks too often, are told apart', async () => {
    const server = await serve({ bare: true, limits: { socketRate: 0.001, socketBurst: 2 } });
    const token = await vehicleToken(server);
    const post = async () => (await ask(server, 'POST', '/live/whip', { body: offer(), token })).status;
    expect([await post(), await post(), await post()]).toEqual([503, 503, 429]);
    await server.rooms.drain(0);
    expect(await post()).toBe(503);
  });
});

describe.skipIf(!WORKER)('a vehicle by WHIP', () => {
  test('comes, is changed, and goes', async () => {
    const server = await serve();
    const viewer = await enter(server, 'view');
    const token = await vehicleToken(server);
    const begun = await ask(server, 'POST', '/live/whip', { body: offer(), token });
    expect(begun.status).toBe(201);
    expect(begun.headers.get('content-type')).toBe(SDP);
    expect(begun.headers.get('accept-patch')).toBe(FRAGMENT);
    const tag = begun.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{36}"$/);
    const answer = parse(await begun.text());
    expect(answer.media[0]).toMatchObject({ type: 'video', direction: 'recvonly', setup: 'passive' });
    expect(answer.media[0]?.candidates?.map((each) => each.transport)).toEqual(['udp', 'tcp']);
    expect(await heard(viewer, 'vehicle-came')).toMatchObject({ vehicle: { name: 'Van' } });

    const session = begun.headers.get('location') ?? '';
    const patch = (body: string, match?: string) =>
      ask(server, 'PATCH', session, {
        token,
        body,
        type: FRAGMENT,
        ...(match === undefined ? {} : { headers: { 'if-match': match } }),
      });
    const trickled =
      'a=ice-ufrag:abcd\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=end-of-candidates\r\n';
    expect((await patch(trickled)).status).toBe(428);
    expect((await patch(trickled, '"another"')).status).toBe(412);
    expect((await patch(trickled, tag)).status).toBe(204);
    expect((await ask(server, 'PATCH', session, { token, body: trickled })).status).toBe(415);
    const restarted = await patch('a=ice-ufrag:efgh\r\na=ice-pwd:0123456789abcdefghijklmn\r\n', '*');
    expect([restarted.status, restarted.headers.get('content-type')]).toEqual([200, FRAGMENT]);
    expect(restarted.headers.get('etag')).not.toBe(tag);
    const [{ iceUfrag } = {}] = parse(`v=0\r\n${await restarted.text()}`).media;
    expect(iceUfrag).toBeDefined();
    expect(iceUfrag).not.toBe(answer.media[0]?.iceUfrag);
    // The tag of the way before is worth nothing any more.
    expect((await patch(trickled, tag)).status).toBe(412);

    const other = await vehicleToken(server, 'b');
    expect((await ask(server, 'DELETE', session, { token: other })).status).toBe(403);
    expect((await ask(server, 'DELETE', session)).status).toBe(401);
    expect((await ask(server, 'DELETE', session, { token })).status).toBe(200);
    expect((await ask(server, 'DELETE', session, { token })).status).toBe(404);
    await heard(viewer, 'vehicle-left');
  });

  test('has the bounds of its token and its room, and leaves nothing behind when it is refused', async () => {
    const server = await serve({ limits: { peersPerToken: 1, vehiclesPerRoom: 2 } });
    const token = await vehicleToken(server);
    const post = async (given: string, body = offer()) =>
      (await ask(server, 'POST', '/live/whip', { body, token: given })).status;
    // Refused after it has joined: the place is free again.
    const strange = offer({ codecs: ['a=rtpmap:96 AV1/90000'], payloads: '96' });
    expect(await post(token, strange)).toBe(422);
    expect(await post(token)).toBe(201);
    expect(await post(token)).toBe(503);
    expect(await post(await vehicleToken(server))).toBe(201);
    expect(await post(await vehicleToken(server))).toBe(503);
    expect(await post(await vehicleToken(server, 'b'))).toBe(201);
    // Nobody's name: it could not be told from another.
    const nameless = await tokenFor(server.url, { room: 'c', role: 'publish' });
    expect(await post(nameless)).toBe(400);
    const named = await ask(server, 'POST', '/live/whip?name=Bus', { body: offer(), token: nameless });
    expect(named.status).toBe(201);
  });

  test('that brings nothing is over', async () => {
    const server = await serve({ limits: { mediaSilence: 600 } });
    const viewer = await enter(server, 'view');
    const token = await vehicleToken(server);
    expect((await ask(server, 'POST', '/live/whip', { body: offer(), token })).status).toBe(201);
    expect(await heard(viewer, 'vehicle-left')).toMatchObject({ reason: 'silent' });
  });

  test('is sent away by the operator like any other', async () => {
    const server = await serve();
    const token = await vehicleToken(server);
    const begun = await ask(server, 'POST', '/live/whip', { body: offer(), token });
    const secret = await tokenFor(server.url, { room: 'a', role: 'view', may: ['admin'] });
    expect((await ask(server, 'DELETE', '/live/admin/rooms/a', { token: secret })).status).toBe(204);
    const session = begun.headers.get('location') ?? '';
    expect((await ask(server, 'DELETE', session, { token })).status).toBe(404);
  });
});

describe.skipIf(!WORKER)('a viewer by WHEP', () => {
  test('gets the picture of the vehicle that it names, by the numbers that it offers', async () => {
    const server = await serve();
    const body = offer({ lines: ['a=ssrc-group:FID 11 12', 'a=ssrc:11 cname:x', 'a=ssrc:12 cname:x'] });
    await ask(server, 'POST', '/live/whip', { body, token: await vehicleToken(server) });
    const token = await tokenFor(server.url, { room: 'a', role: 'view' });
    const codecs = [
      'a=rtpmap:120 VP8/90000',
      'a=rtcp-fb:120 nack',
      'a=rtpmap:124 rtx/90000',
      'a=fmtp:124 apt=120',
    ];
    const wish = offer({ direction: 'recvonly', codecs, payloads: '120 124' });
    const begun = await ask(server, 'POST', '/live/whep/Van', { body: wish, token });
    expect(begun.status).toBe(201);
    const [section] = parse(await begun.text()).media;
    expect(section).toMatchObject({ direction: 'sendonly', payloads: '120 124', mid: 1 });
    expect(section?.fmtp).toContainEqual({ payload: 124, config: 'apt=120' });
    expect(section?.ssrcGroups?.[0]?.semantics).toBe('FID');
    const none = await ask(server, 'POST', '/live/whep/Bus', { body: wish, token });
    expect(none.status).toBe(404);
    const h264 = offer({ direction: 'recvonly', codecs: ['a=rtpmap:96 AV1/90000'], payloads: '96' });
    expect((await ask(server, 'POST', '/live/whep/Van', { body: h264, token })).status).toBe(422);
    const session = begun.headers.get('location') ?? '';
    expect((await ask(server, 'DELETE', session, { token })).status).toBe(200);
  });

  test('is over when the vehicle has left', async () => {
    const server = await serve();
    const vehicle = await vehicleToken(server);
    const sent = await ask(server, 'POST', '/live/whip', { body: offer(), token: vehicle });
    const token = await tokenFor(server.url, { room: 'a', role: 'view' });
    const begun = await ask(server, 'POST', '/live/whep/Van', {
      body: offer({ direction: 'recvonly' }),
      token,
    });
    expect(begun.status).toBe(201);
    await ask(server, 'DELETE', sent.headers.get('location') ?? '', { token: vehicle });
    const session = begun.headers.get('location') ?? '';
    await vi.waitFor(async () => expect((await ask(server, 'DELETE', session, { token })).status).toBe(404));
  });
});

/** Bits a second of a vehicle, as its server measures them. */
async function bits(server: LiveServer, room: string): Promise<number> {
  const token = await tokenFor(server.url, { room, role: 'view', may: ['admin'] });
  const text = await (await ask(server, 'GET', '/live/metrics', { token })).text();
  return Number(/carriageway_vehicle_bits_per_second\{[^}]*\} (\S+)/.exec(text)?.[1] ?? 0);
}

describe.skipIf(!WORKER || !AIORTC)('aiortc', () => {
  test('sends a picture, and takes it back', async () => {
    const server = await serve();
    const viewer = await enter(server, 'view');
    const token = await vehicleToken(server);
    const child = spawn(PYTHON, [WHIP_PUBLISHER, new URL('/live/whip', server.url).href, token], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    keep({ [Symbol.dispose]: () => void child.kill('SIGKILL') });
    await heard(viewer, 'vehicle-came');
    await vi.waitFor(async () => expect(await bits(server, 'a')).toBeGreaterThan(0), { timeout: 40_000 });
    child.stdin.end();
    await heard(viewer, 'vehicle-left');
  });
});

describe.skipIf(!WORKER || WHIP_CLIENT !== null)('whip-client', () => {
  test('sends a picture, and takes it back', async () => {
    const server = await serve();
    const viewer = await enter(server, 'view');
    const token = await vehicleToken(server);
    const pipeline =
      'videotestsrc is-live=true ! video/x-raw,width=160,height=96,framerate=10/1 ! vp8enc deadline=1 keyframe-max-dist=10 ! ' +
      'rtpvp8pay pt=96 ssrc=2 ! application/x-rtp,media=video,encoding-name=VP8,payload=96';
    const url = new URL('/live/whip', server.url).href;
    const child = spawn('whip-client', ['-u', url, '-t', token, '-V', pipeline, '-o'], { stdio: 'ignore' });
    keep({ [Symbol.dispose]: () => void child.kill('SIGKILL') });
    await heard(viewer, 'vehicle-came');
    await vi.waitFor(async () => expect(await bits(server, 'a')).toBeGreaterThan(0), { timeout: 40_000 });
    child.kill('SIGINT');
    await heard(viewer, 'vehicle-left');
  });
});
