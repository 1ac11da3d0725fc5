/** Pages behind a network that lets neither UDP nor TCP through to the server: a relay, Debian's coturn, carries it. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { IceServers } from '../../src/server/live/ice-servers';
import { screenshot } from '../harness/browser';
import { COTURN, Coturn, NO_COTURN } from '../harness/coturn';
import { at, PATIENCE } from '../harness/journey';
import { join, NO_WORKER, WORKER } from '../harness/live';
import { grows, LiveRoom, tile } from '../harness/live-room';
import { UdpFirewall } from '../harness/udp-firewall';

const SKIPPED = !WORKER || !COTURN;
if (SKIPPED) console.warn(`Journeys through a relay are skipped: ${WORKER ? NO_COTURN : NO_WORKER}`);

/** What clients are told, where nobody comes through but the relay; the server itself listens on 127.0.0.1. */
const TOLD = '127.0.0.3';
const RELAYED_FROM = '127.0.0.9';

const SECRET = 'a-secret-of-both-servers';

let relay: Coturn;
let firewall: UdpFirewall;
let room: LiveRoom;

describe.skipIf(SKIPPED)('where nothing but a relay is let through', () => {
  beforeAll(async () => {
    relay = await Coturn.start(SECRET, RELAYED_FROM);
    const addresses = [`turn:127.0.0.1:${relay.port}?transport=udp`];
    const iceServers = new IceServers(addresses, { kind: 'shared', secret: SECRET });
    room = await LiveRoom.open('relayed', { iceServers, announced: [TOLD] });
    using viewer = await join(room.server.url, 'relayed', 'view');
    const { iceCandidates } = await viewer.signalling.request('createTransport', { direction: 'receive' });
    expect(new Set(iceCandidates.map((each) => each.address))).toEqual(new Set([TOLD]));
    const port = Number(iceCandidates.find((each) => each.protocol === 'udp')?.port);
    firewall = await UdpFirewall.open(TOLD, RELAYED_FROM, '127.0.0.1', port);
  });

  afterAll(async () => {
    await room?.[Symbol.asyncDispose]();
    await firewall?.[Symbol.asyncDispose]();
    await relay?.[Symbol.asyncDispose]();
  });

  test('a vehicle is seen by way of the relay, and its tile says so', async () => {
    await room.send('Bus', 'drive&size=small&fps=2&seed=1');
    const { page } = await room.look('&engine=off');
    await tile(page, 'Bus').waitFor({ timeout: PATIENCE });
    await grows(page, 'Bus', 'frames', 10);
    const link = () => tile(page, 'Bus').getByTestId('tile-link').textContent();
    // Two pictures a second, and a good way all the same.
    const told = /^(good|fair|poor), relayed$/;
    await vi.waitFor(async () => expect(await link()).toMatch(told), { timeout: PATIENCE });
    await screenshot(page, 'live-relayed');
    // The straight way was tried, by both pages, and was closed.
    expect(firewall.refused).toBeGreaterThan(0);
    expect(firewall.passed).toBeGreaterThan(100);
    expect(await at(page, 'session').getAttribute('data-state')).toBe('joined');
  });
});
