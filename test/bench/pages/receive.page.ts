/** A page that receives pictures from any mediasoup server and counts their bytes; steered by the benchmark. */
import { Device, type types } from 'mediasoup-client';

/** Given by the benchmark: tells the server how this page encrypts. */
declare function connectTransport(dtlsParameters: object): Promise<void>;

let transport: types.Transport | null = null;
const consumers: types.Consumer[] = [];

/** Opens the one transport. @returns what this browser can show */
async function open(rtpCapabilities: types.RtpCapabilities, options: types.TransportOptions) {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: rtpCapabilities });
  transport = device.createRecvTransport(options);
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    connectTransport(dtlsParameters).then(done, failed);
  });
  return device.recvRtpCapabilities;
}

async function consume(options: types.ConsumerOptions): Promise<void> {
  if (transport) consumers.push(await transport.consume(options));
}

/** Bytes of pictures so far. */
async function bytes(): Promise<number> {
  let sum = 0;
  for (const consumer of consumers)
    for (const stat of (await consumer.getStats()).values())
      if (stat.type === 'inbound-rtp') sum += stat.bytesReceived ?? 0;
  return sum;
}

Object.assign(globalThis, { receiver: { open, consume, bytes } });
