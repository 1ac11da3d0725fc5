/** Credentials for a relay, held against coturn by coturn's own client. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { IceServer } from '../../../../src/live/protocol';
import { IceServers } from '../../../../src/server/live/ice-servers';
import { NO_WORKER, WORKER } from '../../../harness/live';
import { members } from '../../../harness/live-members';
import { freePort } from '../../../harness/redis';

const COTURN = spawnSync('turnserver', ['--version']).error === undefined;
const SKIPPED = !COTURN || !WORKER;
if (SKIPPED) console.warn(`Tests of the relay are skipped: ${COTURN ? NO_WORKER : 'no coturn'}`);

const SHARED = 'a-secret-of-both-servers';
const { serve, enter } = members();

describe.skipIf(SKIPPED)('a relay', () => {
  let relay: ChildProcess;
  let port = 0;
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-turn-'));

  beforeAll(async () => {
    port = await freePort();
    relay = spawn(
      'turnserver',
      [
        ...['-n', '--log-file', 'stdout', '--pidfile', join(folder, 'pid'), '--userdb', join(folder, 'db')],
        ...['--listening-ip', '127.0.0.1', '--relay-ip', '127.0.0.1', '--listening-port', String(port)],
        ...['--use-auth-secret', '--static-auth-secret', SHARED, '--realm', 'carriageway'],
        ...['--allow-loopback-peers', '--no-tls', '--no-dtls', '--no-cli'],
      ],
      { stdio: 'ignore' },
    );
    const answers = () =>
      spawnSync('turnutils_stunclient', ['-p', String(port), '127.0.0.1'], { timeout: 2000 });
    await vi.waitFor(() => expect(answers().status).toBe(0), { timeout: 25_000 });
  }, 30_000);
  afterAll(() => {
    relay?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Has coturn's client send through the relay to itself. @returns whether it was let in */
  function relays({ username = '', credential = '' }: IceServer): boolean {
    const result = spawnSync(
      'turnutils_uclient',
      ['-y', '-c', '-n', '2', '-m', '1', '-u', username, '-w', credential, '-p', String(port), '127.0.0.1'],
      { encoding: 'utf8', timeout: 20_000 },
    );
    return result.status === 0 && /tot_recv_msgs=[1-9]/.test(result.stdout + result.stderr);
  }

  test('takes what a viewer is told with its transport, and nothing that was made up', async () => {
    const iceServers = new IceServers([`turn:127.0.0.1:${port}?transport=udp`], {
      kind: 'shared',
      secret: SHARED,
    });
    const server = await serve({ iceServers });
    const viewer = await enter(server, 'view');
    const { id, iceServers: told } = await viewer.signalling.request('createTransport', {
      direction: 'receive',
    });
    const [turn] = told;
    expect(turn?.urls).toEqual([`turn:127.0.0.1:${port}?transport=udp`]);
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
