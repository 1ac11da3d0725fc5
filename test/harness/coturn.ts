/** Debian's coturn on the loopback, with a secret that it shares with a server. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { freePort } from './redis';

/** Whether there is one on this machine. */
export const COTURN = spawnSync('turnserver', ['--version']).error === undefined;

/** What a test says when it is skipped. */
export const NO_COTURN = 'no coturn (Debian: apt-get install coturn)';

/** A relay; owns its process. */
export class Coturn implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** Where it listens, on 127.0.0.1. */
    readonly port: number,
  ) {}

  /**
   * Starts one and waits until it answers.
   * @param secret the shared one
   * @param from address of the loopback from which it sends what it relays
   */
  static async start(secret: string, from = '127.0.0.1'): Promise<Coturn> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'carriageway-turn-'));
    const child = spawn(
      'turnserver',
      [
        ...['-n', '--log-file', 'stdout', '--pidfile', join(folder, 'pid'), '--userdb', join(folder, 'db')],
        ...['--listening-ip', '127.0.0.1', '--relay-ip', from, '--listening-port', String(port)],
        ...['--use-auth-secret', '--static-auth-secret', secret, '--realm', 'carriageway'],
        ...['--allow-loopback-peers', '--no-tls', '--no-dtls', '--no-cli'],
      ],
      { stdio: 'ignore' },
    );
    const relay = new Coturn(child, folder, port);
    const answers = () =>
      spawnSync('turnutils_stunclient', ['-p', String(port), '127.0.0.1'], { timeout: 2000 });
    try {
      await vi.waitFor(() => expect(answers().status).toBe(0), { timeout: 25_000 });
    } catch (thrown) {
      await relay[Symbol.asyncDispose]();
      throw thrown;
    }
    return relay;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
