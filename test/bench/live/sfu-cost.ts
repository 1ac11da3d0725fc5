/**
 * Processor time of a server for each megabit that it forwards: the product's, the same while it records all of it, and
 * a bare mediasoup's. Same senders, same codec, same browser as the receiver; each server is a process of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { ROOT } from '../../../src/server/prepare.mjs';
import { join as enter, SECRET } from '../../harness/live.ts';
import { BareServer } from './bare-server.ts';
import { cpuSeconds } from './process-cpu.ts';
import { sendTo, Vehicles } from './vehicles.ts';

/** What the page offers; see `pages/receive.page.ts`. */
interface Receiver {
  open(rtpCapabilities: unknown, transport: unknown): Promise<unknown>;
  consume(options: unknown): Promise<void>;
  bytes(): Promise<number>;
}

type Holder = { readonly receiver: Receiver };

/** What is measured against what. */
export type Sfu = 'product' | 'recording' | 'bare';

/** Milliseconds before counting: connecting, first key pictures, code that warms up. */
const SETTLE = 4000;

async function cost(page: Page, server: ChildProcess, seconds: number): Promise<number> {
  const bytes = () => page.evaluate(() => (globalThis as unknown as Holder).receiver.bytes());
  await page.waitForTimeout(SETTLE);
  const [cpu, received] = [cpuSeconds(server.pid!), await bytes()];
  await page.waitForTimeout(seconds * 1000);
  const used = cpuSeconds(server.pid!) - cpu;
  const megabits = (((await bytes()) - received) * 8) / 1e6;
  if (megabits < 1) throw new Error(`Only ${megabits} Mbit came through.`);
  return used / megabits;
}

async function productCost(page: Page, vehicles: number, seconds: number, records: boolean): Promise<number> {
  const folder = records ? mkdtempSync(join(tmpdir(), 'carriageway-bench-')) : null;
  const server = fork(join(ROOT, 'test', 'harness', 'live-node.ts'), folder ? ['', SECRET, folder] : [], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const url = String((await once(server.stdout!, 'data'))[0]).trim();
    if (folder) await record(url);
    using _sending = await Vehicles.enter(url, 'cost', vehicles);
    using viewer = await enter(url, 'cost', 'view');
    const ask = viewer.signalling;
    const { sctpParameters: _, ...transport } = await ask.request('createTransport', {
      direction: 'receive',
    });
    await page.exposeFunction('connectTransport', (dtlsParameters: Record<string, unknown>) =>
      ask.request('connectTransport', { transport: transport.id, dtlsParameters }),
    );
    const rtpCapabilities = (await page.evaluate(
      ([capabilities, options]) => (globalThis as unknown as Holder).receiver.open(capabilities, options),
      [viewer.answer.rtpCapabilities, transport] as const,
    )) as Record<string, unknown>;
    for (const { id } of viewer.answer.vehicles) {
      const consumer = await ask.request('consume', {
        vehicle: id,
        transport: transport.id,
        rtpCapabilities,
      });
      const { id: own, vehicle: producerId, kind, rtpParameters } = consumer;
      await page.evaluate((options) => (globalThis as unknown as Holder).receiver.consume(options), {
        id: own,
        producerId,
        kind,
        rtpParameters,
      });
      await ask.request('setConsumer', { consumer: own, paused: false });
    }
    const used = await cost(page, server, seconds);
    if (folder && readdirSync(join(folder, 'cost')).length < vehicles)
      throw new Error('Not all vehicles were recorded.');
    return used;
  } finally {
    server.kill('SIGKILL');
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

/** Has all of the room recorded. */
async function record(url: string): Promise<void> {
  const response = await fetch(new URL('/live/recordings', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` },
    body: JSON.stringify({ room: 'cost' }),
  });
  if (!response.ok) throw new Error(`Recording: status ${response.status}`);
}

async function bareCost(page: Page, vehicles: number, seconds: number): Promise<number> {
  using server = await BareServer.start();
  const senders: Disposable[] = [];
  try {
    for (let i = 0; i < vehicles; i++) senders.push(sendTo(await server.ingest()));
    const { rtpCapabilities, transport } = await server.ask({ type: 'open' });
    await page.exposeFunction('connectTransport', (dtlsParameters: object) =>
      server.ask({ type: 'connect', dtlsParameters }),
    );
    const capabilities = await page.evaluate(
      ([caps, options]) => (globalThis as unknown as Holder).receiver.open(caps, options),
      [rtpCapabilities, transport] as const,
    );
    const { consumers } = await server.ask({ type: 'consume', rtpCapabilities: capabilities });
    for (const options of consumers as readonly object[])
      await page.evaluate((each) => (globalThis as unknown as Holder).receiver.consume(each), options);
    return await cost(page, server.process, seconds);
  } finally {
    for (const sender of senders) sender[Symbol.dispose]();
  }
}

/**
 * Measures a server.
 * @param page a fresh page of `pages/receive.html`
 * @returns seconds of processor time for each megabit forwarded
 */
export function sfuCost(sfu: Sfu, page: Page, vehicles: number, seconds: number): Promise<number> {
  return sfu === 'bare'
    ? bareCost(page, vehicles, seconds)
    : productCost(page, vehicles, seconds, sfu === 'recording');
}
