/**
 * Processor time of a media worker for each megabit that comes in: under SRTP, as the product has it, and as plain RTP.
 * Nothing is forwarded, the worker is a bare one's, and both come over the same link, so that the difference is the
 * decryption.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BareServer } from './bare-server.ts';
import { layLink } from './link.ts';
import { HEAVY, sendTo } from './vehicles.ts';

/** Milliseconds before counting: by then every sender sends. */
const SETTLE = 3000;

/**
 * Measures it.
 * @param vehicles how many send
 * @returns seconds of the worker's processor time for each megabit
 */
export async function ingestCost(srtp: boolean, vehicles: number, seconds: number): Promise<number> {
  using server = await BareServer.start();
  const senders: Disposable[] = [];
  try {
    for (let i = 0; i < vehicles; i++) {
      const to = await server.ingest(srtp);
      const link = await layLink(to.address, to.port);
      senders.push(link, sendTo({ ...to, port: link.port }, HEAVY));
    }
    await sleep(SETTLE);
    const before = (await server.ask({ type: 'used' })) as unknown as Used;
    await sleep(seconds * 1000);
    const after = (await server.ask({ type: 'used' })) as unknown as Used;
    const megabits = ((after.bytes - before.bytes) * 8) / 1e6;
    if (megabits < vehicles) throw new Error(`Only ${megabits.toFixed(1)} Mbit came in.`);
    return (after.cpu - before.cpu) / megabits;
  } finally {
    for (const sender of senders) sender[Symbol.dispose]();
  }
}

/** What the worker has used so far, and what came in: seconds and bytes. */
interface Used {
  readonly cpu: number;
  readonly bytes: number;
}
