/** Entry of the worker in which a network runs on the processor, and nothing else. */
import { reportOf } from '../src/errors';
import type { MetNetworkMessage } from '../src/perception/engine-workers';
import type { FromNetwork, ToNetwork } from '../src/perception/network-protocol';
import { NetworkRunner } from '../src/perception/network-runner';

/** Where answers go. */
let outlet: Pick<Worker, 'postMessage'> = self as unknown as Worker;
let network: NetworkRunner | null = null;

function post(message: FromNetwork, transfer: Transferable[] = []): void {
  outlet.postMessage(message, { transfer });
}

self.onmessage = ({ data }: MessageEvent<MetNetworkMessage | ToNetwork>) => {
  if (data.type !== 'met') {
    void hear(data);
    return;
  }
  outlet = data.port;
  data.port.onmessage = (event: MessageEvent<ToNetwork>) => void hear(event.data);
};

async function hear(data: ToNetwork): Promise<void> {
  switch (data.type) {
    case 'warm':
      void NetworkRunner.warm(data);
      return;
    case 'start':
      try {
        network = await NetworkRunner.create(data);
        const { description, manifest } = network;
        post({ type: 'started', description, manifest });
      } catch (error) {
        post({ type: 'start-failed', error: reportOf(error, 'model-load-failed') });
      }
      return;
    case 'run':
      try {
        if (!network) throw new Error('run before start');
        const run = await network.run(data.image, data.gate);
        post({ type: 'scores', ...run }, [run.image.buffer, run.scores.buffer]);
      } catch (error) {
        post({ type: 'run-failed', error: reportOf(error, 'inference-failed') });
      }
  }
}
