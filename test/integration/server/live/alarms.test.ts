/** Alarms on the server: which are made, who is told, and by which ways beside the room. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createBroker, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { describe, expect, test, vi } from 'vitest';
import type { Alarm, AlarmRule } from '../../../../src/live/alarms';
import type { Notification } from '../../../../src/live/protocol';
import { AlarmBook } from '../../../../src/server/live/alarms/alarm-book';
import { readAlarmFile } from '../../../../src/server/live/alarms/alarm-settings';
import { MqttOutlet } from '../../../../src/server/live/alarms/mqtt-outlet';
import { signatureOf, Webhook } from '../../../../src/server/live/alarms/webhooks';
import { NO_LOG, openLog } from '../../../../src/server/log';
import { FFMPEG } from '../../../harness/dashcam';
import { NO_WORKER, SECRET, tokenFor, WORKER } from '../../../harness/live';
import { heard, members } from '../../../harness/live-members';
import { freePort } from '../../../harness/redis';

const MOSQUITTO = spawnSync('mosquitto', ['-h']).error === undefined;
if (!MOSQUITTO) console.warn('The test of MQTT is skipped: there is no mosquitto');
if (!WORKER || !FFMPEG)
  console.warn(`Alarms of real vehicles are not tested: ${WORKER ? 'no ffmpeg' : NO_WORKER}`);

const { keep, serve, enter } = members();

const FREE: AlarmRule = { kind: 'free', level: 'alarm', bound: 8, after: 0, holdOff: 10 };

const ALARM: Alarm = {
  id: 'x',
  room: 'a',
  kind: 'free',
  level: 'alarm',
  vehicle: 'v',
  name: 'Van',
  value: 5,
  at: 1_772_360_000_000,
  acknowledged: null,
};

function room(name = 'a') {
  const told: Notification[] = [];
  const vehicle = { id: 'v', name: 'Van', via: 'rtp', silent: false, roundTrip: null } as const;
  return { name, vehicles: [vehicle], told, tell: (message: Notification) => void told.push(message) };
}

describe('the book of alarms', () => {
  test('makes one by the rules of its room, tells everybody, and is quiet for a while', () => {
    let now = 1000;
    const published: Alarm[] = [];
    const outlet = {
      publish: (alarm: Alarm) => void published.push(alarm),
      async [Symbol.asyncDispose]() {},
    };
    const book = new AlarmBook({ a: [FREE] }, [outlet], () => now);
    const of = room();
    expect(book.raise(of, 'free', 'v', 5)).toMatchObject({ level: 'alarm', name: 'Van', value: 5, at: 1000 });
    expect(book.raise(of, 'free', 'v', 4)).toBeNull();
    expect(book.raise(of, 'late', 'v', 900)).toBeNull();
    now += 10_000;
    expect(book.raise(of, 'free', 'v', 3)).toMatchObject({ value: 3 });
    expect(of.told).toHaveLength(2);
    expect(published.map(({ value }) => value)).toEqual([5, 3]);
    expect(() => book.raise(of, 'free', 'nobody', 3)).toThrow('not-found');
  });

  test('knows who saw to it first', () => {
    const book = new AlarmBook({ '*': [FREE] });
    const of = room();
    const { id } = book.raise(of, 'free', 'v', 5)!;
    expect(book.acknowledge(of, id, 'Ann').acknowledged?.by).toBe('Ann');
    expect(book.acknowledge(of, id, 'Ben').acknowledged?.by).toBe('Ann');
    expect(of.told).toHaveLength(2);
    expect(() => book.acknowledge(room('b'), id, 'Ann')).toThrow('not-found');
  });

  test('remembers so many of a room, and rules that are named after nothing of ours', () => {
    let now = 0;
    const book = new AlarmBook({ '*': [FREE], a: [] }, [], () => now);
    expect(book.rulesOf('a')).toEqual([]);
    expect(book.rulesOf('constructor')).toEqual([FREE]);
    expect(new AlarmBook().rulesOf('a')).toMatchObject([{ kind: 'frozen' }]);
    const of = room('b');
    for (let i = 0; i < 150; i++, now += 10_000) book.raise(of, 'free', 'v', i);
    expect(book.list('b')).toHaveLength(100);
    expect(book.list(null).at(-1)?.value).toBe(149);
  });
});

describe('the file of rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-alarms-'));
  keep({ [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) });
  const read = (text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'carriageway-alarms-')), 'alarms.json');
    writeFileSync(path, text);
    keep({ [Symbol.dispose]: () => rmSync(path) });
    return readAlarmFile(path);
  };

  test('says what it says, with the rest as usual', () => {
    const rules = {
      rooms: { '*': [{ kind: 'late', level: 'warning', bound: 800 }] },
      webhooks: ['https://a.example/x'],
    };
    expect(read(JSON.stringify(rules))).toEqual({
      rules: { '*': [{ kind: 'late', level: 'warning', bound: 800, after: 2, holdOff: 60 }] },
      webhooks: ['https://a.example/x'],
    });
  });

  test.each([
    ['{', 'cannot be read as JSON'],
    ['{"rooms":{"a":[{"kind":"loud","level":"alarm"}]}}', 'rooms.a.0.kind'],
    [
      '{"rooms":{"a":[{"kind":"late","level":"alarm"},{"kind":"late","level":"notice"}]}}',
      'name each kind once',
    ],
    ['{"rooms":{"a":[{"kind":"late","level":"alarm","holdOff":0}]}}', 'rooms.a.0.holdOff'],
    ['{"webhooks":["file:///etc/passwd"]}', 'webhooks.0'],
    ['{"rules":[]}', 'rules'],
  ])('%s is refused with a sentence', (text, sentence) => expect(read(text)).toContain(sentence));
});

describe('a webhook', () => {
  /** A server that answers with these statuses, the last one for ever. */
  async function listener(...statuses: number[]) {
    const got: { request: IncomingMessage; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      got.push({ request, body });
      response.writeHead(statuses.length > 1 ? statuses.shift()! : (statuses[0] ?? 204), {
        location: '/else',
      });
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    keep({ [Symbol.dispose]: () => void server.close() });
    const address = server.address();
    return {
      got,
      url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook?key=1`,
    };
  }

  test('brings each alarm, signed, in order, and again where it was not heard', async () => {
    const { got, url } = await listener(503, 204);
    const hook = keep(new Webhook(url, 'a-secret-of-both', NO_LOG, [0, 0, 0]));
    hook.publish(ALARM);
    hook.publish({ ...ALARM, id: 'y' });
    await vi.waitFor(() => expect(got).toHaveLength(3));
    expect(got.map(({ body }) => JSON.parse(body).id)).toEqual(['x', 'x', 'y']);
    const { request, body } = got[0]!;
    const signature = String(request.headers['carriageway-signature']);
    const seconds = Number(/t=(\d+)/.exec(signature)?.[1]);
    expect(signature).toBe(signatureOf('a-secret-of-both', seconds, body));
    expect(signature).not.toBe(signatureOf('another', seconds, body));
  });

  test.each([410, 302])(
    'whose server answers %i is not asked again for that alarm, nor anybody else',
    async (status) => {
      const { got, url } = await listener(status);
      const hook = keep(new Webhook(url, 'a-secret-of-both', NO_LOG, status === 302 ? [0] : [0, 0, 0]));
      hook.publish(ALARM);
      await vi.waitFor(() => expect(got).toHaveLength(1));
      hook.publish({ ...ALARM, id: 'y' });
      await vi.waitFor(() => expect(got).toHaveLength(2));
      expect(got.map(({ request }) => request.url)).toEqual(['/hook?key=1', '/hook?key=1']);
    },
  );

  test('that is put away waits for nobody', async () => {
    const hook = new Webhook('http://127.0.0.1:9/', 'a-secret-of-both', NO_LOG, [0, 3_600_000]);
    hook.publish(ALARM);
    await hook[Symbol.asyncDispose]();
    hook.publish(ALARM);
  });
});

describe('MQTT', () => {
  test.skipIf(!MOSQUITTO)(
    'brings alarms to whoever listens, also those of before the broker was there',
    async () => {
      const port = await freePort();
      const url = `mqtt://127.0.0.1:${port}`;
      const outlet = keep(new MqttOutlet(url, NO_LOG));
      outlet.publish(ALARM);
      const broker: ChildProcess = spawn('mosquitto', ['-p', String(port)], { stdio: 'ignore' });
      keep({ [Symbol.dispose]: () => void broker.kill('SIGKILL') });
      const got: string[] = [];
      const client = mqtt.connect(url, { reconnectPeriod: 200 });
      keep({ [Symbol.dispose]: () => void client.end(true) });
      client.on('message', (topic, body) => got.push(`${topic} ${JSON.parse(String(body)).id}`));
      await vi.waitFor(() => expect(client.connected).toBe(true), { timeout: 20_000 });
      await client.subscribeAsync('carriageway/+/alarms', { qos: 1 });
      await vi.waitFor(
        () => {
          outlet.publish({ ...ALARM, id: 'y' });
          expect(got).toContain('carriageway/a/alarms y');
        },
        { timeout: 20_000, interval: 500 },
      );
    },
  );

  test('without a broker keeps nobody waiting, and ends', async () => {
    const outlet = new MqttOutlet('mqtt://127.0.0.1:9', NO_LOG);
    for (let i = 0; i < 200; i++) outlet.publish(ALARM);
    await outlet[Symbol.asyncDispose]();
  });

  test('with a broker that hangs keeps nobody waiting, says what is left out, and ends', async () => {
    const lines: string[] = [];
    const log = openLog('warn', { write: (line: string) => void lines.push(line) });
    const sockets: Socket[] = [];
    const broker = createBroker((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      // It is there (MQTT 3.1.1, 3.2), and answers nothing more.
      socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 0])));
    }).listen(0, '127.0.0.1');
    keep({ [Symbol.dispose]: () => void broker.close() });
    await once(broker, 'listening');
    const address = broker.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const outlet = new MqttOutlet(`mqtt://127.0.0.1:${port}`, log);
    await once(broker, 'connection');
    for (let i = 0; i < 200; i++) outlet.publish(ALARM);
    expect(lines.filter((line) => line.includes('an alarm is left out'))).toHaveLength(100);
    const [socket] = sockets;
    const closed = socket ? once(socket.resume(), 'close') : null;
    await outlet[Symbol.asyncDispose]();
    await closed;
    expect(sockets).toHaveLength(1);
  });
});

