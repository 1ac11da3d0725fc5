/** The bare server as a process of its own, asked one thing after the other. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../../../src/server/prepare.mjs';
import type { Destination } from '../../../src/server/publish/ffmpeg.ts';
import type { BareAnswer, BareRequest } from './bare-messages.ts';

/** Owns the process. */
export class BareServer implements Disposable {
  private constructor(readonly process: ChildProcess) {}

  static async start(): Promise<BareServer> {
    const server = new BareServer(
      fork(join(ROOT, 'test', 'bench', 'live', 'bare-sfu.ts'), {
        cwd: ROOT,
        execArgv: ['--import', 'tsx'],
      }),
    );
    try {
      await server.#hear();
      return server;
    } catch (error) {
      server[Symbol.dispose]();
      throw error;
    }
  }

  ask(request: BareRequest): Promise<BareAnswer> {
    const answer = this.#hear();
    this.process.send(request);
    return answer;
  }

  /** A place for one more sender. */
  async ingest(srtp?: boolean): Promise<Destination> {
    const request: BareRequest = srtp === undefined ? { type: 'ingest' } : { type: 'ingest', srtp };
    return (await this.ask(request)) as unknown as Destination;
  }

  async #hear(): Promise<BareAnswer> {
    const [message] = (await once(this.process, 'message')) as [{ data?: BareAnswer; error?: string }];
    if (!message.data) throw new Error(`The bare server failed: ${message.error}`);
    return message.data;
  }

  [Symbol.dispose](): void {
    this.process.kill('SIGKILL');
  }
}
