import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { layLink } from '../../bench/live/link';

const HERE = '127.0.0.1';

async function socket() {
  const made = createSocket('udp4').bind(0, HERE);
  onTestFinished(() => void made.close());
  await once(made, 'listening');
  return made;
}

test('a link hands datagrams on in their order, and keeps the answers to itself', async () => {
  const [server, sender] = [await socket(), await socket()];
  using link = await layLink(HERE, server.address().port);
  const come: string[] = [];
  const all = new Promise<void>((resolve) => {
    server.on('message', (datagram, from) => {
      come.push(String(datagram));
      // What a link would hand on must not come back.
      server.send('answer', from.port, HERE);
      if (datagram.equals(Buffer.from('last'))) resolve();
    });
  });
  for (const each of ['1', '2', '3']) sender.send(each, link.port, HERE);
  await once(server, 'message');
  for (const each of ['4', '5', 'last']) sender.send(each, link.port, HERE);
  await all;
  expect(come).toEqual(['1', '2', '3', '4', '5', 'last']);
});