test('alarms are listed for the operator, of its own room', async () => {
  const server = await serve({ bare: true });
  const get = async (bearer: string) =>
    (await fetch(new URL('/live/alarms', server.url), { headers: { authorization: `Bearer ${bearer}` } }))
      .status;
  const token = (may: ('admin' | 'invite')[]) => tokenFor(server.url, { room: 'a', role: 'view', may });
  expect(await get(SECRET)).toBe(200);
  expect(await get(await token(['admin']))).toBe(200);
  expect(await get(await token(['invite']))).toBe(403);
  expect(await get('nonsense')).toBe(401);
});

describe.skipIf(!WORKER)('in a room', () => {
  const alarms = {
    rules: { a: [FREE, { kind: 'frozen', level: 'warning', bound: 1, after: 0, holdOff: 5 } as const] },
    webhooks: [],
    secret: null,
    mqtt: null,
  };

  test('a viewer tells of what it sees, everybody hears it, and one sees to it', async () => {
    const server = await serve({ alarms });
    const van = await enter(server, 'publish');
    const { vehicle } = await van.signalling.request('ingest', { codec: 'vp8' });
    const [ann, ben] = [await enter(server, 'view'), await enter(server, 'view')];
    expect(ann.answer.alarmRules.map(({ kind }) => kind)).toEqual(['free', 'frozen']);
    await ann.signalling.request('raiseAlarm', { vehicle, kind: 'free', value: 4 });
    const told = await heard(ben, 'alarm');
    const alarm = told.event === 'alarm' ? told.alarm : null;
    expect(alarm).toMatchObject({ kind: 'free', level: 'alarm', name: 'Van', value: 4, room: 'a' });
    await ben.signalling.request('acknowledgeAlarm', { alarm: alarm!.id });
    const late = await enter(server, 'view');
    expect(late.answer.alarms).toMatchObject([{ id: alarm!.id, acknowledged: { by: 'Viewer' } }]);
    expect(van.heard.some(({ event }) => event === 'alarm')).toBe(false);
  });

  test('who may not share tells of nothing, and a vehicle of no other', async () => {
    const server = await serve({ alarms });
    const van = await enter(server, 'publish');
    const { vehicle } = await van.signalling.request('ingest', { codec: 'vp8' });
    const given = await tokenFor(server.url, { room: 'a', role: 'view', share: false });
    const guest = await enter(server, 'view', { given });
    const wish = { vehicle, kind: 'free', value: 4 } as const;
    await expect(guest.signalling.request('raiseAlarm', wish)).rejects.toThrow();
    await expect(van.signalling.request('raiseAlarm', wish)).rejects.toThrow();
    const other = await enter(server, 'view', { room: 'b' });
    await expect(other.signalling.request('raiseAlarm', wish)).rejects.toThrow();
    expect(guest.heard.some(({ event }) => event === 'alarm')).toBe(false);
  });

  test('a vehicle that falls silent is told of though nobody looks', async () => {
    const server = await serve({ alarms, limits: { silentAfter: 400 } });
    const van = await enter(server, 'publish');
    await van.signalling.request('ingest', { codec: 'vp8' });
    const list = async () =>
      (
        await fetch(new URL('/live/alarms', server.url), { headers: { authorization: `Bearer ${SECRET}` } })
      ).json();
    await vi.waitFor(async () =>
      expect((await list()).alarms).toMatchObject([{ kind: 'frozen', level: 'warning', name: 'Van' }]),
    );
  });
});
