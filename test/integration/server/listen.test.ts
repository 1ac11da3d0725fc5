import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createApp } from '../../../src/server/app';
import type { ServerConfig } from '../../../src/server/config';
import { ConfigError } from '../../../src/server/config-error';
import { listen } from '../../../src/server/listen';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function occupied(): Promise<number> {
  const server: Server = createServer();
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function app() {
  const made = await createApp([]);
  open.push(made);
  return made;
}

function config(
  port: number,
  origin: ServerConfig['origin']['port'],
  host = '127.0.0.1',
): Pick<ServerConfig, 'host' | 'port' | 'origin'> {
  return { host, port, origin: { host: 'default', port: origin } };
}

test('the default port gives way to the next free one', async () => {
  const port = await occupied();
  const address = await listen(await app(), config(port, 'default'));
  expect(Number(new URL(address).port)).toBeGreaterThan(port);
});

test('a port that was asked for is refused when busy, in one sentence', async () => {
  const port = await occupied();
  const attempt = listen(await app(), config(port, 'flag'));
  await expect(attempt).rejects.toThrow(ConfigError);
  await expect(attempt).rejects.toThrow(`Port ${port} is in use`);
});

test('port 0 takes any, and every address at once is shown as the loopback', async () => {
  const address = await listen(await app(), config(0, 'flag', '0.0.0.0'));
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/$/);
});

test('an address of another machine is refused in one sentence', async () => {
  await expect(listen(await app(), config(0, 'flag', '192.0.2.1'))).rejects.toThrow(ConfigError);
});
