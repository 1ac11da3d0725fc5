/** Credentials for a relay, held against coturn by coturn's own client. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IceServer } from '../../../../src/live/protocol';
import { IceServers } from '../../../../src/server/live/ice-servers';
import { COTURN, Coturn, NO_COTURN } from '../../../harness/coturn';
import { NO_WORKER, WORKER } from '../../../harness/live';
import { members } from '../../../harness/live-members';

const SKIPPED = !COTURN || !WORKER;
if (SKIPPED) console.warn(`Tests of the relay are skipped: ${COTURN ? NO_WORKER : NO_COTURN}`);

const SHARED = 'a-secret-of-both-servers';
const { serve, enter } = members();

describe.skipIf(SKIPPED)('a relay', () => {
  let relay: Coturn;

  beforeAll(async () => {
    relay = await Coturn.start(SHARED);
  }, 30_000);
  afterAll(() => relay?.[Symbol.asyncDispose]());

  /** Has coturn's client send through the relay to itself. @returns whether it was let in */
  function relays({ username = '', credential = '' }: IceServer): boolean {
    const result = spawnSync(
      'turnutils_uclient',
      [
        '-y',
        '-c',
        '-n',
        '2',
        '-m',
        '1',
        '-u',
        username,
        '-w',
        credential,
        '-p',
        String(relay.port),
        '127.0.0.1',
      ],
      { encoding: 'utf8', timeout: 20_000 },
    );
    return result.status === 0 && /tot_recv_msgs=[1-9]/.test(result.stdout + result.stderr);
  }

  test('takes what a viewer is told with its transport, and nothing that was made up', async () => {
    const address = `turn:127.0.0.1:${relay.port}?transport=udp`;
    const iceServers = new IceServers([address], {
      kind: 'shared',
      secret: SHARED,
    });
    const server = await serve({ iceServers });
    const viewer = await enter(server, 'view');
    const { id, iceServers: told } = await viewer.signalling.request('createTransport', {
      direction: 'receive',
    });
    const [turn] = told;
    expect(turn?.urls).toEqual([address]);
    expect(relays(turn!)).toBe(true);
    expect(relays({ ...turn!, credential: 'made-up' })).toBe(false);
    // A break later, they are told anew.
    const again = await viewer.signalling.request('restartIce', { transport: id });
    expect(relays(again.iceServers[0]!)).toBe(true);
  });

  test('takes nothing whose time is over', () => {
    const past = Math.floor(Date.now() / 1000) - 60;
    const servers = new IceServers(['turn:a.example'], { kind: 'shared', secret: SHARED });
    expect(relays(servers.for('late', past)[0]!)).toBe(false);
  });
});
