/**
 * Processor time of a media worker for each megabit that comes in: under SRTP, as the product has it, and as plain RTP.
 * Nothing is forwarded, and the worker is a bare one's, so that the difference is the decryption.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../../src/server/prepare.mjs';
import type { Destination } from '../../../src/server/publish/ffmpeg.ts';
import type { BareAnswer, BareRequest } from './bare-messages.ts';
import { HEAVY, sendTo } from './vehicles.ts';

/** Milliseconds before counting: by then every sender sends. */
const SETTLE = 3000;

/**
 * Measures it.
 * @param vehicles how many send
 * @returns seconds of the worker's processor time for each megabit
 */
export async function ingestCost(srtp: boolean, vehicles: number, seconds: number): Promise<number> {
  const server = fork(join(ROOT, 'test', 'bench', 'live', 'bare-sfu.ts'), {
    cwd: ROOT,
    execArgv: ['--import', 'tsx'],
  });
  const hear = async (): Promise<BareAnswer> => {
    const [message] = (await once(server, 'message')) as [{ data?: BareAnswer; error?: string }];
    if (!message.data) throw new Error(`The bare server failed: ${message.error}`);
    return message.data;
  };
  const ask = (request: BareRequest): Promise<BareAnswer> => {
    const answer = hear();
    server.send(request);
    return answer;
  };
  const senders: Disposable[] = [];
  try {
    await hear();
    for (let i = 0; i < vehicles; i++)
      senders.push(sendTo((await ask({ type: 'ingest', srtp })) as unknown as Destination, HEAVY));
    await sleep(SETTLE);
    const before = (await ask({ type: 'used' })) as unknown as Used;
    await sleep(seconds * 1000);
    const after = (await ask({ type: 'used' })) as unknown as Used;
    const megabits = ((after.bytes - before.bytes) * 8) / 1e6;
    if (megabits < vehicles) throw new Error(`Only ${megabits.toFixed(1)} Mbit came in.`);
    return (after.cpu - before.cpu) / megabits;
  } finally {
    for (const sender of senders) sender[Symbol.dispose]();
    server.kill('SIGKILL');
  }
}

/** What the worker has used so far, and what came in: seconds and bytes. */
interface Used {
  readonly cpu: number;
  readonly bytes: number;
}
