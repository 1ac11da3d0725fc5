/**
 * A source that plays the footage through a port, at a steady rate, as the product's sources do.
 */
import { FramePortSender } from '../../../src/sources/frame-port';
import { Footage } from './footage';

/** The one message: where to, and how many frames a second. */
export interface FramesStart {
  readonly port: MessagePort;
  readonly rate: number;
}

self.onmessage = async ({ data }: MessageEvent<FramesStart>) => {
  using footage = new Footage();
  const sender = new FramePortSender(data.port);
  const started = performance.now();
  for (let n = 0; await sender.ready(); ) {
    const due = started + (n * 1000) / data.rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    // A pause leaves the schedule behind; frames missed meanwhile are not made up for.
    n = Math.max(n + 1, Math.floor(((performance.now() - started) * data.rate) / 1000));
    const frame = footage.frame();
    sender.send({ frame, timestamp: (n * 1e6) / data.rate, rotation: 0, epoch: 0 });
  }
  sender.close();
};
