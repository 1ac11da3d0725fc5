/** A picture of a room, out on a port of this machine, as it came in. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { types } from 'mediasoup';
import { Refused } from '../refused.ts';

/** This machine, and nobody else. */
const HERE = '127.0.0.1';

/** How often two neighbouring ports are looked for. */
const TRIES = 20;

/** A picture that goes out; nothing does before `open`. */
export interface Tap extends Disposable {
  /** Where it is sent to; RTCP to the port after it. */
  readonly port: number;
  readonly codec: types.RtpCodecParameters;
  /** Begins, with a picture that stands by itself. */
  open(): Promise<void>;
  /** Asks for such a picture, so that a file can begin. */
  askForKeyFrame(): Promise<void>;
  /** Called when the picture ends. */
  onEnd(ended: () => void): void;
}

/** Taps a picture. @throws Refused `unsupported` */
export async function tapOf(producer: types.Producer, router: types.Router): Promise<Tap> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: HERE },
    rtcpMux: false,
  });
  try {
    const port = await freePair();
    await transport.connect({ ip: HERE, port, rtcpPort: port + 1 });
    const { rtpCapabilities } = router;
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities,
      enableRtx: false,
      paused: true,
    });
    const [codec] = consumer.rtpParameters.codecs;
    if (!codec) throw new Refused('unsupported');
    return {
      port,
      codec,
      open: () => consumer.resume(),
      askForKeyFrame: () => consumer.requestKeyFrame(),
      onEnd: (ended) => void consumer.observer.once('close', ended),
      [Symbol.dispose]: () => transport.close(),
    };
  } catch (thrown) {
    transport.close();
    throw thrown;
  }
}

/** An even port that is free, and the one after it (RFC 3550, 11). */
async function freePair(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const first = createSocket('udp4');
    const second = createSocket('udp4');
    try {
      first.bind(0, HERE);
      await once(first, 'listening');
      const { port } = first.address();
      if (port % 2 !== 0) continue;
      second.bind(port + 1, HERE);
      await once(second, 'listening');
      return port;
    } catch {
      // Taken by another: the next pair.
    } finally {
      first.close();
      second.close();
    }
  }
  throw new Error('No two neighbouring UDP ports are free.');
}
